"""One account in a few lines, and the world of one day around it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from duewell.adapters.civil_days import days_of
from duewell.adapters.files.rulebook_file import shipped_book
from duewell.adapters.zones import zone_value
from duewell.core.agree.holds import Hold, HoldKind
from duewell.core.decide.stages import Stage
from duewell.core.decide.values import Calendar, Case, Condition, Item, Recipient, Step, Strategy
from duewell.core.law.library import Law
from duewell.core.law.timetable import Windows
from duewell.core.law.values import Standing
from duewell.core.units.ids import CreditorId
from duewell.flows.decide_accounts import World
from duewell.flows.ports import CreditorView, Known

DAYS = days_of("Europe/Berlin")
TUESDAY = date(2026, 3, 10)
BERLIN = zone_value("Europe/Berlin", date(2025, 12, 1), date(2027, 12, 31))
BOOK = shipped_book()
CREDITOR = CreditorView(
    CreditorId(1), "light", "Bright Light", "DE", "Europe/Berlin", "en", ("kind",), None, 3, False, 3, False
)
KIND = Strategy(
    key="kind",
    digest="0" * 64,
    title="Kind",
    condition=Condition(),
    grace_days=0,
    minimum_minor=(),
    least_gap_days=5,
    steps=(
        Step(Stage.FIRST, 5, ("email",), "kind", False, None),
        Step(Stage.SECOND, 14, ("email",), "kind", False, None),
    ),
)
PERSON = Standing(1, 0, (BERLIN,), frozenset(), (), (), frozenset())


def item(number: int = 1, due: date = date(2026, 3, 1), **changes: Any) -> Item:
    """An invoice over EUR 100.00 that has reached no stage."""
    made = Item(number, f"INV-{number}", date(2026, 2, 1), due, "EUR", 100_00, Stage.NONE, None, (), None)
    return made._replace(**changes)


def known(*items: Item, standing: Standing = PERSON, **changes: Any) -> Known:
    """An account with these invoices."""
    case = Case(
        account=1,
        creditor=CreditorId(1),
        version=0,
        kind="person",
        country="DE",
        segment="",
        items=items,
        credits=(),
        holds=(),
        recipients=(Recipient(1, 1, 1, "email", "en"),),
        missing=(),
        last_message_on=None,
        in_flight=None,
        reviews=(),
        books_too_old=False,
        calendar=Calendar(frozenset({5, 6}), frozenset()),
    )
    return Known(case._replace(**changes), standing)


def world(account: Known, day: date = TUESDAY, now: datetime | None = None, **changes: Any) -> World:
    """The world of a day, from its first instant on unless told otherwise."""
    start, end = DAYS.bounds(day)
    made = World(
        creditor=CREDITOR,
        as_of=day,
        now=now or start,
        day_start=start,
        day_end=end,
        narrow=lambda day, ladders: None,
        cases=lambda accounts, day, now, apart_from=frozenset(): iter([account]),
        strategies=(KIND,),
        law=Law((BOOK,)),
        windows=Windows(),
        template_digest=lambda language, tone, stage: "",
        digests={},
    )
    return made._replace(**changes)


def promise(until: date, receivable: int | None = None, amount: int | None = None) -> Hold:
    """A promise made on 2 March."""
    return Hold(7, HoldKind.PROMISE, receivable, amount, date(2026, 3, 2), until, None, None, "by phone")


def dispute(receivable: int | None = None, amount: int | None = None) -> Hold:
    """A dispute since 2 March, to be looked at on 1 April."""
    start, review = date(2026, 3, 2), date(2026, 4, 1)
    return Hold(8, HoldKind.DISPUTE, receivable, amount, start, None, review, None, "wrong colour")
