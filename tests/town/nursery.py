"""A process that has everything loaded and gives birth to one worker per command, so that killing one is cheap.

    run = Workers(home, environment)
    run(["run", "--as-of", "2026-03-10"])                               an answer, as from a shell
    run(["send"], failpoint="send.socket.dot.after:2").code == KILLED   ended by SIGKILL, really

A worker is a fork: a process of its own with its own connection to the database, so a kill takes nothing else
along. The nursery itself keeps no database open and starts no thread, which is what makes the fork sound. One
nursery serves every test of a session.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import io
import json
import os
import pkgutil
import select
import signal
import subprocess
import sys
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.town.commands import Answer, run

KILLED = -signal.SIGKILL
PATIENCE_SECONDS = 120.0
PLACES = (
    ("DE", "", ""),
    ("DE", "", "Europe/Berlin"),
    ("DE", "BE", "Europe/Berlin"),
    ("US", "", ""),
    ("US", "NY", "America/New_York"),
    ("JP", "", "Asia/Tokyo"),
    ("GB", "ENG", "Europe/London"),
    ("AU", "NSW", "Australia/Lord_Howe"),
    ("PT", "", ""),
)
"""Where people of the tests are: their zones and holidays are looked up before the forks."""
_ROOT = Path(__file__).resolve().parents[2]


class Workers:
    """Gives commands to one installation, each to a process of its own.

    Args:
        home: of the installation.
        environment: DUEWELL_SMTP_URL and, where wanted, DATABASE_URL.
    """

    def __init__(self, home: Path, environment: dict[str, str]) -> None:
        self._home = home
        self._environment = environment

    def __call__(self, words: list[str], failpoint: str = "") -> Answer:
        """Run `duewell WORDS` in a worker, which is killed at the failpoint if it comes there."""
        return self.together([(words, failpoint)])[0]

    def together(self, commands: list[tuple[list[str], str]]) -> list[Answer]:
        """Run several commands at the same time, each with its failpoint or none; answers in their order.

        Raises:
            TimeoutError: a worker did not end by itself.
        """
        asked = [
            {
                "words": ["--home", str(self._home), "--json", *words],
                "failpoint": failpoint,
                "environment": self._environment,
            }
            for words, failpoint in commands
        ]
        return [Answer(each["code"], each["told"], each["talk"]) for each in _nursery().ask(asked)]


class _Nursery:
    def __init__(self) -> None:
        own = {name: value for name, value in os.environ.items() if not name.startswith(("DUEWELL_", "DATABASE_"))}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.town.nursery"],
            cwd=_ROOT,
            env={**own, "PYTHONPATH": f"{_ROOT}/src:{_ROOT}"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def ask(self, asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked).encode() + b"\n")
        self._process.stdin.flush()
        if not select.select([self._process.stdout], [], [], PATIENCE_SECONDS)[0]:
            raise TimeoutError(f"no answer after {PATIENCE_SECONDS:.0f} seconds: {asked}")
        line = self._process.stdout.readline()
        assert line, "the nursery ended"
        answers: list[dict[str, Any]] = json.loads(line)
        return answers

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@cache
def _nursery() -> _Nursery:
    found = _Nursery()
    atexit.register(found.close)
    return found


def _serve() -> None:
    with TemporaryDirectory() as directory:
        _load_everything(Path(directory) / "home")
    for line in sys.stdin:
        born = [_bear(**each) for each in json.loads(line)]
        print(json.dumps([_wait(pid, reading) for pid, reading in born]), flush=True)


def _load_everything(home: Path) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "duewell.web.settings"
    import django

    django.setup()
    import duewell

    for module in pkgutil.walk_packages(duewell.__path__, "duewell."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    # What is done lazily once is done before the forks: otherwise each of them would do it anew.
    for words in (["init", "--test"], ["creditor", "list"]):
        answer = run(["--home", str(home), "--json", *words])
        assert answer.code == 0, answer.talk
    from django.db import connections

    connections.close_all()
    _look_up_the_world()
    gc.collect()
    gc.freeze()
    threads = [Path(f"/proc/self/task/{task}/comm").read_text().strip() for task in os.listdir("/proc/self/task")]
    # Polars starts three of its own when it is imported; they sleep, and jemalloc knows about forks.
    ours = [name for name in threads if not name.startswith(("jemalloc", "polars-ooc"))]
    assert len(ours) == 1, f"a fork would lose all but one of the threads {ours}"


def _look_up_the_world() -> None:
    from duewell.adapters import calendars
    from duewell.adapters.files.rulebook_file import shipped_book
    from duewell.adapters.places import PlacesOfParties

    shipped_book()
    calendars.data_digests()
    day = date(2026, 3, 1)
    calendars.calendar_for("DE", day)
    places = PlacesOfParties("DE", "Europe/Berlin")
    for country, region, zone in PLACES:
        places(country, region, zone, day)


def _bear(words: list[str], failpoint: str, environment: dict[str, str]) -> tuple[int, int]:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return pid, reading
    os.close(reading)
    try:
        _work(words, failpoint, environment, writing)
    finally:
        os._exit(70)


def _work(words: list[str], failpoint: str, environment: dict[str, str], writing: int) -> None:
    from duewell.flows import failpoints
    from duewell.web import settings
    from tests import installation

    sys.stdin = io.StringIO()
    os.environ.update(environment)
    if "DATABASE_URL" in environment:
        installation.use(settings._postgres(environment["DATABASE_URL"]))
    if failpoint:
        failpoints._armed = failpoints.Plan(failpoint, failpoints._kill_this_process)
    try:
        answer = run(words)
    except BaseException as error:
        import traceback

        answer = Answer(70, {}, "".join(traceback.format_exception(error)))
    with os.fdopen(writing, "w") as out:
        json.dump(answer._asdict(), out)
    os._exit(0)


def _wait(pid: int, reading: int) -> dict[str, Any]:
    with os.fdopen(reading) as said:
        text = said.read()
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return {"code": -os.WTERMSIG(status), "told": {}, "talk": ""}
    answer: dict[str, Any] = json.loads(text)
    return answer


if __name__ == "__main__":
    _serve()
