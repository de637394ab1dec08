"""A server that fails at every word, and what becomes of message, claims, address and person each time."""

from __future__ import annotations

import pytest

from duewell.adapters.channels.email.transport import Lines
from tests.kills.house import NOW, PLAIN
from tests.sending.office import Office

EVERYBODY = (*PLAIN, "refused", "later")
OTHERS = [name for name in EVERYBODY if name != "plain2"]
IN_FIVE_MINUTES = "2026-03-10T10:05:00+00:00"
SHORT = "timeout=1&dot_timeout=1"
"""Where silence is the fault; patience with everything else would only make the test slow."""


def meets(verb: str, action: str) -> list[dict[str, object]]:
    """The message to `plain2` meets this once."""
    return [{"verb": verb, "action": action, "match": "plain2@", "times": 1}]


@pytest.mark.parametrize(
    ("verb", "action"),
    [
        ("rcpt", "450 4.2.1 not now"),
        ("rcpt", "421 4.3.2 going down"),
        ("rcpt", "hang"),
        ("rcpt", "drop"),
        ("data", "451 4.3.0 full"),
        ("data", "hang"),
        ("data", "drop"),
        ("body", "drop"),
        ("dot", "421 4.3.2 going down"),
        ("dot", "451 4.3.0 try later"),
    ],
)
def test_what_certainly_did_not_arrive_is_tried_again_later(office: Office, verb: str, action: str) -> None:
    house = office.house()
    sent = office.send(house, meets(verb, action), patience=SHORT if action == "hang" else "timeout=30")
    assert (sent.code, sent.told["deferred"], sent.told["refused"], sent.told["unknown"]) == (0, 1, 0, 0)
    assert sent.received["plain2"] == 0
    assert [sent.received[name] for name in OTHERS] == [1] * len(OTHERS)
    assert office.attempts(house, "plain2") == [("deferred", False), ("released", False)]
    assert office.state(house, "plain2") == "released"
    assert office.claims_freed(house, "plain2") == [False]
    assert (office.point(house, "plain2"), office.questions(house, "plain2")) == ("usable", [])
    kind, told = office.marks(house, "plain2")[-1]
    assert (kind, told["counts"]) == ("deferred", True)
    assert "plain2@" not in told["text"], "facts hold no address"

    assert sum(office.send(house).received.values()) == 0, "not before five minutes have passed"
    again = office.send(house, now=IN_FIVE_MINUTES)
    assert again.received == {"plain2": 1}
    assert office.attempts(house, "plain2") == [("deferred", False), ("accepted", True)]


@pytest.mark.parametrize(
    ("verb", "action", "address"),
    [
        ("rcpt", "550 5.1.1 <plain2@office.example> unknown", True),
        ("data", "554 5.7.1 not this", False),
        ("dot", "554 5.6.0 not such words", False),
    ],
)
def test_what_is_refused_frees_its_claims_and_goes_to_a_person(
    office: Office, verb: str, action: str, address: bool
) -> None:
    house = office.house()
    sent = office.send(house, meets(verb, action))
    assert (sent.code, sent.told["deferred"], sent.told["refused"], sent.told["unknown"]) == (0, 0, 1, 0)
    assert sent.received["plain2"] == 0
    assert [sent.received[name] for name in OTHERS] == [1] * len(OTHERS)
    assert office.attempts(house, "plain2") == [("refused", False)]
    assert office.state(house, "plain2") == "refused"
    assert office.claims_freed(house, "plain2") == [True]
    assert office.point(house, "plain2") == "refused"
    ((_, kind, text),) = office.questions(house, "plain2")
    assert kind == "refused"
    assert text.startswith("The address was refused" if address else "The message was refused")
    (told,) = [body for kind, body in office.marks(house, "plain2") if kind == "refused"]
    assert told["address"] is address


