"""Encryption, login, and the secrets that must not show."""

from __future__ import annotations

import base64
import datetime
import ipaddress
import ssl
import traceback
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from duewell.adapters.channels.email import smtp_url
from duewell.adapters.channels.email.reply import Reply
from duewell.adapters.channels.email.session import Features, features
from duewell.adapters.channels.email.transport import Lines
from duewell.flows.transport import Accepted, Deferred, Envelope, Opened, Ready
from tests.sink import Sink

PASSWORD = "s3cret/with?odd#signs@"
QUOTED = "s3cret%2Fwith%3Fodd%23signs%40"
MESSAGE = Envelope("books@firm.example", "ann@customer.example", b"Subject: due\r\n\r\nHello.\r\n")


def certificate(folder: Path, *names: x509.GeneralName) -> tuple[Path, ssl.SSLContext]:
    """A self-signed certificate for these names: its PEM file and a server's context."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sink")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "certificate.pem", folder / "key.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(public, private)
    return public, context


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    return certificate(tmp_path_factory.mktemp("trusted"), address)


@pytest.fixture(scope="module")
def misnamed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    return certificate(tmp_path_factory.mktemp("misnamed"), x509.DNSName("mail.elsewhere.example"))


def opened(url: str) -> Opened:
    with Lines(url, 1) as lines:
        return lines.open_all([MESSAGE])[0]


def deferred(url: str) -> Deferred:
    outcome = opened(url)
    assert isinstance(outcome, Deferred), outcome
    assert outcome.server
    return outcome


def delivers(url: str, envelope: Envelope = MESSAGE, times: int = 1) -> bool:
    with Lines(url, 1) as lines:
        for _ in range(times):
            ready = [one for one in lines.open_all([envelope]) if isinstance(one, Ready)]
            if not ready or not isinstance(lines.close_all(ready)[0], Accepted):
                return False
    return True


def test_tls_from_the_first_byte(trusted: tuple[Path, ssl.SSLContext]) -> None:
    with Sink(tls=trusted[1], implicit_tls=True) as sink:
        assert delivers(f"smtps://127.0.0.1:{sink.port}?ca={trusted[0]}", times=3)
        assert sink.connections == 1


def test_tls_by_starttls(trusted: tuple[Path, ssl.SSLContext]) -> None:
    with Sink(tls=trusted[1], starttls=True) as sink:
        assert delivers(f"smtp+starttls://127.0.0.1:{sink.port}?ca={trusted[0]}", times=3)
        assert sink.connections == 1
        assert sink.trace()[1:4] == ["EHLO", "STARTTLS", "EHLO"]


def test_a_large_body_arrives_whole_over_tls(trusted: tuple[Path, ssl.SSLContext]) -> None:
    large = MESSAGE._replace(data=MESSAGE.data + b".a line of the body\r\n" * 200_000)
    with Sink(tls=trusted[1], implicit_tls=True) as sink:
        assert delivers(f"smtps://127.0.0.1:{sink.port}?ca={trusted[0]}", large)
        assert sink.messages() == [large.data]


@pytest.mark.parametrize(("scheme", "implicit"), [("smtps", True), ("smtp+starttls", False)])
def test_a_certificate_from_nobody_we_trust_is_refused(
    trusted: tuple[Path, ssl.SSLContext], scheme: str, implicit: bool
) -> None:
    with Sink(tls=trusted[1], implicit_tls=implicit, starttls=True) as sink:
        assert "certificate is not trusted" in deferred(f"{scheme}://127.0.0.1:{sink.port}").text


@pytest.mark.parametrize(("scheme", "implicit"), [("smtps", True), ("smtp+starttls", False)])
def test_a_certificate_for_another_name_is_refused(
    misnamed: tuple[Path, ssl.SSLContext], scheme: str, implicit: bool
) -> None:
    with Sink(tls=misnamed[1], implicit_tls=implicit, starttls=True) as sink:
        text = deferred(f"{scheme}://127.0.0.1:{sink.port}?ca={misnamed[0]}").text
        assert "certificate is not trusted" in text


def test_starttls_is_demanded_where_the_address_says_so() -> None:
    with Sink() as sink:
        assert "STARTTLS" in deferred(f"smtp+starttls://127.0.0.1:{sink.port}").text
        assert "MAIL" not in sink.trace()


@pytest.mark.parametrize("action", ["454 4.7.0 not now", "502", "hang", "drop", "garbage"])
def test_a_failing_starttls_never_falls_back_to_the_clear(
    trusted: tuple[Path, ssl.SSLContext], action: str
) -> None:
    fault = {"verb": "starttls", "action": action}
    with Sink([fault], tls=trusted[1], starttls=True, user="bob", password=PASSWORD) as sink:
        deferred(f"smtp+starttls://bob:{QUOTED}@127.0.0.1:{sink.port}?ca={trusted[0]}&timeout=0.5")
        assert not {"AUTH", "MAIL"} & set(sink.trace())


def test_what_is_slipped_in_before_encryption_ends_the_session(trusted: tuple[Path, ssl.SSLContext]) -> None:
    fault = {"verb": "starttls", "action": "220 go ahead\r\n250 slipped in"}
    with Sink([fault], tls=trusted[1], starttls=True) as sink:
        url = f"smtp+starttls://127.0.0.1:{sink.port}?ca={trusted[0]}"
        assert "spoke on" in deferred(url).text


@pytest.mark.parametrize("logins", [("PLAIN", "LOGIN"), ("PLAIN",), ("LOGIN",)])
def test_login_with_each_way_the_server_offers(logins: tuple[str, ...]) -> None:
    with Sink(user="böb@firm.example", password=PASSWORD, logins=logins) as sink:
        assert delivers(f"smtp://b%C3%B6b%40firm.example:{QUOTED}@127.0.0.1:{sink.port}", times=2)
        assert sink.trace().count("AUTH") == 1


def test_a_server_without_a_login_we_know_is_told_nothing() -> None:
    with Sink(user="bob", password=PASSWORD, logins=("CRAM-MD5",)) as sink:
        assert "offers no login" in deferred(f"smtp://bob:{QUOTED}@127.0.0.1:{sink.port}").text
        assert "AUTH" not in sink.trace()


@pytest.mark.parametrize("logins", [("PLAIN",), ("LOGIN",)])
@pytest.mark.parametrize(
    "action", ["454 4.7.0 later", "535 5.7.8 wrong", "421", "334 more", "hang", "drop", "garbage"]
)
def test_a_failing_login_concerns_every_message(action: str, logins: tuple[str, ...]) -> None:
    fault = {"verb": "auth", "action": action}
    with Sink([fault], user="bob", password=PASSWORD, logins=logins) as sink:
        outcome = deferred(f"smtp://bob:{QUOTED}@127.0.0.1:{sink.port}?timeout=0.5")
        assert PASSWORD not in repr(outcome)
        assert "MAIL" not in sink.trace()


def test_a_wrong_password_concerns_every_message() -> None:
    with Sink(user="bob", password="another") as sink:
        outcome = deferred(f"smtp://bob:{QUOTED}@127.0.0.1:{sink.port}")
        assert outcome.code == 535


def test_a_missing_login_concerns_every_message() -> None:
    with Sink(user="bob", password=PASSWORD) as sink:
        assert deferred(sink.url).code == 530


def test_no_secret_shows_even_if_the_server_repeats_it() -> None:
    token = base64.b64encode(f"\0bob\0{PASSWORD}".encode()).decode()
    fault = {"verb": "auth", "action": f"535 5.7.8 {PASSWORD} or {token} is wrong"}
    with Sink([fault], user="bob", password=PASSWORD) as sink:
        url = f"smtp://bob:{QUOTED}@127.0.0.1:{sink.port}"
        address, lines = smtp_url.parse(url), Lines(url, 1)
        for shown in (repr(deferred(url)), repr(address), str(address), repr(lines), repr(vars(lines))):
            for secret in (PASSWORD, QUOTED, token, "bob"):
                assert secret not in shown


@pytest.mark.parametrize(
    "url",
    [
        f"smtp://bob:{QUOTED}@mail.example.org",
        f"smtps://bob:{PASSWORD}@mail.example.org",
        f"smtps://bob:{QUOTED}@mail.example.org:port",
        f"smtps://bob:{QUOTED}@mail.example.org/{QUOTED}",
        f"smtps://bob:{QUOTED}@mail.example.org?password={QUOTED}",
        f"smtps://bob:{QUOTED}@mail.example.org?{QUOTED}",
        f"smtps://bob:{QUOTED}@mail.example.org?timeout={QUOTED}",
        f"smtps://bob:{QUOTED}@mail.example.org?helo={QUOTED}",
        f"smtps://bob:{QUOTED}@mail example.org",
        f"smtps://:{QUOTED}@mail.example.org",
        f"smtps://bob:{QUOTED}%FF@mail.example.org",
        f"smtps://bob:{QUOTED}@",
        f"https://bob:{QUOTED}@mail.example.org",
        f"bob:{QUOTED}@mail.example.org",
        f"smtps://[{QUOTED}]@mail.example.org",
    ],
)
def test_an_unusable_url_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(smtp_url.BadUrl) as refused:
        smtp_url.parse(url)
    shown = "".join(traceback.format_exception(refused.value))
    for secret in (PASSWORD, QUOTED, "s3cret"):
        assert secret not in shown


def test_a_certificate_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "no.pem").write_text("not a certificate")
    for name in ("no.pem", "absent.pem"):
        with pytest.raises(smtp_url.BadUrl, match=name):
            Lines(f"smtps://mail.example.org?ca={tmp_path / name}", 1)


# Greeting


def test_a_server_without_extensions_is_greeted_the_old_way() -> None:
    with Sink(esmtp=False, pipelining=False) as sink:
        assert delivers(sink.url, times=2)
        assert sink.trace()[1:3] == ["EHLO", "HELO"]


@pytest.mark.parametrize("action", ["451", "554", "hang", "drop", "garbage"])
def test_a_failing_old_greeting_concerns_every_message(action: str) -> None:
    with Sink([{"verb": "helo", "action": action}], esmtp=False) as sink:
        deferred(f"{sink.url}?timeout=0.5")


def test_we_introduce_ourselves_as_the_address_says() -> None:
    fault = {"verb": "ehlo", "match": "mail.firm.example", "action": "554 heard you"}
    with Sink([fault]) as sink:
        assert deferred(f"{sink.url}?helo=mail.firm.example").code == 554
        assert delivers(sink.url)


def test_features_are_read_from_the_lines_of_the_greeting() -> None:
    lines = (
        b"mail.example.org\npipelining\nSIZE 1000\n8BITMIME\nAUTH PLAIN XOAUTH2\nAUTH=LOGIN\nSTARTTLS\nX-OTHER 1\n"
    )
    assert features(Reply(250, lines)) == Features(
        pipelining=True,
        eightbit=True,
        utf8=False,
        starttls=True,
        size_max=1000,
        logins=frozenset({"PLAIN", "LOGIN", "XOAUTH2"}),
    )
    assert features(Reply(250, b"mail.example.org")) == Features()
    assert features(Reply(250, b"mail.example.org\nSIZE")).size_max == 0
