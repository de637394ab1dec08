"""5. Paying the oldest invoice never skips a stage; undoing a payment brings the case back to where it was."""

from __future__ import annotations

import pytest

from tests.town import Town


@pytest.fixture(autouse=True)
def _two_invoices_and_a_first_reminder(town: Town) -> None:
    town.customers(
        "number  name  email  country  zone\nC-1  Anna Berg  anna@berg.example  DE  Europe/Berlin",
        at="2026-01-05T08:00Z",
    )
    town.invoices(
        """
        number  customer  issued      due         amount
        INV-1   C-1       2026-01-01  2026-02-02  100.00 EUR
        INV-2   C-1       2026-01-05  2026-02-05  60.00 EUR
        """
    )
    # 9 February: seven days after its due date INV-1 is at its first step; INV-2 stands on the message too
    town.night("2026-02-09")
    town.send(at="2026-02-09T11:00Z")
    assert town.received()[-1].numbers == ["INV-1", "INV-2"]
    assert _stages(town) == {"INV-1": 30, "INV-2": 0}


def _stages(town: Town) -> dict[str, int]:
    return dict(town.records.rows("select number, reached from receivable"))


def _said(town: Town) -> list[str]:
    return [mail.stage for mail in town.received()]


def test_paying_the_oldest_invoice_does_not_push_the_younger_one_ahead(town: Town) -> None:
    # 10 February: INV-1 is paid
    town.pays("INV-1", "100.00 EUR", at="2026-02-10T08:00Z")
    # 16 February: INV-2 comes to its own first step, not to the second that would have been next for INV-1
    assert town.night("2026-02-16")["proposals"] == {"first": 1}
    town.send(at="2026-02-16T11:00Z")
    assert town.received()[-1].stage == "first"
    assert town.received()[-1].numbers == ["INV-2"]
    # 24 and 25 February: more than fourteen days late, but the second waits for nine days after the first
    assert town.night("2026-02-24")["rests"] == {"not_yet": 1}
    assert town.night("2026-02-25")["proposals"] == {"second": 1}


def test_an_undone_payment_goes_on_at_the_stage_it_left(town: Town) -> None:
    # 10 February: INV-1 is paid, and on the 12th the bank takes the money back
    batch = town.pays("INV-1", "100.00 EUR", at="2026-02-10T08:00Z")["batch"]
    assert town.aging("2026-02-10")["EUR"]["total"] == 60_00
    town.command("import", "undo", str(batch), at="2026-02-12T08:00Z")
    assert town.aging("2026-02-12")["EUR"]["total"] == 160_00
    assert _stages(town)["INV-1"] == 30
    # 18 February: sixteen days late and nine after the first reminder, so the second and not the first again
    town.night("2026-02-18")
    town.send(at="2026-02-18T11:00Z")
    assert _said(town)[-1] == "second"
    assert _stages(town) == {"INV-1": 40, "INV-2": 30}


def test_a_late_start_begins_at_the_first_step_all_the_same(town: Town) -> None:
    # 20 February: a list brings an invoice that has been overdue since the autumn
    town.invoices(
        "number  customer  issued  due  amount\nINV-3  C-1  2025-09-01  2025-10-01  30.00 EUR",
        at="2026-02-20T08:00Z",
    )
    town.pays("INV-1", "100.00 EUR")
    town.pays("INV-2", "60.00 EUR")
    for day, stage in (("2026-02-23", "first"), ("2026-03-04", "second"), ("2026-03-18", "firm")):
        assert town.night(day)["proposals"] == {stage: 1}
        town.send(at=f"{day}T11:00Z")
    assert _said(town)[-3:] == ["first", "second", "firm"]


def test_a_part_payment_changes_nothing_about_the_steps(town: Town) -> None:
    town.pays("INV-1", "99.00 EUR", at="2026-02-10T08:00Z")
    town.pays("INV-2", "60.00 EUR")
    # one euro is less than the five for which the strategy writes; the stage stays
    assert town.night("2026-02-18")["rests"] == {"below_minimum": 1}
    town.invoices(
        "number  customer  issued  due  amount\nINV-3  C-1  2026-02-01  2026-02-13  20.00 EUR",
        at="2026-02-18T08:00Z",
    )
    # 19 February: with INV-3 the account is worth a message; INV-1 climbs to the second step, INV-3 to the first
    town.night("2026-02-19")
    town.send(at="2026-02-19T11:00Z")
    assert _said(town)[-1] == "second"
    assert _stages(town) == {"INV-1": 40, "INV-2": 0, "INV-3": 30}
