"""Law: every rule book at hand, and which of their rules apply to one contact.

The cautious default book is for everybody. A country's book joins it where the person may be there: what either
refuses is refused. A creditor may rely on the country's book alone for the limits that this book says it replaces.
Page: docs/explanation/the-gate.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from hashlib import sha256

from duewell.core.law.book import Book, NoValue
from duewell.core.law.catalogue import VALUES_READ

BOTH, COUNTRY, DEFAULT = "both", "country", "default"
STANCES = (BOTH, COUNTRY, DEFAULT)
"""How a creditor takes the book of a country: beside the default; alone where it replaces a limit; or, while it
does not bind the creditor, not at all."""
ROLES = ("creditor", "other_name", "agency")
"""As what a creditor collects (`book.Cover`)."""


@dataclass(frozen=True, slots=True, eq=False)
class Books:
    """The books that apply to a contact, each with the rules that do. All of them must permit."""

    books: tuple[Book, ...]
    digest: str
    """Of the only book, or over keys, digests and rules of several; hexadecimal."""

    def source_on(self, name: str, day: date) -> str | None:
        """Where the value of that day comes from, in the last book that has it; None where none has."""
        for book in reversed(self.books):
            try:
                if any(name in VALUES_READ[rule] for rule in book.rules) and book.value_on(name, day):
                    return book.source_on(name, day)
            except NoValue:
                continue
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """The books at hand, and how one creditor stands to them."""

    books: tuple[Book, ...]
    acts_as: str = "creditor"
    """One of `ROLES`."""
    stances: Mapping[str, str] = field(default_factory=dict)
    """By country; `BOTH` where nothing is said."""
    _found: dict[tuple[tuple[str, ...], str, str], Books] = field(default_factory=dict)

    def of(self, places: tuple[str, ...], debt: str, channel: str) -> Books:
        """The books that apply to a contact by this channel about this kind of debt.

        Args:
            places: every country or region where the person may be. A country without its region stands for any
                region of it.
        """
        key = (places, debt, channel)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._applying(places, debt, channel)
        return found

    def _applying(self, places: tuple[str, ...], debt: str, channel: str) -> Books:
        own = [self._binding(book, debt) for book in self.books if any(_reaches(book, place) for place in places)]
        own = [book for book in own if book.rules]
        general = []
        for book in self.books:
            if book.place:
                continue
            left = {
                rule
                for rule in book.rules
                if not places or not all(self._replaced(rule, channel, place, own) for place in places)
            }
            general.append(book if len(left) == len(book.rules) else book.cut(frozenset(left)))
        return books_of((*general, *own))

    def _binding(self, book: Book, debt: str) -> Book:
        """The rules of a place's book that bind for this debt, or are kept by choice."""
        rules = frozenset(rule for rule in book.rules if debt in book.cover(rule).debts)
        free = frozenset(rule for rule in rules if self.acts_as not in book.cover(rule).binds)
        if self.stances.get(_country(book.place)) == DEFAULT:
            return book.cut(rules - free)
        return book.cut(rules, frozenset(name for rule in free for name in VALUES_READ[rule]))

    def _replaced(self, rule: str, channel: str, place: str, own: list[Book]) -> bool:
        """Does the creditor rely on a book of this place that replaces the rule for the channel?"""
        return self.stances.get(_country(place)) == COUNTRY and any(
            each.rule == rule and (not each.channels or channel in each.channels)
            for book in own
            if place == book.place or place.startswith(f"{book.place}-")
            for each in book.replaces
        )


def books_of(books: tuple[Book, ...]) -> Books:
    """These books together, whatever they say of place and debt."""
    if len(books) == 1:
        return Books(books, books[0].digest)
    told = "".join(f"{book.key} {book.digest} {' '.join(sorted(book.rules))}\n" for book in books)
    return Books(books, sha256(told.encode()).hexdigest())


@lru_cache(maxsize=64)
def alone(book: Book) -> Books:
    """One book as if it were the only law, for everybody."""
    return books_of((book,))


def _reaches(book: Book, place: str) -> bool:
    """Is the book for this place, for all around it, or for a part where the person may be?"""
    own = book.place
    return bool(own) and (place == own or place.startswith(f"{own}-") or own.startswith(f"{place}-"))


def _country(place: str) -> str:
    return place.partition("-")[0]
