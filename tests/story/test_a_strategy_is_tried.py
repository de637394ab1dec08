"""Before a strategy is put to use one looks at what it would change tonight, and nothing is written by looking."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.town import Town

PATIENT = """\
strategy: patient
title: Patient reminders
grace_days: 0
least_gap_days: 7
steps:
  - {stage: first, offset_days: 14, channels: [email], tone: kind}
  - {stage: second, offset_days: 40, channels: [email], tone: kind}
"""


@pytest.fixture
def patient(town: Town) -> Path:
    """Three customers: 6, 11 and 60 days late; and a file of a strategy that waits longer than `gentle` does."""
    town.customers(
        """
        number  name       email
        C-1     Anna Berg  anna@berg.example
        C-2     Bob Cole   bob@cole.example
        C-3     Cleo Dahl  cleo@dahl.example
        """,
        at="2026-03-10T08:00Z",
    )
    town.invoices(
        """
        number  customer  issued      due         amount
        INV-1   C-1       2026-02-01  2026-03-04  100.00 EUR
        INV-2   C-2       2026-02-01  2026-02-27  80.00 EUR
        INV-3   C-3       2026-01-01  2026-01-09  60.00 EUR
        """
    )
    file = town.home.parent / "patient.yaml"
    file.write_text(PATIENT)
    return file


def test_each_account_says_what_it_gets_now_and_then(town: Town, patient: Path) -> None:
    before = town.records.rows("select count(*) from fact")
    told = town.command("strategy", "diff", str(patient), "--instead-of", "gentle", fails=1)
    assert town.records.rows("select count(*) from fact") == before
    by_account = {row["account"]: row for row in told["accounts"]}
    plan = town.plan("2026-03-10")
    was = {row["account"] for row in told["accounts"] if row["was"]["decision"] == "proposal"}
    assert plan["proposals"], "gentle has something to say tonight"
    # C-1 is 6 days late: gentle writes, patient waits until day 14.
    assert by_account["C-1"]["kind"] == "no_message"
    assert by_account["C-1"]["was"]["asks"] == {"EUR": 100_00}
    assert by_account["C-1"]["now"] == {
        "decision": "rest", "stage": None, "channel": None, "tone": None, "asks": {}, "strategy": None,
        "rule": "not_yet", "until": "2026-03-18",
    }  # fmt: skip
    assert "C-1" in was
    assert sum(told["counts"].values()) == len(by_account)

    # Put to use, the plan is what the diff said.
    (town.home / "strategies").mkdir(exist_ok=True)
    (town.home / "strategies" / "patient.yaml").write_text(PATIENT)
    town.command("creditor", "edit", "light", "--strategy", "patient")
    now = {row["account"] for row in told["accounts"] if row["now"]["decision"] == "proposal"}
    lost = {row["account"] for row in told["accounts"] if row["kind"] == "no_message"}
    assert town.plan("2026-03-10")["proposals"].get("first", 0) == sum(plan["proposals"].values()) - len(
        lost - now
    )
    again = town.command("strategy", "diff", "patient")
    assert (again["differs"], again["accounts"]) == (False, [])


def test_a_long_list_comes_page_by_page(town: Town, patient: Path) -> None:
    words = ["strategy", "diff", str(patient), "--instead-of", "gentle"]
    whole = town.command(*words, fails=1)["accounts"]
    first = town.command(*words, "--limit", "1", fails=1)
    assert first["accounts"] == whole[:1]
    assert first["next"] == whole[0]["account"]
    rest = town.command(*words, "--after", first["next"], fails=1)
    assert rest["accounts"] == whole[1:]
    assert "counts" not in rest


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["no-such"], "the key of no strategy (known: business, gentle)"),
        (["business", "--instead-of", "harsh"], "no strategy 'harsh'"),
        (["business", "--after", "C-9"], "there is no account 'C-9'"),
        (["business", "--limit", "0"], "1 to 10000"),
    ],
)
def test_what_cannot_be_compared_is_refused(town: Town, patient: Path, words: list[str], why: str) -> None:
    assert why in town.command("strategy", "diff", *words, fails=2)["message"]


def test_a_wrong_file_is_told_as_by_check(town: Town, patient: Path) -> None:
    patient.write_text("strategy: patient\n")
    told = town.command("strategy", "diff", str(patient), fails=1)
    assert told["ok"] is False
    assert told["findings"][0]["line"] == 1
