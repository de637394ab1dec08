"""The URL of the e-mail server: what it may say and what it means."""

from __future__ import annotations

import pytest

from duewell.adapters.channels.email.smtp_url import BadUrl, Patience, Secret, SmtpAddress, parse


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://127.0.0.1:2525", SmtpAddress("127.0.0.1", 2525, "plain")),
        ("smtp://mail.example.org", SmtpAddress("mail.example.org", 25, "plain")),
        ("smtp+starttls://Mail.Example.org/", SmtpAddress("mail.example.org", 587, "starttls")),
        ("smtps://[2001:db8::1]:4650", SmtpAddress("2001:db8::1", 4650, "tls")),
        ("smtps://bücher.example", SmtpAddress("xn--bcher-kva.example", 465, "tls")),
        (
            "smtps://a%40b.example:p%2Fw%3A%C3%BC@mail.example.org",
            SmtpAddress("mail.example.org", 465, "tls", Secret("a@b.example"), Secret("p/w:ü")),
        ),
        (
            "smtp+starttls://mail.example.org?timeout=5&connect_timeout=2.5&dot_timeout=600&ca=%2Fetc%2Fca.pem&helo=me.example",
            SmtpAddress(
                "mail.example.org",
                587,
                "starttls",
                patience=Patience(2.5, 5.0, 600.0),
                ca="/etc/ca.pem",
                helo="me.example",
            ),
        ),
    ],
)
def test_a_url_says_where_and_how(url: str, expected: SmtpAddress) -> None:
    assert parse(url) == expected


@pytest.mark.parametrize(
    ("url", "remedy"),
    [
        ("", "starts with"),
        ("mail.example.org", "starts with"),
        ("http://mail.example.org", "starts with"),
        ("smtp://", "names no host"),
        ("smtp://:25", "names no host"),
        ("smtp://mail.example.org:0", "names no host or port"),
        ("smtp://mail.example.org:99999", "port must be a number"),
        ("smtp://mail.example.org:x", "port must be a number"),
        ("smtp://mail.example.org/inbox", "percent-encoded"),
        ("smtp://mail.example.org#x", "percent-encoded"),
        ("smtps://bob@mail.example.org", "give both"),
        ("smtps://bob:@mail.example.org", "give both"),
        ("smtps://:pw@mail.example.org", "give both"),
        ("smtps://b%00b:pw@mail.example.org", "NUL"),
        ("smtp://mail.example.org?timeout=0", "option timeout"),
        ("smtp://mail.example.org?timeout=nan", "option timeout"),
        ("smtp://mail.example.org?timeout=inf", "option timeout"),
        ("smtp://mail.example.org?timeout=", "option timeout"),
        ("smtp://mail.example.org?timeout=1&timeout=2", "option twice"),
        ("smtp://mail.example.org?verify=no", "unknown"),
        ("smtp://mail.example.org?helo=a%0D%0AQUIT", "option helo"),
        ("smtp://mail..example.org", "not a host name"),
        ("smtp://bob:pw@mail.example.org", "in the clear"),
        ("smtp://bob:pw@127.0.0.1.example.org", "in the clear"),
        ("smtp://bob:pw@0.0.0.0", "in the clear"),
    ],
)
def test_an_unusable_url_is_refused_with_its_remedy(url: str, remedy: str) -> None:
    with pytest.raises(BadUrl, match=remedy):
        parse(url)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("[::1]", True),
        ("localhost", True),
        ("localhost.example.org", False),
        ("192.0.2.1", False),
        ("0.0.0.0", False),  # noqa: S104 - read, not bound
        ("mail.example.org", False),
    ],
)
def test_loopback_is_judged_by_the_name_alone(host: str, loopback: bool) -> None:
    assert parse(f"smtp://{host}").is_loopback is loopback


def test_a_password_in_the_clear_is_fine_on_this_machine() -> None:
    address = parse("smtp://bob:pw@localhost:2525")
    assert address.password is not None
    assert address.password.reveal() == "pw"


@pytest.mark.parametrize(
    "url", ["smtp://127.0.0.1:2525", "smtp+starttls://mail.example.org:587", "smtps://[2001:db8::1]:465"]
)
def test_an_address_as_text_is_its_url_without_login_and_options(url: str) -> None:
    assert str(parse(f"{url}?timeout=5")) == url
