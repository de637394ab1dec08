"""Everything that is settled about a file before its rows are taken."""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from duewell.core.intake.columns import Layout


@dataclass(frozen=True)
class Places:
    """What the edge looked up: names of countries in small letters to ISO codes, and the names of all zones."""

    countries: Dictionary[str, str] = field(default_factory=lambda: MappingProxyType({}))
    zones: frozenset[str] = frozenset(("UTC",))


@dataclass(frozen=True)
class Plan:
    """How to read every row: the outcome of sniffing, mapping and answers together."""

    kind: str
    layout: Layout
    as_of: date
    """The day of the export."""
    date_order: str | None
    decimals: Dictionary[str, str]
    """Field of an amount to the decimal sign of its column."""
    currency: str
    """Of rows that give none; "" if every row must."""
    currency_beside: bool
    """Whether each amount names its own currency."""
    amounts: str
    """`original` or `open`: what a column that says only "amount" means."""
    lines: str
    numbers: str
    terms_days: int | None
    rounded: bool
    words: Dictionary[str, dict[str, str]]
    constants: Dictionary[str, str]
    places: Places
    repeats: Dictionary[str, int]
    """Numbers that several records have, and how many; see `numbers.key`."""
    unreadable: Dictionary[int, str]
    """Records that could not be cut into cells, by line: one of them may hold a row of an invoice of several."""
    receivable_accounts: frozenset[str] = frozenset()
    negative: bool = False
    """In a file of credits: whether credits are written below zero."""

    def has(self, name: str) -> bool:
        """Whether a column holds this field."""
        return name in self.layout.fields
