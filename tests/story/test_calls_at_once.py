"""Calls that are doubled or killed: nobody is called twice, and an outcome is saved whole or not at all."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.story.calls_town import NINE, attempts, calls, reached, settle, sound, start
from tests.town.nursery import KILLED
from tests.town.road import road


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_of_collectors_who_start_at_the_same_moment_one_gets_each_call(
    tmp_path: Path, database: str, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgres_url") if database == "postgresql" else None
    with road(tmp_path, url) as (town, workers):
        settle(town)
        (task,) = calls(town, NINE)
        words = [
            ["calls", "start", str(task["call"]), "--by", by, "--now", NINE]
            for by in ("kim", "alex", "sam", "toni")
        ]
        answers = workers.together([(each, "") for each in words])
        assert Counter(answer.code for answer in answers) == {0: 1, 2: 3}, answers
        (winner,) = [answer.told["by"] for answer in answers if answer.code == 0]
        assert [task["started_by"] for task in calls(town)] == [winner]
        # four outcomes at once: one counts
        ended = workers.together(
            [
                (["calls", "done", str(task["call"]), "--by", winner, "--outcome", outcome, "--now", NINE], "")
                for outcome in ("will_pay", "busy", "refuses", "wrong_number")
            ]
        )
        assert Counter(answer.code for answer in ended) == {0: 1, 2: 3}, ended
        sound(town)


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_an_outcome_that_is_killed_is_saved_whole_or_not_at_all(
    tmp_path: Path, database: str, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgres_url") if database == "postgresql" else None
    with road(tmp_path, url) as (town, workers):
        settle(town)
        started = start(town, NINE)
        words = [
            "calls",
            "done",
            str(started["call"]),
            "--by",
            "kim",
            "--outcome",
            "promised",
            "--on",
            "2026-03-16",
        ]
        # killed before the commit: neither stage nor hold, and the call is still Kim's
        assert workers([*words, "--now", NINE], "calls.end.commit.before").code == KILLED
        assert (attempts(town), reached(town), town.command("hold", "list")["holds"]) == (
            [("call", "started")],
            [0, 0],
            [],
        )
        # killed after it: all of it, and telling it again changes nothing
        assert workers([*words, "--now", NINE], "calls.end.commit.after").code == KILLED
        assert (attempts(town), reached(town)) == ([("call", "accepted")], [30, 30])
        town.command(*words, fails=2)
        assert len(town.command("hold", "list")["holds"]) == 1
        sound(town)


def test_forgotten_calls_become_questions_once_though_the_program_is_killed_on_the_way(tmp_path: Path) -> None:
    with road(tmp_path) as (town, workers):
        settle(town)
        start(town, NINE)
        words = ["calls", "list", "--now", "2026-03-11T08:00Z"]
        assert workers(words, "calls.forgotten.commit.before").code == KILLED
        assert attempts(town) == [("call", "started")]
        assert workers(words, "calls.forgotten.commit.after").code == KILLED
        assert calls(town, "2026-03-11T08:01Z") == []
        assert len(town.command("review", "list")["questions"]) == 1
        sound(town)


@pytest.mark.parametrize(
    "failpoint",
    ["calls.take.before", "calls.take.after", "send.start.commit.before", "send.start.commit.after"],
)
def test_a_program_that_is_killed_while_a_call_starts_lets_nobody_call_twice(
    tmp_path: Path, failpoint: str
) -> None:
    with road(tmp_path) as (town, workers):
        settle(town)
        (task,) = calls(town, NINE)
        words = ["calls", "start", str(task["call"]), "--by", "kim", "--now", NINE]
        assert workers(words, failpoint).code == KILLED
        started = failpoint == "send.start.commit.after"
        assert attempts(town) == [("call", "started" if started else "released")]
        # once it is leased somebody may still be at it, for half a minute; after the start Kim has it
        free = failpoint == "calls.take.before"
        town.command("calls", "start", str(task["call"]), "--by", "alex", fails=0 if free else 2)
        sound(town)
