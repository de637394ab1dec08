"""The digest of a day: what went out, came in, waits and comes, in the creditor's language, to it alone."""

from __future__ import annotations

import os
from email import message_from_bytes, policy
from typing import Any

import pytest

from tests.kills.house import NOW, House
from tests.sending.office import Office
from tests.sink import Sink
from tests.town.commands import run

NEXT = "2026-03-11T06:30:00+00:00"


def told(office: Office, house: House, *words: str, now: str = NEXT) -> dict[str, Any]:
    return office.command(house, "digest", *words, now=now)


def work(office: Office, now: str, *words: str) -> list[Any]:
    """The mails of the house itself that a turn of `work` sends."""
    with Sink() as sink:
        os.environ["DUEWELL_SMTP_URL"] = sink.url
        try:
            run(["--home", str(office.home), "--json", "work", "--now", now, *(words or ("--once",))])
        finally:
            del os.environ["DUEWELL_SMTP_URL"]
        mails = [message_from_bytes(raw, policy=policy.default) for raw in sink.messages()]
    return [mail for mail in mails if str(mail["Message-ID"]).startswith("<digest.")]


def test_a_day_is_told_with_what_went_out_came_in_and_waits(office: Office) -> None:
    house = office.house()
    refused = [{"verb": "rcpt", "action": "550 5.1.1 unknown", "match": "refused@"}]
    later = [{"verb": "rcpt", "action": "450 later", "match": "later@"}]
    sent = office.send(house, [*refused, *later])
    paid = {
        "customer_no": "plain1",
        "amount": "10.00",
        "currency": "EUR",
        "paid_on": "2026-03-10",
        "reference": "x",
    }
    office.takes(house, "payments", [paid], now=NOW)
    found = told(office, house)
    accepted = sent.told["accepted"]
    assert found["as_of"] == "2026-03-10"
    assert sum(found["sent"]["stages"].values()) == accepted
    started = office.rows("select sum(1) from mark where kind = 'accepted' and creditor_id = ?", house.view.id)
    assert started[0][0] == accepted
    assert found["sent"]["asked_minor"]["EUR"] > 0
    assert found["lost"] == {"refused": 1, "deferred": 1}
    assert found["came_in"] == [{"kind": "payment", "currency": "EUR", "number": 1, "amount_minor": 1000}]
    assert found["imports"][0]["kind"] == "payments"
    assert found["questions"]["refused"] == 1
    assert not found["quiet"]
    text = found["text"]
    assert "€10.00" in text or "10.00" in text
    assert "duewell review list" in text
    for name in ("plain1", "refused@", "plain1@", "INV-"):
        assert name not in text, "no customer is named"
    # The day before, nothing had happened but the invoices that were already there.
    assert told(office, house, "--as-of", "2026-03-08")["sent"]["stages"] == {}


def test_a_run_that_waits_is_named_with_the_command_that_releases_it(office: Office) -> None:
    house = office.house(released=False)
    number = office.command(house, "run", "--as-of", "2026-03-11", "--yes", now=NEXT)["run"]
    found = told(office, house)
    assert found["waiting"] == [{"run": number, "as_of": "2026-03-11", "messages": 10}]
    assert f"duewell release {number}" in found["text"]
    assert sum(found["coming"].values()) == 10, "the night of the next day has claimed them"


def test_without_a_run_the_next_day_is_looked_at_as_a_plan_would(office: Office) -> None:
    house = office.house(released=False)
    found = told(office, house, "--as-of", "2026-03-09", now="2026-03-10T06:00:00+00:00")
    assert sum(found["coming"].values()) == 10
    assert office.rows("select count(*) from plan where creditor_id = ?", house.view.id)[0][0] == 0


def test_it_speaks_the_creditors_language_where_there_are_words_and_english_otherwise(office: Office) -> None:
    house = office.house()
    office.send(house)
    assert "What waits for a person" in told(office, house)["text"]
    office.edit(house, "--language", "de")
    text = told(office, house)["text"]
    assert "Was auf einen Menschen wartet" in text
    assert "erste Erinnerung" in text


def test_work_sends_it_once_in_the_morning_to_the_creditor_and_nobody_when_nobody_wants_it(office: Office) -> None:
    house, silent = office.house(), office.house()
    office.edit(house, "--digest-to", "boss@office.example")
    office.edit(silent, "--digest-to", "nobody")
    office.send(house)
    office.send(silent)
    assert work(office, "2026-03-11T05:00:00+00:00") == [], "it is six in the morning"
    mails = work(office, "2026-03-11T06:10:00+00:00")
    to = [str(mail["To"]) for mail in mails]
    assert to.count("boss@office.example") == 1
    assert not [one for one in to if silent.view.key in one]
    (mail,) = [mail for mail in mails if str(mail["To"]) == "boss@office.example"]
    assert "sent" in str(mail["Subject"])
    assert "What went out" in mail.get_body(("plain",)).get_content()
    assert work(office, "2026-03-11T08:00:00+00:00") == [], "once a day"


def test_a_quiet_creditor_hears_once_a_week_that_nothing_happened(office: Office) -> None:
    mine = "quiet@office.example"
    words = ("--name", "Quiet", "--country", "DE", "--zone", "Europe/Berlin", "--email-from", mine)
    run(["--home", str(office.home), "--json", "creditor", "add", "quiet", *words, "--now", NOW])
    heard = []
    for day in (1, 2, 7, 8):
        mails = work(office, f"2026-06-{day:02}T06:10:00+00:00")
        heard += [(day, str(mail["Subject"])) for mail in mails if str(mail["To"]) == mine]
    assert heard == [(day, "Quiet: nothing to do") for day in (1, 8)]


def test_a_digest_that_cannot_go_is_tried_again_and_a_missing_address_is_said(office: Office) -> None:
    house = office.house()
    office.edit(house, "--digest-to", "boss@office.example")
    answer = office.give(house, "digest", "--send", now=NEXT)
    assert (answer.code, "no mail server" in answer.told["message"]) == (2, True)
    with Sink([{"verb": "rcpt", "action": "450 busy"}]) as sink:
        os.environ["DUEWELL_SMTP_URL"] = sink.url
        try:
            answer = office.give(house, "digest", "--send", now=NEXT)
        finally:
            del os.environ["DUEWELL_SMTP_URL"]
    assert answer.code == 3
    office.edit(house, "--digest-to", "nobody")
    assert told(office, house)["to"] is None
    wrong = office.give(house, "creditor", "edit", house.view.key, "--digest-to", "boss")
    assert wrong.code == 2


@pytest.mark.parametrize("now", ["2026-03-10T23:30:00+00:00"])
def test_yesterday_is_that_of_the_creditor(office: Office, now: str) -> None:
    house = office.house()
    # Half past midnight of the eleventh in Berlin.
    assert told(office, house, now=now)["as_of"] == "2026-03-10"
