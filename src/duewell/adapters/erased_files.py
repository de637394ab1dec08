"""Files of a home in which a person stands: lines go out of lists and logs, other files go as a whole.

Strategies, texts, logos, keys and heads say nothing of customers and are not looked at. Before a file is removed
or written anew its old bytes are overwritten; what a disk keeps of them underneath is beyond a program.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator, Sequence
from email import message_from_bytes
from pathlib import Path

Mentions = Callable[[str], bool]

_NOT_THEIRS = {
    "keys",
    "heads",
    "locks",
    "strategies",
    "texts",
    "logos",
    "duewell.toml",
    "duewell.db",
    "duewell.db-wal",
    "duewell.db-shm",
}
_TABLES = {".csv": ",", ".tsv": "\t"}
_LINES = {".txt", ".log", ".jsonl"}


def erase(home: Path, mentions: Mentions, *, dry_run: bool) -> list[str]:
    """Take out what names the person; the files that were changed or removed, by their path within the home."""
    changed = _of_batches(home, mentions, dry_run=dry_run)
    for path in _files(home):
        content = path.read_bytes()
        left = _left(path, content, mentions)
        name = path.relative_to(home).as_posix()
        if left == content or name in changed:
            continue
        changed.append(name)
        if not dry_run:
            _replace(path, len(content), left)
    return changed


def _of_batches(home: Path, mentions: Mentions, *, dry_run: bool) -> list[str]:
    """Print batches with a letter to the person go whole: pages cannot be read, their lists say who is in them.

    What was handed over is printed; each letter can still be rebuilt from what is kept as proof.
    """
    changed = []
    for manifest in sorted((home / "print").glob("*/batch-*.json")):
        if mentions(manifest.read_text("utf-8", "replace")):
            for path in sorted(manifest.parent.glob(f"{manifest.stem}.*")):
                changed.append(path.relative_to(home).as_posix())
                if not dry_run:
                    _replace(path, path.stat().st_size, None)
    return changed


def _files(home: Path) -> Iterator[Path]:
    for top in sorted(home.iterdir()):
        if top.name not in _NOT_THEIRS:
            for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
                if path.is_file() and not path.is_symlink():
                    yield path


def _left(path: Path, content: bytes, mentions: Mentions) -> bytes | None:
    """What may stay of a file; None where nothing may."""
    text = content.decode("utf-8", "replace")
    kind = path.suffix.lower()
    if kind in _TABLES:
        return _records(content, _separator(text, _TABLES[kind]), mentions)
    if kind in _LINES:
        lines = content.splitlines(keepends=True)
        stay = [line for line in lines if not mentions(line.decode("utf-8", "replace"))]
        return content if len(stay) == len(lines) else b"".join(stay)
    if mentions(text) or (kind == ".eml" and any(map(mentions, _parts(content)))):
        return None
    return content


def _records(content: bytes, separator: str, mentions: Mentions) -> bytes:
    """A table without the records that name the person; a record may be several lines."""
    lines = content.decode("utf-8", "surrogateescape").splitlines(keepends=True)
    reader = csv.reader(iter(lines), delimiter=separator)
    stay: list[str] = []
    start = 0
    while True:
        try:
            record = next(reader)
        except StopIteration:
            break
        except csv.Error:
            # No table after all: line by line is the safe way to read it.
            record = lines[start : reader.line_num]
        if not mentions("\n".join(record)):
            stay += lines[start : reader.line_num]
        start = reader.line_num
    return "".join(stay).encode("utf-8", "surrogateescape")


def _separator(text: str, usual: str) -> str:
    first = text.partition("\n")[0]
    return max([usual, ";", "\t", "|"], key=first.count)


def _parts(content: bytes) -> Iterator[str]:
    """The texts of a mail as people read them."""
    for part in message_from_bytes(content).walk():
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            yield payload.decode("utf-8", "replace")


def _replace(path: Path, size: int, left: bytes | None) -> None:
    kept: Sequence[bytes] = () if left is None else (left,)
    with path.open("r+b") as file:
        file.write(bytes(size))
        file.flush()
        os.fsync(file.fileno())
        file.seek(0)
        file.truncate()
        for piece in kept:
            file.write(piece)
    if left is None:
        path.unlink()
