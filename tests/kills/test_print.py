"""Letters on their way to the printer: whatever is killed, none is lost or doubled, and the bytes are the same."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from duewell.flows import failpoints
from tests.story.test_letters import ON_PAPER
from tests.town.nursery import KILLED, Workers
from tests.town.road import road
from tests.town.town import Town

NOON = "2026-03-09T11:00Z"
OF_MAKE = (
    "print.open.commit.before",
    "print.open.commit.after",
    "send.take.commit.after",
    "send.start.commit.before",
    "send.start.commit.after",
    "print.files.before",
    "print.files.between",
    "print.files.after",
    "print.ready.commit.before",
    "print.ready.commit.after",
)
OF_HAND_OVER = (
    "print.handover.commit.before",
    "print.handover.commit.after",
    "print.end.commit.before",
    "print.end.commit.after",
)
OF_TAKING_OUT = ("print.takeout.commit.before", "print.takeout.commit.after", "print.handover.commit.before")
OF_CANCEL = ("print.cancel.commit.before", "print.cancel.commit.after", "print.end.commit.before")
OF_RETURN = ("print.returned.commit.before", "print.returned.commit.after")
LETTERS = 2


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def press_room(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    folder = tmp_path_factory.mktemp("press")
    if request.param == "sqlite":
        with road(folder) as (town, workers):
            yield Press(town, workers)
    else:
        with (
            request.getfixturevalue("postgres_server").database() as url,
            road(folder, url) as (town, workers),
        ):
            yield Press(town, workers)


class Press:
    """A town in which some more customers get letters each time."""

    def __init__(self, town: Town, workers: Workers) -> None:
        self.town = town
        self.workers = workers
        self._customers = 0
        (town.home / "strategies").mkdir()
        (town.home / "strategies" / "paper.yaml").write_text(ON_PAPER, encoding="utf-8")
        town.command("creditor", "edit", "light", "--strategy", "paper", at="2026-02-02T08:00Z")

    def fill(self) -> list[str]:
        """Letters for so many new customers are released; the numbers of their accounts."""
        town = self.town
        numbers = [f"C-{self._customers + place}" for place in range(1, LETTERS + 1)]
        self._customers += LETTERS
        town.takes(
            "customers",
            [
                {
                    "customer_number": number,
                    "name": f"Person {number}",
                    "street": "Am Anger 3",
                    "postcode": "99084",
                    "city": "Erfurt",
                    "country": "DE",
                }
                for number in numbers
            ],
            at="2026-03-08T08:00Z",
        )
        rows = "\n".join(f"INV-{number}  {number}  2026-02-01  2026-03-01  50.00 EUR" for number in numbers)
        town.invoices("number  customer  issued  due  amount\n" + rows)
        town.night("2026-03-09", at="2026-03-09T10:00Z")
        return numbers

    def kill(self, place: str, *words: str) -> None:
        """Give the command in a process of its own, which is killed at the place."""
        assert self.workers([*words, "--now", NOON], place).code == KILLED

    def states(self, numbers: list[str]) -> list[str]:
        """The states of the attempts of these accounts, without those that were put back."""
        marks = ", ".join("?" * len(numbers))
        rows = self.town.records.rows(
            "select t.state from attempt t join account a on a.id = t.account_id"
            f" where a.number in ({marks}) and t.state <> 'deferred' order by t.id",
            *numbers,
        )
        return [row[0] for row in rows]

    def sound(self) -> None:
        assert self.town.command("audit")["ok"]


def test_every_place_of_printing_is_killed_here() -> None:
    places = {name for name in failpoints.NAMES if name.startswith("print.")}
    assert places == {
        name
        for name in (*OF_MAKE, *OF_HAND_OVER, *OF_TAKING_OUT, *OF_CANCEL, *OF_RETURN)
        if name.startswith("print.")
    }


def test_a_maker_that_is_killed_loses_no_letter_and_doubles_none(press_room: Press) -> None:
    town = press_room.town
    for place in OF_MAKE:
        numbers = press_room.fill()
        press_room.kill(place, "print", "make")
        files = {path.name: path.read_bytes() for path in town.home.glob("print/light/batch-*.pdf")}
        town.command("print", "make", at=NOON)
        newest = town.command("print", "list")["batches"][0]
        assert (newest["state"], newest["letters"]) == ("ready", LETTERS), place
        listed = town.command("print", "show", str(newest["id"]))
        assert sorted(one["account"] for one in listed["listed"]) == sorted(numbers), place
        assert press_room.states(numbers) == ["started"] * LETTERS, place
        # what lay there already lies there still, to the byte
        for name, content in files.items():
            assert (town.home / "print" / "light" / name).read_bytes() == content, place
        assert sha256(Path(listed["file"]).read_bytes()).hexdigest() == newest["digest"], place
        town.command("print", "hand-over", str(newest["id"]))
    press_room.sound()


def test_a_hand_over_that_is_killed_hands_each_letter_over_once(press_room: Press) -> None:
    town = press_room.town
    for place in OF_HAND_OVER:
        numbers = press_room.fill()
        batch = str(town.command("print", "make", at=NOON)["batch"])
        press_room.kill(place, "print", "hand-over", batch)
        town.command("print", "hand-over", batch, at=NOON)
        assert town.command("print", "show", batch)["state"] == "handed_over"
        assert press_room.states(numbers) == ["accepted"] * LETTERS, place
    press_room.sound()


def test_a_hand_over_without_one_letter_that_is_killed_leaves_it_out(press_room: Press) -> None:
    town = press_room.town
    for place in OF_TAKING_OUT:
        numbers = press_room.fill()
        batch = str(town.command("print", "make", at=NOON)["batch"])
        out = str(town.command("print", "show", batch)["listed"][0]["attempt"])
        words = ["print", "hand-over", batch, "--without", out]
        press_room.kill(place, *words)
        town.command(*words, at=NOON)
        assert town.command("print", "show", batch)["state"] == "handed_over"
        assert sorted(press_room.states(numbers)) == ["accepted", "released"], place
        again = town.command("print", "make")
        assert again["letters"] == 1
        town.command("print", "hand-over", str(again["batch"]))
    press_room.sound()


def test_a_cancellation_that_is_killed_puts_each_letter_back_once(press_room: Press) -> None:
    town = press_room.town
    for place in OF_CANCEL:
        numbers = press_room.fill()
        batch = str(town.command("print", "make", at=NOON)["batch"])
        press_room.kill(place, "print", "cancel", batch, "--reason", "wrong paper")
        town.command("print", "cancel", batch, "--reason", "wrong paper", at=NOON)
        assert town.command("print", "show", batch)["state"] == "cancelled"
        assert press_room.states(numbers) == ["released"] * LETTERS, place
        again = town.command("print", "make")
        assert (again["letters"], press_room.states(numbers)) == (LETTERS, ["started"] * LETTERS)
        town.command("print", "hand-over", str(again["batch"]))
    press_room.sound()


def test_a_return_that_is_killed_takes_the_stage_back_once(press_room: Press) -> None:
    town = press_room.town
    for place in OF_RETURN:
        numbers = press_room.fill()
        batch = str(town.command("print", "make", at=NOON)["batch"])
        town.command("print", "hand-over", batch)
        attempt = str(town.command("print", "show", batch)["listed"][0]["attempt"])
        words = ["print", "returned", attempt, "--reason", "moved"]
        press_room.kill(place, *words)
        town.command(*words, at=NOON, fails=2 if place.endswith("after") else 0)
        assert sorted(press_room.states(numbers)) == ["accepted", "returned"], place
    press_room.sound()
