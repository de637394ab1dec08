"""What a person has said about a file: kept, so that the next export of the same kind asks nothing.

The options of the command line are a mapping too; `merged` lays them over the saved one.
"""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any

from duewell.core.intake import amounts, currencies, date_text, dialect, words
from duewell.core.intake import fields as fields_
from duewell.core.units import money

ORIGINAL, OPEN = "original", "open"
ONE, SUM, REPEAT, JOURNAL = "one", "sum", "repeat", "journal"
LINES = (ONE, SUM, REPEAT, JOURNAL)
PER_CREDITOR, PER_CUSTOMER = "per_creditor", "per_customer"
NO_COLUMN = "-"
"""In `columns`: no column of the file holds this field."""
CONSTANTS = ("country", "region", "zone", "language", "kind", "segment")

_EMPTY: Dictionary[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Mapping:
    """Everything that can be said about a file; what is None or empty has not been said."""

    columns: Dictionary[str, str] = field(default_factory=lambda: _EMPTY)
    """Field to column name; `-` for none, `column 3` for one without a name."""
    amounts: str | None = None
    """Whether a column of amounts is `original` or still `open`."""
    currency: str | None = None
    """ISO 4217, where the file has none."""
    terms_days: int | None = None
    """Days from issue to due date, where the file has neither due dates nor terms."""
    date_order: str | None = None
    decimal: str | None = None
    encoding: str | None = None
    separator: str | None = None
    """`comma`, `semicolon`, `tab`, `pipe` or the sign itself."""
    header_row: int | None = None
    """The line that names the columns; 0 if there is none."""
    sheet: str | None = None
    lines: str | None = None
    """`one` row per invoice; several rows of which amounts are added (`sum`) or repeated (`repeat`); `journal`."""
    numbers: str | None = None
    """`per_creditor`: a number is one invoice; `per_customer`: several customers may have the same number."""
    receivable_accounts: tuple[str, ...] = ()
    """In a journal: names of the accounts that hold what customers owe."""
    filters: Dictionary[str, tuple[str, ...]] = field(default_factory=lambda: _EMPTY)
    """Column to the values that are taken; other rows are skipped."""
    words: Dictionary[str, Dictionary[str, str]] = field(default_factory=lambda: _EMPTY)
    """Field to what its words mean: `{"status": {"pending": "open"}}`."""
    constants: Dictionary[str, str] = field(default_factory=lambda: _EMPTY)
    """What holds for every customer of the file where no column says it: `{"zone": "UTC"}`."""
    rounded: bool = False
    """Amounts with more decimals than the currency has are rounded instead of rejected."""

    def merged(self, over: Mapping) -> Mapping:
        """This mapping with what `over` says laid over it."""
        changes: dict[str, Any] = {}
        for each in fields(self):
            mine, other = getattr(self, each.name), getattr(over, each.name)
            if each.name == "words":
                changes["words"] = {
                    name: {**mine.get(name, {}), **other.get(name, {})} for name in {**mine, **other}
                }
            elif isinstance(other, Dictionary):
                changes[each.name] = {**mine, **other}
            elif other or (other == 0 and other is not False and other is not None):
                changes[each.name] = other
        return replace(self, **changes)

    def separator_sign(self) -> str | None:
        """The separator as a character."""
        return None if self.separator is None else dialect.SEPARATORS.get(self.separator, self.separator)


def problems(mapping: Mapping, kind: str) -> tuple[str, ...]:
    """What in the mapping cannot be meant, in whole sentences; nothing if all is well."""
    found = []
    known = fields_.of(kind).fields
    for name in mapping.columns:
        if name not in known:
            found.append(f"There is no field {name!r} in a file of {kind}; there are {', '.join(sorted(known))}.")
    choices = (
        ("amounts", mapping.amounts, (ORIGINAL, OPEN)),
        ("date order", mapping.date_order, date_text.ORDERS),
        ("decimal sign", mapping.decimal, (amounts.POINT, amounts.COMMA)),
        ("lines", mapping.lines, LINES),
        ("numbers", mapping.numbers, (PER_CREDITOR, PER_CUSTOMER)),
    )
    for what, value, allowed in choices:
        if value is not None and value not in allowed:
            found.append(f"The {what} can be {', '.join(allowed)}, not {value!r}.")
    sign = mapping.separator_sign()
    if sign is not None and (len(sign) != 1 or sign in "\r\n\"'" or sign.isalnum()):
        found.append(f"The separator can be {', '.join(dialect.SEPARATORS)} or a single sign, not {sign!r}.")
    if mapping.currency is not None:
        try:
            money.exponent(mapping.currency)
        except money.UnknownCurrency as error:
            found.append(f"{error}.")
    if mapping.terms_days is not None and not 0 <= mapping.terms_days <= 999:
        found.append("Terms are between 0 and 999 days.")
    for name in mapping.constants:
        if name not in CONSTANTS:
            found.append(f"A constant can be given for {', '.join(CONSTANTS)}, not for {name!r}.")
    for name, explained in mapping.words.items():
        found.extend(_word_problems(name, explained))
    return tuple(found)


def _word_problems(name: str, explained: Dictionary[str, str]) -> list[str]:
    if name == "currency":
        unknown = [code for code in explained.values() if currencies.of(code) != code]
        return [f"{code!r} is not a currency code of ISO 4217." for code in unknown]
    if name not in fields_.WORDS:
        return [f"Words can be explained for {', '.join(fields_.WORDS)} and currency, not for {name!r}."]
    allowed = words.meanings(name)
    return [
        f"{word!r} in {name} can mean {', '.join(allowed)}, not {meaning!r}."
        for word, meaning in explained.items()
        if meaning not in allowed
    ]
