"""Copies: others on the account get the message too, each alone, once it has arrived."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sink import Rule
from tests.story.test_channels import sound
from tests.town import Town, founded, tables

LADDER = """
strategy: copied
title: With copies
least_gap_days: 5
steps:
  - stage: first
    offset_days: 7
    channels: [email, letter]
    copies: [accounts_payable, site_manager]
    tone: kind
  - stage: second
    offset_days: 21
    channels: [email]
    tone: formal
"""
FIRM, DESK, SITE = "office@muster.example", "ap@group.example", "site@yard.example"


def settle(town: Town, kind: str = "business") -> None:
    """A firm, or a person, that owes a hundred; a desk that pays and a manager of the site stand beside it."""
    (town.home / "strategies").mkdir(exist_ok=True)
    (town.home / "strategies" / "copied.yaml").write_text(LADDER, encoding="utf-8")
    town.command("creditor", "edit", "light", "--strategy", "copied", at="2026-02-02T08:00Z")
    town.takes(
        "customers",
        [
            {"customer_number": number, "name": name, "email": email, "country": "DE", "customer_type": of}
            for number, name, email, of in (
                ("C-1", "Muster GmbH", FIRM, kind),
                ("P-1", "Pat Payer", DESK, "person"),
                ("P-2", "Sam Site", SITE, "person"),
            )
        ],
    )
    town.invoices(
        """
        number  customer  issued      due         amount
        INV-1   C-1       2026-02-01  2026-03-01  100.00 EUR
        """
    )
    town.command("party", "role", "add", "C-1", "P-1", "--role", "accounts_payable")
    town.command("party", "role", "add", "C-1", "P-2", "--role", "site_manager")


def attempts(town: Town) -> list[tuple[str, str]]:
    """Role and state of every attempt, in their order."""
    return town.records.rows("select role, state from attempt order by ordinal")


def test_each_gets_the_message_alone_and_after_it_has_arrived(either_town: Town) -> None:
    town = either_town
    settle(town)
    town.night("2026-03-09")
    assert attempts(town) == [("", "released")]
    assert town.send(at="2026-03-09T11:00Z")["accepted"] == 3
    first, *copies = town.received()
    # Copies leave together, so either may be the first to arrive.
    mails = [first, *sorted(copies, key=lambda mail: mail.to)]
    assert [mail.to for mail in mails] == [FIRM, *sorted([DESK, SITE])]
    for mail in mails:
        # nobody sees anybody else
        others = {FIRM, DESK, SITE} - {mail.to}
        assert not any(other in mail.raw.decode() for other in others)
    assert "copy of our message" not in mails[0].text
    assert "Hello Pat Payer," in mails[1].text
    assert "this is a copy of our message to Muster GmbH:" in mails[1].text
    assert "Sam Site" not in mails[1].text
    # servers drop a mail under an id that they have: each has its own, in which the message's can be found
    ids = [mail.id for mail in mails]
    message = ids[0].strip("<>").partition("@")[0]
    assert len(set(ids)) == 3
    assert all(message in found for found in ids)
    # one step, one claim, whoever read it
    assert town.records.rows("select reached from receivable") == [(30,)]
    assert attempts(town) == [("", "accepted"), ("accounts_payable", "accepted"), ("site_manager", "accepted")]
    assert town.send(at="2026-03-09T12:00Z")["accepted"] == 0
    sound(town)
    assert town.command("verify")["ok"]


def test_of_a_consumers_debt_a_site_manager_hears_nothing(town: Town) -> None:
    settle(town, kind="person")
    town.night("2026-03-09")
    told = town.send(at="2026-03-09T11:00Z")
    assert (told["accepted"], told["withheld"]) == (1, {"recipients": 2})
    assert [mail.to for mail in town.received()] == [FIRM]
    assert town.records.rows("select state from message_state") == [("accepted",)]
    sound(town)


def test_a_copy_that_fails_means_nothing_to_the_message(tmp_path: Path) -> None:
    faults = [
        Rule("rcpt", "550 5.1.1 nobody", match="ap@"),
        Rule("rcpt", "451 4.2.1 busy", match="site@", times=1),
    ]
    with founded(tmp_path, faults=faults) as town:
        settle(town)
        town.night("2026-03-09")
        told = town.send(at="2026-03-09T11:00Z")
        assert (told["accepted"], told["refused"], told["deferred"]) == (1, 1, 1)
        assert town.records.rows("select state from message_state") == [("accepted",)]
        assert town.command("review", "list")["questions"] == []
        sound(town)
        # the one that was put off comes later, once
        assert town.send(at="2026-03-09T11:10Z")["accepted"] == 1
        assert [mail.to for mail in town.received()] == [FIRM, SITE]
        sound(town)
        # the account goes on as if nothing had been
        assert town.night("2026-03-23")["proposals"] == {"second": 1}


def test_where_the_message_itself_fails_nobody_gets_a_copy(tmp_path: Path) -> None:
    with founded(tmp_path, faults=[Rule("rcpt", "550 5.1.1 nobody", match="office@")]) as town:
        settle(town)
        town.night("2026-03-09")
        assert town.send(at="2026-03-09T11:00Z")["refused"] == 1
        assert town.received() == []
        sound(town)


@pytest.mark.parametrize("end", ["pays", "role", "run"])
def test_what_changes_before_a_copy_leaves_stops_it(tmp_path: Path, end: str) -> None:
    with founded(
        tmp_path, faults=[Rule("rcpt", "451 4.2.1 busy", match="ap@"), Rule("rcpt", "451 busy", match="site@")]
    ) as town:
        settle(town)
        run = town.night("2026-03-09")["run"]
        assert town.send(at="2026-03-09T11:00Z")["deferred"] == 2
        if end == "pays":
            town.pays("INV-1", "100.00 EUR", at="2026-03-09T11:03Z")
        elif end == "role":
            for customer, role in (("P-1", "accounts_payable"), ("P-2", "site_manager")):
                town.command("party", "role", "end", "C-1", customer, "--role", role, at="2026-03-09T11:03Z")
        else:
            town.command("release", str(run), "--withdraw", "--reason", "wrong list", at="2026-03-09T11:03Z")
        reason = {"pays": {"paid": 2}, "role": {"no_address": 2}, "run": {}}[end]
        told = town.send(at="2026-03-09T11:10Z")
        assert (told["accepted"], told["deferred"], told["withheld"]) == (0, 0, reason)
        assert town.records.rows("select state from message_state") == [("accepted",)]
        assert [state for role, state in attempts(town) if role].count("withheld") == 2
        sound(town)


def test_a_list_says_who_stands_on_an_account_and_what_it_gets_wrong_is_rejected(either_town: Town) -> None:
    town = either_town
    settle(town)
    people = [
        ("G-1", "Gil Garant", "gil@garant.example", "Guarantor", "C-1"),
        ("G-2", "Nina Nowhere", "nina@x.example", "guarantor", "C-99"),
        ("G-3", "Odd One", "odd@x.example", "wizard", "C-1"),
        ("G-4", "Lost One", "lost@x.example", "payer", ""),
    ]
    records = [
        {"customer_number": number, "name": name, "email": email, "role": role, "account": account}
        for number, name, email, role, account in people
    ]
    told = town.takes_file("customers", tables.file_of(records), fails=1)
    assert {one["reason"] for one in told["rejected"]} == {
        "no account has this number",
        "no role that is known here",
        "a role without an account",
    }
    standing = town.command("party", "role", "list", "C-1")["standing"]
    assert [(one["customer"], one["role"]) for one in standing] == [
        ("C-1", "debtor"),
        ("P-1", "accounts_payable"),
        ("G-1", "guarantor"),
        ("P-2", "site_manager"),
    ]
    # the account of the debtor keeps its number, and the guarantor's own stays empty
    assert town.records.rows("select count(*) from account where number = 'C-1'") == [(1,)]
    sound(town)
