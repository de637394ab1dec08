"""Ninety days of a small firm on a bad road: servers that fail, workers that are killed, files that come late.

One object lives the days in the town and in the model side by side; a `Trial` compares them.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from tests.simulation.book import Customer, Invoice
from tests.simulation.events import Events, Money
from tests.simulation.model import Model
from tests.simulation.trial import Trial
from tests.simulation.weather import Weather

FIRST_DAY = date(2026, 2, 9)
"""Clocks change in New York on 8 March, in Europe on 29 March, on Lord Howe Island on 5 April."""
SENDS = (time(7, 30), time(13), time(19, 30))
SILENT_DAYS = range(30, 36)
"""Nobody imports anything: the books grow too old, and every demand waits."""
CLOCK_SET_BACK_ON = 47


class Simulation:
    """One seed. `day` lives through one day and raises AssertionError where town and model differ."""

    def __init__(self, trial: Trial, weather: Weather, customers: int = 18) -> None:
        self.trial = trial
        self.town = trial.town
        self.model: Model = trial.model
        self.weather = weather
        self.events = Events(trial)
        self.counts: Counter[str] = trial.counts
        self._late: list[tuple[str, Invoice]] = []
        self._customers = customers

    def found(self) -> None:
        """The first customers come in."""
        self._clock(FIRST_DAY, time(4))
        self.events.arrive(self.weather.customers(self._customers))

    def day(self, index: int) -> None:
        """One day, from the morning's files to the evening's books."""
        today = FIRST_DAY + timedelta(days=index)
        self._clock(today, time(5))
        self._answer(today)
        if index not in SILENT_DAYS:
            self._files(today)
        self._people(today)
        self._clock(today, time(6))
        self.trial.decide(today)
        for turn, hour in enumerate(SENDS):
            if self.weather.turn(today, turn).often(40):
                self._clock(today, (datetime.combine(today, hour) - timedelta(minutes=1)).time())
                self._just_before(today)
            now = self._clock(today, hour)
            if self.trial.under_way() or self.weather.turn(now).often(30):
                self.trial.send(now)
            if index == CLOCK_SET_BACK_ON and turn == 1:
                self.trial.send(self._clock(today, time(11, 45)))
        self._clock(today, time(21))
        self.trial.compare_books(today)

    # The morning

    def _files(self, today: date) -> None:
        weather = self.weather
        new = [
            (number, weather.invoice(f"{number}-{today:%m%d}", self.model.next_order(), today))
            for number in self.model.customers
            if weather.turn(today, "invoice", number).often(16)
        ]
        if weather.turn(today, "file").often(12):
            # Today's file does not come; its rows stand in a later one.
            self._late += new
            self.counts["late"] += 1
            new = []
        elif self._late:
            new, self._late = self._late + new, []
        if new:
            twice, bad = weather.often(15), weather.often(10)
            self.events.bill(new, today, bad=bad, twice=twice)
            self.counts["doubled"] += twice
            self.counts["bad rows"] += bad
        self._money(today)
        if weather.turn(today, "credit note").often(16) and (open_ := self._open()):
            customer, invoice = open_[0]
            named = invoice.number if weather.often(50) else ""
            note = Money(
                customer.number,
                invoice.currency,
                max(1, invoice.open_minor // 3),
                today,
                named,
                f"CN-{invoice.number}-{today:%m%d}",
            )
            self.events.pay([note], today, kind="credits", twice=weather.often(30))
            self.counts["credit notes"] += 1

    def _money(self, today: date) -> None:
        sums = []
        for customer, invoice in self._open():
            if self.weather.turn(today, "money", invoice.number).often(6):
                named = invoice.number if self.weather.often(75) else ""
                amount = self.weather.sum_for(invoice)
                on = today - self.weather.days(0, 2)
                reference = f"BANK-{invoice.number}-{today:%m%d}"
                money = Money(customer.number, invoice.currency, amount, on, named, reference)
                # Two real equal payments of one day are two payments.
                sums += [money, money] if self.weather.often(6) else [money]
        if sums:
            twice = self.weather.turn(today, "bank file").often(20)
            self.events.pay(sums, today, twice=twice)
            self.counts["payments"] += len(sums)
            self.counts["doubled"] += twice

    def _people(self, today: date) -> None:
        weather, events = self.weather, self.events
        for customer, invoice in self._open():
            weather.turn(today, "invoice held", invoice.number)
            if weather.often(2):
                events.hold(customer, invoice, "dispute", today, weather.days(10, 25), weather.part_of(invoice))
            elif weather.often(2):
                events.hold(customer, invoice, "promise", today, weather.days(2, 6), None)
        for customer in self.model.customers.values():
            weather.turn(today, "customer", customer.number)
            living = [
                hold for hold in self.model.holds_of(customer) if hold.ended_on is None and hold.until_on is None
            ]
            if living and weather.often(10):
                events.end(customer, living[0], today)
            if weather.often(0.7):
                kind = weather.one_of(("hardship", "promise", "other"))
                events.hold(customer, None, kind, today, weather.days(3, 12), None)
            if weather.often(2):
                events.arrive([(customer.number, customer.person, weather.place(), customer.language)])
                self.counts["moves"] += 1
            if weather.often(1 if not customer.stopped else 15):
                events.stop(customer) if not customer.stopped else events.resume(customer)
            if customer.arrivals and not customer.flight and not customer.questions and weather.often(2):
                events.comes_back(customer)
                self.counts["came back"] += 1
        if weather.turn(today, "by hand").often(15) and events.by_hand:
            events.bounce(weather.one_of(events.by_hand), today)
            self.counts["bounced"] += 1
        if weather.turn(today, "undo").often(5) and events.booked:
            events.undo(events.booked[-1])
            self.counts["undone"] += 1

    def _just_before(self, today: date) -> None:
        """Something is learned in the minute before a send: it must count."""
        for customer in self.model.customers.values():
            self.weather.turn(self.town.now, "just before", customer.number)
            if customer.flight is None or not self.weather.often(20):
                continue
            open_ = [invoice for invoice in customer.invoices.values() if invoice.open_minor]
            self.counts["just before"] += 1
            if open_ and self.weather.often(60):
                invoice = open_[0]
                reference = f"LATE-{invoice.number}-{self.town.now}"
                sum_ = Money(
                    customer.number, invoice.currency, invoice.open_minor, today, invoice.number, reference
                )
                if self.weather.often(50):
                    self.events.record(sum_, today)
                    self.counts["by hand"] += 1
                else:
                    self.events.pay([sum_], today)
            elif self.weather.often(50):
                self.events.hold(customer, None, "promise", today, self.weather.days(2, 5), None)
            elif not customer.stopped:
                self.events.stop(customer)

    def _answer(self, today: date) -> None:
        """A person looks at the open questions and answers most of them, truthfully."""
        for question in self.trial.questions():
            customer = self.model.customers[question["account"]]
            if not self.weather.turn(today, question["kind"], customer.number).often(60):
                continue
            if question["kind"] == "unknown":
                flight = customer.flight
                assert flight is not None, f"{customer.number} has nothing under way that could be unknown"
                # Yes lets it be sent again, so only what certainly did not arrive gets a yes.
                self._review("deny" if flight.arrived else "allow", question)
                self.model.settle(customer, arrived=flight.arrived)
            elif question["kind"] == "refused":
                self._review("allow", question)
                customer.reachable = True
                customer.questions.discard("refused")
            else:
                self._look_at(customer, question, today)

    def _look_at(self, customer: Customer, question: dict[str, Any], today: date) -> None:
        name = f"hold:{question['subject']}"
        (hold,) = [hold for hold in self.model.holds_of(customer) if hold.name == name]
        customer.questions.discard(name)
        if self.weather.often(50):
            self._review("allow", question)
            hold.ended_on = today
        else:
            self._review("deny", question)
            hold.answered_on = today

    def _review(self, answer: str, question: dict[str, Any]) -> None:
        self.town.command("review", answer, str(question["id"]), "--by", "noor")
        self.counts["answers"] += 1

    def _open(self) -> list[tuple[Customer, Invoice]]:
        return [
            (customer, invoice)
            for customer in self.model.customers.values()
            for invoice in customer.invoices.values()
            if invoice.open_minor > 0
        ]

    def _clock(self, day: date, hour: time) -> datetime:
        at = datetime.combine(day, hour, UTC)
        self.town.now = at.strftime("%Y-%m-%dT%H:%MZ")
        return at
