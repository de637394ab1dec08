"""What happens in the simulation, drawn from a seed: customers, invoices, money, holds, and how bad the day is.

Nothing here acts: it only draws. The same seed draws the same ninety days on every machine.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from importlib import resources
from typing import NamedTuple

from duewell.flows.failpoints import NAMES
from tests.simulation.book import Customer, Invoice
from tests.simulation.law import Place
from tests.simulation.model import BAD_ADDRESS, DEFERRED, REFUSED, UNKNOWN
from tests.sink import Rule

AMERICAN = tuple(
    line.split("\t")[2]
    for line in (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8").splitlines()
    if line.startswith("US\t")
)
PLACES = (
    Place("DE", "BE", ("Europe/Berlin",)),
    Place("US", "NY", ("America/New_York",)),
    Place("JP", "", ("Asia/Tokyo",)),
    Place("GB", "ENG", ("Europe/London",)),
    Place("AU", "NSW", ("Australia/Lord_Howe",)),  # its clocks change by half an hour
    Place("PT", "", ("Atlantic/Azores", "Atlantic/Madeira", "Europe/Lisbon")),  # no zone is told: all count
    Place("US", "", AMERICAN),
)
CURRENCIES = ("EUR", "EUR", "USD", "GBP", "JPY")
FAULTS = (
    (DEFERRED, "rcpt", "451 4.2.1 busy"),
    (DEFERRED, "data", "451 4.3.0 later"),
    (DEFERRED, "body", "drop"),
    (DEFERRED, "dot", "452 4.3.1 full"),
    (BAD_ADDRESS, "rcpt", "550 5.1.1 nobody here"),
    (REFUSED, "dot", "554 5.7.1 not this"),
    (UNKNOWN, "dot", "drop"),
    (UNKNOWN, "dot", "garbage"),
    (UNKNOWN, "dot", "hang"),
    (UNKNOWN, "dot", "accept-drop"),
    (UNKNOWN, "dot", "accept-garbage"),
    (UNKNOWN, "dot", "accept-hang"),
)
KILLS = {
    command: tuple(sorted(name for name in NAMES if name.startswith(rooms)))
    for command, rooms in {
        "import": ("import.", "seal."),
        "run": ("run.", "seal."),
        "release": ("release.", "seal."),
        "send": ("send.", "review.", "seal."),
    }.items()
}
"""By command, the failpoints that it can meet."""


class Fault(NamedTuple):
    """The server treats the message to one customer badly."""

    customer: str
    fate: str
    rule: Rule


class Weather:
    """Draws everything that the simulation does not decide by itself.

    `turn` says what is drawn for; the draws that follow depend on the seed and on that alone, so that what
    becomes of two workers at once does not change the weather of the days after.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._random = random.Random()
        self.turn("first")

    def turn(self, *what: object) -> Weather:
        """From now on draw for this: a day, a purpose, a customer ..."""
        self._random.seed("|".join(map(str, (self._seed, *what))))
        return self

    def often(self, per_cent: float) -> bool:
        """True in so many of a hundred cases."""
        return self._random.random() * 100 < per_cent

    def customers(self, count: int) -> list[tuple[str, str, Place, str]]:
        """Number, person, place and language. Every third person has two accounts."""
        found = []
        person = 0
        while len(found) < count:
            person += 1
            place = PLACES[(person - 1) % len(PLACES)]
            language = "de" if place.country == "DE" else "en"
            for _ in range(2 if person % 3 == 0 else 1):
                found.append((f"K{len(found) + 1:02}", f"p{person}", place, language))
        return found

    def place(self) -> Place:
        """Where somebody moves."""
        return self._random.choice(PLACES[:6])

    def one_of(self, of: list[str] | tuple[str, ...]) -> str:
        """One of several words."""
        return self._random.choice(of)

    def invoice(self, number: str, order: int, today: date) -> Invoice:
        """An invoice of today, due within three weeks or overdue already."""
        currency = self._random.choice(CURRENCIES)
        minor = self._random.choice([300, 499, 500, 1250, 9900, self._random.randint(1000, 250_000)])
        due_on = today + timedelta(days=self._random.choice([0, 1, 3, 5, 7, 10, 14, 21]))
        return Invoice(number, order, currency, today, due_on, minor, minor)

    def sum_for(self, invoice: Invoice) -> int:
        """What somebody pays on it: usually all, sometimes a part, sometimes too much."""
        kind = self._random.random()
        if kind < 0.6 or invoice.open_minor < 10:
            return invoice.open_minor
        if kind < 0.85:
            return self._random.randint(1, invoice.open_minor - 1)
        return invoice.open_minor + self._random.randint(1, 5000)

    def part_of(self, invoice: Invoice) -> int | None:
        """How much of it is disputed; None for the whole."""
        return (
            None if self.often(60) or invoice.open_minor < 2 else self._random.randint(1, invoice.open_minor - 1)
        )

    def days(self, least: int, most: int) -> timedelta:
        """A number of days."""
        return timedelta(days=self._random.randint(least, most))

    def faults(self, at: str, customers: list[Customer], per_cent: float) -> list[Fault]:
        """How the server treats the messages to these customers at an instant; each has a mailbox of their own."""
        found = []
        for customer in customers:
            if self.turn(at, "fault", customer.number).often(per_cent):
                fate, verb, action = self._random.choice(FAULTS)
                found.append(Fault(customer.number, fate, Rule(verb, action, match=customer.email, times=1)))
        return found

    def kill(self, command: str) -> str:
        """Where a worker dies: at one of the first passes of a failpoint, or anywhere."""
        if self.often(30):
            return f"random:{self._random.random()}:{self._random.choice([3, 8, 20])}"
        return f"{self._random.choice(KILLS[command])}:{self._random.choice([1, 1, 2, 3])}"
