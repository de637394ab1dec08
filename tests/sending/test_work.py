"""The schedule over days: every night once, whatever is killed, late, doubled, or fails for a while."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime
from email import message_from_bytes, policy
from typing import Any

import pytest

from duewell import wiring
from duewell.adapters.home import open_home
from tests.kills.house import NOW, House
from tests.sending.office import Office
from tests.sink import Sink
from tests.town.commands import Answer, run

MIDNIGHT = "2026-03-09T23:30:00+00:00"
"""Half past midnight of 10 March in Berlin, before the night."""


def work(office: Office, *words: str, now: str = MIDNIGHT, faults: Any = ()) -> tuple[Answer, list[Any]]:
    """Run `work`, its mail into a sink; the answer and the mails."""
    with Sink(faults) as sink:
        os.environ["DUEWELL_SMTP_URL"] = f"{sink.url}?timeout=30&dot_timeout=30"
        try:
            answer = run(["--home", str(office.home), "--json", "work", "--now", now, *words])
        finally:
            del os.environ["DUEWELL_SMTP_URL"]
        mails = [message_from_bytes(raw, policy=policy.default) for raw in sink.messages()]
        # Digests have tests of their own.
        return answer, [mail for mail in mails if not str(mail["Message-ID"]).startswith("<digest.")]


def nights(office: Office, house: House) -> list[tuple[str, str]]:
    rows = office.rows(
        "select on_day, state from duty where creditor_id = ? and kind = 'night' order by on_day", house.view.id
    )
    return [(str(day), state) for day, state in rows]


def runs(office: Office, house: House) -> list[tuple[int, str, int]]:
    return [
        (number, state, proposals)
        for number, state, proposals in office.rows(
            "select id, state, proposals from run where creditor_id = ? order by id", house.view.id
        )
    ]


def customers(mails: list[Any], house: House) -> Counter[str]:
    """How many mails each customer of the house got."""
    addresses = [str(mail["To"]).rpartition("<")[2].strip("<>") for mail in mails]
    return Counter(
        one.partition("@")[0]
        for one in addresses
        if one.endswith(f"@{house.view.key}.example") and "books" not in one
    )


def settings(office: Office, *lines: str) -> None:
    (office.home / "duewell.toml").write_text("\n".join(["test = true", _database(office), *lines]) + "\n")


def _database(office: Office) -> str:
    return 'database = "postgresql"' if os.environ.get("DATABASE_URL") else ""


def test_a_night_claims_and_waits_for_a_person_and_the_sender_delivers_what_was_released(office: Office) -> None:
    house = office.house(released=False)
    answer, mails = work(office, "--until", "2026-03-10T03:00:00+00:00")
    assert answer.code == 0, answer
    assert mails == []
    assert nights(office, house) == [("2026-03-10", "done")]
    ((number, state, proposals),) = runs(office, house)
    assert (state, proposals) == ("waiting", 10)
    office.command(house, "release", str(number), now="2026-03-10T05:00:00+00:00")
    answer, mails = work(office, "--until", "2026-03-10T10:00:00+00:00", now="2026-03-10T05:00:00+00:00")
    assert answer.code == 0, answer
    sent = customers(mails, house)
    assert sum(sent.values()) == 10
    assert set(sent.values()) == {1}
    # It went twice through the same day, and the night was done once.
    assert nights(office, house) == [("2026-03-10", "done")]
    assert runs(office, house) == [(number, "released", 10)]


def test_runs_go_by_themselves_only_where_the_policy_says_so_and_never_the_first(office: Office) -> None:
    alone, by_two = office.house(released=False), office.house(released=False)
    for house in (alone, by_two):
        office.edit(house, "--release-auto")
    office.edit(by_two, "--release-by-two")
    until = "2026-03-10T09:00:00+00:00"
    answer, mails = work(office, "--until", until)
    assert answer.code == 0, answer
    for house in (alone, by_two):
        ((number, state, _),) = runs(office, house)
        assert state == "waiting", "the first run is looked at by a person"
        assert not customers(mails, house)
        office.command(house, "release", str(number), "--by", "kim", now=until)
    # Nine days on the next step is due for those who got the first.
    for now in ("2026-03-10T09:05:00+00:00", "2026-03-19T01:30:00+00:00", "2026-03-19T09:00:00+00:00"):
        _, more = work(office, "--once", now=now)
        mails += more
    assert [state for _, state, _ in runs(office, alone)] == ["released", "released"]
    assert [state for _, state, _ in runs(office, by_two)] == ["released", "waiting"]
    assert set(customers(mails, alone).values()) == {2}
    assert set(customers(mails, by_two).values()) == {1}


def test_nights_that_went_by_while_nobody_worked_are_told_once(office: Office) -> None:
    house = office.house(released=False)
    settings(office, "[work]", 'alarm_to = "operator@house.example"')
    work(office, "--until", "2026-03-10T03:00:00+00:00")
    answer, mails = work(office, "--once", now="2026-03-13T08:00:00+00:00")
    assert answer.code == 1, "somebody should look"
    assert nights(office, house) == [
        ("2026-03-10", "done"),
        ("2026-03-11", "missed"),
        ("2026-03-12", "missed"),
        ("2026-03-13", "done"),
    ]
    (alarm,) = [mail for mail in mails if "operator@house.example" in str(mail["To"])]
    assert "did not happen" in str(alarm["Subject"])
    text = alarm.get_body(("plain",)).get_content()
    assert f"- {house.view.key}, 2026-03-11: the night was not run at all" in text
    again, mails = work(office, "--once", now="2026-03-13T09:00:00+00:00")
    assert again.code == 0
    assert not [mail for mail in mails if "operator@house.example" in str(mail["To"])]
    facts = office.rows(
        "select count(*) from fact where kind = 'house.night' and stream = ?", f"house:{house.view.id}"
    )
    assert facts[0][0] == 4


def test_a_night_that_fails_is_tried_again_and_keeps_nobody_else_waiting(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = office.house(released=False), office.house(released=False)
    settings(office, "[work]", 'alarm_to = "operator@house.example"')
    whole = wiring.world

    def world(home: Any, creditor: Any, *rest: Any) -> Any:
        if creditor.id == broken.view.id:
            raise ValueError("Maria Muster, maria@example.org, secret")
        return whole(home, creditor, *rest)

    monkeypatch.setattr(wiring, "world", world)
    answer, mails = work(office, "--until", "2026-03-10T02:30:00+00:00")
    assert answer.code == 1
    assert answer.told["events"]["night.failed"] == 6, "every quarter of an hour from 01:00 on"
    assert nights(office, broken) == [("2026-03-10", "failed")]
    assert nights(office, sound) == [("2026-03-10", "done")]
    assert '"problem":"ValueError"' in answer.talk
    assert "Maria" not in answer.talk + str(answer.told)
    assert not mails, "half an hour is no alarm yet"
    answer, mails = work(office, "--until", "2026-03-10T04:30:00+00:00", now="2026-03-10T02:30:00+00:00")
    (alarm,) = mails
    assert "fails still (ValueError)" in alarm.get_body(("plain",)).get_content()
    monkeypatch.setattr(wiring, "world", whole)
    work(office, "--until", "2026-03-10T05:00:00+00:00", now="2026-03-10T04:30:00+00:00")
    assert nights(office, broken) == [("2026-03-10", "done")]


def test_an_alarm_that_the_mail_server_did_not_take_is_told_again(office: Office) -> None:
    office.house(released=False)
    settings(office, "[work]", 'alarm_to = "operator@house.example"')
    work(office, "--until", "2026-03-10T03:00:00+00:00")
    busy = [{"verb": "rcpt", "action": "450 later", "match": "operator@"}]
    answer, mails = work(office, "--once", now="2026-03-12T08:00:00+00:00", faults=busy)
    assert (answer.code, answer.told["events"]["alarm.failed"], mails) == (1, 1, [])
    _, mails = work(office, "--once", now="2026-03-12T08:10:00+00:00")
    assert len(mails) == 1


@pytest.mark.slow
def test_whatever_is_killed_in_the_night_the_next_start_does_the_rest_and_nothing_twice(office: Office) -> None:
    house = office.house(released=False)
    office.edit(house, "--release-auto")
    morning, nine_days_on = "2026-03-10T09:00:00+00:00", "2026-03-19T01:30:00+00:00"
    work(office, "--once", now="2026-03-10T01:30:00+00:00")
    ((first, _, _),) = runs(office, house)
    office.command(house, "release", str(first), now=morning)
    _, mails = work(office, "--once", now=morning)
    assert set(customers(mails, house).values()) == {1}
    for place in ("run.commit.before", "run.commit.after", "release.commit.before", "release.commit.after"):
        ended = subprocess.run(
            _command(office, "--once", "--now", nine_days_on),
            env={**os.environ, "DUEWELL_FAILPOINT": place},
            capture_output=True,
            check=False,
        )
        assert ended.returncode == -signal.SIGKILL, (place, ended)
        assert ("2026-03-19", "done") not in nights(office, house)
    answer, mails = work(office, "--until", "2026-03-19T09:00:00+00:00", now="2026-03-19T01:40:00+00:00")
    assert answer.code == 0, answer
    assert [state for _, state, _ in runs(office, house)] == ["released", "released"]
    assert set(customers(mails, house).values()) == {1}
    assert nights(office, house)[-1] == ("2026-03-19", "done")


def test_one_process_works_for_a_home_and_it_ends_when_it_is_asked_to(office: Office) -> None:
    office.house(released=False)
    first = subprocess.Popen(_command(office), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert first.stderr is not None
        assert "work.started" in _line_with(first.stderr, "work.started")
        second = subprocess.run(_command(office), capture_output=True, text=True, check=False)
        assert second.returncode == 3
        assert f"process {first.pid} is at work" in second.stderr
        asked = time.monotonic()
        first.send_signal(signal.SIGTERM)
        _, talk = first.communicate(timeout=30)
        assert time.monotonic() - asked < 20
        assert "work.stopped" in talk
        assert first.returncode in (0, 1)
    finally:
        first.kill()
        first.wait()
    third = subprocess.run(_command(office, "--once"), capture_output=True, text=True, check=False)
    assert third.returncode in (0, 1), third


def test_whoever_asks_to_stop_while_mails_go_out_waits_for_one_batch_and_the_rest_goes_later(
    office: Office,
) -> None:
    house = office.house()
    done: list[int] = []
    with Sink() as sink:
        os.environ["DUEWELL_SMTP_URL"] = sink.url
        try:
            view, clock = _present(house), _Clock(NOW)
            sent, _ = wiring.send(open_home(office.home), view, clock, 2, done.append, lambda: bool(done))
            assert sent.accepted == 2, "the batch that was under way"
            rows = office.rows(
                "select state, count(*), max(lease_until) from attempt where creditor_id = ? group by state",
                house.view.id,
            )
            assert sorted(rows) == [("accepted", 2, None), ("released", 8, None)]
            rest, _ = wiring.send(open_home(office.home), view, clock, 2, done.append)
        finally:
            del os.environ["DUEWELL_SMTP_URL"]
        assert rest.accepted == 7, "one is disputed meanwhile"
        recipients = Counter(entry.recipients[0] for entry in sink.log())
    assert set(recipients.values()) == {1}


class _Clock:
    def __init__(self, now: str) -> None:
        self._now = datetime.fromisoformat(now)

    def now(self) -> datetime:
        return self._now


def _present(house: House) -> Any:
    from duewell.store import creditors

    return creditors.present(house.view.id)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('night = "2 o\'clock"', 'write it as "02:00"'),
        ("nigth = 3", "nigth is not known here"),
        ("send_every_minutes = 0", "whole number from 1"),
        ('alarm_to = "nobody"', "not an e-mail address"),
        ('creditors = "all"', "write creditors as tables"),
        ("dkim_selectors = 7", "a list of names"),
    ],
)
def test_a_schedule_that_cannot_be_meant_is_refused(office: Office, line: str, said: str) -> None:
    settings(office, "[work]", line)
    try:
        answer, _ = work(office, "--once")
        assert answer.code == 2
        assert said in answer.told["message"]
    finally:
        settings(office)


def test_a_clock_that_stands_needs_to_be_told_how_far_to_go(office: Office) -> None:
    assert work(office)[0].code == 2
    assert run(["--home", str(office.home), "--json", "work", "--until", MIDNIGHT]).code == 2


def _command(office: Office, *words: str) -> list[str]:
    return [sys.executable, "-m", "duewell", "--home", str(office.home), "work", *words]


def _line_with(stream: Any, word: str) -> str:
    for line in stream:
        if word in line:
            return str(line)
    raise AssertionError(f"{word} was never said")
