"""One amount that a person types: read as the amounts of files are, and asked about where it may mean two."""

from __future__ import annotations

from typing import NamedTuple

from duewell.core.intake import amounts
from duewell.core.intake.findings import Bad
from duewell.core.units import money


class BadAmount(ValueError):
    """It is no amount above zero, not of the currency, or may be read in two ways; the message says which."""


class Typed(NamedTuple):
    """An amount as typed, before its currency is settled."""

    amount: amounts.Amount
    currency: str
    """The ISO 4217 code beside it; empty where none stands there."""


def read(text: str, decimal: str = "") -> Typed:
    """What a person typed: `40`, `40,00 EUR`, `€ 1.234,56`, `1'234.56`.

    Args:
        decimal: `point` or `comma`; empty where nobody said, and the amount itself must decide.

    Raises:
        BadAmount: see there.
    """
    found: list[amounts.Amount] = []
    problem: Bad | None = None
    for sign in (decimal,) if decimal else (amounts.POINT, amounts.COMMA):
        read_so = amounts.parse(text, sign)
        if isinstance(read_so, Bad):
            problem = read_so
        elif read_so is not None and not any(_equal(read_so, other) for other in found):
            found.append(read_so)
    if len(found) > 1:
        raise BadAmount(
            f"{text!r} may be more than a thousand or have three decimals: say --decimal point or --decimal comma"
        )
    if not found:
        reason = "not an amount" if problem is None else problem.reason
        raise BadAmount(f"{text!r} is no amount to book ({reason}): write it as 1234.56 or 1234,56")
    amount = found[0]
    if amount.digits <= 0 or amount.side:
        raise BadAmount(f"{text!r}: the amount must be above zero and without a side of the books")
    if amount.currency and not amounts.known_currency(amount.currency):
        raise BadAmount(f"{amount.currency!r} does not say which currency: write the code, such as EUR or USD")
    return Typed(amount, amount.currency)


def minor(typed: Typed, currency: str) -> int:
    """The amount in minor units of its currency.

    Raises:
        BadAmount: more decimals than the currency has, or larger than any amount can be.
        UnknownCurrency: no code of ISO 4217.
    """
    found = amounts.minor(typed.amount, money.exponent(currency))
    if isinstance(found, Bad):
        raise BadAmount(f"{found.reason}: {currency} has {money.exponent(currency)} decimals")
    return found


def _equal(one: amounts.Amount, other: amounts.Amount) -> bool:
    return bool(one.digits * 10**other.places == other.digits * 10**one.places)
