"""The time-lapse of the demo: the same seed tells the same, its two books agree, and nobody is left out of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from defusedxml import ElementTree

CUSTOMERS, DAYS = 120, 45


def _demo(folder: Path, *options: str) -> dict[str, Any]:
    environment = {**os.environ, "DUEWELL_HOME": "/nowhere", "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/no"}
    words = ["demo", "--json", "--keep", str(folder), "--customers", str(CUSTOMERS), "--days", str(DAYS), *options]
    done = subprocess.run(
        [sys.executable, "-m", "duewell", *words], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return _demo(tmp_path_factory.mktemp("demo") / "kept", "--seed", "4")


def test_the_books_of_duewell_and_of_the_firm_say_the_same(told: dict[str, Any]) -> None:
    assert told["books_agree"] is told["ok"] is True
    assert (told["from"], told["to"]) == ("2026-03-02", "2026-04-15")
    assert set(told["aging"]) == {"before", "after", "without"}


def test_customers_pay_promise_and_dispute_and_what_is_said_brings_money(told: dict[str, Any]) -> None:
    assert told["said"]["promises"] > 0
    assert told["said"]["disputes"] > 0
    assert told["sent"]["refused"] > 0, "somebody has moved, and their old address is no more"
    assert told["letters"] > 0, "who has no address that works gets a letter"
    assert told["calls"]["made"] == sum(count for ring, count in told["calls"].items() if ring != "made") > 0
    assert set(told["cash_in"]) == set(told["cash_in_without"]) == {"EUR", "GBP"}
    for currency, minor in told["cash_in"].items():
        assert minor > told["cash_in_without"][currency]
        assert told["aging"]["after"][currency]["total"] < told["aging"]["without"][currency]["total"]


def test_every_mail_that_was_accepted_lies_in_the_folder_and_nowhere_else(told: dict[str, Any]) -> None:
    mails = list((Path(told["folder"]) / "mails").glob("*.eml"))
    assert len(mails) == told["sent"]["accepted"] > CUSTOMERS


def test_the_picture_has_both_lines_and_loads_nothing(told: dict[str, Any]) -> None:
    drawn = Path(told["picture"]).read_text("utf-8")
    tree = ElementTree.fromstring(drawn)
    lines = tree.findall("{http://www.w3.org/2000/svg}polyline")
    assert [len(line.attrib["points"].split()) for line in lines] == [DAYS, DAYS]
    assert "href" not in drawn
    assert "<script" not in drawn


def test_the_same_seed_tells_the_same_and_another_tells_something_else(tmp_path: Path) -> None:
    few = ("--customers", "30", "--days", "10")
    one, same, other = (
        _demo(tmp_path / name, *few, "--seed", seed)
        for name, seed in (("one", "4"), ("same", "4"), ("other", "5"))
    )
    for where in ("folder", "picture"):
        del one[where], same[where]
    assert same == one
    assert other["aging"] != one["aging"]
