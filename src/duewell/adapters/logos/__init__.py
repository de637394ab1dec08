"""Logos of creditors: a picture is checked before it is kept, for it goes into letters and onto pages.

Kept ones lie in the home's folder `logos` under a name that follows from their content, and are never changed: a
letter that was made with one can be made again.
"""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import Final

from duewell.adapters.logos.png import check_png
from duewell.adapters.logos.svg import check_svg

SIZE_MAX: Final = 1_000_000
FOLDER: Final = "logos"

__all__ = ["FOLDER", "SIZE_MAX", "checked", "keep"]


def checked(file: Path) -> tuple[bytes, str]:
    """The bytes of a picture and its kind, `png` or `svg`.

    Raises:
        ValueError: it is missing, too large, no picture of these kinds, or holds what a logo must not; says the
            remedy.
    """
    try:
        if not file.is_file():
            raise ValueError(f"there is no file {file}: give the path of a PNG or SVG")
        # A file that grows while it is read is no reason to read on.
        with file.open("rb") as opened:
            content = opened.read(SIZE_MAX + 1)
    except OSError as problem:
        raise ValueError(f"{file} cannot be read ({problem.strerror}): look at its rights") from problem
    if len(content) > SIZE_MAX:
        raise ValueError(
            f"{file} is larger than {SIZE_MAX // 1000:,} kB: save it smaller, 600 pixels wide are enough"
        )
    if content.startswith(b"\x89PNG"):
        check_png(content)
        return content, "png"
    if b"<svg" in content or b":svg" in content:
        check_svg(content)
        return content, "svg"
    raise ValueError(f"{file} is neither PNG nor SVG: save the logo as one of them")


def keep(home: Path, file: Path) -> str:
    """Copy a checked picture into the home; the name under which it lies there. Keeping it twice changes nothing.

    Raises:
        ValueError: as `checked`.
        OSError: the folder cannot be written to.
    """
    content, kind = checked(file)
    name = f"{sha256(content).hexdigest()[:32]}.{kind}"
    folder = home / FOLDER
    folder.mkdir(exist_ok=True)
    if not (folder / name).exists():
        half = folder / f".{name}.{os.getpid()}"
        half.write_bytes(content)
        half.replace(folder / name)
    return name
