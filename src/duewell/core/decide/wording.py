"""Days and amounts as they stand in the sentences of a reason: plain English, the same on every machine."""

from __future__ import annotations

from datetime import date

from duewell.core.decide.values import Item
from duewell.core.units import money

_MONTHS = ("January February March April May June July August September October November December").split()
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def day(value: date) -> str:
    """`3 March 2026`."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def weekday(value: date) -> str:
    """`Tuesday, 3 March 2026`."""
    return f"{_WEEKDAYS[value.weekday()]}, {day(value)}"


def amount(minor: int, currency: str) -> str:
    """`EUR 1,250.00`. Raises `money.UnknownCurrency`."""
    exponent = money.exponent(currency)
    if not exponent:
        return f"{currency} {minor:,}"
    sign = "-" if minor < 0 else ""
    whole, rest = divmod(abs(minor), 10**exponent)
    return f"{currency} {sign}{whole:,}.{rest:0{exponent}}"


def invoice(item: Item) -> str:
    """`INV-1 (EUR 120.00, due 1 March 2026)`."""
    return f"{shown(item.number)} ({amount(item.open_minor, item.currency)}, due {day(item.due_on)})"


def shown(text: str) -> str:
    """What others wrote, on one line and without characters that hide or reorder."""
    text = text.strip()
    return text if text.isprintable() else "".join([one if one.isprintable() else "\ufffd" for one in text])


def days(count: int) -> str:
    """`1 day`, `5 days`."""
    return "1 day" if count == 1 else f"{count} days"


def and_more(count: int) -> str:
    """What follows the first of several: nothing, ` and 1 more`, ` and 7 more`."""
    return f" and {count:,} more" if count else ""


def others(count: int, verb: str) -> str:
    """A last clause about the others: nothing, `; so does 1 more`, `; so do 7 more`, with the verb `do`."""
    forms = {"do": ("does", "do"), "be": ("is", "are")}[verb]
    return f"; so {forms[count > 1]} {count:,} more" if count else ""
