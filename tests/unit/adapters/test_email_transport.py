"""Every way in which a server can fail at every word, judged by the server's own log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from duewell.adapters.channels.email.smtp_url import Patience
from duewell.adapters.channels.email.transport import Lines
from duewell.flows.transport import Accepted, Closed, Deferred, Envelope, Opened, Ready, Refused, Unknown
from tests.sink import Sink

# Only where silence is the point is the wait short; elsewhere a busy machine may take its time.
PATIENT = Patience(connect=30.0, reply=30.0, dot=30.0)
IMPATIENT = PATIENT._replace(reply=0.5)
IMPATIENT_AFTER_THE_DOT = PATIENT._replace(dot=0.5)


def message(recipient: str = "ann@customer.example", text: str = "The invoice is due.") -> Envelope:
    head = f"From: books@firm.example\r\nTo: {recipient}\r\nMessage-ID: <{recipient}>\r\n\r\n"
    return Envelope("books@firm.example", recipient, f"{head}{text}\r\n".encode())


def ready(opened: Sequence[Opened]) -> list[Ready]:
    assert all(isinstance(one, Ready) for one in opened), opened
    return [one for one in opened if isinstance(one, Ready)]


def send(lines: Lines, *envelopes: Envelope) -> list[Closed | Opened]:
    """Open, close, and put the outcomes in the order given."""
    opened = lines.open_all(envelopes)
    closed = iter(lines.close_all([one for one in opened if isinstance(one, Ready)]))
    return [next(closed) if isinstance(one, Ready) else one for one in opened]


def send_at_last(lines: Lines, envelope: Envelope) -> Closed | Opened:
    """Send; a busy machine may take longer than the patience of a test about silence, then once more."""
    for _ in range(20):
        (outcome,) = send(lines, envelope)
        if not (isinstance(outcome, Deferred) and "in time" in outcome.text):
            break
    return outcome


def recipients(sink: Sink) -> list[str]:
    return [entry.recipients[0] for entry in sink.log()]


# What each fault comes to on a fresh connection: outcome, code, and whether all messages would meet it.
BEFORE_THE_BODY = [
    ("connect", "421 4.3.2 too many", Deferred, 421, True),
    ("connect", "554 5.7.1 not you", Deferred, 554, True),
    ("connect", "hang", Deferred, 0, True),
    ("connect", "drop", Deferred, 0, True),
    ("connect", "garbage", Deferred, 0, True),
    ("ehlo", "451", Deferred, 451, True),
    ("ehlo", "554", Deferred, 554, True),
    ("ehlo", "hang", Deferred, 0, True),
    ("ehlo", "drop", Deferred, 0, True),
    ("ehlo", "garbage", Deferred, 0, True),
    ("mail", "421", Deferred, 421, False),
    ("mail", "451 4.7.1 slow down", Deferred, 451, False),
    ("mail", "550 5.7.1 not from there", Refused, 550, False),
    ("mail", "530 5.7.0 log in", Deferred, 530, True),
    ("mail", "334 what?", Deferred, 334, False),
    ("mail", "hang", Deferred, 0, False),
    ("mail", "drop", Deferred, 0, False),
    ("mail", "garbage", Deferred, 0, False),
    ("rcpt", "421", Deferred, 421, False),
    ("rcpt", "450 4.2.1 grey", Deferred, 450, False),
    ("rcpt", "550 5.1.1 nobody", Refused, 550, True),
    ("rcpt", "hang", Deferred, 0, False),
    ("rcpt", "drop", Deferred, 0, False),
    ("rcpt", "garbage", Deferred, 0, False),
    ("data", "451", Deferred, 451, False),
    ("data", "554", Refused, 554, False),
    ("data", "250 sure", Deferred, 250, False),
    ("data", "hang", Deferred, 0, False),
    ("data", "drop", Deferred, 0, False),
    ("data", "garbage", Deferred, 0, False),
]


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize(("verb", "action", "kind", "code", "flag"), BEFORE_THE_BODY)
def test_a_failure_before_the_body_delivers_nothing_and_the_next_message_goes_out(
    verb: str, action: str, kind: type[Deferred | Refused], code: int, flag: bool, pipelining: bool
) -> None:
    fault = {"verb": verb, "action": action, "times": 1}
    patience = IMPATIENT if action == "hang" else PATIENT
    with Sink([fault], pipelining=pipelining) as sink, Lines(sink.url, 1, patience) as lines:
        (outcome,) = lines.open_all([message("ann@customer.example")])
        assert isinstance(outcome, kind)
        assert outcome.code == code
        assert outcome[2] is flag  # Deferred.server or Refused.address
        assert sink.log() == []
        assert isinstance(send_at_last(lines, message("ben@customer.example")), Accepted)
        assert recipients(sink) == ["ben@customer.example"]
        assert "PIPELINED" not in sink.trace()


AFTER_THE_DOT = [
    ("421 4.3.2 going down", Deferred, False),
    ("451 4.3.0 full", Deferred, False),
    ("554 5.6.0 not such words", Refused, False),
    ("354 what?", Unknown, False),
    ("hang", Unknown, False),
    ("drop", Unknown, False),
    ("garbage", Unknown, False),
    ("accept-hang", Unknown, True),
    ("accept-drop", Unknown, True),
    ("accept-garbage", Unknown, True),
]


@pytest.mark.parametrize(("action", "kind", "delivered"), AFTER_THE_DOT)
def test_only_a_readable_answer_to_the_dot_settles_the_matter(
    action: str, kind: type[Closed], delivered: bool
) -> None:
    patience = IMPATIENT_AFTER_THE_DOT if action.endswith("hang") else PATIENT
    with Sink([{"verb": "dot", "action": action, "times": 1}]) as sink, Lines(sink.url, 1, patience) as lines:
        (outcome,) = send(lines, message("ann@customer.example"))
        assert isinstance(outcome, kind)
        assert recipients(sink) == ["ann@customer.example"] * delivered
        ready(lines.open_all([message("ben@customer.example")]))
        assert sink.connections == (1 if action[0] in "45" and not action.startswith("421") else 2)


@pytest.mark.parametrize("action", ["drop", "451", "552 5.3.4 too big"])
def test_a_server_that_leaves_during_the_body_never_sees_the_dot(action: str) -> None:
    with Sink([{"verb": "body", "action": action, "times": 1}]) as sink, Lines(sink.url, 1) as lines:
        opened = ready(lines.open_all([message("ann@customer.example")]))
        sink.wait_for("LOST")
        (outcome,) = lines.close_all(opened)
        assert isinstance(outcome, Deferred)
        assert isinstance(send(lines, message("ben@customer.example"))[0], Accepted)
        assert recipients(sink) == ["ben@customer.example"]


def test_a_server_that_falls_silent_during_the_body_leaves_the_message_unknown() -> None:
    silent = [{"verb": "body", "action": "hang"}]
    with Sink(silent) as sink, Lines(sink.url, 1, IMPATIENT_AFTER_THE_DOT) as lines:
        assert isinstance(send(lines, message())[0], Unknown)
        assert sink.log() == []


def test_a_server_that_stops_taking_the_body_is_given_up() -> None:
    large = message(text="\r\n".join(["a line of the body"] * 1_000_000))
    with Sink([{"verb": "body", "action": "hang"}]) as sink, Lines(sink.url, 1, IMPATIENT) as lines:
        sink.stop_reading()
        (outcome,) = lines.open_all([large])
        assert isinstance(outcome, Deferred)
        assert "stopped taking" in outcome.text


def test_a_large_body_arrives_whole() -> None:
    large = message(text="\r\n".join([".a line of the body"] * 200_000))
    with Sink() as sink, Lines(sink.url, 2) as lines:
        assert [type(outcome) for outcome in send(lines, large, large)] == [Accepted, Accepted]
        assert sink.messages() == [large.data, large.data]


def test_of_several_refusals_the_first_is_the_reason() -> None:
    faults = [{"verb": "rcpt", "action": "550 5.1.1 nobody"}, {"verb": "data", "action": "451 try later"}]
    with Sink(faults) as sink, Lines(sink.url, 1) as lines:
        assert lines.open_all([message()]) == [Refused(550, "5.1.1 nobody", address=True)]


def test_a_refused_recipient_stays_refused_when_the_server_then_hangs() -> None:
    faults = [{"verb": "rcpt", "action": "550 5.1.1 nobody"}, {"verb": "data", "action": "hang"}]
    with Sink(faults) as sink, Lines(sink.url, 1, IMPATIENT) as lines:
        assert lines.open_all([message()]) == [Refused(550, "5.1.1 nobody", address=True)]


def test_a_server_that_wants_a_body_for_nobody_is_left_without_a_dot() -> None:
    faults = [{"verb": "rcpt", "action": "550"}, {"verb": "data", "action": "354 go ahead"}]
    with Sink(faults) as sink, Lines(sink.url, 1) as lines:
        assert isinstance(lines.open_all([message()])[0], Refused)
        sink.wait_for("LOST")
        assert "DOT" not in sink.trace()


# Connections that are kept


def test_many_messages_share_few_connections() -> None:
    with Sink() as sink, Lines(sink.url, 3) as lines:
        for number in range(10):
            outcomes = send(lines, *(message(f"c{number}-{place}@customer.example") for place in range(3)))
            assert all(isinstance(outcome, Accepted) for outcome in outcomes)
        assert sink.connections == 3
        assert len({entry.message_id for entry in sink.log()}) == 30


@pytest.mark.parametrize("fault", [{"verb": "rcpt", "action": "550"}, {"verb": "dot", "action": "451"}])
def test_a_connection_is_wiped_with_rset_after_a_refusal(fault: dict[str, Any]) -> None:
    with Sink([{**fault, "match": "ann@"}]) as sink, Lines(sink.url, 1) as lines:
        send(lines, message("ann@customer.example"))
        assert isinstance(send(lines, message("ben@customer.example"))[0], Accepted)
        assert isinstance(send(lines, message("cem@customer.example"))[0], Accepted)
        assert sink.connections == 1
        assert sink.trace().count("RSET") == 1


@pytest.mark.parametrize("action", ["451", "554", "421", "hang", "drop", "garbage"])
def test_a_connection_that_cannot_be_wiped_is_replaced(action: str) -> None:
    faults = [{"verb": "rcpt", "match": "ann@", "action": "550"}, {"verb": "rset", "action": action}]
    patience = IMPATIENT if action == "hang" else PATIENT
    with Sink(faults) as sink, Lines(sink.url, 1, patience) as lines:
        send(lines, message("ann@customer.example"))
        assert isinstance(send_at_last(lines, message("ben@customer.example")), Accepted)
        assert sink.connections >= 2


@pytest.mark.parametrize("goodbye", ["421 4.4.2 idle for too long", "554 5.4.7 you idled", "250 stray"])
def test_a_connection_that_idled_too_long_is_replaced_within_the_same_open(goodbye: str) -> None:
    # What is said before the message is offered is no verdict on the message.
    with Sink(idle=0.4, goodbye=goodbye) as sink, Lines(sink.url, 1) as lines:
        send(lines, message("ann@customer.example"))
        sink.wait_for("LOST")
        assert isinstance(send(lines, message("ben@customer.example"))[0], Accepted)
        assert sink.connections == 2


def test_a_connection_that_the_server_closed_is_replaced_within_the_same_open() -> None:
    with Sink() as sink, Lines(sink.url, 2) as lines:
        send(lines, message("ann@customer.example"), message("ben@customer.example"))
        sink.hang_up()
        sink.wait_for("LOST", 2)
        outcomes = send(lines, message("cem@customer.example"), message("dua@customer.example"))
        assert all(isinstance(outcome, Accepted) for outcome in outcomes)


@pytest.mark.parametrize("action", ["421 4.4.2 idle", "drop"])
def test_a_goodbye_as_answer_to_mail_replaces_a_kept_connection_once(action: str) -> None:
    with Sink([{"verb": "mail", "nth": 2, "action": action}]) as sink, Lines(sink.url, 1) as lines:
        send(lines, message("ann@customer.example"))
        assert isinstance(send(lines, message("ben@customer.example"))[0], Accepted)
        assert sink.connections == 2
    always = [{"verb": "mail", "match": "books@", "action": action}]
    with Sink(always) as sink, Lines(sink.url, 1) as lines:
        assert isinstance(send(lines, message())[0], Deferred)
        assert sink.connections == 1


def test_a_server_that_is_not_there_concerns_every_message() -> None:
    with Sink() as sink:
        url = sink.url
    with Lines(url, 1) as lines:
        (outcome,) = lines.open_all([message()])
        assert isinstance(outcome, Deferred)
        assert outcome.server
        assert "refused" in outcome.text.lower()


@pytest.mark.parametrize("action", ["421", "554", "hang", "drop", "garbage"])
def test_hanging_up_never_fails(action: str) -> None:
    with Sink([{"verb": "quit", "action": action}]) as sink:
        with Lines(sink.url, 2, IMPATIENT if action == "hang" else PATIENT) as lines:
            assert isinstance(send_at_last(lines, message()), Accepted)
        assert "QUIT" in sink.trace()


# Between body and dot


def test_dropping_before_the_dot_delivers_nothing() -> None:
    with Sink() as sink, Lines(sink.url, 2) as lines:
        first, second = ready(lines.open_all([message("ann@customer.example"), message("ben@customer.example")]))
        lines.drop_all([first])
        assert isinstance(lines.close_all([second])[0], Accepted)
        assert isinstance(send(lines, message("cem@customer.example"))[0], Accepted)
        assert recipients(sink) == ["ben@customer.example", "cem@customer.example"]


def test_hanging_up_abandons_what_is_still_before_its_dot() -> None:
    with Sink() as sink:
        with Lines(sink.url, 1) as lines:
            ready(lines.open_all([message()]))
        sink.wait_for("LOST")
        assert sink.log() == []


def test_leave_is_asked_right_before_each_dot() -> None:
    answers = iter([True, False, True])
    with Sink() as sink, Lines(sink.url, 3) as lines:
        opened = ready(lines.open_all([message(f"{name}@customer.example") for name in ("ann", "ben", "cem")]))
        outcomes = lines.close_all(opened, lambda: next(answers))
        assert [type(outcome) for outcome in outcomes] == [Accepted, Deferred, Accepted]
        assert sorted(recipients(sink)) == ["ann@customer.example", "cem@customer.example"]


def test_a_message_is_closed_or_dropped_at_most_once() -> None:
    with Sink() as sink, Lines(sink.url, 2) as lines:
        (one,) = ready(lines.open_all([message()]))
        with pytest.raises(ValueError, match="named twice"):
            lines.close_all([one, one])
        assert isinstance(lines.close_all([one])[0], Accepted)
        with pytest.raises(ValueError, match="not open"):
            lines.close_all([one])
        with pytest.raises(ValueError, match="not open"):
            lines.drop_all([one])
        ready(lines.open_all([message()]))
        with pytest.raises(ValueError, match="not open"):
            lines.close_all([one])


def test_no_more_messages_are_taken_than_connections_are_free() -> None:
    with Sink() as sink, Lines(sink.url, 2) as lines:
        held = ready(lines.open_all([message()]))
        with pytest.raises(ValueError, match="2 messages for 1 free"):
            lines.open_all([message(), message()])
        assert isinstance(send(lines, message())[0], Accepted)
        assert isinstance(lines.close_all(held)[0], Accepted)


def test_an_interruption_cuts_what_it_interrupts_and_the_rest_goes_on() -> None:
    def interrupt() -> bool:
        raise KeyboardInterrupt

    with Sink() as sink, Lines(sink.url, 2) as lines:
        opened = ready(lines.open_all([message(), message()]))
        with pytest.raises(KeyboardInterrupt):
            lines.close_all(opened, interrupt)
        assert sink.log() == []
        assert [type(outcome) for outcome in send(lines, message(), message())] == [Accepted, Accepted]


# Many at once


@pytest.mark.parametrize("pipelining", [True, False])
def test_the_conversations_overlap(pipelining: bool) -> None:
    # The server holds each reply back until eight connections have one: whoever asks in turn waits for ever.
    with (
        Sink(together=8, pipelining=pipelining) as sink,
        Lines(sink.url, 8, PATIENT._replace(reply=10.0)) as lines,
    ):
        for number in range(2):
            outcomes = send(lines, *(message(f"c{number}-{place}@customer.example") for place in range(8)))
            assert [type(outcome) for outcome in outcomes] == [Accepted] * 8
        assert sink.connections == 8
        last_mail = max(entry.mail_at for entry in sink.log()[:8])
        assert last_mail <= min(entry.at for entry in sink.log()[:8])


def test_one_bad_server_answer_concerns_one_message() -> None:
    faults = [
        {"verb": "rcpt", "match": "c1@", "action": "550"},
        {"verb": "rcpt", "match": "c2@", "action": "garbage"},
        {"verb": "data", "match": "c3@", "action": "drop"},
        {"verb": "dot", "match": "c4@", "action": "451"},
        {"verb": "dot", "match": "c5@", "action": "accept-drop"},
    ]
    with Sink(faults) as sink, Lines(sink.url, 8) as lines:
        outcomes = send(lines, *(message(f"c{place}@customer.example") for place in range(8)))
        expected = [Accepted, Refused, Deferred, Deferred, Deferred, Unknown, Accepted, Accepted]
        assert [type(outcome) for outcome in outcomes] == expected
        assert sorted(recipients(sink)) == [f"c{place}@customer.example" for place in (0, 5, 6, 7)]


@pytest.mark.parametrize(("pipelining", "writes"), [(True, 1), (False, 3)])
def test_the_envelope_is_one_write_only_where_the_server_allows_it(
    pipelining: bool, writes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    hits: list[str] = []
    monkeypatch.setattr("duewell.flows.failpoints.hit", hits.append)
    with Sink(pipelining=pipelining) as sink, Lines(sink.url, 1) as lines:
        assert isinstance(send(lines, message())[0], Accepted)
        assert hits.count("send.socket.envelope") == writes
        assert "PIPELINED" not in sink.trace()


def test_reaching_the_server_opens_one_conversation_and_offers_nothing() -> None:
    with Sink() as sink, Lines(sink.url, 3, PATIENT) as lines:
        assert lines.reach() is None
        assert lines.reach() is None
        assert sink.connections == 1
        assert isinstance(send(lines, message())[0], Accepted)
        assert sink.connections == 1, "it is used and kept"


def test_a_server_that_cannot_be_reached_says_why_and_may_be_reached_later() -> None:
    fault = {"verb": "connect", "action": "421 4.3.2 not now", "times": 1}
    with Sink([fault]) as sink, Lines(sink.url, 1, PATIENT) as lines:
        unreachable = lines.reach()
        assert unreachable is not None
        assert (unreachable.code, unreachable.server) == (421, True)
        assert lines.reach() is None


def test_what_this_side_lets_drop_says_so() -> None:
    with Sink() as sink, Lines(sink.url, 1, PATIENT) as lines:
        (closed,) = lines.close_all(ready(lines.open_all([message()])), lambda: False)
        assert isinstance(closed, Deferred)
        assert closed.ours
        assert sink.log() == []
