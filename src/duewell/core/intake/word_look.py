"""Words that must be understood before rows are taken: states, kinds of document, sides, currencies.

A word that nobody has explained is a question where most rows have it; where fewer do, those rows are rejected
with the option that would explain it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping as Dictionary
from collections.abc import Sequence

from duewell.core.intake import currencies, fields, words
from duewell.core.intake.columns import Layout
from duewell.core.intake.findings import Evidence, Undecided, shown
from duewell.core.intake.table import Cell, as_text

FIELDS = (*fields.WORDS, "currency")
_DIFFERENT_MAX = 1_000
# Rejecting more rows than this share would be no reading of the file.
_MANY_PERCENT = 50


class WordLook:
    """Counts the words of the columns that hold them."""

    def __init__(self, layout: Layout, explained: Dictionary[str, Dictionary[str, str]]) -> None:
        self._layout = layout
        self._explained = {field: dict(meanings) for field, meanings in explained.items()}
        self.counts: dict[str, Counter[str]] = {field: Counter() for field in FIELDS if field in layout.fields}
        self.first: dict[tuple[str, str], Evidence] = {}

    def look(self, columns: Dictionary[str, Sequence[Cell]], lines: Sequence[int]) -> None:
        """The next cells."""
        for field, counts in self.counts.items():
            cells = columns[field]
            for cell, count in Counter(cells).items():
                text = as_text(cell).strip()
                if text not in counts:
                    if len(counts) >= _DIFFERENT_MAX:
                        continue
                    self.first[field, text] = Evidence(
                        lines[cells.index(cell)], self._layout.name(field), shown(text)
                    )
                counts[text] += count

    def known(self, field: str, word: str) -> bool:
        """Whether the word is understood in this field."""
        explained = self._explained.get(field, {})
        if field == "currency":
            return not word or word.lower() in explained or currencies.of(word) is not None
        return words.meaning(field, word, explained) is not None

    def questions(self) -> list[Undecided]:
        """What words mean that stand in many rows and that nobody has explained."""
        found = []
        for field, counts in self.counts.items():
            unknown = {word: count for word, count in counts.items() if not self.known(field, word)}
            filled = sum(count for word, count in counts.items() if word)
            if sum(unknown.values()) * 100 <= filled * _MANY_PERCENT:
                continue
            options = ("EUR", "USD", "...") if field == "currency" else words.meanings(field)
            examples = tuple(
                self.first[field, word] for word in sorted(unknown, key=lambda each: -unknown[each])[:5]
            )
            answer = options[0] if field == "currency" else "|".join(options)
            found.append(
                Undecided(
                    f"words: {field}",
                    f"What does {examples[0].value!r} in column {self._layout.name(field)!r} mean?",
                    options,
                    f"--word '{field}:{examples[0].value}={answer}'",
                    examples,
                )
            )
        return found
