"""By what records are one invoice: its number, or customer and number where numbers are each customer's own."""

from __future__ import annotations

from collections.abc import Sequence

from duewell.core.intake import mapping, readers
from duewell.core.intake.columns import Layout
from duewell.core.intake.table import Cell


def field_of(kind: str, layout: Layout) -> str:
    """The field whose value makes a record of this kind one thing; "" where equal records are different things."""
    if kind in ("invoices", "credits"):
        return "number"
    if kind == "customers":
        return next(
            (field for field in ("customer_number", "customer_name", "company") if field in layout.fields), ""
        )
    return "payment_id" if kind == "payments" and "payment_id" in layout.fields else ""


class KeyColumn:
    """Reads the key of each record, "" where it has none. Both passes use it, so that both count alike."""

    def __init__(self, layout: Layout, field: str, numbers: str | None) -> None:
        self._index = layout.fields.get(field)
        self._reader = readers.text_reader(field)
        owner = layout.fields.get("customer_number", layout.fields.get("customer_name"))
        self._owner = owner if numbers == mapping.PER_CUSTOMER else None
        self._owner_reader = readers.text_reader("customer_number")

    def read(self, columns: Sequence[Sequence[Cell]]) -> list[str]:
        """The keys of the rows whose columns these are."""
        if self._index is None:
            return [""] * (len(columns[0]) if columns else 0)
        keys = self._reader.read(columns[self._index])
        if self._reader.bad_at(keys):
            keys = [key if isinstance(key, str) else "" for key in keys]
        if self._owner is None:
            return keys
        owners = self._owner_reader.read(columns[self._owner])
        return [
            f"{key}\x1f{owner if isinstance(owner, str) else ''}" if key else ""
            for key, owner in zip(keys, owners, strict=True)
        ]
