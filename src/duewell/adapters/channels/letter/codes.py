"""QR codes as drawings: one path of black modules, so that a letter stays small and sharp at any size."""

from __future__ import annotations

import re
from typing import Final

from duewell.adapters.channels.letter.masks import masked

# Swiss Implementation Guidelines QR-bill, 6.4.2: a cross of 7 mm in the middle of 46 mm.
_CROSS_SHARE: Final = 7 / 46
_DARK: Final = re.compile("1+")


def drawn(text: str, *, longest_version: int, swiss: bool = False) -> str:
    """The code of a text as SVG; error correction M as both payment standards want it.

    Args:
        text: what is encoded, as UTF-8.
        longest_version: the largest symbol the standard allows.
        swiss: with the Swiss cross in its middle.

    Raises:
        ValueError: the text does not fit the largest symbol allowed.
    """
    rows = masked(text, longest_version)
    side = len(rows)
    steps = []
    for row, line in enumerate(rows):
        # Runs of dark modules, found in the digits of the line.
        for run in _DARK.finditer(f"{line:0{side}b}"):
            start, width = run.start(), run.end() - run.start()
            steps.append(f"M{start} {row}h{width}v1h-{width}z")
    cross = _cross(side) if swiss else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<path d="{"".join(steps)}"/>{cross}</svg>'
    )


def _cross(side: int) -> str:
    """White border, black square, white cross: the measures of the official drawing, 166 units for 7 mm."""
    unit = side * _CROSS_SHARE / 166
    place = side * (1 - _CROSS_SHARE) / 2
    return (
        f'<g transform="translate({place:.4f} {place:.4f}) scale({unit:.6f})">'
        '<rect width="166" height="166" fill="#fff"/><rect x="12" y="12" width="142" height="142"/>'
        '<path fill="#fff" d="M70 36h26v34h34v26h-34v34h-26v-34h-34v-26h34z"/></g>'
    )
