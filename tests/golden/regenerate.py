"""Write every golden file anew: `python -m tests.golden.regenerate`. Review what `git diff` then shows."""

from __future__ import annotations

from pathlib import Path

from tests.golden import call_golden, email_golden, letter_golden


def main() -> None:
    """Write what belongs there and remove what does not."""
    write(email_golden.ROOT, dict(email_golden.golden()))
    write(call_golden.ROOT, dict(call_golden.golden_calls()))
    write(letter_golden.ROOT, dict(letter_golden.golden_letters()))


def write(root: Path, wanted: dict[Path, bytes]) -> None:
    """Make the folder hold these files and no others."""
    for path in sorted(root.rglob("*")):
        if path.is_file() and path not in wanted:
            path.unlink()
            print(f"removed {path.relative_to(root)}")
    for path, content in wanted.items():
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            print(f"written {path.relative_to(root)}")


if __name__ == "__main__":
    main()
