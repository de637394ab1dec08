"""Whatever is killed wherever: nothing is lost, nothing is sent twice, and little is unknown."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from duewell.flows import failpoints
from tests.kills import house as houses
from tests.kills.ground import CONNECTIONS, KILLED, Ground
from tests.kills.house import House

LATEST = houses.DAY.replace(month=12)
LATER = "2026-03-14T10:00:00+00:00"
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
RANDOM_IN_FAST = 6
RANDOM_IN_SLOW = 1000


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
