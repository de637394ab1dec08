"""What columns of amounts prove about each other, row by row, where their names leave open what they mean."""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from collections.abc import Sequence

from duewell.core.intake import amounts, headings, mapping, names, vocabulary
from duewell.core.intake.amounts import Amount
from duewell.core.intake.columns import Layout
from duewell.core.intake.findings import AS_SAID, Decision, Evidence, shown
from duewell.core.intake.table import Cell, as_text

_AGES_MIN = 3
_SIGNS = (amounts.POINT, amounts.COMMA)
_NOTHING = " 0.,-€$£"


class AgeProof:
    """An amount that is the sum of columns by age (`Current`, `< 1 Month`, `Older`) in every row is still open."""

    def __init__(self, layout: Layout) -> None:
        used = set(layout.fields.values())
        free = [at for at, name in enumerate(layout.names) if at not in used and headings.is_age(name)]
        self._ages = free if len(free) >= _AGES_MIN and "open" not in layout.fields else []
        self._total = layout.fields.get("amount", -1)
        self._name = layout.names[self._total] if "amount" in layout.fields else ""
        self._held = dict.fromkeys(_SIGNS, True)
        self._first: Evidence | None = None

    def look(self, columns: Sequence[Sequence[Cell]], lines: Sequence[int]) -> None:
        """The next rows, column by column."""
        if not self._ages or self._total < 0 or not any(self._held.values()):
            return
        for at, line in enumerate(lines):
            for sign in _SIGNS:
                self._held[sign] = self._held[sign] and self._adds_up(columns, at, sign)
            cell = as_text(columns[self._total][at])
            if self._first is None and cell.strip(_NOTHING):
                self._first = Evidence(line, self._name, shown(cell))

    def _adds_up(self, columns: Sequence[Sequence[Cell]], at: int, sign: str) -> bool:
        read = [amounts.parse(columns[index][at], sign) for index in self._ages]
        total = amounts.parse(columns[self._total][at], sign)
        if not isinstance(total, Amount) or not all(age is None or isinstance(age, Amount) for age in read):
            return False
        return sum(_micro(age) for age in read if isinstance(age, Amount)) == _micro(total)

    def decide(self, said: str | None) -> Decision | None:
        """What the amount means; None if nothing proves it."""
        if said is not None or self._first is None or not any(self._held.values()):
            return None
        why = f"in every row {self._name!r} is the sum of the columns by age, and only what is open has one"
        return Decision("amounts", mapping.OPEN, why, (self._first,))


def _micro(amount: Amount) -> int:
    scale: int = 10 ** (6 - min(amount.places, 6))
    return amount.digits * scale


class RunningProof:
    """A `Balance` that adds up the amounts from row to row is what the customer owes, not an invoice."""

    def __init__(self, layout: Layout) -> None:
        at = layout.fields
        balance = at.get("open", -1)
        moves = [(at[field], sign) for field, sign in (("debit", 1), ("credit", -1)) if field in at]
        if "amount" in at and len(moves) < 2:
            moves = [(at["amount"], 1)]
        said = balance >= 0 and layout.uses[balance].how == AS_SAID
        self._balance = balance
        self._moves = moves if not said else []
        self._name = layout.names[balance] if balance >= 0 else ""
        self._held = dict.fromkeys(_SIGNS, bool(self._moves) and balance >= 0)
        self._before: dict[str, int | None] = dict.fromkeys(_SIGNS)
        self._example: dict[str, Evidence] = {}

    def look(self, columns: Sequence[Sequence[Cell]], lines: Sequence[int]) -> None:
        """The next rows, column by column."""
        if not any(self._held.values()):
            return
        if len(self._moves) == 1 and columns[self._balance] == columns[self._moves[0][0]]:
            # Every row stands for itself, as in most lists: only the last one matters for what follows.
            at = len(lines) - 1
            for sign in _SIGNS:
                self._held[sign] = self._held[sign] and self._adds_up(columns, at, lines[at], sign)
            return
        for sign in _SIGNS:
            if not self._held[sign]:
                continue
            for at, line in enumerate(lines):
                if not self._adds_up(columns, at, line, sign):
                    self._held[sign] = False
                    break

    def _adds_up(self, columns: Sequence[Sequence[Cell]], at: int, line: int, sign: str) -> bool:
        balance = amounts.parse(columns[self._balance][at], sign)
        read = [(amounts.parse(columns[index][at], sign), factor) for index, factor in self._moves]
        if not isinstance(balance, Amount) or not all(
            move is None or isinstance(move, Amount) for move, _ in read
        ):
            return False
        moved = sum(_micro(move) * factor for move, factor in read if isinstance(move, Amount))
        now, before = _micro(balance), self._before[sign]
        self._before[sign] = now
        if now == moved:
            # The first row of a customer; or nothing was owed before.
            return True
        if before is None or now != before + moved:
            return False
        self._example.setdefault(sign, Evidence(line, self._name, shown(as_text(columns[self._balance][at]))))
        return True

    def decide(self) -> Decision | None:
        """That the column is not taken; None if nothing proves it."""
        sign = next((sign for sign in _SIGNS if self._held[sign] and sign in self._example), None)
        if sign is None:
            return None
        why = (
            "in every row it is the balance of the row before with the amount of this one: what the customer owes"
        )
        return Decision(f"column: {self._name}", "not used", why, (self._example[sign],))


class DueProof:
    """`Amount Due` that stays what it was when all was paid says what was due at first."""

    def __init__(self, layout: Layout) -> None:
        at = layout.fields.get("open", -1)
        use = layout.uses[at] if at >= 0 else None
        key = names.parse(use.name).key if use else ""
        sure = any(rank == 0 and pattern.fullmatch(key) for rank, pattern in vocabulary.PATTERNS["open"])
        whole = {"open", "amount", "paid"} <= set(layout.fields)
        self._watch = whole and use is not None and use.how != AS_SAID and not sure
        self._name = use.name if use else ""
        self._stays: Evidence | None = None
        self._sinks = False

    def look(self, columns: Dictionary[str, Sequence[Cell]], lines: Sequence[int]) -> None:
        """The next cells of the fields."""
        if not self._watch or self._sinks:
            return
        sums = {cell for cell in set(columns["paid"]) if as_text(cell).strip(_NOTHING)}
        if not sums:
            return
        cells = zip(columns["open"], columns["amount"], columns["paid"], lines, strict=True)
        for due, billed, paid, line in cells:
            if paid not in sums or not as_text(billed).strip(_NOTHING):
                continue
            if due != billed:
                self._sinks = True
                return
            if paid == billed and self._stays is None:
                self._stays = Evidence(line, self._name, shown(as_text(due)))

    def decide(self) -> Decision | None:
        """That the column is not taken; None if nothing proves it."""
        if self._stays is None or self._sinks:
            return None
        why = "it shows the whole amount in a row in which all is paid: what was due, not what is open"
        return Decision(f"column: {self._name}", "not used", why, (self._stays,))
