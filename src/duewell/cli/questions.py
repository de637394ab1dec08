"""What an import asks, in its `--json` form: the same for tables and for electronic invoices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from duewell.core.intake.findings import Undecided


def told(questions: Sequence[Undecided]) -> list[dict[str, Any]]:
    """Each question with its options, the words that answer it, and the cells that made it one."""
    return [
        {
            "what": each.what,
            "question": each.question,
            "options": list(each.options),
            "answer": each.answer,
            "examples": [one._asdict() for one in each.examples],
        }
        for each in questions
    ]
