"""Everything that is settled about a file before its rows are taken."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from duewell.core.intake.columns import Layout


class Places(NamedTuple):
    """What the edge knows of the world; without it no name of a country is known, and of zones only UTC."""

    country: Callable[[str], str | None] = lambda text: None
    """Two-letter code of a country as people write it, or None."""
    zone: Callable[[str], bool] = lambda name: name == "UTC"
    """Whether there is a time zone of this name."""


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
