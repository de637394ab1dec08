"""The plain text of a message: a full message of its own, one paragraph a line, for every reader and screen."""

from __future__ import annotations

from duewell.adapters.texts.told import Grid, Told


def plain(told: Told) -> str:
    """Greeting, sentences, tables as lines, payment, ending; ended by a line feed."""
    blocks = [line.text for line in told.before]
    blocks += ["\n".join(_grid(grid, told)) for grid in told.grids]
    payment = [told.labels["payment"], *(f"{label}{told.colon}{value.text}" for label, value in told.details)]
    blocks.append("\n".join([*payment, told.note] if told.note else payment))
    blocks += [line.text for line in told.after]
    blocks += [f"{told.sign_off.text}\n{told.creditor}", told.stop.text]
    # RFC 3676 section 4.3: two dashes and a space part the message from the card of its sender.
    blocks.append("\n".join(["-- ", *(line.text for line in told.foot)]))
    return "\n\n".join(blocks) + "\n"


def _grid(grid: Grid, told: Told) -> list[str]:
    lines = [grid.caption]
    for row in grid.rows:
        lines.append(f"{told.comma.join((row.number, *row.about))}{told.colon}{row.open}")
    pairs = [*([grid.more] if grid.more else []), *grid.totals, (told.labels["pay"], grid.pay)]
    return lines + [f"{label}{told.colon}{sum}" for label, sum in pairs]
