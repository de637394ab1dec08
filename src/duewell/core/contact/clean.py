"""Customer data made safe to show: no character that hides, reorders or breaks a line.

Names and invoice numbers come from files that others wrote. A direction override can make an amount read
backwards, a zero-width space can hide a second reference, a line break can forge a header. What is left
are characters that a person sees where they stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from unicodedata import category

# Controls, formats (direction, zero width, soft hyphen, tags), surrogates, private use, unassigned, separators.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# These stood between words, so a space takes their place; the other hidden ones vanish.
_BREAKS = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029")
# Letters and marks by category, yet nothing on the screen: fillers, empty Braille, variation selectors.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | frozenset(
    chr(point) for start, end in ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
    for point in range(start, end + 1)
)  # fmt: skip
# No writing stacks more marks on one letter than a few (Vietnamese two, Hebrew with accents four).
_STACKED_MAX = 4


def clean(value: str, longest: int | None = None) -> str:
    """The value as one line of visible characters: single spaces between words, none at the ends.

    Args:
        value: anything a file or a form gave.
        longest: characters to keep; a longer value ends with an ellipsis. Not for invoice numbers: a cut
            number would name another invoice.
    """
    if not (value.isascii() and value.isprintable()):
        value = "".join(_visible(value))
    value = " ".join(value.split())
    if longest is not None and len(value) > longest:
        value = value[: longest - 1].rstrip() + "…"
    return value


def _visible(value: str) -> Iterator[str]:
    stacked = 0
    for character in value:
        if character in _BREAKS:
            yield " "
            continue
        kind = category(character)
        if kind in _HIDDEN or character in _BLANK:
            continue
        stacked = stacked + 1 if kind in ("Mn", "Me") else 0
        if stacked <= _STACKED_MAX:
            yield character
