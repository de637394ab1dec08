"""Failpoints: they kill where they are told to, and cost nothing where they are not."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from duewell.flows import failpoints
from tests.sink import spawn

SEND = """
import sys
from duewell.adapters.channels.email.transport import Lines
from duewell.flows.transport import Envelope, Ready
with Lines(sys.argv[1], 4) as lines:
    for batch in range(2):
        names = ["c%d-%d@customer.example" % (batch, place) for place in range(4)]
        head = "From: a@firm.example\\r\\nMessage-ID: <%s>\\r\\n\\r\\nDue.\\r\\n"
        opened = lines.open_all([Envelope("a@firm.example", name, (head % name).encode()) for name in names])
        lines.close_all([one for one in opened if isinstance(one, Ready)])
"""


def run(failpoint: str, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env={**os.environ, failpoints.VARIABLE: failpoint},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", sorted(name for name in failpoints.NAMES if name.startswith("send.socket.")))
def test_a_sender_dies_at_every_place_on_the_wire(name: str, tmp_path: Path) -> None:
    # A refusal in the first batch makes the second one begin with RSET on that connection.
    refusal = [{"verb": "rcpt", "match": "c0-3@", "action": "550"}]
    with spawn(tmp_path / "log", refusal) as sink:
        killed = run(name, SEND, sink.url)
        assert killed.returncode == -signal.SIGKILL, killed.stderr


@pytest.mark.parametrize(
    ("failpoint", "accepted_at_least", "accepted_at_most"),
    [
        ("send.socket.connect:4", 0, 0),
        ("send.socket.envelope.after:4", 0, 0),
        ("send.socket.body.after:4", 0, 0),  # all four bodies are written, not one may arrive
        ("send.socket.dot.before:3", 0, 2),
        ("send.socket.dot.after:3", 0, 3),
        ("send.socket.reply:4", 4, 4),
        ("send.socket.body:5", 4, 4),
        ("send.socket.quit", 8, 8),
    ],
)
def test_what_a_killed_sender_has_delivered_follows_from_its_dots(
    failpoint: str, accepted_at_least: int, accepted_at_most: int, tmp_path: Path
) -> None:
    with spawn(tmp_path / "log") as sink:
        assert run(failpoint, SEND, sink.url).returncode == -signal.SIGKILL
    names = [entry.message_id for entry in sink.log()]
    assert accepted_at_least <= len(names) <= accepted_at_most
    assert len(set(names)) == len(names)


def test_nothing_armed_means_nothing_happens() -> None:
    failpoints.hit("send.socket.body")
    failpoints.hit("no such place")


def test_an_undeclared_place_is_noticed_as_soon_as_something_is_armed() -> None:
    plan = failpoints.Plan("random:1:1000000", pytest.fail)
    plan.hit("send.socket.body")
    with pytest.raises(failpoints.BadFailpoint, match="not declared"):
        plan.hit("no such place")


def test_the_nth_time_counts_only_its_own_place() -> None:
    hits: list[str] = []
    plan = failpoints.Plan("send.socket.body:3", lambda: hits.append("kill"))
    for _ in range(5):
        plan.hit("send.socket.envelope")
        hits.append("body")
        plan.hit("send.socket.body")
    assert hits == ["body", "body", "body", "kill", "body", "body"]


def test_a_seed_kills_at_the_same_places_and_about_as_often_as_asked() -> None:
    def places(seed: int) -> list[int]:
        kills: list[int] = []
        hits = itertools.count()
        plan = failpoints.Plan(f"random:{seed}:10", lambda: kills.append(next(hits)))
        for _ in range(10_000):
            next(hits)
            plan.hit("send.socket.reply")
        return kills

    assert places(1) == places(1)
    assert places(1) != places(2)
    assert 800 < len(places(1)) < 1200


@pytest.mark.parametrize(
    "text",
    ["nowhere", "nowhere:1", "send.socket.body:0", "send.socket.body:x", "random", "random:1", "random:1:0"],
)
def test_a_variable_that_cannot_be_read_stops_the_program(text: str) -> None:
    with pytest.raises(failpoints.BadFailpoint):
        failpoints.Plan(text, lambda: None)
    assert "BadFailpoint" in run(text, "import duewell.flows.failpoints").stderr
