"""Worked examples of the ledger: the pages in docs/algorithms as imports into a small book.

    invoice INV-1 100.00 issued 01-05 due 02-04
    payment P-1 60.00 on 01-20 for INV-1
    list 01-31: INV-1 40.00
    = INV-1 40.00, credit 0.00

Days are of 2026, amounts are EUR.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from duewell.core.ledger import aging, correct
from duewell.core.ledger.aging import Aged, Debt, Dispute
from tests.properties.ledger_book import ACCOUNT, DAY_ONE, Book, Invoice, OpenList, Paid

ROOT = Path(__file__).parent.parent
_AMOUNT = r"(\d+\.\d\d)"
_DAY = r"(\d\d-\d\d)"


def blocks(page: str) -> list[str]:
    """The code blocks marked `text worked` of a page below docs/algorithms."""
    text = (ROOT / "docs" / "algorithms" / page).read_text(encoding="utf-8")
    found = re.findall(r"^```text worked\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert found, f"{page} has no worked example"
    return found


def table(block: str) -> list[dict[str, str]]:
    """A block with columns, two spaces apart; `-` is blank."""
    header, *lines = [re.split(r"\s{2,}", line.strip()) for line in block.strip().splitlines()]
    assert all(len(line) == len(header) for line in lines), block
    return [{name: "" if cell == "-" else cell for name, cell in zip(header, line, strict=True)} for line in lines]


def stories(page: str) -> list[str]:
    """The blocks of a page that tell a story and say what then holds."""
    return [block for block in blocks(page) if re.search(r"^= ", block, re.MULTILINE)]


def minor(text: str) -> int:
    """`12.50` in minor units."""
    return int(Decimal(text) * 100)


def day(text: str) -> date:
    """`03-06` of 2026."""
    return date.fromisoformat(f"2026-{text}")


class Story:
    """Takes the lines of a worked example one by one."""

    def __init__(self, book: Book | None = None) -> None:
        self.book = book or Book()
        self.ids: dict[str, int] = {}
        self.learned: dict[str, datetime] = {}
        self.disputes: list[Dispute] = []

    def take(self, line: str) -> None:
        """One line that does something."""
        word, rest = line.split(" ", 1)
        getattr(self, f"_{word}")(rest)

    def balances(self) -> str:
        """What is open and unapplied, as a line of the page says it."""
        numbers = {id: number for number, id in self.ids.items()}
        told = [f"{numbers[id]} {amount / 100:.2f}" for id, amount in sorted(self.book.balances().items())]
        return ", ".join([*told, f"credit {self.book.credit() / 100:.2f}"])

    def aging(self, said: str) -> str:
        """`02-20 known 02-24` aged, with the columns that are not zero."""
        found = re.fullmatch(rf"{_DAY}(?: known {_DAY})?", said)
        assert found, said
        known_at = datetime.combine(day(found[2]), datetime.max.time(), UTC) if found[2] else None
        debts = [
            Debt(item.receivable, ACCOUNT, "EUR", item.issued_on, item.due_on) for item in self.book.items.values()
        ]
        entries = [
            entry._replace(recorded_at=self.learned.get(entry.cause, _noon(entry.effective_on)))
            for entry in self.book.entries
        ]
        lines = aging.age(debts, entries, self.disputes, day(found[1]), known_at)
        line = lines.get((ACCOUNT, "EUR"), Aged()).as_dict()
        return ", ".join(f"{name} {amount / 100:.2f}" for name, amount in line.items() if amount)

    def _invoice(self, rest: str) -> None:
        found = re.fullmatch(rf"(\S+) {_AMOUNT} issued {_DAY} due {_DAY}", rest)
        assert found, rest
        self.book.take(Invoice(self._id(found[1]), minor(found[2]), _number(found[3]), _number(found[4])))

    def _payment(self, rest: str, *, note: bool = False) -> None:
        found = re.fullmatch(rf"(\S+) {_AMOUNT} on {_DAY}(?: for (\S+))?(?: learned {_DAY})?", rest)
        assert found, rest
        named = (self._id(found[4]),) if found[4] else ()
        paid = Paid(self._id(found[1]), minor(found[2]), _number(found[3]), named, note)
        if found[5]:
            self.learned[paid.key] = _noon(day(found[5]))
        self.book.take(paid)

    def _note(self, rest: str) -> None:
        self._payment(rest, note=True)

    def _list(self, rest: str) -> None:
        on, told = rest.split(": ")
        rows = [re.fullmatch(rf"(\S+) {_AMOUNT}", one) for one in told.split(", ")]
        shown = tuple((self._id(row[1]), minor(row[2])) for row in rows if row)
        self.book.take(OpenList(len(self.book.entries) + 1, _number(on), shown))

    def _change(self, rest: str) -> None:
        found = re.fullmatch(rf"(\S+) to {_AMOUNT} on {_DAY}", rest)
        assert found, rest
        id = self._id(found[1])
        mine = [each for each in correct.in_force(self.book.entries) if each.entry.from_receivable == id]
        charged = sum(
            entry.amount_minor * ((entry.from_place == "revenue") - (entry.to_place == "revenue"))
            for entry in self.book.entries
            if id in (entry.from_receivable, entry.to_receivable)
        )
        open_minor = self.book.balances()[id]
        change = minor(found[2]) - charged
        self.book.record(
            correct.amount_changed(ACCOUNT, id, "EUR", change, open_minor, mine, day(found[3]), "invoice:2")
        )

    def _undo(self, rest: str) -> None:
        causes = correct.causes_of(f"payment:{self._id(rest)}")
        self.book.record(correct.undo(self.book.entries, causes))

    def _dispute(self, rest: str) -> None:
        found = re.fullmatch(rf"(\S+) {_AMOUNT} from {_DAY} to {_DAY}", rest)
        assert found, rest
        starts, ends = day(found[3]), day(found[4])
        self.disputes.append(
            Dispute(ACCOUNT, self._id(found[1]), minor(found[2]), starts, _noon(starts), ends, _noon(ends))
        )

    def _id(self, number: str) -> int:
        return self.ids.setdefault(number, len(self.ids) + 1)


def _number(text: str) -> int:
    return (day(text) - DAY_ONE) // timedelta(days=1)


def _noon(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
