"""In which order a file writes day, month and year: decided by the dates that exist in one order only.

`13/01/2020` proves day first, `01/13/2020` month first, `03/04/2020` nothing. Dates with dots have the day first:
no country writes the month first with dots (Unicode CLDR, date formats). Where nothing decides, or where one
column proves both, a person is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from duewell.core.intake import date_text
from duewell.core.intake.amounts import CONTRADICTED_PERCENT
from duewell.core.intake.date_text import DMY, MDY, SERIAL, YMD, Form
from duewell.core.intake.findings import AS_SAID, Decision, Evidence, Undecided, shown
from duewell.core.intake.table import Cell, as_text

ANSWER = "--date-order dmy|mdy|ymd"
_ANSWER_SERIAL = "--date-order excel"
_NAMES = {DMY: "day, month, year", MDY: "month, day, year", YMD: "year, month, day"}
_KNOWN_MAX = 50_000


class _Mixed:
    """A column of a sheet that holds dates and texts.

    A spreadsheet that opens a list with the days first understands 03/04/2020 as the fourth of March and leaves
    13/04/2020 as text: then all its dates have days up to 12, and all its texts days above. Those dates are wrong.
    """

    def __init__(self) -> None:
        self.texts: set[frozenset[str]] = set()
        self._typed = 0
        self._late = False
        self._first: Evidence | None = None

    def typed(self, day: date, column: str, cells: Sequence[Cell], lines: Sequence[int]) -> None:
        """One more date of the sheet."""
        self._typed += 1
        self._late = self._late or day.day > 12
        if self._first is None:
            self._first = Evidence(lines[cells.index(day)], column, day.isoformat())

    def damaged(self) -> bool:
        """Whether the dates show the trace of such a spreadsheet."""
        return self._typed >= 3 and not self._late and len(self.texts) == 1 and len(*self.texts) == 1

    def question(self, column: str) -> Undecided:
        """What to ask then."""
        order = next(iter(next(iter(self.texts))))
        return Undecided(
            "dates",
            f"A spreadsheet seems to have turned dates of column {column!r} around: those it understood have "
            "days up to 12 only, and all others stayed text. Is the one shown right as it stands?",
            (order,),
            f"--date-order {order} if it is; else import the file as it was exported, unopened",
            (self._first,) if self._first else (),
        )


class DateLook:
    """Looks at all date columns of a file, chunk by chunk, for dates that decide the order."""

    def __init__(self, latest_year: int) -> None:
        self._latest_year = latest_year
        self._known: set[Cell] = set()
        self.counts: Counter[frozenset[str]] = Counter()
        self.proofs: dict[frozenset[str], list[Evidence]] = {}
        self.plain = 0
        self.plain_examples: list[Evidence] = []
        self.serials: list[Evidence] = []
        self.dotted_open = 0
        self._mixed: dict[str, _Mixed] = {}
        self.dotted: list[Evidence] = []
        """Dates that only their dots decide."""

    def look(self, column: str, cells: Sequence[Cell], lines: Sequence[int]) -> None:
        """The next cells of one column and their lines. Equal cells are looked at once."""
        for cell in dict.fromkeys(cells):
            if cell in self._known:
                continue
            if len(self._known) < _KNOWN_MAX:
                self._known.add(cell)
            if isinstance(cell, date):
                self.plain += 1
                self._mixed.setdefault(column, _Mixed()).typed(cell, column, cells, lines)
            else:
                self._one(cell, column, cells, lines)

    def _one(self, cell: Cell, column: str, cells: Sequence[Cell], lines: Sequence[int]) -> None:
        text = as_text(cell)
        found = date_text.read(text)
        if found is None:
            return
        if not isinstance(found, Form):
            if isinstance(found, tuple):
                if date_text.is_serial(text):
                    self._keep(self.serials, column, cell, cells, lines)
                return
            self.plain += 1
            self._keep(self.plain_examples, column, cell, cells, lines)
            return
        possible = date_text.orders(found, self._latest_year)
        self._mixed.setdefault(column, _Mixed()).texts.add(possible)
        days = {date_text.in_order(found, order, self._latest_year) for order in possible}
        if not possible or len(days) == 1 < len(possible):
            return
        if found.sign == "." and DMY in possible and len(possible) > 1:
            # Dots put the day first unless the date has no such day.
            self.dotted_open += 1
            self.counts[frozenset((DMY,))] += 1
            self._keep(self.dotted, column, cell, cells, lines)
            return
        self.counts[possible] += 1
        self._keep(self.proofs.setdefault(possible, []), column, cell, cells, lines)

    @staticmethod
    def _keep(kept: list[Evidence], column: str, cell: Cell, cells: Sequence[Cell], lines: Sequence[int]) -> None:
        if len(kept) < 3:
            kept.append(Evidence(lines[cells.index(cell)], column, shown(as_text(cell))))

    def decide(self, answer: str | None) -> Decision | Undecided:
        """The order of day and month. A person's answer counts unless many dates prove another order."""
        if answer is not None:
            return self._contradicted(answer) or Decision("dates", answer, AS_SAID)
        turned = next((mixed.question(column) for column, mixed in self._mixed.items() if mixed.damaged()), None)
        if turned is not None:
            return turned
        if not self.counts:
            if self.serials:
                return self._serial_question()
            return Decision(
                "dates", "plain", "every date says itself which part is the day", tuple(self.plain_examples)
            )
        left = frozenset((DMY, MDY, YMD)).intersection(*self.counts)
        if not left:
            return self._contradiction()
        if len(left) > 1:
            order = frozenset(left)
            examples = tuple(evidence for kept in self.proofs.values() for evidence in kept)[:3]
            return Undecided(
                "dates",
                f"Is {examples[0].value!r} {' or '.join(_NAMES[each] for each in sorted(order))}? No date of the "
                "file decides it.",
                tuple(sorted(order)),
                f"--date-order {'|'.join(sorted(order))}",
                examples,
            )
        if self.serials:
            return self._serial_question()
        return self._decided(next(iter(left)))

    def _contradicted(self, answer: str) -> Undecided | None:
        """Many dates that do not exist in the order a person gave: the answer was for another file."""
        against = {possible: count for possible, count in self.counts.items() if answer not in possible}
        if answer == SERIAL or sum(against.values()) * 100 <= self.counts.total() * CONTRADICTED_PERCENT:
            return None
        if any(possible == {answer} for possible in self.counts):
            # Both orders are proved: that is why the person was asked.
            return None
        others = sorted({order for possible in against for order in possible})
        return Undecided(
            "dates",
            f"You said {_NAMES[answer]}, but {sum(against.values()):,} different dates do not exist "
            "in this order.",
            tuple(others),
            f"--date-order {'|'.join(others)}",
            tuple(evidence for possible in against for evidence in self.proofs.get(possible, self.dotted))[:3],
        )

    def _decided(self, order: str) -> Decision:
        sure = {possible: count for possible, count in self.counts.items() if possible == {order}}
        examples = [evidence for possible in sure for evidence in self.proofs.get(possible, self.dotted)]
        why = f"{sum(sure.values()) - self.dotted_open:,} different dates exist in this order only"
        if not sure:
            examples = [evidence for kept in self.proofs.values() for evidence in kept]
            why = "the only order in which all dates exist"
        elif self.dotted_open and self.dotted_open == sum(sure.values()):
            why = "dates with dots have the day first in every country"
        return Decision("dates", order, why, tuple(examples[:3]))

    def _contradiction(self) -> Undecided:
        sure = [possible for possible in self.counts if len(possible) == 1] or list(self.counts)
        examples = tuple(evidence for possible in sure for evidence in self.proofs.get(possible, self.dotted)[:2])
        parts = ", ".join(
            f"{self.counts[possible]:,} as {' or '.join(sorted(possible))}"
            for possible in sorted(sure, key=sorted)
        )
        return Undecided(
            "dates",
            f"The dates contradict one another: some exist only {parts}. Which order is right? The others will be "
            "rejected.",
            tuple(sorted({order for possible in sure for order in possible})),
            ANSWER,
            examples,
        )

    def _serial_question(self) -> Undecided:
        return Undecided(
            "dates",
            f"Is {self.serials[0].value!r} the number of a day as spreadsheets count them "
            f"({date_text.from_serial(self.serials[0].value).isoformat()})?",
            (SERIAL,),
            f"{_ANSWER_SERIAL}, or format the column as dates and export it again",
            tuple(self.serials),
        )
