"""Whether a text names somebody: by a number, a name, an address or an invoice, standing as a word of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection


def mentions(names: Collection[str]) -> Callable[[str], bool]:
    """A question to a text: does one of these strings stand in it, whatever its case, and not within another word?

    `C-1` stands in `"C-1";"Anna"` and not in `C-10`.
    """
    known = sorted({name.casefold() for name in names if name}, key=len, reverse=True)
    if not known:
        return lambda text: False
    pattern = re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, known)) + r")(?![\w-])")
    return lambda text: pattern.search(text.casefold()) is not None
