"""Somebody calls: "we paid on Monday". It is recorded by hand, and everything goes on as if a file had told it."""

from __future__ import annotations

import pytest

from tests.town import Town

pytestmark = pytest.mark.usefixtures("anna_owes_a_hundred")


def opened(town: Town) -> list[tuple[str, int]]:
    return town.records.rows("select number, open_minor from receivable order by id")


def test_a_payment_recorded_after_the_decision_stops_the_message(either_town: Town) -> None:
    town = either_town
    # 10 March, night: nine days late, a reminder is decided and released
    town.night("2026-03-10")
    # 10 March, morning: Anna calls, she has paid; first a look at what recording it would do
    words = [
        "record",
        "payment",
        "INV-1",
        "100,00 EUR",
        "--on",
        "2026-03-09",
        "--reason",
        "seen in online banking",
    ]
    looked = town.command(*words, "--dry-run", at="2026-03-10T07:30Z")
    assert (looked["recorded"], looked["open_before_minor"], looked["open_after_minor"]) == (False, 100_00, 0)
    assert opened(town) == [("INV-1", 100_00)]
    told = town.command(*words)
    assert told["items"] == [{"invoice": "INV-1", "open_before_minor": 100_00, "open_after_minor": 0}]
    # 10 March, noon: nothing leaves
    assert town.send(at="2026-03-10T12:00Z")["withheld"] == {"paid": 1}
    assert town.received() == []
    assert "ledger.posted" in town.facts(since="2026-03-10T07:00Z")
    assert town.command("audit")["ok"] is True
    # 12 March: the bank file has it as well, in the words of the bank; it counts once
    record = {"invoice_number": "INV-1", "payment_date": "2026-03-09", "amount": "100.00", "currency": "EUR"}
    record["reference"] = "SEPA 4711 BERG"
    assert town.takes("payments", [record], at="2026-03-12T08:00Z")["new"] == 0
    assert town.takes("payments", [record, record], at="2026-03-13T08:00Z")["new"] == 1, "a second one is real"
    assert town.command("audit")["ok"] is True


def test_an_equal_sum_of_that_day_is_asked_about(town: Town) -> None:
    town.pays("INV-1", "40.00 EUR", on="2026-03-05", at="2026-03-06T08:00Z", reference="R-1")
    words = ["record", "payment", "INV-1", "40.00", "--on", "2026-03-05"]
    asked = town.command(*words, fails=1)
    assert asked["recorded"] is False
    assert "from import" in asked["question"]
    assert opened(town) == [("INV-1", 60_00)]
    town.command(*words, "--again")
    assert opened(town) == [("INV-1", 20_00)]
    listed = town.command("record", "list", "C-1")["payments"]
    assert [(one["amount_minor"], one["import"] is None) for one in listed] == [(40_00, False), (40_00, True)]


def test_a_payment_that_bounced_is_asked_for_again_at_the_stage_it_had(either_town: Town) -> None:
    town = either_town
    # 10 March: the first reminder goes out
    town.night("2026-03-10")
    town.send(at="2026-03-10T09:00Z")
    assert len(town.received()) == 1
    # 12 March: paid. 16 March: the bank returns it
    number = town.command("record", "payment", "C-1", "100 EUR", "--on", "2026-03-12", at="2026-03-12T08:00Z")[
        "payment"
    ]
    town.command(
        "record", "undo", str(number), "--reason", "returned by the bank", "--bounced", "2026-03-16",
        at="2026-03-16T08:00Z",
    )  # fmt: skip
    assert opened(town) == [("INV-1", 100_00)]
    assert town.records.rows("select reached > 0 from receivable")[0][0]
    # The day between, nothing was owed; today everything is.
    assert town.aging("2026-03-14").get("EUR", {"total": 0})["total"] == 0
    assert town.aging("2026-03-16")["EUR"]["total"] == 100_00
    again = ["record", "undo", str(number), "--reason", "twice"]
    assert "taken back before" in town.command(*again, "--bounced", "2026-03-16", fails=2)["message"]
    assert town.command("audit")["ok"] is True


