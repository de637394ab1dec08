"""Files that are no list of invoices at all, and what they are: told at once, in place of questions without end.

Only the names of columns count, and only where a person has said nothing about them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from duewell.core.intake import headings, names
from duewell.core.intake.columns import Layout
from duewell.core.intake.findings import FileRefused
from duewell.core.intake.mapping import Mapping
from duewell.core.intake.table import Cell, as_text

_STATISTIC = re.compile(
    r"p\d{1,2}|q[1-4]|n|measure|metric|mean|median\w*|average\w*|avg\w*|pct\w*|percent\w*|share\w*|std(?:dev)?|"
    r"min(?:imum)?|max(?:imum)?|count|quartile\w*|percentile\w*|variance|mittelwert|durchschnitt\w*|anzahl|anteil\w*|"
    r"reports|year|jahr|moyenne|mediane|media|mediana"
)
_STATISTICS_SHARE = 2 / 3
_ABOUT_CUSTOMERS = frozenset(
    "email phone mobile street street2 city postal_code region country vat_number first_name last_name".split()
)
_ABOUT_INVOICES = frozenset(
    "number issued_on due_on line_amount transaction terms reference document_type".split()
)
_AGES_MIN = 3


def refuse_statistics(rows: Iterable[Sequence[Cell]], said: Mapping) -> None:
    """Raises `FileRefused` where the first filled row names statistics: figures about many invoices."""
    if said.columns:
        return
    first = next((row for row in rows if sum(as_text(cell).strip() != "" for cell in row) > 1), ())
    keys = [names.parse(as_text(cell)).key for cell in first if as_text(cell).strip()]
    found = [as_text(cell).strip() for cell in first if _STATISTIC.fullmatch(names.parse(as_text(cell)).key)]
    if len(keys) > 2 and len(found) >= len(keys) * _STATISTICS_SHARE:
        raise FileRefused(
            f"The file holds figures about many invoices ({', '.join(found[:3])}), and no invoice.",
            "Export the list that has a row for each open invoice.",
        )


def refuse_others(kind: str, layout: Layout, said: Mapping) -> None:
    """Raises `FileRefused` where a file given as invoices lists customers, or sums by age for each of them."""
    if kind != "invoices" or said.columns or not _ABOUT_INVOICES.isdisjoint(layout.fields):
        return
    used = set(layout.fields.values())
    ages = [name for at, name in enumerate(layout.names) if at not in used and headings.is_age(name)]
    if len(ages) >= _AGES_MIN:
        raise FileRefused(
            f"The file has sums by age for each customer ({', '.join(ages[:3])}), and no invoice.",
            "Export the list with details: a row for each open invoice, with its number and due date.",
        )
    if len(_ABOUT_CUSTOMERS & set(layout.fields)) >= 3:
        raise FileRefused(
            "The file lists customers, and no invoices: it has neither numbers nor due dates.",
            "Import it with `duewell import customers`, and the invoices from a list of their own.",
        )
