"""Interest: what a law adds to one overdue invoice, shown period by period. Nothing is charged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple, Protocol

from duewell.core.law import interest
from duewell.core.law.interest import Claim, DayCount, Late, NotLate, RateTable, Rule, Sheet, Start
from duewell.core.law.interest.agreed import check
from duewell.core.ledger.entries import Entry, Place
from duewell.core.units.ids import ReceivableId

_ONE_DAY = timedelta(days=1)
CONFIRM = frozenset({"S", "K"})
"""A rate or rule that was read no better than this is shown, and must be confirmed before anybody is charged."""


class CannotTell(LookupError):
    """There is no interest to tell; the message says why and what to do."""


class Debt(NamedTuple):
    """One invoice as interest needs it."""

    receivable: ReceivableId
    number: str
    account: str
    currency: str
    issued_on: date
    due_on: date
    kind: str
    """Of the customer: `person`, `business` or `unknown`."""
    country: str
    """Of the customer; empty where it is not known."""
    reminded_on: date | None
    """The creditor's civil date on which the first demand about it was accepted."""
    entries: Sequence[Entry]


class DebtBook(Protocol):
    """Reads invoices of one creditor."""

    def debts(self, number: str, account: str) -> Sequence[Debt]:
        """Invoices with this number; of one account where it is named."""
        ...


class Asked(NamedTuple):
    """What a person adds to what the books know."""

    debt: str = ""
    """`consumer` or `business`; empty: by the customer's kind, a consumer in doubt."""
    place: str = ""
    """Whose law; empty: the customer's country for consumers, the creditor's between businesses."""
    date_agreed: bool | None = None
    """Was a calendar date agreed? None: yes, except where the law asks for more (`Start.REMINDER_OR_DATE`)."""
    invoice_received_on: date | None = None
    notice_on: date | None = None
    warned: bool = False
    agreed_percent: Decimal | None = None
    day_count: DayCount | None = None


class Told(NamedTuple):
    """The sheet of one invoice and what stands behind it."""

    debt: Debt
    kind: str
    rule: Rule
    from_on: date | None
    not_late: str
    sheet: Sheet | None
    flat_minor: int | None
    """In the currency of the rule's flat sum; None where none is owed or its border is in another currency."""
    remarks: tuple[str, ...]


def tell(
    debt: Debt,
    rules: Mapping[str, Rule],
    tables: Mapping[str, RateTable],
    creditor_country: str,
    as_of: date,
    asked: Asked,
) -> Told:
    """The interest of one invoice up to and with a day.

    Raises:
        CannotTell: no law is known for it, or a contract may not agree on the rate that was given.
        NoRate: a reference rate is not known for one of the days.
    """
    kind = asked.debt or ("business" if debt.kind == "business" else "consumer")
    # A consumer keeps the law of home; between businesses it is that of the seller unless they agree on another
    # (Regulation (EC) 593/2008, arts 4(1), 6(1)).
    place = asked.place or ((debt.country or creditor_country) if kind == "consumer" else creditor_country)
    rule = _rule(rules, place, kind, as_of)
    remarks = [f"{rule.title}: {rule.source}"]
    if not asked.debt and debt.kind not in ("business", "person"):
        remarks.append(
            "It is not known whether the customer is a business: taken for a consumer (--debt business)."
        )
    if asked.agreed_percent is not None:
        refused = check(rule, tables, asked.agreed_percent, as_of)
        if refused is not None:
            raise CannotTell(f"a contract may not agree on this rate: {refused.why}")
    late = Late(
        due_on=debt.due_on,
        date_agreed=rule.start is not Start.REMINDER_OR_DATE if asked.date_agreed is None else asked.date_agreed,
        invoice_received_on=asked.invoice_received_on,
        warned_of_default=asked.warned,
        reminded_on=debt.reminded_on,
        notice_on=asked.notice_on,
    )
    from_on = interest.late_from(rule, late, kind)
    if isinstance(from_on, NotLate):
        return Told(debt, kind, rule, None, from_on.why, None, None, tuple(remarks))
    claim = Claim(debt.currency, owed(debt))
    sheet = interest.accrue(
        rule,
        tables,
        claim,
        from_on,
        as_of + _ONE_DAY,
        agreed_percent=asked.agreed_percent,
        day_count=asked.day_count,
    )
    remarks += _to_confirm(rule, tables, sheet, asked)
    remarks.append(f"Days: {asked.day_count or rule.day_count}, {rule.day_count_says}; rounded once, half up.")
    flat = None
    if rule.flat_sum is not None and from_on <= as_of:
        if debt.currency == rule.flat_sum.claims_in:
            flat = rule.flat_sum.of(claim.owed[0][1])
        else:
            remarks.append(f"A flat sum may be owed too; its bounds are in {rule.flat_sum.claims_in}.")
    return Told(debt, kind, rule, from_on, "", sheet, flat, tuple(remarks))


def owed(debt: Debt) -> list[tuple[date, int]]:
    """What of the invoice is owed from which day on. The day of a payment or credit still counts as owed."""
    billed = sum(
        entry.amount_minor for entry in debt.entries if entry.to_receivable == debt.receivable and _bills(entry)
    )
    changes: dict[date, int] = {}
    for entry in debt.entries:
        if entry.to_receivable == debt.receivable and not _bills(entry):
            day = entry.effective_on + _ONE_DAY
            changes[day] = changes.get(day, 0) + entry.amount_minor
        elif entry.from_receivable == debt.receivable:
            day = entry.effective_on + _ONE_DAY
            changes[day] = changes.get(day, 0) - entry.amount_minor
    found = [(date.min, billed)]
    for day in sorted(changes):
        found.append((day, found[-1][1] + changes[day]))
    return found


def _bills(entry: Entry) -> bool:
    return entry.from_place is Place.REVENUE


def _rule(rules: Mapping[str, Rule], place: str, kind: str, as_of: date) -> Rule:
    fitting = [
        rule
        for key, rule in rules.items()
        if key.startswith(f"{place}.")
        and kind in rule.debts
        and rule.from_on <= as_of
        and (rule.until_on is None or as_of < rule.until_on)
    ]
    if len(fitting) == 1:
        return fitting[0]
    known = ", ".join(sorted({key.partition(".")[0] for key in rules}))
    if not fitting:
        raise CannotTell(
            f"no statutory interest on {kind} debts in {place or '(no country)'} on {as_of} is known here:"
            f" name another law with --law ({known})"
        )
    raise CannotTell(f"several rules fit: {', '.join(rule.key for rule in fitting)}")


def _to_confirm(rule: Rule, tables: Mapping[str, RateTable], sheet: Sheet, asked: Asked) -> list[str]:
    found = []
    if rule.confidence in CONFIRM:
        found.append(f"The rule itself was not read in the law ({rule.confidence}): confirm it before charging.")
    if rule.table and asked.agreed_percent is None:
        days = sorted({period.from_on if rule.follows else sheet.periods[0].from_on for period in sheet.periods})
        for rate in dict.fromkeys(tables[rule.table].on(day) for day in days):
            if rate.confidence in CONFIRM:
                found.append(
                    f"The rate {rate.percent} % from {rate.from_on} was not read at its source"
                    f" ({rate.confidence}): confirm it before charging."
                )
    return found
