"""The trial: the town acts, on a bad road; the model foretold what must come of it; both are compared."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Any

from tests.simulation import book
from tests.simulation.book import STAGES, Customer, Demand
from tests.simulation.model import ACCEPTED, UNKNOWN, Model
from tests.simulation.weather import Fault, Weather
from tests.town import Mail, Town
from tests.town.commands import Answer
from tests.town.mail import read
from tests.town.nursery import KILLED, Workers

CONNECTIONS = 4


class Trial:
    """Runs, releases and sends in the town, and asserts that what happened is what the model says.

    Args:
        kills, faults: see `play`.
    """

    def __init__(
        self, town: Town, workers: Workers, model: Model, weather: Weather, kills: float, faults: float
    ) -> None:
        self.town = town
        self.workers = workers
        self.model = model
        self.weather = weather
        self.kills = kills
        self.faults = faults
        self.counts: Counter[str] = Counter()
        self._read = 0

    # Deciding

    def decide(self, today: date) -> None:
        """Plan, claim and release; whatever is killed is given again."""
        planned = self.town.plan(today.isoformat())
        claimed = self.model.claim(today)
        assert sum(planned["proposals"].values()) == len(claimed), self._difference(today, planned, claimed)
        total = sum(sum(planned[part].values()) for part in ("proposals", "rests", "refused", "review"))
        assert planned["accounts"] == total == len(self.model.customers)
        words = ["run", "--as-of", today.isoformat(), "--plan", planned["plan"], "--yes", "--by", "sasha"]
        runs = self._given("run", words)
        # A run that comes too late finds the plan done: it claims nothing and may say that the world moved.
        assert all(each.code in (0, 3, KILLED) for each in runs), runs
        messages = self.town.records.rows(
            "select count(*) from message m join run r on r.id = m.run_id where r.as_of = ?", today.isoformat()
        )
        assert messages == [(len(claimed),)], f"{len(claimed)} messages were to be claimed on {today}: {messages}"
        for run in self.town.command("release")["waiting"]:
            self._given("release", ["release", str(run["id"]), "--by", "robin"])
        self.model.release()
        self.counts["claimed"] += len(claimed)

    def _given(self, command: str, words: list[str]) -> list[Answer]:
        """Give a command, doubled or killed by chance; in the end once more in peace where it was killed."""
        self.weather.turn(self.town.now, command)
        if self.weather.often(self.kills):
            self.counts["doubled commands"] += 1
            return self._together([(words, ""), (words, "")])
        if self.weather.often(2 * self.kills):
            return [*self._together([(words, self.weather.kill(command))]), self.town.try_command(*words)]
        return [self._in_peace(words)]

    def _in_peace(self, words: list[str]) -> Answer:
        answer = self.town.try_command(*words)
        assert answer.code == 0, answer
        return answer

    def _together(self, commands: list[tuple[list[str], str]]) -> list[Answer]:
        answers = self.workers.together([([*words, "--now", self.town.now], at) for words, at in commands])
        self.counts["killed"] += sum(answer.code == KILLED for answer in answers)
        return answers

    def under_way(self) -> bool:
        """Is there a message that waits to leave or whose fate is open?"""
        return any(customer.flight is not None for customer in self.model.customers.values())

    def killed(self, command: str, words: list[str]) -> bool:
        """Perhaps give a command to a worker that dies on the way or does not; the caller gives it once more."""
        if not self.weather.turn(self.town.now, command).often(self.kills):
            return False
        self._together([(words, self.weather.kill(command))])
        return True

    # Sending

    def send(self, now: datetime) -> None:
        """Send; the sink must then hold what the model foretold, message by message."""
        words = ["send", "--connections", str(CONNECTIONS)]
        self.weather.turn(self.town.now, "send")
        killed = self.under_way() and self.weather.often(3 * self.kills)
        fates = self._send_with_kills(words) if killed else self._send_with_faults(words)
        arrived = self._arrived()
        before = {number: repr(customer) for number, customer in self.model.customers.items()}
        left = {*arrived, *fates} if killed else ()
        foretold = {one.customer: one for one in self.model.send(now, fates, left)}
        for number, mail in arrived.items():
            assert number in foretold, f"{number} should not get {mail.subject}; it stood so: {before[number]}"
            check_mail(mail, foretold[number].demand, now)
        for number, one in foretold.items():
            flight = self.model.customers[number].flight
            if one.fate == UNKNOWN:
                assert flight is not None
                flight.arrived = number in arrived
            else:
                assert (number in arrived) == (one.fate == ACCEPTED), f"{one}; it stood so: {before[number]}"
            self.counts[one.fate] += 1
        if foretold:
            asked = {each["account"] for each in self.questions() if each["kind"] == "unknown"}
            unknown = {one.number for one in self.model.customers.values() if "unknown" in one.questions}
            assert asked == unknown, f"unknown at {self.town.now}: {asked}, foretold {unknown}"

    def _send_with_faults(self, words: list[str]) -> dict[str, str]:
        flying = [one for one in self.model.customers.values() if one.flight is not None and self._alone(one)]
        faults = self.weather.faults(self.town.now, flying, self.faults)
        self._set_faults(faults)
        self._in_peace(words)
        self._set_faults([])
        return {fault.customer: fault.fate for fault in faults}

    def _send_with_kills(self, words: list[str]) -> dict[str, str]:
        """Two workers at once, killed anywhere, again and again; then one in peace."""
        before = {each["id"] for each in self.questions()}
        kills = 0
        for _ in range(3):
            first, second = (self.weather.kill("send") if self.weather.often(60) else "" for _ in range(2))
            answers = self._together([(words, first), (words, second)])
            kills += sum(answer.code == KILLED for answer in answers)
            assert all(answer.code in (0, KILLED) for answer in answers), answers
        self._in_peace(words)
        new = [each for each in self.questions() if each["id"] not in before and each["kind"] == "unknown"]
        assert len(new) <= kills * CONNECTIONS, f"{kills} kills left {len(new)} messages unknown"
        for each in new:
            closed = self.town.records.rows(
                "select count(*) from mark where attempt_id = ? and kind = 'closing'", int(each["subject"])
            )
            assert closed == [(1,)], "an attempt is unknown only after its closing mark"
        return {each["account"]: UNKNOWN for each in new}

    def _arrived(self) -> dict[str, Mail]:
        mails = [read(raw) for raw in self.town.sink.messages()[self._read :]]
        self._read += len(mails)
        found: dict[str, Mail] = {}
        for mail in mails:
            number = mail.numbers[0].rpartition("-")[0]
            assert number not in found, f"{number} was written to twice at {self.town.now}"
            found[number] = mail
        return found

    def _alone(self, customer: Customer) -> bool:
        return sum(one.email == customer.email for one in self.model.customers.values()) == 1

    def _set_faults(self, faults: list[Fault]) -> None:
        self.town.sink.treat([fault.rule for fault in faults])

    def questions(self) -> list[dict[str, Any]]:
        """Every open question to a person; asking also opens those of holds whose review has come."""
        self.model.ask_about_holds(date.fromisoformat(self.town.day()))
        found: list[dict[str, Any]] = self.town.command("review", "list")["questions"]
        return found

    # The books

    def compare_books(self, today: date) -> None:
        """Aging, balances and stages are those of the model, to the minor unit."""
        told, aging = self.town.aging(today.isoformat()), _told(book.aging(self.model.customers.values(), today))
        assert told == aging, f"the report says {told}, the model {aging}"
        stages = {stage: number * 10 for number, stage in enumerate(STAGES)}
        rows = self.town.records.rows("select number, open_minor, reached from receivable")
        foretold = {
            (invoice.number, invoice.open_minor, stages[invoice.reached])
            for customer in self.model.customers.values()
            for invoice in customer.invoices.values()
        }
        assert set(rows) == foretold, f"{set(rows) ^ foretold}"

    def prove(self) -> None:
        """At the end: every fact verifies, and the live database passes its own audit."""
        verified = self.town.command("verify")
        assert verified["ok"], verified
        assert verified["facts"] == verified["sealed"]
        audited = self.town.command("audit")
        assert audited["ok"], [one for one in audited["sentences"] if not one["ok"]]
        left = [mail.message_id for mail in self.town.sink.log()]
        assert len(left) == len(set(left)), "a message left twice"

    def _difference(self, today: date, planned: dict[str, Any], claimed: list[str]) -> str:
        listed = self.town.command("plan", "--as-of", today.isoformat(), "--list")["messages"]
        accounts = dict(self.town.records.rows("select id, number from account"))
        named = {accounts[message["account"]] for message in listed}
        differing = [
            (self.model.customers[number], self.model.wanted(self.model.customers[number], today))
            for number in sorted(named ^ set(claimed))
        ]
        counts = {part: planned[part] for part in ("proposals", "rests", "refused", "review")}
        return f"on {today} the town plans {sorted(named)}, the model {sorted(claimed)}: {counts} {differing}"


def check_mail(mail: Mail, foretold: Demand, now: datetime) -> None:
    """Stage, items and sums are those foretold, and every part of the message says the same."""
    assert mail.stage == foretold.stage, f"{mail.subject}: {foretold}"
    assert mail.at == now
    items = {item.number: (item.currency, item.open_minor, item.held_minor) for item in mail.items}
    assert items == {number: tuple(rest) for number, *rest in foretold.items}, mail.text
    assert mail.pay == foretold.pay, mail.text
    assert mail.credit == foretold.credit, mail.text
    asked = {currency: minor for currency, minor in foretold.pay.items() if minor}
    assert mail.opening == mail.amount == asked, mail.text
    assert mail.reference in mail.page
    for item in mail.items:
        assert item.number in mail.page


def _told(aging: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    return {currency: row for currency, row in aging.items() if any(row.values())}
