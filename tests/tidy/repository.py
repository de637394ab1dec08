"""What the tidy tests look at: the files of the repository, as they are or would be committed."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "duewell"
DOCS = ROOT / "docs"


@cache
def files() -> tuple[Path, ...]:
    """Every file that git tracks or would track, in order."""
    listed = subprocess.run(
        # A clone may belong to somebody else than who runs its tests; git would refuse to list it.
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    paths = (ROOT / name for name in sorted(set(listed.split("\0"))) if name)
    return tuple(path for path in paths if path.is_file())


def texts(*suffixes: str, below: Path = ROOT) -> list[tuple[Path, str]]:
    """The files with these endings and what stands in them; all that are UTF-8 text where no ending is given."""
    found = []
    for path in files():
        if path.is_relative_to(below) and (not suffixes or path.suffix in suffixes):
            try:
                found.append((path, path.read_text(encoding="utf-8")))
            except UnicodeDecodeError:
                continue
    return found


def at(path: Path, line: int) -> str:
    """Where a finding stands, as editors understand it."""
    return f"{path.relative_to(ROOT)}:{line}"
