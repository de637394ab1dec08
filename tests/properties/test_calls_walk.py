"""Calls at random: collectors, customers and nights in any order. Whatever they do, the books and the proof agree,
nobody is called who should not be, and no call is anybody's twice.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.town import Town, founded

LADDER = """
strategy: ring
title: Calls, and what comes after
least_gap_days: 1
steps:
  - {stage: first, offset_days: 3, channels: [call, email], tone: kind}
  - {stage: second, offset_days: 6, channels: [call], tone: kind}
  - {stage: firm, offset_days: 9, channels: [email, call], tone: formal}
  - {stage: final, offset_days: 16, channels: [call, email], tone: formal}
"""
COUNT = 10
OUTCOMES = {
    "promised": lambda now: ["--on", (now + timedelta(days=2)).date().isoformat()],
    "will_pay": lambda now: [],
    "disputed": lambda now: [],
    "hardship": lambda now: [],
    "refuses": lambda now: [],
    "call_back": lambda now: ["--at", (now + timedelta(hours=5)).isoformat()],
    "voicemail": lambda now: [],
    "no_answer": lambda now: ["--again-at", (now + timedelta(hours=1)).isoformat()],
    "busy": lambda now: [],
    "not_in_service": lambda now: [],
    "wrong_number": lambda now: [],
}


class Walk:
    """One town, its clock, and what may happen next."""

    def __init__(self, town: Town, seed: int) -> None:
        self._town = town
        self._dice = random.Random(seed)
        self._now = datetime(2026, 3, 4, 8, tzinfo=UTC)
        self._started: dict[int, str] = {}
        self._paid: set[int] = set()
        town.now = self._text()
        (town.home / "strategies").mkdir()
        (town.home / "strategies" / "ring.yaml").write_text(LADDER, encoding="utf-8")
        town.command("creditor", "edit", "light", "--strategy", "ring")
        town.takes(
            "customers",
            [
                {
                    "customer_number": f"C-{number}",
                    "name": f"Person {number}",
                    "email": f"p{number}@people.example",
                    "phone": f"030 12345{number:02}" if number % 3 else "(212) 555-0123",
                    "country": "DE" if number % 3 else "US",
                }
                for number in range(COUNT)
            ],
        )
        rows = [
            f"INV-{number}  C-{number}  2026-02-01  2026-03-01  {number + 1}0.00 EUR" for number in range(COUNT)
        ]
        town.invoices("number  customer  issued  due  amount\n" + "\n".join(rows))

    def step(self) -> None:
        """Something happens, some time after the last."""
        self._now += timedelta(minutes=self._dice.randrange(5, 50))
        if self._dice.random() < 0.1 or self._now.hour >= 18:
            self._now = (self._now + timedelta(days=1)).replace(hour=8)
            self._town.now = self._text()
            self._night()
        self._town.now = self._text()
        acts = [*[self._start] * 8, *[self._done] * 7, self._list, self._give_back, self._pay, self._stop]
        self._dice.choice([*acts, self._send, self._answer, self._night])()

    def judge(self) -> None:
        """The program's own checkers, and those that only calls have."""
        town = self._town
        town.command("audit")
        verified = town.command("verify")
        assert verified["ok"]
        rows = town.records.rows
        assert (
            rows("select count(*) from mark where kind = 'started' group by attempt_id having count(*) > 1") == []
        )
        under_way = rows(
            "select person_id from attempt where channel = 'call' and state in ('released', 'started')"
        )
        assert len(under_way) == len(set(under_way)), "one account, one message"

    def _text(self) -> str:
        return self._now.strftime("%Y-%m-%dT%H:%MZ")

    def _night(self) -> None:
        self._town.night(self._town.day())

    def _send(self) -> None:
        self._town.send()

    def _list(self) -> None:
        told = self._town.command("calls", "list")
        self._started = {task: by for task, by in self._started.items() if self._is_started(task)}
        assert {task["call"] for task in told["calls"] if task["state"] == "started"} == set(self._started)
        for task in told["calls"]:
            if task["state"] == "now":
                assert int(task["account"].removeprefix("C-")) not in self._paid

    def _start(self) -> None:
        waiting = self._town.records.rows(
            "select id from attempt where channel = 'call' and state in ('released', 'started') order by id"
        )
        if not waiting:
            return
        task, by = self._dice.choice(waiting)[0], self._dice.choice(["kim", "alex"])
        answer = self._town.try_command("calls", "start", str(task), "--by", by)
        assert answer.code in (0, 1, 2), answer
        if answer.code == 0:
            assert task not in self._started, "somebody had it already"
            self._started[task] = by
            (account,) = self._town.records.rows(f"select account_id from attempt where id = {task}")
            assert account[0] - 1 not in self._paid

    def _done(self) -> None:
        if not self._started:
            return
        task = self._dice.choice(sorted(self._started))
        # Most calls end as most calls do; what holds an account for weeks is rarer.
        outcome = self._dice.choice([*sorted(OUTCOMES), *["no_answer", "busy", "will_pay", "wrong_number"] * 2])
        by = self._started.pop(task)
        words = ["calls", "done", str(task), "--by", by, "--outcome", outcome, *OUTCOMES[outcome](self._now)]
        answer = self._town.try_command(*words)
        # Whoever tells it on another day may find a question in its place.
        assert answer.code == 0 or not self._is_started(task) or "until" in answer.told["message"], answer

    def _give_back(self) -> None:
        if self._started:
            task = self._dice.choice(sorted(self._started))
            self._town.try_command("calls", "release", str(task), "--by", self._started.pop(task))

    def _pay(self) -> None:
        number = self._dice.randrange(COUNT)
        if number not in self._paid and self._dice.random() < 0.4:
            self._town.pays(f"INV-{number}", f"{number + 1}0.00 EUR")
            self._paid.add(number)

    def _stop(self) -> None:
        if self._dice.random() < 0.1:
            number = self._dice.randrange(COUNT)
            self._town.command("stop", f"C-{number}", "--channel", "call", "--reason", "please write")

    def _answer(self) -> None:
        questions = self._town.command("review", "list")["questions"]
        self._started = {task: by for task, by in self._started.items() if self._is_started(task)}
        if questions:
            word = self._dice.choice(["allow", "deny"])
            self._town.command("review", word, str(self._dice.choice(questions)["id"]), "--by", "kim")

    def _is_started(self, task: int) -> bool:
        return self._town.records.rows(f"select state from attempt where id = {task}") == [("started",)]


def walk(directory: Path, url: str | None, seed: int, steps: int) -> None:
    with founded(directory, url) as town:
        walked = Walk(town, seed)
        for number in range(steps):
            walked.step()
            if number % 20 == 19:
                walked.judge()
        walked.judge()


def test_calls_in_any_order_keep_books_and_proof_in_order(tmp_path: Path) -> None:
    walk(tmp_path, None, 2, 80)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3, 15))
def test_calls_in_many_more_orders(tmp_path: Path, seed: int) -> None:
    walk(tmp_path, None, seed, 200)


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize("seed", range(20, 24))
def test_calls_in_many_more_orders_on_postgresql(tmp_path: Path, seed: int, postgres_url: str) -> None:
    walk(tmp_path, postgres_url, seed, 120)
