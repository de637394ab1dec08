"""Write every golden file anew: `python -m tests.golden.regenerate`. Review what `git diff` then shows."""

from __future__ import annotations

from tests.golden.email_golden import ROOT, golden


def main() -> None:
    """Write what belongs there and remove what does not."""
    wanted = dict(golden())
    for path in sorted(ROOT.rglob("*")):
        if path.is_file() and path not in wanted:
            path.unlink()
            print(f"removed {path.relative_to(ROOT)}")
    for path, content in wanted.items():
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            print(f"written {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
