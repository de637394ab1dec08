"""Letters on their way to the printer, into the post, and back."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from tests.story.test_channels import attempts, reached, settle, sound
from tests.town import Town

ON_PAPER = """
strategy: paper
title: Paper, then the telephone
least_gap_days: 5
steps:
  - stage: first
    offset_days: 7
    channels: [letter, call]
    tone: kind
  - stage: second
    offset_days: 21
    channels: [letter]
    tone: formal
"""


def test_a_letter_is_printed_posted_and_comes_back(either_town: Town) -> None:
    town = either_town
    settle(town, ON_PAPER)
    town.night("2026-03-09")
    assert town.command("print", "list", at="2026-03-09T09:00Z")["waiting"] == 1
    # 9 March, morning: the file for the printer
    made = town.command("print", "make")
    assert (made["letters"], made["withheld"]) == (1, {})
    batch, file = str(made["batch"]), Path(made["file"])
    assert file.read_bytes().startswith(b"%PDF")
    manifest = json.loads(file.with_suffix(".json").read_bytes())
    assert manifest["sha256"] == sha256(file.read_bytes()).hexdigest()
    assert attempts(town) == [("letter", "started")]
    assert reached(town) == 0
    # nothing is left for a second file, and the account is not decided again meanwhile
    assert town.command("print", "make")["batch"] is None
    assert town.run("2026-03-09")["rests"] == {"in_flight": 1}
    sound(town)
    # the file is lost, and made again from what was kept: the same bytes
    before = file.read_bytes()
    file.unlink()
    town.command("print", "show", batch, "--again")
    assert file.read_bytes() == before
    # 10 March: it is in the post
    assert town.command("print", "hand-over", batch, at="2026-03-10T08:00Z")["letters"] == 1
    assert town.command("print", "hand-over", batch)["letters"] == 0
    assert attempts(town) == [("letter", "accepted")]
    assert town.records.rows("select reached from receivable") == [(30,)]
    assert town.command("print", "cancel", batch, "--reason", "too late", fails=2)
    sound(town)
    # 16 March: it comes back, so it was no notice, and the telephone is next
    attempt = str(town.command("print", "show", batch)["listed"][0]["attempt"])
    told = town.command("print", "returned", attempt, "--reason", "moved", at="2026-03-16T09:00Z")
    assert told["next"] == "call"
    assert attempts(town) == [("letter", "returned"), ("call", "released")]
    assert reached(town) == 0
    town.command("print", "returned", attempt, "--reason", "moved", fails=2)
    sound(town)
    assert town.command("verify")["ok"]


def test_a_cancelled_batch_lets_its_letters_wait_again(town: Town) -> None:
    settle(town, ON_PAPER)
    town.night("2026-03-09")
    made = town.command("print", "make", at="2026-03-09T09:00Z")
    town.command("print", "cancel", str(made["batch"]), "--reason", "wrong paper")
    assert not Path(made["file"]).exists()
    assert attempts(town) == [("letter", "deferred"), ("letter", "released")]
    sound(town)
    again = town.command("print", "make")
    assert (again["letters"], again["batch"] != made["batch"]) == (1, True)
    sound(town)


def test_whoever_pays_before_the_letter_is_set_gets_none(town: Town) -> None:
    settle(town, ON_PAPER)
    town.night("2026-03-09")
    town.pays("INV-1", "100.00 EUR", at="2026-03-09T08:00Z")
    made = town.command("print", "make", at="2026-03-09T09:00Z")
    assert (made["batch"], made["withheld"]) == (None, {"paid": 1})
    sound(town)


@pytest.mark.parametrize("end", ["paid", "held", "stopped"])
def test_whoever_pays_before_the_letter_is_posted_gets_none(town: Town, end: str) -> None:
    settle(town, ON_PAPER)
    town.night("2026-03-09")
    batch = str(town.command("print", "make", at="2026-03-09T14:00Z")["batch"])
    assert town.command("print", "show", batch)["unwanted"] == []
    town.now = "2026-03-09T15:00Z"
    match end:
        case "paid":
            town.pays("INV-1", "100.00 EUR")
        case "held":
            town.command("hold", "add", "C-1", "--kind", "hardship", "--reason", "ill", "--review", "2026-04-01")
        case "stopped":
            town.command("stop", "C-1", "--reason", "no more")
    (unwanted,) = town.command("print", "show", batch)["unwanted"]
    letter = str(unwanted["attempt"])
    # nothing is handed over, and the person is told which letter to take out
    told = town.command("print", "hand-over", batch, fails=1)
    assert told is None or (told["letters"], told["unwanted"]) == (0, [unwanted])
    assert attempts(town) == [("letter", "started")]
    town.command("print", "hand-over", batch, "--without", "999999", fails=2)
    assert town.command("print", "hand-over", batch, "--without", letter)["letters"] == 0
    # it did not leave, so it counts for nothing, and the next file does without it
    assert reached(town) == 0
    assert attempts(town)[0] == ("letter", "deferred")
    made = town.command("print", "make", at="2026-03-10T10:00Z")
    assert (made["batch"], sum(made["withheld"].values())) == (None, 1)
    assert ("letter", "started") not in attempts(town)
    sound(town)


def test_a_letter_that_asks_for_more_than_is_open_now_is_made_again(town: Town) -> None:
    settle(town, ON_PAPER)
    town.night("2026-03-09")
    batch = str(town.command("print", "make", at="2026-03-09T14:00Z")["batch"])
    town.pays("INV-1", "30.00 EUR", at="2026-03-09T15:00Z")
    (unwanted,) = town.command("print", "hand-over", batch, fails=1)["unwanted"]
    assert unwanted["reason"] == "asks_too_much"
    town.command("print", "hand-over", batch, "--without", str(unwanted["attempt"]))
    again = str(town.command("print", "make", at="2026-03-10T10:00Z")["batch"])
    assert town.command("print", "show", again)["unwanted"] == []
    assert town.command("print", "hand-over", again)["letters"] == 1
    assert reached(town) == 30
    sound(town)


def test_a_letter_to_where_nobody_lives_any_more_is_made_again(town: Town) -> None:
    settle(town, ON_PAPER)
    town.night("2026-03-09")
    batch = str(town.command("print", "make", at="2026-03-09T14:00Z")["batch"])
    town.now = "2026-03-09T15:00Z"
    town.command("customer", "edit", "C-1", "--street", "Neuer Weg 9", "--reason", "moved")
    (unwanted,) = town.command("print", "hand-over", batch, fails=1)["unwanted"]
    assert unwanted["reason"] == "other_address"
    town.command("print", "hand-over", batch, "--without", str(unwanted["attempt"]))
    again = str(town.command("print", "make", at="2026-03-10T10:00Z")["batch"])
    assert town.command("print", "hand-over", again)["letters"] == 1
    sound(town)


def test_a_letter_that_is_in_the_post_already_is_handed_over_anyway(town: Town) -> None:
    settle(town, ON_PAPER)
    town.night("2026-03-09")
    batch = str(town.command("print", "make", at="2026-03-09T14:00Z")["batch"])
    town.pays("INV-1", "100.00 EUR", at="2026-03-09T15:00Z")
    assert town.command("print", "hand-over", batch, "--anyway")["letters"] == 1
    assert attempts(town) == [("letter", "accepted")]
    sound(town)


def test_a_letter_with_no_channel_after_it_comes_back_to_a_person(town: Town) -> None:
    settle(town, ON_PAPER.replace("[letter, call]", "[letter]"))
    town.night("2026-03-09")
    made = town.command("print", "make", at="2026-03-09T09:00Z")
    town.command("print", "hand-over", str(made["batch"]), at="2026-03-09T15:00Z")
    attempt = town.command("print", "show", str(made["batch"]))["listed"][0]["attempt"]
    assert (
        town.command("print", "returned", str(attempt), "--reason", "unknown", at="2026-03-13T09:00Z")["next"]
        == ""
    )
    assert [one["kind"] for one in town.command("review", "list")["questions"]] == ["refused"]
    assert town.records.rows("select count(*) from claim where not freed") == [(0,)]
    sound(town)