@pytest.mark.parametrize(
    ("action", "arrives"),
    [
        ("hang", 0),
        ("drop", 0),
        ("garbage", 0),
        ("accept-hang", 1),
        ("accept-drop", 1),
        ("accept-garbage", 1),
    ],
)
def test_only_an_answer_to_the_dot_that_never_came_leaves_a_message_unknown(
    office: Office, action: str, arrives: int
) -> None:
    house = office.house()
    patience = SHORT if action.endswith("hang") else "timeout=30"
    sent = office.send(house, meets("dot", action), patience=patience)
    assert (sent.code, sent.told["deferred"], sent.told["refused"], sent.told["unknown"]) == (0, 0, 0, 1)
    assert sent.received["plain2"] == arrives
    assert [sent.received[name] for name in OTHERS] == [1] * len(OTHERS)
    assert office.attempts(house, "plain2") == [("unknown", True)], "it counts as a contact"
    assert office.state(house, "plain2") == "unknown"
    assert office.claims_freed(house, "plain2") == [False]
    assert office.point(house, "plain2") == "usable"
    ((_, kind, _),) = office.questions(house, "plain2")
    assert kind == "unknown"
    assert sum(office.send(house, now=IN_FIVE_MINUTES).received.values()) == 0, "it is never blindly repeated"


@pytest.mark.parametrize(
    "fault",
    [
        {"verb": "connect", "action": "421 4.3.2 too many"},
        {"verb": "connect", "action": "554 5.7.1 not you"},
        {"verb": "connect", "action": "hang"},
        {"verb": "connect", "action": "drop"},
        {"verb": "ehlo", "action": "451 4.3.0 no"},
        {"verb": "ehlo", "action": "554 5.0.0 no"},
        {"verb": "ehlo", "action": "hang"},
        {"verb": "ehlo", "action": "drop"},
    ],
)
def test_a_server_that_nobody_can_talk_to_ends_the_sending_and_says_nothing_about_any_message(
    office: Office, fault: dict[str, str]
) -> None:
    house = office.house()
    sent = office.send(house, [fault], patience=SHORT if fault["action"] == "hang" else "timeout=30")
    assert sent.code == 3
    assert sum(sent.received.values()) == 0
    for name in EVERYBODY:
        assert office.attempts(house, name) == [("released", False)], "nothing has started"
        assert (office.marks(house, name), office.point(house, name)) == ([], "usable")
    assert sum(office.send(house).received.values()) == len(EVERYBODY)


def test_a_server_that_wants_a_login_ends_the_sending_and_no_try_is_counted(office: Office) -> None:
    house = office.house()
    sent = office.send(house, [{"verb": "mail", "action": "530 5.7.0 log in"}])
    assert sent.code == 3
    assert [sent.told[kind] for kind in ("accepted", "deferred", "refused", "unknown")] == [0, 0, 0, 0]
    started = [name for name in EVERYBODY if office.marks(house, name)]
    assert len(started) == 3, "one batch has started"
    for name in started:
        assert office.attempts(house, name) == [("deferred", False), ("released", False)]
        assert office.marks(house, name)[-1][1]["counts"] is False
        assert office.point(house, name) == "usable"
    again = office.send(house)
    assert sum(again.received.values()) == len(EVERYBODY), "at once, for it was no try"


@pytest.mark.parametrize("action", ["454 4.7.0 not now", "535 5.7.8 wrong", "hang", "drop"])
def test_a_login_that_fails_ends_the_sending_and_says_nothing_about_any_message(
    office: Office, action: str
) -> None:
    house = office.house()
    known = {"login": "books:secret@", "user": "books", "password": "secret"}
    patience = SHORT if action == "hang" else "timeout=30"
    sent = office.send(house, [{"verb": "auth", "action": action}], patience=patience, **known)
    assert (sent.code, sum(sent.received.values())) == (3, 0)
    assert "secret" not in sent.talk
    assert [name for name in EVERYBODY if office.marks(house, name)] == []
    assert sum(office.send(house, **known).received.values()) == len(EVERYBODY)


