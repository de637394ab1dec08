"""The bytes of a message on their way: any body arrives as it is, and what cannot is refused here."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duewell.adapters.channels.email import envelope
from duewell.adapters.channels.email.reply import Replies, Reply, UnreadableReply
from duewell.adapters.channels.email.session import Features
from duewell.adapters.channels.email.transport import Lines
from duewell.flows.transport import Accepted, Envelope, Ready, Refused
from tests.sink import Sink

ANN = "ann@customer.example"
PLAIN = b"Subject: due\r\n\r\nHello.\r\n"

# Lines of any bytes but CR and LF, with many dots where they hurt.
line = st.one_of(
    st.sampled_from([b"", b".", b"..", b".. .", b".x"]),
    st.binary(max_size=60).map(lambda raw: raw.replace(b"\r", b"").replace(b"\n", b"")),
)
body = st.lists(line, min_size=1, max_size=12).map(lambda lines: b"\r\n".join(lines) + b"\r\n")


@pytest.fixture(scope="module")
def sink() -> Iterator[Sink]:
    with Sink() as running:
        yield running


@pytest.fixture(scope="module")
def lines(sink: Sink) -> Iterator[Lines]:
    with Lines(sink.url, 2) as connected:
        yield connected


@given(first=body, second=body)
def test_any_body_arrives_byte_for_byte(sink: Sink, lines: Lines, first: bytes, second: bytes) -> None:
    before = len(sink.log())
    opened = lines.open_all([Envelope("books@firm.example", ANN, data) for data in (first, second)])
    outcomes = lines.close_all([one for one in opened if isinstance(one, Ready)])
    assert [type(outcome) for outcome in outcomes] == [Accepted, Accepted]
    assert sorted(sink.messages()[before:]) == sorted([first, second])
    digests = {hashlib.sha256(data).hexdigest() for data in (first, second)}
    assert {entry.sha256 for entry in sink.log()[before:]} == digests


@given(data=body)
def test_dot_stuffing_never_shows_the_final_dot_and_can_be_undone(data: bytes) -> None:
    stuffed = b"\r\n" + envelope.stuffed(data)
    assert b"\r\n.\r\n" not in stuffed
    assert stuffed.replace(b"\r\n.", b"\r\n")[2:] == data


def refused_here(offered: Envelope, **offer: object) -> Refused:
    with Sink(**offer) as sink, Lines(sink.url, 1) as lines:  # type: ignore[arg-type]
        (outcome,) = lines.open_all([offered])
        assert isinstance(outcome, Refused), outcome
        assert outcome.code == 0
        assert "MAIL" not in sink.trace()
        following = lines.open_all([Envelope("books@firm.example", ANN, PLAIN)])
        assert isinstance(following[0], Ready)
    return outcome


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "ann",
        "@customer.example",
        "ann@",
        "ann@customer.example\r\nRCPT TO:<eve@customer.example",
        "ann@customer.example> SIZE=1",
        "<ann@customer.example",
        "ann smith@customer.example",
        "ann@customer.example\x00",
        "ann\ud800@customer.example",
    ],
)
def test_what_is_not_an_address_never_reaches_the_server(recipient: str) -> None:
    assert refused_here(Envelope("books@firm.example", recipient, PLAIN)).address


def test_a_sender_that_is_not_an_address_is_no_fault_of_the_recipient() -> None:
    assert not refused_here(Envelope("books@firm.example>\r\nRSET", ANN, PLAIN)).address


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"Subject: due\r\n\r\nHello.",
        b"Subject: due\n\nHello.\n",
        b"Subject: due\r\n\r\nHello.\n.\nMAIL FROM:<eve@x.example>\r\n",
        b"Subject: due\r\n\r\nHello.\r.\r\r\n",
        b"Subject: due\r\n\r\nHello.\r\n\n",
        b"Subject: due\r\n\r\nHello.\n",
        b"Subject: due\r\n\r\nHello.\r",
    ],
)
def test_a_lone_line_break_never_reaches_the_server(data: bytes) -> None:
    assert not refused_here(Envelope("books@firm.example", ANN, data)).address


def test_abilities_that_the_server_lacks_are_refused_in_words() -> None:
    beyond = Envelope("books@firm.example", "jürgen@kunde.example", PLAIN)
    assert refused_here(beyond, utf8=False).address
    assert not refused_here(Envelope("büro@firm.example", ANN, PLAIN), utf8=False).address
    eight_bit = Envelope("books@firm.example", ANN, PLAIN + "Grüße\r\n".encode())
    assert "beyond ASCII" in refused_here(eight_bit, eight_bit=False).text
    assert "takes 40" in refused_here(Envelope("books@firm.example", ANN, PLAIN * 4), size=40).text


def test_abilities_that_the_server_has_are_asked_for() -> None:
    with Sink() as sink, Lines(sink.url, 1) as lines:
        offered = Envelope("büro@firm.example", "jürgen@kunde.example", PLAIN + "Grüße\r\n".encode())
        ready = [one for one in lines.open_all([offered]) if isinstance(one, Ready)]
        assert isinstance(lines.close_all(ready)[0], Accepted)
        assert sink.log()[0].recipients == ["jürgen@kunde.example"]
        assert not sink.log()[0].eight_bit
        assert sink.messages() == [offered.data]


def test_a_message_that_must_not_bounce_has_no_sender() -> None:
    assert envelope.commands(Envelope("", ANN, PLAIN), Features())[0] == b"MAIL FROM:<>\r\n"


# Replies


@given(cuts=st.lists(st.integers(0, 80), max_size=6))
def test_replies_are_read_however_they_are_cut(cuts: list[int]) -> None:
    raw = b"250-mail.example.org\r\n250-SIZE 1000\r\n250 HELP\r\n354\r\n550 5.1.1 gr\xfc\xc3\xbc\x07\n"
    replies, found = Replies(), []
    places = sorted({0, len(raw), *(cut for cut in cuts if cut < len(raw))})
    for start, end in itertools.pairwise(places):
        replies.feed(raw[start:end])
        while (reply := replies.take()) is not None:
            found.append(reply)
    assert [reply.code for reply in found] == [250, 354, 550]
    assert found[0] == Reply(250, b"mail.example.org\nSIZE 1000\nHELP")
    assert found[2].text == "5.1.1 gr\N{REPLACEMENT CHARACTER}ü"
    assert not replies.pending


@pytest.mark.parametrize(
    "raw",
    [
        b"\r\n",
        b"OK\r\n",
        b"25 \r\n",
        b"2500 x\r\n",
        b"25x ok\r\n",
        b"250-a\r\n251 b\r\n",
        b"250-a\r\nb\r\n",
        b"x" * 70_000,
        b"250-x\r\n" * 10_000,
    ],
    ids=lambda raw: repr(raw[:20]),
)
def test_what_is_not_a_reply_is_not_guessed_at(raw: bytes) -> None:
    replies = Replies()
    replies.feed(raw)
    with pytest.raises(UnreadableReply):
        replies.take()
