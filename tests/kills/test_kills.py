"""Whatever is killed wherever: nothing is lost, nothing is sent twice, and little is unknown."""

from __future__ import annotations

import os
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from duewell.flows import failpoints
from tests.installation import installation
from tests.kills import house as houses
from tests.kills.house import NOW, House
from tests.kills.judge import Judge
from tests.kills.warm import Warm
from tests.sink import spawn
from tests.town.commands import Answer

CONNECTIONS = 3
KILLED = -9
LATER = "2026-03-14T10:00:00+00:00"
FAULTS = [
    {"verb": "rcpt", "match": "refused@", "action": "550 5.1.1 nobody here"},
    {"verb": "rcpt", "match": "later@", "action": "451 4.2.0 later"},
]
AFTER_CLOSING = frozenset(
    {
        "send.closing.commit.after",
        "send.socket.dot.before",
        "send.socket.dot.after",
        "send.socket.reply",
        "send.finish.commit.before",
    }
)
"""Only a kill at one of these leaves a message whose fate nobody knows. QUIT is said when all is settled."""
PLACES = sorted(
    name for name in failpoints.NAMES if name.partition(".")[0] in ("run", "release", "send", "seal", "review")
)
"""Every commit and every write to a socket in a night; imports are killed elsewhere."""
IN_FAST = 2
IN_SLOW = 20
RANDOM_IN_FAST = 14
RANDOM_IN_SLOW = 1000


class Ground:
    """One database with as many houses as there are kills."""

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
        words = ["run", "--creditor", house.view.key, "--as-of", house.day.isoformat(), "--yes", "--now", NOW]
        return self._noted(self.warm(words, failpoint), failpoint)

    def release(self, house: House, failpoint: str = "") -> Answer:
        """Let the newest run go."""
        from duewell.store import sql

        (run,) = sql.fetch("select max(id) from run where creditor_id = ?", [house.view.id])[0]
        words = ["release", str(run), "--creditor", house.view.key, "--now", NOW]
        return self._noted(self.warm(words, failpoint), failpoint)

    def send(self, house: House, failpoint: str = "", now: str = NOW) -> Answer:
        """Send what may go."""
        return self._noted(self.warm(sending(house, now), failpoint), failpoint)

    def send_to_the_end(self, house: House) -> None:
        """Simply the same command again."""
        answer = self.send(house)
        assert answer.code == 0, answer
        again = self.send(house)
        assert again.code == 0, again
        assert again.told["accepted"] == again.told["unknown"] == 0, "the second finds nothing to do"

    def _noted(self, answer: Answer, failpoint: str) -> Answer:
        assert answer.code in (0, KILLED), answer
        if answer.code == KILLED:
            self.kills[failpoint.partition(":")[0]] += 1
        return answer


def sending(house: House, now: str = NOW) -> list[str]:
    """The words of the command that sends."""
    return ["send", "--creditor", house.view.key, "--connections", str(CONNECTIONS), "--now", now]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def ground(request: pytest.FixtureRequest) -> Iterator[Ground]:
    """A home with its database, its mail server and a warm process; checked as a whole at the end."""
    with ExitStack() as stack:
        url = ""
        if request.param == "postgres":
            url = stack.enter_context(request.getfixturevalue("postgres_server").database())
        # Nothing here depends on the disk: a kill leaves to the system what was written.
        memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None)))
        home = folder / "home"
        stack.enter_context(installation(home, url or None))
        stack.enter_context(_environment(home, url))
        sink = stack.enter_context(spawn(folder / "log", FAULTS))
        environment = {"DUEWELL_SMTP_URL": f"{sink.url}?timeout=20&dot_timeout=20"}
        if url:
            environment["DATABASE_URL"] = url
        warm = stack.enter_context(Warm(home, environment))
        ground = Ground(warm, Judge(folder / "log"))
        yield ground
        _check_the_whole(ground)


@pytest.mark.parametrize("name", PLACES)
def test_a_kill_at_a_named_place_loses_nothing_and_doubles_nothing(ground: Ground, name: str) -> None:
    for turn in range(1, IN_FAST + 1):
        _killed_at(ground, name, turn)
    assert ground.kills[name] >= IN_FAST


@pytest.mark.parametrize("seed", range(RANDOM_IN_FAST))
def test_a_kill_anywhere_loses_nothing_and_doubles_nothing(ground: Ground, seed: int) -> None:
    _killed_anywhere(ground, seed)


