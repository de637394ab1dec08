"""6. The preview is the run: what the finance manager saw in the plan is what is claimed, or nothing is."""

from __future__ import annotations

import pytest

from tests.town import Town


@pytest.fixture(autouse=True)
def _two_debtors(request: pytest.FixtureRequest) -> None:
    town: Town = request.getfixturevalue("either_town" if "either_town" in request.fixturenames else "town")
    town.customers(
        """
        number  name       email              country  zone
        C-1     Anna Berg  anna@berg.example  DE       Europe/Berlin
        C-2     Bob Cole   bob@cole.example   DE       Europe/Berlin
        """,
        at="2026-02-02T08:00Z",
    )
    town.invoices(
        """
        number  customer  issued      due         amount
        INV-1   C-1       2026-02-01  2026-03-01  100.00 EUR
        INV-2   C-2       2026-02-01  2026-03-01  80.00 EUR
        """
    )


def test_a_plan_that_still_stands_is_done_to_the_letter(either_town: Town) -> None:
    town = either_town
    # 10 March, morning: the plan
    plan = town.plan("2026-03-10", at="2026-03-10T07:00Z")
    assert plan["proposals"] == {"first": 2}
    assert town.received() == []
    # 10 March, an hour later: exactly that
    ran = town.run("2026-03-10", "--plan", plan["plan"], at="2026-03-10T08:00Z")
    assert (ran["plan"], ran["proposals"]) == (plan["plan"], plan["proposals"])
    # what was shown is what was kept, line by line
    shown = town.command("plan", "--as-of", "2026-03-10", "--list")
    assert shown["rests"] == {"in_flight": 2}


def test_a_plan_is_the_same_however_often_it_is_asked_for(town: Town) -> None:
    hashes = {town.plan("2026-03-10", at=f"2026-03-10T0{hour}:00Z")["plan"] for hour in range(1, 7)}
    assert len(hashes) == 1


def test_a_payment_between_plan_and_run_stops_the_run_and_is_named(town: Town) -> None:
    plan = town.plan("2026-03-10", at="2026-03-10T07:00Z")
    # 10 March, half past eight: Bob pays
    town.pays("INV-2", "80.00 EUR", at="2026-03-10T07:30Z")
    told = town.command("run", "--as-of", "2026-03-10", "--plan", plan["plan"], "--yes", fails=3)
    assert told["error"] == "moved"
    (difference,) = told["differences"]
    assert town.records.rows("select number from account where id = ?", difference["account"]) == [("C-2",)]
    assert town.records.rows("select count(*) from message") == [(0,)]
    # what still stands can be done: fewer, never others
    ran = town.run("2026-03-10", "--plan", plan["plan"], "--unchanged-only")
    assert ran["proposals"] == {"first": 1}
    assert [item["account"] for item in ran["left_out"]] == [difference["account"]]


def test_an_invoice_that_came_after_the_plan_is_not_smuggled_into_it(town: Town) -> None:
    plan = town.plan("2026-03-10", at="2026-03-10T07:00Z")
    town.customers("number  name  email  country  zone\nC-3  Cy Dee  cy@dee.example  DE  Europe/Berlin")
    town.invoices("number  customer  issued  due  amount\nINV-3  C-3  2026-02-01  2026-03-01  60.00 EUR")
    ran = town.run("2026-03-10", "--plan", plan["plan"], "--unchanged-only")
    assert ran["proposals"] == {"first": 2}
    # the next run takes the new customer
    assert town.run("2026-03-10")["proposals"] == {"first": 1}


def test_the_first_run_and_one_far_larger_than_usual_need_a_second_yes(town: Town) -> None:
    told = town.command("run", "--as-of", "2026-03-10", at="2026-03-10T07:00Z", fails=3)
    assert "first run" in told["message"]
    assert town.records.rows("select count(*) from message") == [(0,)]
    town.night("2026-03-10")
    # 11 March: sixty new customers come in at once, far more than the two of the day before
    rows = "\n".join(f"D-{number}  D{number}  d{number}@dee.example  DE  Europe/Berlin" for number in range(60))
    town.customers(f"number  name  email  country  zone\n{rows}", at="2026-03-11T07:00Z")
    rows = "\n".join(f"NEW-{number}  D-{number}  2026-02-01  2026-03-01  60.00 EUR" for number in range(60))
    town.invoices(f"number  customer  issued  due  amount\n{rows}")
    told = town.command("run", "--as-of", "2026-03-11", fails=3)
    assert "60 messages" in told["message"]
    assert town.run("2026-03-11")["proposals"] == {"first": 60}


def test_every_account_is_counted_once(town: Town) -> None:
    plan = town.plan("2026-03-10", at="2026-03-10T07:00Z")
    counted = sum(sum(plan[part].values()) for part in ("proposals", "rests", "refused", "review"))
    assert plan["accounts"] == counted == 2
