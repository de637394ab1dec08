"""Metrics of an installation: the numbers are those of the tables, and nobody is in them."""

from __future__ import annotations

import subprocess
import sys
import urllib.request
from typing import Any

from tests.kills.house import NOW, House
from tests.sending.office import Office
from tests.sending.test_work import work
from tests.tidy.repository import DOCS
from tests.town.commands import run


def numbers(office: Office, house: House, now: str = NOW) -> dict[str, Any]:
    """Values by name; those with labels as a dictionary by the other label, of this house only."""
    answer = run(["--home", str(office.home), "--json", "metrics", "--now", now])
    assert answer.code == 0, answer
    found: dict[str, Any] = {}
    for one in answer.told["metrics"]:
        labels = dict(one["labels"])
        if labels.pop("creditor", house.view.key) != house.view.key:
            continue
        (word,) = labels.values() or ("",)
        if word:
            found.setdefault(one["name"], {})[word] = one["value"]
        else:
            found[one["name"]] = one["value"]
    return found


def test_messages_queue_questions_and_seals_are_counted(office: Office) -> None:
    house = office.house()
    before = numbers(office, house)
    assert before["duewell_messages"] == {"released": 10}
    assert before["duewell_queue_messages"] == 10
    assert before["duewell_facts_unsealed"] > 0
    office.edit(house, "--archive", "archive@office.example")
    refused = [{"verb": "rcpt", "action": "550 5.1.1 unknown", "match": "refused@"}]
    sent = office.send(house, [*refused, {"verb": "rcpt", "action": "550 no", "match": "archive@"}])
    after = numbers(office, house)
    assert after["duewell_messages"]["accepted"] == sent.told["accepted"]
    assert after["duewell_messages"]["refused"] == 1
    assert after["duewell_queue_messages"] == 0
    assert after["duewell_queue_oldest_seconds"] == 0
    assert after["duewell_questions_open"]["refused"] == 1
    assert after["duewell_archive_copies"] == {"refused": sent.told["accepted"]}
    assert after["duewell_facts_unsealed"] == 0
    assert after["duewell_working"] == 0
    office.command(house, "halt")
    assert numbers(office, house)["duewell_halted"] == 1


def test_a_queue_that_stands_grows_old_and_a_night_that_is_missing_is_an_alarm(office: Office) -> None:
    house = office.house()
    work(office, "--once", now="2026-03-10T02:00:00+00:00")
    found = numbers(office, house)
    assert found["duewell_nights"] == {"done": 1}
    assert found["duewell_night_missing"] == 0
    assert found["duewell_night_latest_seconds"] > 1_700_000_000
    two_days = numbers(office, house, "2026-03-12T10:00:00+00:00")
    assert two_days["duewell_night_missing"] == 1
    assert two_days["duewell_alarms"] >= 1
    assert two_days["duewell_queue_oldest_seconds"] >= 2 * 86_400


def test_nobody_is_in_the_metrics_and_every_family_has_its_page(office: Office) -> None:
    house = office.house()
    office.send(house)
    answer = run(["--home", str(office.home), "--json", "metrics", "--now", NOW])
    page = (DOCS / "reference" / "metrics.md").read_text()
    from duewell.flows.metrics import FAMILIES

    for name in FAMILIES:
        assert f"`{name}`" in page
    told = str(answer)
    for word in ("plain1", "@", "INV-", "House"):
        assert word not in told


def test_work_serves_them_on_this_machine(office: Office) -> None:
    office.house(released=False)
    command = [sys.executable, "-m", "duewell", "--home", str(office.home), "work", "--metrics", "127.0.0.1:0"]
    wrong = subprocess.run([*command[:-1], "0.0.0.0:1"], capture_output=True, text=True, check=False)
    assert (wrong.returncode, "only this machine" in wrong.stderr) == (2, True)
    working = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert working.stderr is not None
        line = next(line for line in working.stderr if "metrics.served" in line)
        import json

        port = json.loads(line)["port"]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
            text = answer.read().decode()
        assert "\nduewell_working 1\n" in text
        assert "# TYPE duewell_messages gauge" in text
    finally:
        working.terminate()
        working.wait(timeout=30)
