"""What the benchmarks share: a home to measure in, a worker process of its own, and its time and memory."""

from __future__ import annotations

import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {"cores": os.cpu_count(), "python": platform.python_version(), "load": round(os.getloadavg()[0], 1)}


@contextmanager
def home(keep: Path | None = None) -> Iterator[Path]:
    """A fresh test home, removed at the end unless it is to be kept."""
    from duewell import wiring
    from duewell.adapters.home import make_home

    folder = keep or Path(tempfile.mkdtemp(prefix="duewell-bench-"))
    try:
        make_home(folder, test=True)
        wiring.start(folder)
        wiring.migrate()
        yield folder
    finally:
        if keep is None:
            shutil.rmtree(folder, ignore_errors=True)


def database() -> str:
    """Which database is measured."""
    return "postgresql" if os.environ.get("DATABASE_URL") else "sqlite"


def in_own_process(module: str, *arguments: str) -> dict[str, Any]:
    """Run a worker of a benchmark in a process of its own, so that its memory is its own; reads its JSON line."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], check=False, stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        raise SystemExit(f"{module} {' '.join(arguments)} failed with {done.returncode}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def measure(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Wall seconds, CPU seconds and peak memory of this process and its children after `work`."""
    start, cpu = time.perf_counter(), time.process_time()
    told = work()
    told["seconds"] = round(time.perf_counter() - start, 2)
    told["cpu_seconds"] = round(time.process_time() - cpu, 2)
    peak = (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    )
    told["peak_mb"] = peak // 1024
    return told
