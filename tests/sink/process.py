"""The sink as a process of its own, so that killing the sender leaves the judge alone."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.sink.faults import Rule
from tests.sink.journal import Accepted, read

_ROOT = Path(__file__).resolve().parents[2]


class SinkProcess(NamedTuple):
    """A running sink: its port, process id and log."""

    port: int
    pid: int
    path: Path

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def log(self) -> list[Accepted]:
        """The accepted messages so far, in the order of acceptance."""
        return read(self.path)


@contextlib.contextmanager
def spawn(
    log: Path,
    faults: Sequence[Rule | Mapping[str, Any]] = (),
    *,
    seed: int = 0,
    store: Path | None = None,
    port: int = 0,
    delay: float = 0.0,
) -> Iterator[SinkProcess]:
    """Run a sink for the length of a `with` block; its log is appended to.

    Raises:
        RuntimeError: it did not start.
    """
    rules = [rule._asdict() if isinstance(rule, Rule) else dict(rule) for rule in faults]
    command = [sys.executable, "-m", "tests.sink", f"--port={port}", f"--log={log}", f"--seed={seed}"]
    command += [f"--faults={json.dumps(rules)}", f"--delay={delay}", f"--store={store or 'none'}", "--while-stdin"]
    # The pipe tells the sink when we are gone, however we went.
    with subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            said = process.stdout.readline()
            if not said:
                raise RuntimeError("the sink did not start")
            yield SinkProcess(json.loads(said)["port"], process.pid, log)
        finally:
            process.terminate()