def test_a_payment_recorded_by_mistake_never_was(town: Town) -> None:
    number = town.command("record", "payment", "C-1", "70 EUR", "--on", "2026-03-02", at="2026-03-02T08:00Z")
    told = town.command("record", "undo", str(number["payment"]), "--reason", "meant another customer")
    assert (told["open_before_minor"], told["open_after_minor"]) == (30_00, 100_00)
    assert town.aging("2026-03-02")["EUR"]["total"] == 100_00
    town.pays("INV-1", "70.00 EUR", on="2026-03-02", at="2026-03-03T08:00Z")
    assert opened(town) == [("INV-1", 30_00)], "what a file tells afterwards is new"


def test_what_came_in_a_file_is_taken_back_there(town: Town) -> None:
    town.pays("INV-1", "40.00 EUR", at="2026-03-02T08:00Z")
    (known,) = town.command("record", "list", "C-1")["payments"]
    words = ["record", "undo", str(known["id"]), "--reason", "wrong"]
    assert "duewell import undo" in town.command(*words, fails=2)["message"]
    town.command(*words, "--bounced", "2026-03-02")
    assert opened(town) == [("INV-1", 100_00)]


def test_a_credit_note_and_corrections(either_town: Town) -> None:
    town = either_town
    town.command("record", "credit", "INV-1", "30 EUR", "--on", "2026-03-02", "--reference", "CN-7",
                 at="2026-03-02T08:00Z")  # fmt: skip
    assert opened(town) == [("INV-1", 70_00)]
    # The invoice should have been over 80: with the credit 50 are left, due a week later.
    words = ["record", "correction", "INV-1", "--amount", "80", "--reason", "agreed with Anna"]
    town.command(*words, "--due", "2026-03-08")
    assert opened(town) == [("INV-1", 50_00)]
    assert town.facts(since="2026-03-02T08:00Z", of="C-1") == [
        "ledger.posted",
        "ledger.rescheduled",
        "ledger.posted",
    ]
    assert town.command(*words)["changed"] is False
    # Cancelled: what was put against it is the customer's credit.
    told = town.command("record", "correction", "INV-1", "--cancel", "--reason", "never delivered")
    assert opened(town) == [("INV-1", 0)]
    assert told["credit_after_minor"] == 30_00
    plan = town.plan("2026-03-20")
    assert plan["proposals"] == {}
    assert town.command("audit")["ok"] is True
    assert town.command("verify")["ok"] is True


def test_an_import_that_was_corrected_by_hand_is_not_taken_back_under_it(town: Town) -> None:
    (batch,) = town.records.rows("select max(id) from import_batch")[0]
    town.command("record", "correction", "INV-1", "--amount", "80", "--reason", "agreed", at="2026-03-02T08:00Z")
    assert "corrected by hand" in town.command("import", "undo", str(batch), fails=2)["message"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["payment", "INV-9", "10 EUR", "--on", "2026-03-02"], "no account and no invoice"),
        (["payment", "C-1", "10 USD", "--on", "2026-03-02", "--invoice", "INV-1"], "are in EUR"),
        (["payment", "C-1", "1.234", "--on", "2026-03-02"], "--decimal"),
        (["payment", "C-1", "-5 EUR", "--on", "2026-03-02"], "-5"),
        (["payment", "C-1", "5 EUR", "--on", "2026-03-05"], "still to come"),
        (["payment", "C-1", "5 EUR", "--on", "2026-03-01", "--invoice", "INV-2"], "has no invoice"),
        (["correction", "INV-1", "--amount", "5"], "needs its reason"),
        (["correction", "INV-1", "--reason", "x"], "say what to correct"),
        (["correction", "C-1", "--cancel", "--reason", "x"], "is an account"),
        (["correction", "INV-1", "--due", "2025-01-01", "--reason", "x"], "cannot be due before"),
        (["undo", "77", "--reason", "x"], "there is no payment 77"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_way_out(town: Town, words: list[str], why: str) -> None:
    before = town.records.rows("select count(*) from fact")
    answer = town.command("record", *words, at="2026-03-02T08:00Z", fails=2)
    assert why in answer["message"]
    assert town.records.rows("select count(*) from fact") == before
