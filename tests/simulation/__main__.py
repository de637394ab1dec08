"""`python -m tests.simulation --seed 1`: play one seed and say what happened, day by day."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests import postgres
from tests.simulation.play import play


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--on", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--keep", type=Path, help="an empty folder for the installation, to look at it afterwards")
    options = parser.parse_args()
    started = time.monotonic()

    def tell(day: int, counts: Counter[str]) -> None:
        print(f"day {day:>2}  {time.monotonic() - started:6.1f} s  {dict(sorted(counts.items()))}", flush=True)

    with tempfile.TemporaryDirectory() as temporary:
        directory = options.keep or Path(temporary)
        if options.on == "sqlite":
            play(options.seed, options.days, directory, tell=tell)
        else:
            with postgres.server() as server, server.database() as url:
                play(options.seed, options.days, directory, url, tell=tell)


if __name__ == "__main__":
    main()
