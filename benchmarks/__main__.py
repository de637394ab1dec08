"""Runs the benchmarks, each in a process of its own: python -m benchmarks [--size full] [NAME ...].

A benchmark is a module here that can be run by itself as `python -m benchmarks.NAME --size SIZE`, prints one JSON
line on stdout and ends with 0. Modules without a main part are what they share.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path


def names() -> list[str]:
    """The modules that can be run by themselves."""
    here = Path(__file__).parent
    runnable = 'if __name__ == "__main__":'
    return sorted(
        path.stem for path in here.glob("*.py") if not path.stem.startswith("_") and runnable in path.read_text()
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--size", choices=("small", "full"), default="small")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which: {', '.join(names()) or 'none yet'}")
    options = parser.parse_args()
    unknown = sorted(set(options.names) - set(names()))
    if unknown:
        parser.error(f"no benchmark is called {', '.join(unknown)}")
    failed = []
    for name in options.names or names():
        print(f"{name} ({options.size}) ...", file=sys.stderr)
        command = [sys.executable, "-m", f"benchmarks.{name}", "--size", options.size]
        if subprocess.run(command, check=False).returncode:
            failed.append(name)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
