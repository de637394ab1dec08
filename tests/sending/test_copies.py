"""The archive gets what customers got, once it is certain that they got it, and nobody else learns of it."""

from __future__ import annotations

import json

from tests.kills.house import House
from tests.sending.office import Office

_ARCHIVE = "archive@office.example"
LATER = "2026-03-10T12:00:00+00:00"


def _house(office: Office) -> House:
    house = office.house()
    office.edit(house, "--archive", _ARCHIVE)
    return house


def _states(office: Office, house: House) -> list[str]:
    rows = office.rows("select state from archive_copy where creditor_id = ? order by attempt_id", house.view.id)
    return [row[0] for row in rows]


def test_the_archive_gets_the_same_bytes_in_a_delivery_of_its_own_after_the_customers(office: Office) -> None:
    house = _house(office)
    sent = office.send(house)
    accepted = sent.told["accepted"]
    assert accepted > 0
    assert sent.told["archive"] == {"sent": accepted, "deferred": 0, "refused": 0, "gone": 0}
    assert sent.received.pop("archive") == accepted
    assert sum(sent.received.values()) == accepted, "each customer got one"
    # Every text came twice: once for the customer, once for the archive, and none names the archive.
    assert all(sent.texts.count(text) == 2 for text in sent.texts)
    assert not any(_ARCHIVE in part for text in sent.texts for part in text)
    again = office.send(house, now=LATER)
    assert sum(again.received.values()) == 0
    facts = office.rows("select count(*) from fact where kind = 'contact.copied' and stream like 'account:%'")
    assert facts[0][0] >= accepted


def test_a_message_that_was_refused_or_put_off_leaves_no_copy(office: Office) -> None:
    house = _house(office)
    sent = office.send(
        house,
        [
            {"verb": "rcpt", "action": "550 5.1.1 unknown", "match": "plain2@"},
            {"verb": "rcpt", "action": "450 later", "match": "plain1@"},
        ],
    )
    assert sent.told["refused"] == 1
    assert sent.told["deferred"] == 1
    assert sent.received["archive"] == sent.told["accepted"] > 0


def test_an_archive_that_refuses_or_is_slow_changes_nothing_about_the_messages(office: Office) -> None:
    house = _house(office)
    sent = office.send(house, [{"verb": "rcpt", "action": "450 mailbox busy", "match": "archive@"}])
    accepted = sent.told["accepted"]
    assert (sent.code, sent.told["archive"]["deferred"]) == (0, accepted)
    assert sum(sent.received.values()) == accepted
    assert set(_states(office, house)) == {"waiting"}
    refused = office.send(house, [{"verb": "rcpt", "action": "550 no", "match": "archive@"}], now=LATER)
    assert refused.told["archive"]["refused"] == accepted
    assert sum(refused.received.values()) == 0
    assert set(_states(office, house)) == {"refused"}
    assert office.state(house, "plain2") == "accepted"


def test_giving_the_archive_again_sends_what_it_refused_once_more(office: Office) -> None:
    house = _house(office)
    sent = office.send(house, [{"verb": "rcpt", "action": "550 no", "match": "archive@"}])
    assert set(_states(office, house)) == {"refused"}
    assert sum(office.send(house, now=LATER).received.values()) == 0
    office.edit(house, "--archive", "other@office.example")
    assert office.send(house, now=LATER).received == {"other": sent.told["accepted"]}
    assert set(_states(office, house)) == {"sent"}
    office.edit(house, "--archive", _ARCHIVE)
    assert sum(office.send(house, now=LATER).received.values()) == 0, "what arrived has arrived"


def test_an_answer_that_never_came_sends_the_copy_again_and_the_customers_message_never(office: Office) -> None:
    house = _house(office)
    sent = office.send(house, [{"verb": "dot", "action": "drop", "match": "archive@", "times": 1}])
    accepted = sent.told["accepted"]
    assert sent.told["archive"]["deferred"] == 1
    again = office.send(house, now=LATER)
    assert again.received == {"archive": 1}
    assert _states(office, house) == ["sent"] * accepted


def test_a_copy_waits_until_an_unknown_message_is_settled_as_sent(office: Office) -> None:
    house = _house(office)
    sent = office.send(house, [{"verb": "dot", "action": "drop", "match": "plain2@", "times": 1}])
    assert sent.told["unknown"] == 1
    assert sent.received["archive"] == sent.told["accepted"]
    settled = office.send(house, now="2026-03-13T10:00:01+00:00")
    assert settled.received == {"archive": 1}


def test_no_copy_goes_while_sending_is_halted_or_once_there_is_no_archive(office: Office) -> None:
    house = _house(office)
    office.send(house, [{"verb": "rcpt", "action": "450 mailbox busy", "match": "archive@"}])
    office.command(house, "halt")
    assert sum(office.send(house, now=LATER).received.values()) == 0
    office.command(house, "resume")
    office.edit(house, "--archive", "")
    assert sum(office.send(house, now=LATER).received.values()) == 0
    assert set(_states(office, house)) == {"dropped"}


def test_a_copy_whose_bytes_were_erased_is_gone_and_does_not_hold_up_the_others(office: Office) -> None:
    house = _house(office)
    sent = office.send(house, [{"verb": "rcpt", "action": "450 mailbox busy", "match": "archive@"}])
    ((started,),) = office.rows(
        "select k.body from mark k join archive_copy c on c.attempt_id = k.attempt_id where c.creditor_id = ?"
        " and k.kind = 'started' order by k.id limit 1",
        house.view.id,
    )
    from duewell.store import sql

    # The first part holds the headers, which no other message has.
    digest = bytes.fromhex(json.loads(started)["parts"][0])
    kept = office.rows("select digest, salt, dictionary, data from part where digest = ?", digest)
    with sql.transaction.atomic():
        sql.execute("delete from part where digest = ?", [digest])
    later = office.send(house, now=LATER)
    assert later.told["archive"] == {"sent": sent.told["accepted"] - 1, "deferred": 0, "refused": 0, "gone": 1}
    # Back again, so that the audit of the whole office finds what it expects.
    with sql.transaction.atomic():
        sql.insert("part", ["digest", "salt", "dictionary", "data"], [tuple(map(_plain, row)) for row in kept])


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value
