"""One creditor with eleven customers, made for one kill and not used again.

plain   seven customers with one late invoice; `two` has two of them, and `twin` is the person of `plain1`
refused the mail server knows no such address            later   it puts this one off
held    is held after the run was released               waits   holds a dispute that comes to its review
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

NOW = "2026-03-10T10:00:00+00:00"
"""A Tuesday, eleven in the morning in Berlin."""
DAY = date(2026, 3, 10)
_AT = datetime(2026, 3, 9, 8, tzinfo=UTC)
PLAIN = ("plain1", "plain2", "plain3", "plain4", "plain5", "two", "twin")
NAMES = (*PLAIN, "refused", "later", "held", "waits")
PLANNED = (*PLAIN, "refused", "later", "held")
"""Whose message a run claims."""


class House(NamedTuple):
    """The creditor and its customers' accounts in the order of `NAMES`."""

    view: Any
    day: date
    accounts: Sequence[int]

    def address(self, name: str) -> str:
        """Where the customer's mail goes."""
        return f"{name}@{self.view.key}.example"

    def account(self, name: str) -> int:
        """The account of a customer."""
        return self.accounts[NAMES.index(name)]


def town_clock(now: str) -> Any:
    """A clock that stands."""
    from duewell.adapters.clock import FixedClock

    return FixedClock(datetime.fromisoformat(now))


def found(name: str, number: int) -> House:
    """Write the creditor, its customers, their invoices and the facts of all that into the open home."""
    from duewell.store import creditors, facts, ids, posting, sql

    key = f"{name}{number}"
    given = {
        "name": f"House {number}",
        "country": "DE",
        "zone": "Europe/Berlin",
        "email_from": f"books@{key}.example",
        "iban": "DE02120300000000202051",
        "policy": {"books_max_age_days": 30},
    }
    creditor = creditors.add(key, given, _AT)
    now, count = sql.us(_AT), len(NAMES)
    with sql.transaction.atomic():
        persons = list(ids.allocate("person", count))
        sql.insert("person", ["id", "version", "flags", "recorded_at"], [(one, 0, "[]", now) for one in persons])
        persons[NAMES.index("twin")] = persons[NAMES.index("plain1")]
        salt = b"s" * 16
        parties, points = ids.allocate("party", count), ids.allocate("contact_point", count)
        accounts = list(ids.allocate("account", count))
        sql.insert(
            "party",
            "id creditor_id person_id number name given_name family_name salutation kind language country region"
            " zone salt recorded_at".split(),
            [
                (
                    party,
                    creditor,
                    person,
                    who,
                    who.title(),
                    "",
                    "",
                    "",
                    "person",
                    "en",
                    "DE",
                    "",
                    "",
                    b"s" * 16,
                    now,
                )
                for party, person, who in zip(parties, persons, NAMES, strict=True)
            ],
        )
        sql.insert(
            "contact_point",
            "id creditor_id party_id channel value state rank salt recorded_at".split(),
            [
                (point, creditor, party, "email", f"{who}@{key}.example", "usable", 0, salt, now)
                for point, party, who in zip(points, parties, NAMES, strict=True)
            ],
        )
        sql.insert(
            "account",
            "id creditor_id number party_id person_id segment strategy version refusal last_message_on"
            " recorded_at".split(),
            [
                (account, creditor, who, party, person, "", "", 0, "", None, now)
                for account, party, person, who in zip(accounts, parties, persons, NAMES, strict=True)
            ],
        )
        owing = [*accounts, accounts[NAMES.index("two")]]
        receivables = list(ids.allocate("receivable", len(owing)))
        prepared = posting.prepare(creditor, _charges(owing, receivables), _AT)
        sql.insert(
            "receivable",
            "id creditor_id account_id number kind accessory_to_id currency issued_on due_on reference open_minor"
            " reached reached_on batch recorded_at".split(),
            [
                (
                    receivable,
                    creditor,
                    account,
                    f"INV-{receivable}",
                    "invoice",
                    None,
                    "EUR",
                    DAY - timedelta(days=40),
                    DAY - timedelta(days=10),
                    "",
                    prepared.open_minor[receivable],
                    0,
                    None,
                    None,
                    now,
                )
                for receivable, account in zip(receivables, owing, strict=True)
            ],
        )
        posting.save(prepared, frozenset(receivables))
        facts.append(posting.drafts(prepared, None))
    house = House(creditors.present(creditor), DAY, accounts)
    hold(house, "waits", review_on=DAY)
    return house


def hold(house: House, name: str, review_on: date) -> None:
    """The customer disputes everything."""
    from duewell.core.agree.holds import Hold, HoldKind
    from duewell.core.units.ids import AccountId, HoldId
    from duewell.store.agreements import Holds

    dispute = Hold(
        HoldId(0), HoldKind.DISPUTE, None, None, DAY - timedelta(days=3), None, review_on, None, "wrong"
    )
    Holds(house.view.id, _AT, "test").add(AccountId(house.account(name)), dispute)


def claim(house: House) -> int:
    """Run in this process; the number of the run."""
    from duewell import wiring
    from duewell.flows.run import run

    clock = town_clock(NOW)
    world = wiring.world(_home(), house.view, house.day, clock)
    ran = run(world, wiring.runs(house.view, clock, "test"), confirmed=True)
    assert ran.claimed == len(PLANNED), ran
    assert ran.run is not None
    return ran.run


def release(house: House) -> None:
    """Let every waiting run go in this process; and then `held` is held."""
    from duewell import wiring
    from duewell.flows import release as releasing

    runs = wiring.releases(house.view, town_clock(NOW))
    for waiting in runs.waiting():
        releasing.release(runs, waiting.id, "test", by_two=False)
    hold(house, "held", review_on=DAY + timedelta(days=30))


def _home() -> Any:
    import os

    from duewell.adapters.home import open_home

    return open_home(os.environ["DUEWELL_HOME"])


def _charges(accounts: Sequence[int], receivables: Sequence[int]) -> list[Any]:
    from duewell.core.ledger.entries import Move, Place

    return [
        Move(
            account,
            "EUR",
            100_00 + number,
            Place.REVENUE,
            None,
            Place.RECEIVABLE,
            receivable,
            DAY - timedelta(days=40),
            "invoice:1",
        )
        for number, (account, receivable) in enumerate(zip(accounts, receivables, strict=True))
    ]
