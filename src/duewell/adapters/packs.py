"""Packs on disk: a zip that appears whole or not at all."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

Write = Callable[[str, bytes], None]

# The archive tells nothing of the machine and the hour it was made on: the same evidence gives the same bytes.
_MADE = (1980, 1, 1, 0, 0, 0)


@contextmanager
def new_pack(path: Path) -> Iterator[Write]:
    """Write a zip beside `path` and move it there at the end; an exception leaves nothing behind.

    Raises:
        OSError: the folder cannot be written to.
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:

            def write(name: str, content: bytes) -> None:
                entry = zipfile.ZipInfo(name, _MADE)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, content)

            yield write
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
