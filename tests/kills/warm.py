"""A process that has everything loaded and forks a child for each command, so that killing one is cheap.

    with Warm(home, {"DUEWELL_SMTP_URL": ..., "DATABASE_URL": ...}) as warm:
        warm(["send"], "send.socket.dot.after:2").code == -9      killed by SIGKILL, really
        child = warm.start(["send"], "send.start.commit.after", signal.SIGSTOP)

A child is a process of its own with its own connection to the database. The warm process keeps no database open
and starts no thread, which is what makes the fork sound.
"""

from __future__ import annotations

import gc
import io
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.town.commands import Answer, run

PATIENCE_SECONDS = 120.0
_ROOT = Path(__file__).resolve().parents[2]


class Warm:
    """Runs commands of one home, each in a child, for the length of a `with` block.

    Args:
        home: an existing test home.
        environment: DUEWELL_SMTP_URL and, where wanted, DATABASE_URL.
    """

    def __init__(self, home: Path, environment: dict[str, str]) -> None:
        self._home = home
        own = {name: value for name, value in os.environ.items() if not name.startswith(("DUEWELL_", "DATABASE_"))}
        self._environment = {**own, "PYTHONPATH": f"{_ROOT}/src:{_ROOT}"}
        self._given = {**environment, "DUEWELL_HOME": str(home)}
        self._process: subprocess.Popen[bytes]

    def __call__(self, words: list[str], failpoint: str = "") -> Answer:
        """Run `duewell WORDS` to its end. A code below zero is the signal that ended it."""
        return self.wait(self.start(words, failpoint))

    def start(self, words: list[str], failpoint: str = "", by: int = signal.SIGKILL) -> int:
        """Start `duewell WORDS`; the child sends itself the signal `by` at the failpoint. Its process id."""
        asked = {
            "op": "start",
            "words": ["--home", str(self._home), "--json", *words],
            "failpoint": failpoint,
            "by": int(by),
            "environment": self._given,
        }
        return int(self._ask(asked)["pid"])

    def wait(self, pid: int) -> Answer:
        """The end of a child.

        Raises:
            TimeoutError: it does not end.
        """
        return Answer(**self._ask({"op": "wait", "pid": pid}))

    def _ask(self, asked: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked).encode() + b"\n")
        self._process.stdin.flush()
        if not select.select([self._process.stdout], [], [], PATIENCE_SECONDS)[0]:
            raise TimeoutError(f"no answer after {PATIENCE_SECONDS:.0f} seconds: {asked}")
        line = self._process.stdout.readline()
        assert line, "the warm process ended"
        answer: dict[str, Any] = json.loads(line)
        return answer

    def __enter__(self) -> Warm:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.kills.warm"],
            cwd=_ROOT,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def stopped(pid: int) -> bool:
    """Is the process stopped by a signal?"""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def _serve() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        _load(Path(scratch) / "home")
    children: dict[int, int] = {}
    for line in sys.stdin:
        asked = json.loads(line)
        if asked["op"] == "start":
            pid, reading = _bear(asked)
            children[pid] = reading
            told: dict[str, Any] = {"pid": pid}
        else:
            told = _end_of(asked["pid"], children.pop(asked["pid"]))
        print(json.dumps(told), flush=True)


def _load(scratch: Path) -> None:
    """Live through one night in a scratch home, so that nothing is loaded for the first time in a child."""
    from tests.installation import installation
    from tests.kills.house import NOW, found, release, town_clock
    from tests.sink import Sink

    with installation(scratch) as home, Sink() as sink:
        os.environ["DUEWELL_SMTP_URL"] = sink.url
        from duewell import wiring
        from duewell.flows.ports import Narrowed
        from duewell.flows.run import run as claim

        house = found("scratch", 1)
        world = wiring.world(home, house.view, house.day, town_clock(NOW))
        # Polars would start its threads, and threads do not live through a fork.
        world = world._replace(narrow=lambda day, ladders: Narrowed(house.accounts, {}))
        assert claim(world, wiring.runs(house.view, town_clock(NOW), "warm"), confirmed=True).claimed
        release(house)
        words = ["--home", str(scratch), "--json", "send", "--creditor", house.view.key, "--now", NOW]
        answer = run(words)
        assert answer.code == 0, answer
    del os.environ["DUEWELL_SMTP_URL"]
    gc.collect()
    gc.freeze()
    threads = [Path(f"/proc/self/task/{task}/comm").read_text().strip() for task in os.listdir("/proc/self/task")]
    # Polars starts some when it is imported; they sleep, and jemalloc knows about forks.
    ours = [name for name in threads if not name.startswith(("jemalloc", "polars-ooc"))]
    assert len(ours) == 1, f"a fork would lose all but one of the threads {ours}"


def _bear(asked: dict[str, Any]) -> tuple[int, int]:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return pid, reading
    os.close(reading)
    try:
        _live(asked, writing)
    finally:
        os._exit(70)


def _live(asked: dict[str, Any], writing: int) -> None:
    try:
        answer = _run(asked)
    except BaseException as error:
        answer = Answer(70, {}, "".join(traceback.format_exception(error)))
    with os.fdopen(writing, "w") as out:
        json.dump(answer._asdict(), out)
    os._exit(0)


def _run(asked: dict[str, Any]) -> Answer:
    from duewell.flows import failpoints
    from duewell.web import settings
    from tests import installation

    sys.stdin = io.StringIO()
    os.environ.update(asked["environment"])
    url = os.environ.get("DATABASE_URL", "")
    file = str(Path(os.environ["DUEWELL_HOME"]) / "duewell.db")
    installation.use(settings._postgres(url) if url else settings._sqlite(file))
    if asked["failpoint"]:
        kill = asked["by"]
        failpoints._armed = failpoints.Plan(asked["failpoint"], lambda: os.kill(os.getpid(), kill))
    return run(asked["words"])


def _end_of(pid: int, reading: int) -> dict[str, Any]:
    with os.fdopen(reading) as said:
        text = said.read()
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return Answer(-os.WTERMSIG(status), {}, "")._asdict()
    answer: dict[str, Any] = json.loads(text)
    return answer


if __name__ == "__main__":
    _serve()
