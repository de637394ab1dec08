"""The page of a message: the pieces of the design, filled, in quoted-printable."""

from __future__ import annotations

from functools import lru_cache
from html import escape

from duewell.adapters.channels.email import design
from duewell.adapters.channels.email.quoted import chunk
from duewell.adapters.texts.told import Grid, Told, shown

_SPACE = chunk(" ")


@lru_cache(maxsize=1024)
def _label(words: str) -> str:
    """Headings and labels are few and stand in every message."""
    return chunk(escape(words))


def page(told: Told, subject: str, language: str) -> str:
    """The message as one HTML page that loads nothing, encoded and ended by CRLF."""
    pieces = design.pieces()
    before, detail, after, foot = pieces["before"], pieces["detail"], pieces["after"], pieces["foot"]
    creditor = chunk(shown(told.creditor))
    return pieces[design.PAGE] % {
        "language": chunk(language),
        "subject": chunk(escape(subject)),
        "preview": _label(told.labels["preview"]),
        "creditor": creditor,
        "before_all": "".join([before % {"sentence": chunk(line.html)} for line in told.before]),
        "table_all": "".join([_table(grid, told.labels) for grid in told.grids]),
        "payment": _label(told.labels["payment"]),
        "detail_all": "".join(
            [detail % {"label": _label(label), "value": chunk(value.html)} for label, value in told.details]
        ),
        "note_all": pieces["note"] % {"note": chunk(shown(told.note))} if told.note else "",
        "after_all": "".join([after % {"sentence": chunk(line.html)} for line in told.after]),
        "stop": chunk(told.stop.html),
        "sign_off": chunk(told.sign_off.html),
        "foot_all": "".join([foot % {"line": chunk(line.html)} for line in told.foot]),
    }


def _table(grid: Grid, labels: dict[str, str]) -> str:
    pieces = design.pieces()
    row, about, total = pieces["row"], pieces["about"], pieces["total"]
    rows = [
        row
        % {
            "number": chunk(shown(cells.number)),
            "about_all": _about(about, cells.about),
            "open": chunk(escape(cells.open)),
        }
        for cells in grid.rows
    ]
    return pieces["table"] % {
        "caption": _label(grid.caption),
        "invoice": _label(labels["invoice"]),
        "open": _label(labels["open"]),
        "row_all": "".join(rows),
        "more_all": pieces["more"] % _pair(grid.more) if grid.more else "",
        "total_all": "".join([total % _pair(pair) for pair in grid.totals]),
        "pay": _label(labels["pay"]),
        "pay_sum": chunk(escape(grid.pay)),
    }


def _pair(pair: tuple[str, str]) -> dict[str, str]:
    label, sum = pair
    return {"label": _label(label), "sum": chunk(escape(sum))}


def _about(about: str, parts: tuple[str, ...]) -> str:
    """Commas stand inside, so that a line may end after one and never before."""
    listed = [part + "," for part in parts[:-1]] + [parts[-1]]
    return _SPACE.join([about % {"words": chunk(escape(part))} for part in listed])
