"""Whether a column of amounts says what was billed, or what is still open.

Names such as `Invoice Amount` or `Offener Betrag` say it. A column that is only called `Amount` is what was billed
if another column holds the open amount, or if a paid row shows an amount above zero: nothing of that is open.
"""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from collections.abc import Sequence

from duewell.core.intake import mapping, names, vocabulary, words
from duewell.core.intake.columns import Layout
from duewell.core.intake.findings import AS_SAID, Decision, Evidence, Undecided, shown
from duewell.core.intake.table import Cell, as_text

ANSWER = "--amounts original|open"
_NOTHING = frozenset(("", "-", "0000-00-00", "00.00.0000", "00/00/0000", "NULL", "null", "NaT", "n/a"))


class MeaningLook:
    """Looks for a paid row that shows an amount."""

    def __init__(self, layout: Layout, explained: Dictionary[str, Dictionary[str, str]]) -> None:
        self._layout = layout
        self._explained = {field: dict(meanings) for field, meanings in explained.items()}
        self._paid: Evidence | None = None
        self._sample: Evidence | None = None
        self._watch = "amount" in layout.fields and "open" not in layout.fields

    def look(self, columns: Dictionary[str, Sequence[Cell]], lines: Sequence[int]) -> None:
        """The next rows."""
        if not self._watch:
            return
        amounts = columns["amount"]
        if self._sample is None:
            at = next((index for index, cell in enumerate(amounts) if cell != ""), None)
            if at is not None:
                self._sample = Evidence(lines[at], self._layout.name("amount"), shown(as_text(amounts[at])))
        if self._paid is not None:
            return
        for field in ("status", "payment_status", "paid_on"):
            cells = columns.get(field, ())
            says = {cell for cell in set(cells) if self._says_paid(field, as_text(cell).strip())}
            if not says:
                continue
            for index, cell in enumerate(cells):
                if cell in says and as_text(amounts[index]).strip(" 0.,-€$£"):
                    self._paid = Evidence(lines[index], self._layout.name(field), shown(as_text(cell)))
                    return

    def _says_paid(self, field: str, text: str) -> bool:
        if field == "paid_on":
            return text not in _NOTHING
        return words.meaning(field, text, self._explained.get(field)) == words.PAID

    def decide(self, said: str | None) -> Decision | Undecided | None:
        """What the column means; None if no column leaves it open."""
        if said is not None:
            return Decision("amounts", said, AS_SAID)
        if "amount" not in self._layout.fields:
            return None
        name = self._layout.name("amount")
        key = names.parse(name)
        if any(
            rank == 0 and (pattern.fullmatch(key.key) or pattern.fullmatch(key.short))
            for rank, pattern in vocabulary.PATTERNS["amount"]
        ):
            return Decision("amounts", mapping.ORIGINAL, f"{name!r} says what was billed")
        if "open" in self._layout.fields:
            why = f"{self._layout.name('open')!r} holds what is still open"
            return Decision("amounts", mapping.ORIGINAL, why)
        if self._paid is not None:
            why = "a row that is paid shows an amount, and nothing of it can be open"
            return Decision("amounts", mapping.ORIGINAL, why, (self._paid,))
        return Undecided(
            "amounts",
            f"Does {name!r} hold what was billed, or what is still open after payments and credits?",
            (mapping.ORIGINAL, mapping.OPEN),
            ANSWER,
            (self._sample,) if self._sample else (),
        )
