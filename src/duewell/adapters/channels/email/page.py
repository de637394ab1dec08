"""The page of a message: the pieces of the design, filled, in quoted-printable."""

from __future__ import annotations

from functools import lru_cache
from html import escape

from duewell.adapters.channels.email import design
from duewell.adapters.channels.email.quoted import chunk
from duewell.adapters.texts.direction import markup, shown
from duewell.adapters.texts.told import Grid, Told

_SPACE = chunk(" ")


@lru_cache(maxsize=1024)
def _label(words: str) -> str:
    """Headings and labels are few and stand in every message."""
    return chunk(markup(words))


def page(told: Told, subject: str, language: str) -> str:
    """The message as one HTML page that loads nothing, encoded and ended by CRLF."""
    pieces = design.pieces(told.right_to_left)
    before, detail, after, foot = pieces["before"], pieces["detail"], pieces["after"], pieces["foot"]
    value = markup if told.right_to_left else shown
    creditor = chunk(value(told.creditor))
    return pieces[design.PAGE] % {
        "language": chunk(language),
        "subject": chunk(escape(subject)),
        "preview": _label(told.labels["preview"]),
        "creditor": creditor,
        "before_all": "".join([before % {"sentence": chunk(line.html)} for line in told.before]),
        "table_all": "".join([_table(grid, told) for grid in told.grids]),
        "payment": _label(told.labels["payment"]),
        "detail_all": "".join(
            [detail % {"label": _label(label), "value": chunk(value.html)} for label, value in told.details]
        ),
        "note_all": pieces["note"] % {"note": chunk(value(told.note))} if told.note else "",
        "after_all": "".join([after % {"sentence": chunk(line.html)} for line in told.after]),
        "stop": chunk(told.stop.html),
        "sign_off": chunk(told.sign_off.html),
        "foot_all": "".join([foot % {"line": chunk(line.html)} for line in told.foot]),
    }


def _table(grid: Grid, told: Told) -> str:
    pieces, labels = design.pieces(told.right_to_left), told.labels
    row, about, total = pieces["row"], pieces["about"], pieces["total"]
    # Isolates stand in values only where the words run from right to left; elsewhere a number may bring its own.
    number = markup if told.right_to_left else shown
    words = markup if told.right_to_left else escape
    comma = told.comma.rstrip()

    def pair(label: str, sum: str) -> dict[str, str]:
        return {"label": _label(label), "sum": chunk(words(sum))}

    def listed(parts: tuple[str, ...]) -> str:
        """Commas stand inside, so that a line may end after one and never before."""
        each = [part + comma for part in parts[:-1]] + [parts[-1]]
        return _SPACE.join([about % {"words": chunk(words(part))} for part in each])

    rows = [
        row
        % {
            "number": chunk(number(cells.number)),
            "about_all": listed(cells.about),
            "open": chunk(words(cells.open)),
        }
        for cells in grid.rows
    ]
    return pieces["table"] % {
        "caption": _label(grid.caption),
        "invoice": _label(labels["invoice"]),
        "open": _label(labels["open"]),
        "row_all": "".join(rows),
        "more_all": pieces["more"] % pair(*grid.more) if grid.more else "",
        "total_all": "".join([total % pair(*each) for each in grid.totals]),
        "pay": _label(labels["pay"]),
        "pay_sum": chunk(words(grid.pay)),
    }
