"""The currency of a row, as its own column writes it."""

from __future__ import annotations

from collections.abc import Mapping as Dictionary

from duewell.core.intake import texts
from duewell.core.intake.findings import Bad
from duewell.core.intake.readers import Reader
from duewell.core.intake.table import Cell
from duewell.core.units import money

_WRITTEN = {
    "€": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "pound sterling": "GBP", "british pound": "GBP",
    "us$": "USD", "us dollar": "USD", "us dollars": "USD", "u.s. dollar": "USD", "usd ($)": "USD",
    "eur (€)": "EUR",
    "gbp (£)": "GBP", "sfr": "CHF", "sfr.": "CHF", "swiss franc": "CHF", "schweizer franken": "CHF",
    "canadian dollar": "CAD", "australian dollar": "AUD", "japanese yen": "JPY", "₹": "INR", "indian rupee": "INR",
}  # fmt: skip
_UNKNOWN = Bad("not a currency", "Write the code of ISO 4217, such as EUR or USD.")


def of(text: str) -> str | None:
    """The ISO 4217 code of what is written; None if it names no single currency (`$`, `kr`)."""
    plain = text.strip()
    code = _WRITTEN.get(plain.lower(), plain.upper())
    # "USD - US Dollar", "EUR Euro", "Euro - EUR"
    if len(code) > 3 and not code[3].isalnum():
        code = code[:3]
    elif len(code) > 6 and code[-6:-3] == " - ":
        code = code[-3:]
    try:
        money.exponent(code)
    except money.UnknownCurrency:
        return None
    return code


def reader(default: str, explained: Dictionary[str, str]) -> Reader:
    """Reads a column of currencies; a blank cell has the default, which may be "".

    Args:
        explained: words a person has explained, in small letters: `{"$": "USD"}`.
    """

    def compute(cell: Cell) -> str | Bad:
        text = texts.read(cell, "currency")
        if isinstance(text, Bad):
            return text
        return default if not text else explained.get(text.lower()) or of(text) or _UNKNOWN

    return Reader(compute)
