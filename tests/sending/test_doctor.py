"""`doctor` finds what is wrong, says how to mend it, and sends nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from duewell import wiring_doctor
from tests.kills.house import NOW
from tests.sending.office import Office
from tests.sink import Sink
from tests.town.commands import run


@contextmanager
def smtp(url: str) -> Iterator[None]:
    os.environ["DUEWELL_SMTP_URL"] = url
    try:
        yield
    finally:
        del os.environ["DUEWELL_SMTP_URL"]


def doctor(office: Office, now: str = NOW) -> tuple[int, dict[str, Any]]:
    answer = run(["--home", str(office.home), "--json", "doctor", "--now", now])
    return answer.code, {check["check"]: check for check in answer.told["checks"]}


def test_the_mail_server_is_reached_and_logged_in_to_and_gets_no_message(office: Office) -> None:
    office.house(released=False)
    with Sink(user="bob", password="s3cret") as sink, smtp(f"smtp://bob:s3cret@127.0.0.1:{sink.port}"):
        _, checks = doctor(office)
        assert checks["mail"]["ok"], checks["mail"]
        assert "logged in" in checks["mail"]["text"]
        assert sink.log() == []
    with Sink(user="bob", password="s3cret") as sink, smtp(f"smtp://bob:wrong@127.0.0.1:{sink.port}"):
        code, checks = doctor(office)
        assert (code, checks["mail"]["ok"]) == (1, False)
        assert "does not accept user and password" in checks["mail"]["text"]
        assert "wrong" not in str(checks["mail"]).replace("wrong with", "")
    with smtp("smtp://127.0.0.1:1"):
        _, checks = doctor(office)
        assert "cannot be reached" in checks["mail"]["text"]
    with Sink(size=1000) as sink, smtp(sink.url):
        _, checks = doctor(office)
        assert "at most 1,000 bytes" in checks["mail"]["text"]


def test_a_run_that_nobody_released_a_night_that_is_missing_and_a_halt_are_found(office: Office) -> None:
    house = office.house(released=False)
    office.command(house, "run", "--as-of", "2026-03-10", "--yes")
    assert doctor(office)[1]["runs"]["ok"]
    later = "2026-03-12T10:00:00+00:00"
    checks = doctor(office, later)[1]
    assert f"of {house.view.key} (10 messages)" in checks["runs"]["text"]
    assert "duewell release" in checks["runs"]["remedy"]
    assert checks["nights"]["text"].startswith("no schedule is used yet")
    run(["--home", str(office.home), "--json", "work", "--once", "--now", "2026-03-10T02:00:00+00:00"])
    checks = doctor(office)[1]
    assert "nobody is at work now" in checks["nights"]["text"]
    checks = doctor(office, later)[1]
    assert f"{house.view.key}: 2026-03-12 did not happen" in checks["nights"]["text"]
    office.command(house, "halt")
    assert house.view.key in doctor(office)[1]["sending"]["text"]
    office.command(house, "resume")


def test_messages_that_lie_in_the_outbox_and_copies_that_an_archive_refused_are_found(office: Office) -> None:
    house = office.house()
    checks = doctor(office, "2026-03-12T10:00:00+00:00")[1]
    assert "released message(s) could have gone a day ago" in checks["sending"]["text"]
    office.edit(house, "--archive", "archive@office.example")
    office.send(house, [{"verb": "rcpt", "action": "550 no", "match": "archive@"}])
    checks = doctor(office)[1]
    assert f"the archive of {house.view.key} refused" in checks["archive"]["text"]


def test_heads_that_are_gone_and_keys_that_others_read_are_found(office: Office) -> None:
    office.house(released=False)
    run(["--home", str(office.home), "--json", "seal", "--now", NOW])
    heads, keys = office.home / "heads" / "heads.jsonl", office.home / "keys"
    kept = heads.read_bytes()
    assert doctor(office)[1]["heads"]["ok"]
    heads.write_bytes(b"")
    (keys / "salt.key").chmod(0o644)
    try:
        checks = doctor(office)[1]
        assert "holds no head" in checks["heads"]["text"]
        assert "others can read salt.key" in checks["keys"]["text"]
        assert checks["keys"]["remedy"].startswith("chmod 600")
        heads.write_bytes(b"nonsense\n")
        assert not doctor(office)[1]["heads"]["ok"]
        heads.write_bytes(kept)
        (keys / "salt.key").chmod(0o600)
        keys.chmod(0o777)
        assert "others can write to" in doctor(office)[1]["keys"]["text"]
    finally:
        heads.write_bytes(kept)
        keys.chmod(0o700)
        (keys / "salt.key").chmod(0o600)


def test_a_clock_before_the_newest_fact_and_facts_that_wait_for_their_seal_are_found(office: Office) -> None:
    office.house(released=False)
    assert not doctor(office, "2026-03-01T10:00:00+00:00")[1]["clock"]["ok"]
    checks = doctor(office, "2026-03-12T10:00:00+00:00")[1]
    assert "are not sealed" in checks["sealed"]["text"]
    assert "duewell seal" in checks["sealed"]["remedy"]


def test_the_database_is_asked_about_itself(office: Office) -> None:
    office.house(released=False)
    text = doctor(office)[1]["database"]["text"]
    assert "written to and durable" in text
    assert ("SQLite" in text and "write-ahead log" in text) or "PostgreSQL" in text


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"writable": False}, "nothing can be written"),
        ({"journal": "delete"}, "journal mode delete"),
        ({"durable": False}, "a power cut"),
        ({"free_bytes": 900_000_000, "size_bytes": 1_000_000_000}, "900 MB are free"),
    ],
)
def test_a_database_that_is_not_as_it_should_be_is_told(
    found: dict[str, Any], said: str, monkeypatch: pytest.MonkeyPatch, office: Office
) -> None:
    from duewell.store import health

    sound = health.Database("SQLite 3", "wal", True, True, 1_000, 0)
    monkeypatch.setattr(health, "database", lambda: sound._replace(**found))
    answer = wiring_doctor._database()
    assert not answer.ok
    assert said in answer.text


def test_a_real_home_asks_names_and_a_test_home_does_not(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from duewell.adapters.home import open_home
    from tests.loopback_names import name_server

    house = office.house(released=False)
    domain = f"{house.view.key}.example"
    assert doctor(office)[1][f"SPF of {domain}"]["text"].startswith("not asked")
    real = replace(open_home(office.home), test=False)
    with name_server({(domain, "TXT"): ['"v=spf1 -all"']}) as server:
        monkeypatch.setenv("DUEWELL_DNS", server)
        answers = _senders(real)
    assert answers[f"SPF of {domain}"].ok
    assert not answers[f"DMARC of {domain}"].ok
    monkeypatch.setenv("DUEWELL_DNS", "nonsense")
    assert _senders(real)[f"DKIM of {domain}"].text.startswith("not known")


def _senders(home: Any) -> dict[str, Any]:
    checks: Sequence[Any] = wiring_doctor._senders(home)
    return {check.name: check.ask() for check in checks}
