"""The whole lane with names, addresses and passwords that stand nowhere else: none of them is in the log."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from duewell import wiring
from tests.sending.office import Office
from tests.sink import Sink
from tests.town.commands import Answer, run
from tests.town.tables import file_of

CANARIES = {
    "company": "Zitronenfalter Handels GmbH",
    "given": "Xanthippe",
    "family": "Canarybird",
    "address": "xanthippe.canary@quetzal.example",
    "street": "Paradiesvogelweg 77",
    "number": "KD-CANARY-1",
    "invoice": "RE-CANARY-9",
    "login": "loginkanarie",
    "password": "p4ssw0rt-k4n4r13",
    "sender": "absender@kolibri.example",
    "archive": "archiv@kolibri.example",
    "me": "ich@kolibri.example",
    "reply": "Mailboxkanarie",
    "reason": "Sonnenvogel",
}
MORNING = "2026-03-10T09:00:00+00:00"


def _run(office: Office, *words: str | Path, now: str = MORNING) -> Answer:
    return run(["--home", str(office.home), "--json", *map(str, words), "--now", now])


def test_no_name_address_or_password_is_in_the_log_of_the_whole_lane(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    c = CANARIES
    monkeypatch.setenv("DUEWELL_LOG", "file")
    where = ("--country", "DE", "--zone", "Europe/Berlin", "--street", c["street"])
    profile = ("--name", c["company"], *where, "--phone", "+49 30 1234567")
    pays = ("--email-from", c["sender"], "--archive", c["archive"], "--iban", "DE02120300000000202051")
    assert _run(office, "creditor", "add", "canaries", *profile, *pays).code == 0
    customers, invoices = tmp_path / f"{c['given']}.csv", tmp_path / "invoices.csv"
    row = {
        "customer_number": c["number"],
        "name": f"{c['given']} {c['family']}",
        "email": c["address"],
        "country": "DE",
    }
    second = {**row, "customer_number": c["number"] + "b", "email": "b" + c["address"]}
    customers.write_bytes(file_of([row, second]))
    owed = {"currency": "EUR", "invoice_date": "2026-01-20", "due_date": "2026-02-20", "invoice_amount": "100.00"}
    listed = [
        {"invoice_number": c["invoice"] + mark, "customer_number": c["number"] + mark, **owed}
        for mark in ("", "b")
    ]
    invoices.write_bytes(file_of(listed))
    mine = ("--creditor", "canaries")
    assert _run(office, "import", "customers", customers, *mine).code == 0
    assert _run(office, "import", "invoices", invoices, *mine).code == 0
    assert _run(office, "hold", "add", c["invoice"], "--reason", c["reason"], *mine).code in (0, 2)
    assert _run(office, "why", c["invoice"], *mine).code == 0
    assert _run(office, "why", "nobody" + c["family"], *mine).code == 2
    ran = _run(office, "run", "--as-of", "2026-03-10", "--yes", *mine)
    assert _run(office, "release", ran.told["run"], *mine).code == 0
    refusal = [{"verb": "rcpt", "action": f"550 {c['reply']} of {c['address']}", "match": "bxanthippe"}]
    with Sink(refusal, user=c["login"], password=c["password"]) as sink:
        url = f"smtp://{c['login']}:{c['password']}@127.0.0.1:{sink.port}"
        monkeypatch.setenv("DUEWELL_SMTP_URL", url)
        sent = _run(office, "send", *mine)
        assert (sent.told["accepted"] + sent.told["refused"]) >= 1, sent
        _run(office, "send", *mine, "--test-to", c["me"])
        _run(office, "doctor")
        _run(office, "digest", "--send", *mine, now="2026-03-11T09:00:00+00:00")
        monkeypatch.setenv("DUEWELL_SMTP_URL", url.replace(c["password"], "wrong" + c["password"]))
        assert _run(office, "send", *mine, now="2026-03-12T09:00:00+00:00").code in (0, 3)
        monkeypatch.setenv("DUEWELL_SMTP_URL", url)
        _run(office, "work", "--once", now="2026-03-11T09:00:00+00:00")
        _break(monkeypatch)
        assert _run(office, "work", "--once", now="2026-03-14T09:00:00+00:00").code == 1
    _run(office, "evidence", c["number"], "--out", tmp_path / "pack.zip", *mine)
    _run(office, "metrics")
    lines = "".join(file.read_text() for file in (office.home / "logs").iterdir())
    events = {json.loads(line)["event"] for line in lines.splitlines()}
    assert {"command.ended", "work.started", "night.done", "night.failed", "night.missed"} <= events
    assert len(lines.splitlines()) > 20
    for what, canary in c.items():
        for word in {canary, *(part for part in canary.split() if part.isalpha() and len(part) > 4)}:
            assert word.lower() not in lines.lower(), what


def _break(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every night fails with words that name everybody."""

    def world(*_: Any) -> Any:
        raise ValueError(" ".join(CANARIES.values()))

    monkeypatch.setattr(wiring, "world", world)


def test_a_setting_of_the_log_that_cannot_be_meant_is_refused_by_every_command(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUEWELL_LOG", "somewhere")
    for words in (["creditor", "list"], ["work", "--once"]):
        answer = _run(office, *words)
        assert (answer.code, "one of stderr, file, off" in answer.told["message"]) == (2, True)
    assert "DUEWELL_LOG" in os.environ
