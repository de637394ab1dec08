"""The ground of the kills: one home with its database and mail server, and as many houses as are needed."""

from __future__ import annotations

import shutil
import signal
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.installation import installation, shell
from tests.kills import house as houses
from tests.kills.house import NOW, House
from tests.kills.judge import Judge
from tests.kills.warm import Warm
from tests.sink import spawn
from tests.town.commands import Answer

CONNECTIONS = 3
KILLED = -9
_ROOM = 2 << 30
FAULTS = [
    {"verb": "rcpt", "match": "refused@", "action": "550 5.1.1 nobody here"},
    {"verb": "rcpt", "match": "later@", "action": "451 4.2.0 later"},
]


class Ground:
    """Makes houses and gives commands for them; every command is a process of its own."""

    def __init__(self, warm: Warm, judge: Judge) -> None:
        self.warm = warm
        self.judge = judge
        self.kills: Counter[str] = Counter()
        self._houses = 0

    def house(self, *, released: bool = True) -> House:
        """A house that nobody has sent for yet."""
        self._houses += 1
        house = houses.found("kill", self._houses)
        if released:
            houses.claim(house)
            houses.release(house)
        return house

    def run(self, house: House, failpoint: str = "") -> Answer:
        """Decide and claim."""
        return self._noted(self.warm(running(house), failpoint), failpoint)

    def release(self, house: House, failpoint: str = "") -> Answer:
        """Let the newest run go."""
        return self._noted(self.warm(releasing(house), failpoint), failpoint)

    def send(self, house: House, failpoint: str = "", now: str = NOW) -> Answer:
        """Send what may go."""
        return self._noted(self.warm(sending(house, now), failpoint), failpoint)

    def at_once(self, commands: list[tuple[list[str], str]]) -> list[Answer]:
        """Give several commands at the same time, each with its failpoint or none."""
        children = [self.warm.start(words, failpoint, signal.SIGKILL) for words, failpoint in commands]
        return [
            self._noted(self.warm.wait(child), failpoint)
            for child, (_, failpoint) in zip(children, commands, strict=True)
        ]

    def send_to_the_end(self, house: House) -> None:
        """Simply the same command again; for every third house once more, when there is nothing left to do."""
        answer = self.send(house)
        assert answer.code == 0, answer
        if self._houses % 3:
            return
        again = self.send(house)
        assert again.code == 0, again
        assert again.told["accepted"] == again.told["unknown"] == 0, "the second finds nothing to do"

    def check_the_whole(self) -> None:
        """The evidence of everything that happened here holds, and what is always true is."""
        verified = self.warm(["verify"])
        assert verified.code == 0, verified
        audited = self.warm(["audit"])
        assert audited.code == 0, [each for each in audited.told["sentences"] if not each["ok"]]

    def _noted(self, answer: Answer, failpoint: str) -> Answer:
        assert answer.code in (0, KILLED), answer
        if answer.code == KILLED:
            self.kills[failpoint.partition(":")[0]] += 1
        return answer


def running(house: House) -> list[str]:
    """The words of the command that decides and claims."""
    return ["run", "--creditor", house.view.key, "--as-of", house.day.isoformat(), "--yes", "--now", NOW]


def releasing(house: House) -> list[str]:
    """The words of the command that lets the newest run go."""
    from duewell.store import sql

    (run,) = sql.fetch("select max(id) from run where creditor_id = ?", [house.view.id])[0]
    return ["release", str(run), "--creditor", house.view.key, "--now", NOW]


def sending(house: House, now: str = NOW) -> list[str]:
    """The words of the command that sends."""
    return ["send", "--creditor", house.view.key, "--connections", str(CONNECTIONS), "--now", now]


@contextmanager
def broken(url: str) -> Iterator[Ground]:
    """Ground on the empty PostgreSQL database of `url`, or on SQLite; checked as a whole at the end."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=_memory())))
        home = folder / "home"
        stack.enter_context(shell({"DUEWELL_HOME": str(home)}))
        stack.enter_context(installation(home, url or None))
        sink = stack.enter_context(spawn(folder / "log", FAULTS))
        environment = {"DUEWELL_SMTP_URL": f"{sink.url}?timeout=20&dot_timeout=20"}
        if url:
            environment["DATABASE_URL"] = url
        warm = stack.enter_context(Warm(home, environment))
        ground = Ground(warm, Judge(folder / "log"))
        yield ground
        ground.check_the_whole()


def _memory() -> Path | None:
    """A folder in memory with room enough. A kill leaves to the system what was written, so no disk is needed."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > _ROOM else None
