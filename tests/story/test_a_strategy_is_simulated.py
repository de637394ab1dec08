"""What would the next months be like? The present book is played on, as customers are known to pay."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from duewell.cli import simulation_text
from tests.town import Town

TODAY = date(2026, 3, 10)
NOW = "2026-03-10T08:00Z"
SLOW = """\
strategy: slow
title: One reminder after two weeks
grace_days: 0
least_gap_days: 7
steps:
  - {stage: first, offset_days: 14, channels: [email], tone: kind, business_days_only: false}
"""


@pytest.fixture
def slow(town: Town) -> Path:
    """A file of a strategy that writes once, fourteen days after the due date."""
    file = town.home.parent / "slow.yaml"
    file.write_text(SLOW)
    return file


def pays_always(town: Town, delays: dict[str, int], invoices: int = 12) -> None:
    """Each customer has paid a dozen invoices on its own day after the due date, and owes one due today."""
    people, billed, paid = [], ["number  customer  issued  due  amount"], []
    for customer, delay in delays.items():
        people.append(
            {"customer_number": customer, "name": f"Customer {customer}", "email": f"{customer}@x.example"}
        )
        for number in range(invoices):
            due = TODAY - timedelta(days=30 * number)
            billed.append(f"{customer}-{number}  {customer}  {due - timedelta(days=14)}  {due}  100.00 EUR")
            if number:
                on = (due + timedelta(days=delay)).isoformat()
                money = {"payment_date": on, "amount": "100.00", "currency": "EUR"}
                if on <= TODAY.isoformat():
                    paid.append({"invoice_number": f"{customer}-{number}", **money})
    town.takes("customers", people, at=NOW)
    town.invoices("\n".join(billed))
    town.takes("payments", paid)


def simulate(town: Town, file: Path | str, *words: str) -> dict[str, Any]:
    return town.command("strategy", "simulate", str(file), "--instead-of", "gentle", *words, at=NOW)


def test_who_always_pays_on_day_twelve_gets_no_reminder_on_day_fourteen(town: Town, slow: Path) -> None:
    pays_always(town, {"A": 12, "B": 12, "C": 3, "D": 4, "E": 20, "F": 20, "G": 5, "H": 12})
    told = simulate(town, slow)
    # Only those who pay on day twenty are written to, once each.
    assert told["changed"]["messages"]["by_stage"]["first"]["email"]["mean"] == 2
    assert [day["on"] for day in told["changed"]["days"] if day["messages"]] == ["2026-03-24"]
    # All will have paid by then, A on day twelve.
    assert told["changed"]["cash"]["EUR"]["mean"] == 8 * 100_00
    by_day = {day["on"]: day["cash"].get("EUR", 0) for day in told["changed"]["days"]}
    assert by_day["2026-03-22"] == pytest.approx(3 * 100_00, rel=0.05)
    assert told["changed"]["cash"]["EUR"]["after_a_message"] == pytest.approx(2 * 100_00, rel=0.05)


def test_the_same_seed_plays_the_same_and_nothing_is_written(town: Town, slow: Path) -> None:
    pays_always(town, {"A": 12, "B": 3, "C": 25, "D": 40})
    before = town.records.rows("select count(*) from fact")
    assert simulate(town, slow) == simulate(town, slow)
    other = simulate(town, slow, "--seed", "2")
    assert other["seed"] == 2
    assert town.records.rows("select count(*) from fact") == before
    assert "A reminder changes nothing" in other["assumed"][0]


def test_totals_add_up(either_town: Town) -> None:
    town, slow = either_town, either_town.home.parent / "slow.yaml"
    slow.write_text(SLOW)
    pays_always(town, {name: (place * 7) % 33 for place, name in enumerate("ABCDEFGHIJKL")})
    told = simulate(town, slow, "--draws", "7", "--days", "30")
    for side in (told["present"], told["changed"]):
        cash, end = side["cash"]["EUR"], side["open_at_end"]["EUR"]
        assert told["open_today"]["EUR"]["total"] == cash["mean"] + end["total"]
        assert end["total"] == sum(minor for age, minor in end.items() if age != "total")
        assert cash["mean"] == cash["before_any_message"] + cash["after_a_message"]
        assert cash["mean"] == sum(day["cash"].get("EUR", 0) for day in side["days"])
        assert cash["low"] <= cash["mean"] <= cash["high"]
        total = side["messages"]["total"]["mean"]
        assert total == sum(sum(one.values()) for day in side["days"] for one in day["messages"].values())
        of_steps = [
            found["mean"] for channels in side["messages"]["by_stage"].values() for found in channels.values()
        ]
        assert total == sum(of_steps)
    # No effect of reminders is made up: the money is the same under both.
    for name in ("mean", "low", "high"):
        assert told["present"]["cash"]["EUR"][name] == told["changed"]["cash"]["EUR"][name]


def test_an_account_with_many_invoices_is_drawn_less_often_and_its_draws_repeat(
    town: Town, slow: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pays_always(town, {"A": 12, "B": 3, "C": 25, "D": 40})
    monkeypatch.setattr("duewell.flows.simulate.ITEMS_DRAWN", 2)
    told = simulate(town, slow, "--draws", "6")
    side = told["changed"]
    assert told["open_today"]["EUR"]["total"] == side["cash"]["EUR"]["mean"] + side["open_at_end"]["EUR"]["total"]
    assert side["messages"]["total"]["mean"] == sum(
        sum(sum(one.values()) for one in day["messages"].values()) for day in side["days"]
    )


def test_of_a_large_book_a_part_is_played_and_it_is_said(town: Town, slow: Path) -> None:
    pays_always(town, {f"C{place:02}": (place * 7) % 33 for place in range(40)}, invoices=6)
    whole, part = simulate(town, slow), simulate(town, slow, "--accounts", "20")
    assert (part["accounts"], part["accounts_looked_at"]) == (40, 20)
    found, truth = part["changed"]["messages"]["total"], whole["changed"]["messages"]["total"]
    assert found["error"] > truth["error"]
    assert abs(found["mean"] - truth["mean"]) <= 3 * (found["error"] + truth["error"])


def test_a_simulation_without_payments_says_what_the_nights_then_do(town: Town) -> None:
    # Nobody ever paid, so nobody is taken to pay: what is said must be what forty real nights say.
    town.customers(
        """
        number  name        email
        C-1     Anna Berg   anna@berg.example
        C-2     Bob Cole    bob@cole.example
        C-3     Cleo Dahl   cleo@dahl.example
        C-4     Dora Eck    dora@eck.example
        """,
        at=NOW,
    )
    town.invoices(
        """
        number  customer  issued      due         amount
        INV-1   C-1       2026-02-01  2026-03-12  100.00 EUR
        INV-2   C-1       2026-02-10  2026-03-20  40.00 EUR
        INV-3   C-2       2026-01-01  2026-02-01  80.00 EUR
        INV-4   C-3       2026-02-01  2026-03-05  60.00 EUR
        INV-5   C-4       2026-02-01  2026-03-08  60.00 EUR
        """
    )
    town.promises("C-2", until="2026-03-25")
    town.disputes("INV-4")
    told = town.command("strategy", "simulate", "gentle", "--days", "40", "--draws", "2", at=NOW)
    assert told["habits"]["invoices"] == 0
    assert "nobody is taken to pay" in told["assumed"][-1]
    said = {
        day["on"]: {stage: sum(channels.values()) for stage, channels in day["messages"].items()}
        for day in told["present"]["days"]
    }
    done: dict[str, dict[str, int]] = {}
    for number in range(40):
        day = (TODAY + timedelta(days=number)).isoformat()
        ran = town.night(day, at=town.instant(day, 9))
        if ran["proposals"]:
            done[day] = ran["proposals"]
            assert town.send(at=town.instant(day, 12))["accepted"] == sum(ran["proposals"].values())
    assert said == done
    assert len(done) >= 5


def test_it_is_drawn_in_plain_characters_as_wide_as_the_terminal(town: Town, slow: Path) -> None:
    pays_always(town, {name: (place * 7) % 33 for place, name in enumerate("ABCDEFGH")})
    told = simulate(town, slow)
    for columns in (60, 80, 120):
        text = simulation_text.drawn("Bright Light Ltd: slow instead of gentle", told, columns)
        assert text.isascii()
        lines = text.splitlines()
        assert max(map(len, lines)) <= columns
        assert any(line.count("#") > columns - 45 for line in lines), "the longest bar fills the room"
        assert "messages by week: - now, = then" in lines
        assert (
            any("A reminder changes nothing about when a customer pays." in line for line in lines) or columns < 66
        )
    alone = simulation_text.drawn("x", town.command("strategy", "simulate", "gentle"), 80)
    assert "then" not in alone.split("What was assumed")[0]