@pytest.mark.parametrize("action", ["451 4.3.0 no", "554 5.0.0 no", "hang", "drop"])
def test_a_server_that_fails_between_two_messages_or_at_the_end_loses_and_doubles_nothing(
    office: Office, action: str
) -> None:
    house = office.house()
    faults = [*meets("rcpt", "550 5.1.1 nobody"), {"verb": "rset", "action": action}]
    faults += [{"verb": "quit", "action": action}]
    sent = office.send(house, faults, connections=1, patience=SHORT if action == "hang" else "timeout=30")
    assert (sent.code, sent.told["refused"], sent.told["unknown"]) == (0, 1, 0)
    assert sent.received == dict.fromkeys(OTHERS, 1)


def test_a_server_that_takes_fewer_conversations_gets_fewer(office: Office) -> None:
    house = office.house()
    faults = [{"verb": "connect", "action": "421 4.7.0 too many", "nth": nth} for nth in (2, 3)]
    sent = office.send(house, faults)
    assert sent.code == 0
    assert sent.received == dict.fromkeys(EVERYBODY, 1)
    assert (sent.told["accepted"], sent.told["deferred"]) == (len(EVERYBODY), 0)


def test_a_server_that_goes_away_leaves_the_rest_as_it_is(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    house = office.house()
    batches = []
    open_all = Lines.open_all

    def opening(lines: Lines, envelopes: object) -> object:
        batches.append(lines)
        return open_all(lines, envelopes)  # type: ignore[arg-type]

    def reaching(lines: Lines) -> object:
        if len(batches) == 1:
            # The server ends every conversation and takes no new one.
            lines.hang_up()
            monkeypatch.setattr(type(lines._lines[0]._address), "port", 1)
        return reach(lines)

    reach = Lines.reach
    monkeypatch.setattr(Lines, "open_all", opening)
    monkeypatch.setattr(Lines, "reach", reaching)
    sent = office.send(house, patience="timeout=5&connect_timeout=5")
    monkeypatch.undo()
    assert (sent.code, sent.told["accepted"]) == (3, 3)
    assert sum(bool(office.marks(house, name)) for name in EVERYBODY) == 3
    assert sum(office.send(house).received.values()) == len(EVERYBODY) - 3


@pytest.mark.parametrize(
    ("action", "kind"), [("451 4.7.1 slow down", "deferred"), ("550 5.7.1 not you", "refused")]
)
def test_what_the_server_says_to_mail_is_about_every_message_it_says_it_to(
    office: Office, action: str, kind: str
) -> None:
    house = office.house()
    sent = office.send(house, [{"verb": "mail", "action": action}])
    assert (sent.code, sent.told[kind]) == (0, len(EVERYBODY))
    assert sum(sent.received.values()) == 0


def test_who_is_put_off_again_and_again_waits_longer_and_longer_and_is_given_up_in_the_end(office: Office) -> None:
    house = office.house()
    always = [{"verb": "rcpt", "action": "451 4.2.0 later", "match": "plain2@"}]
    waits = []
    # Business days, each later than the wait before it.
    for day in (10, 11, 12, 13, 16, 17, 18, 19, 20, 23, 24):
        office.send(house, always, now=f"2026-03-{day}T11:00:00+00:00")
        kind, told = office.marks(house, "plain2")[-1]
        assert kind == "deferred"
        waits.append((told["retry_at"] - sent_at(office, house)) // 60_000_000)
    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 720, 720, 720]
    assert office.state(house, "plain2") == "released"
    office.send(house, always, now="2026-03-25T11:00:00+00:00")
    assert office.state(house, "plain2") == "refused"
    assert office.claims_freed(house, "plain2") == [True]
    ((_, kind, text),) = office.questions(house, "plain2")
    assert (kind, text.partition(":")[0]) == ("refused", "The mail server put the message off too often")


def sent_at(office: Office, house: object) -> int:
    """When the latest mark was made."""
    (at,) = office.rows("select max(at) from mark where creditor_id = ?", house.view.id)[0]  # type: ignore[attr-defined]
    return int(at)


assert NOW < IN_FIVE_MINUTES