@pytest.mark.slow
@pytest.mark.parametrize("name", PLACES)
def test_twenty_kills_at_a_named_place_lose_nothing_and_double_nothing(ground: Ground, name: str) -> None:
    for turn in range(1, IN_SLOW + 1):
        _killed_at(ground, name, turn)
    assert ground.kills[name] >= IN_SLOW


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(20))
def test_a_thousand_kills_anywhere_lose_nothing_and_double_nothing(ground: Ground, batch: int) -> None:
    kills = 0
    seed = 1_000_000 * (batch + 1)
    while kills < RANDOM_IN_SLOW // 20:
        seed += 1
        kills += _killed_anywhere(ground, seed)


def _killed_at(ground: Ground, name: str, turn: int) -> None:
    """Kill at the place, whichever command comes there; a later turn kills at a later arrival, if there is one."""
    room = name.partition(".")[0]
    if name.startswith("send.recover."):
        house = ground.house()
        assert ground.send(house, f"send.closing.commit.after:{1 + turn % 2}").code == KILLED
        assert ground.send(house, name).code == KILLED
        ground.send_to_the_end(house)
        ground.judge.judge(house, 1, CONNECTIONS)
    elif name.startswith("send.settle."):
        house = ground.house()
        assert ground.send(house, f"send.socket.dot.after:{1 + turn % 5}").code == KILLED
        ground.send_to_the_end(house)
        assert ground.judge.judge(house, 1, CONNECTIONS) > 0
        _settled_by_rule(ground, house, name)
    elif room in ("run", "release") or (room == "seal" and turn % 3 < 2):
        house = ground.house(released=False)
        if room == "run" or (room == "seal" and turn % 3 == 0):
            assert ground.run(house, name).code == KILLED
            ground.run(house)
        else:
            houses.claim(house)
        if room == "release" or (room == "seal" and turn % 3 == 1):
            assert ground.release(house, name).code == KILLED
        assert ground.release(house).code == 0
        houses.hold(house, "held", review_on=LATEST)
        ground.send_to_the_end(house)
        ground.judge.judge(house, 0, CONNECTIONS)
    else:
        house = ground.house()
        if ground.send(house, f"{name}:{turn}").code != KILLED:
            # It does not come there so often: once is enough for this house.
            house = ground.house()
            assert ground.send(house, name).code == KILLED
        ground.send_to_the_end(house)
        ground.judge.judge(house, 1, CONNECTIONS, before_closing=name not in AFTER_CLOSING)


def _settled_by_rule(ground: Ground, house: House, name: str) -> None:
    """Days later the unknown count as sent; nothing leaves twice, whatever is killed on the way."""
    before = ground.judge.received(house)
    assert ground.send(house, name, now=LATER).code == KILLED
    answer = ground.send(house, now=LATER)
    assert answer.code == 0, answer
    from duewell.store import sql

    left = sql.fetch("select 1 from message_state where creditor_id = ? and state = 'unknown'", [house.view.id])
    assert not left, "after the policy's days nothing is unknown"
    asked = sql.fetch(
        "select 1 from review_item where creditor_id = ? and kind = 'unknown' and state = 'open'", [house.view.id]
    )
    assert not asked, "and nobody is asked about it any more"
    assert ground.judge.received(house) == before


def _killed_anywhere(ground: Ground, seed: int) -> int:
    """Run, release and send, each killed at random places until it comes through; returns how often."""
    draw = random.Random(seed)
    house = ground.house(released=False)
    kills = Counter[str]()
    for step, give in (("run", ground.run), ("release", ground.release), ("send", ground.send)):
        if step == "send":
            houses.hold(house, "held", review_on=LATEST)
        for _ in range(6):
            mean = draw.choice((3, 10, 30)) if step == "send" else 3
            if give(house, f"random:{draw.randrange(1 << 30)}:{mean}").code == 0:
                break
            kills[step] += 1
        else:
            assert give(house).code == 0
    ground.send_to_the_end(house)
    ground.judge.judge(house, kills["send"], CONNECTIONS)
    return kills.total()


def _check_the_whole(ground: Ground) -> None:
    """The evidence of everything that happened here holds, and what is always true is."""
    verified = ground.warm(["verify"])
    assert verified.code == 0, verified.told["findings"][:5]
    audited = ground.warm(["audit"])
    assert audited.code == 0, [each for each in audited.told["sentences"] if not each["ok"]]


class _environment:
    """What a shell would have set, for the length of a block."""

    def __init__(self, home: Path, url: str) -> None:
        self._values = {"DUEWELL_HOME": str(home), "DATABASE_URL": url or None}
        self._before: dict[str, Any] = {}

    def __enter__(self) -> None:
        self._before = {name: os.environ.get(name) for name in self._values}
        _set(self._values)

    def __exit__(self, *error: object) -> None:
        _set(self._before)


def _set(values: dict[str, Any]) -> None:
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


LATEST = houses.DAY.replace(month=12)
