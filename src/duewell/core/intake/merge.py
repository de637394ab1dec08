"""Records that share a number: items of one invoice, the same invoice twice, or invoices that contradict.

What cannot be told apart is not guessed: invoices with one number and different content are all rejected, each
naming where the others stand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from typing import Any

from duewell.core.intake import mapping
from duewell.core.intake.findings import Bad
from duewell.core.intake.settle import Raw

SAME_AGAIN = "the same invoice again"
_BESIDE_REMEDY = "Correct that line first: it may be an item of this invoice."


def same(raws: Sequence[Raw]) -> bool:
    """Whether all rows say the same, apart from where they stand."""
    first = _content(raws[0])
    return all(_content(raw) == first for raw in raws[1:])


def _content(raw: Raw) -> tuple[object, ...]:
    return (raw.customer._replace(row=0), *raw[1:2], *raw[3:])


def contradict(raws: Sequence[Raw]) -> Bad:
    """Why none of several different rows with one number is taken."""
    lines = ", ".join(str(raw.row) for raw in raws[:6]) + (" ..." if len(raws) > 6 else "")
    return Bad(
        f"the number stands in lines {lines} with different content",
        "Correct the numbers; or, if these are items of one invoice, use --lines sum or --lines repeat.",
        "number",
    )


def merged(raws: Sequence[Raw], lines: str) -> Raw | Bad:
    """One invoice out of its items.

    Args:
        raws: at least one, in the order of the file.
        lines: `sum` adds the amounts, `repeat` takes the one that all share.
    """
    values: dict[str, Any] = {}
    for field in Raw._fields:
        if field in ("row", "customer", "reference", "disputed", "blocked") or (
            field == "amount" and lines == mapping.SUM
        ):
            continue
        different = {getattr(raw, field) for raw in raws} - {None, ""}
        if len(different) > 1:
            return _disagree(raws, field)
        values[field] = different.pop() if different else getattr(raws[0], field)
    customers = [raw.customer for raw in raws if raw.customer.name]
    if len({customer.key for customer in customers}) > 1:
        return _disagree(raws, "customer_name")
    if lines == mapping.SUM:
        amounts = [raw.amount for raw in raws]
        if None in amounts:
            return Bad("one of its items has no amount", "Fill in the amount of every item.", "line_amount")
        values["amount"] = sum(amount for amount in amounts if amount is not None)
    return raws[0]._replace(
        customer=customers[0] if customers else raws[0].customer,
        reference=next((raw.reference for raw in raws if raw.reference), ""),
        disputed=any(raw.disputed for raw in raws),
        blocked=any(raw.blocked for raw in raws),
        **values,
    )


def _disagree(raws: Sequence[Raw], field: str) -> Bad:
    lines = ", ".join(str(raw.row) for raw in raws[:6]) + (" ..." if len(raws) > 6 else "")
    return Bad(f"the items of this invoice (lines {lines}) disagree", "Correct the items, or their number.", field)


def beside_unreadable(raws: Sequence[Raw], unreadable: Dictionary[int, str]) -> Bad | None:
    """Refuses a sum beside a line that could not be read and that names the same invoice."""
    for raw in raws:
        for line in (raw.row - 1, raw.row + 1):
            if raw.number and _names(unreadable.get(line, ""), raw.number):
                return Bad(f"line {line}, which names this invoice, could not be read", _BESIDE_REMEDY, "number")
    return None


def _names(text: str, number: str) -> bool:
    """Whether the number stands in the text as a whole, not within a date or another number."""
    return number in text and re.search(rf"(?<![\w./-]){re.escape(number)}(?![\w./-])", text) is not None
