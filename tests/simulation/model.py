"""The house as a model: it runs and sends on its own book, and says beforehand which messages must arrive.

What it says is compared with what the sink received: no message may be missing, none may come in addition, and
each must have the stage, the items and the sums that stand here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tests.simulation import law
from tests.simulation.book import STAGES, Arrival, Calendar, Customer, Demand, Flight, Hold, Ladder, demand
from tests.simulation.law import Place

SETTLES_DAYS = 3
WAITS = frozenset({"not_business_day", "least_gap", "books_too_old"})
ACCEPTED, DEFERRED, REFUSED, BAD_ADDRESS = "accepted", "deferred", "refused", "bad_address"
UNKNOWN = "unknown"
BACK_OFF_FIRST, BACK_OFF_LONGEST = timedelta(minutes=5), timedelta(hours=12)


class Outcome(NamedTuple):
    """What must come of one attempt."""

    customer: str
    fate: str
    demand: Demand


class Policy(NamedTuple):
    """What the creditor has chosen, and where it is."""

    ladder: Ladder
    zone: str
    country: str
    books_max_age_days: int


class Model:
    """Customers by account number, in the order in which the installation learned of them."""

    def __init__(self, policy: Policy) -> None:
        self.customers: dict[str, Customer] = {}
        self.contacts: dict[str, list[datetime]] = {}
        self.books_as_of: date | None = None
        self.policy = policy
        self._orders = 0

    def next_order(self) -> int:
        """Numbers that rise: what came first has the lower one."""
        self._orders += 1
        return self._orders

    def today(self, now: datetime) -> date:
        """The creditor's civil date."""
        return now.astimezone(ZoneInfo(self.policy.zone)).date()

    def wanted(self, customer: Customer, day: date, planned: Mapping[str, str] | None = None) -> Demand | str:
        """What the strategy says of a customer on a day."""
        calendar = Calendar(law.closed_days_of_country(self.policy.country, day.year))
        too_old = self._books_too_old(day)
        return demand(customer, self.policy.ladder, calendar, day, books_too_old=too_old, planned=planned)

    def claim(self, day: date) -> list[str]:
        """A run: the customers for whom a message is claimed."""
        claimed = []
        since, until = law.day_in(self.policy.zone, day)
        for customer in sorted(self.customers.values(), key=_order):
            found = self.wanted(customer, day)
            if isinstance(found, str) or customer.stopped:
                continue
            opens = law.opens_at(self._places(customer), self._contacts(customer), since, until)
            if opens is not None:
                customer.flight = Flight(self.next_order(), found.advances, not_before=opens)
                claimed.append(customer.number)
        return claimed

    def release(self) -> None:
        """Every message that waits may go."""
        for customer in self.customers.values():
            if customer.flight is not None:
                customer.flight.released = True

    def send(self, now: datetime, fates: Mapping[str, str], left: Collection[str] = ()) -> Iterator[Outcome]:
        """A send: what must come of it, message by message.

        Args:
            fates: by account, what the mail server or a killed worker makes of its message.
            left: accounts whose message left while several workers sent at once. Who has two accounts and may have
                one more message gets that of the faster worker: these come first, and no other may then be owed.
        """
        today = self.today(now)
        self._settle_by_rule(now)
        self.ask_about_holds(today)
        flying = [one for one in self.customers.values() if one.flight is not None and one.flight.released]
        for customer in sorted(flying, key=lambda one: (one.number not in left, _turn(one))):
            flight = customer.flight
            assert flight is not None
            if flight.unknown_since is not None or (flight.not_before is not None and flight.not_before > now):
                continue
            found = self.wanted(customer, today, flight.advances)
            if isinstance(found, str):
                if found not in WAITS:
                    customer.flight = None
            elif customer.stopped:
                customer.flight = None
            elif not law.permitted(self._places(customer), self._contacts(customer), now):
                flight.not_before = law.first_permitted(self._places(customer), self._contacts(customer), now)
            else:
                fate = fates.get(customer.number, ACCEPTED)
                self._meet(customer, flight, found, fate, now)
                yield Outcome(customer.number, fate, found)

    def settle(self, customer: Customer, *, arrived: bool) -> None:
        """Somebody says what became of a message of unknown fate."""
        flight = customer.flight
        assert flight is not None and flight.unknown_since is not None
        customer.questions.discard("unknown")
        if arrived:
            self._arrive(customer, flight.advances, flight.unknown_since)
        else:
            self.contacts[customer.person].remove(flight.unknown_since)
        customer.flight = None

    def comes_back(self, customer: Customer) -> None:
        """The latest message that arrived comes back: it was no notice, and its address is used no more."""
        arrival = customer.arrivals.pop()
        self.contacts[customer.person].remove(arrival.at)
        for number, (stage, reached, reached_on) in arrival.before.items():
            invoice = customer.invoices[number]
            if invoice.reached == stage:
                invoice.reached, invoice.reached_on = reached, reached_on
        customer.messaged_on = max((one.on for one in customer.arrivals), default=None)
        customer.reachable = False
        customer.questions.add("refused")

    def ask_about_holds(self, today: date) -> None:
        """A hold whose review has come is asked about, until somebody answered today."""
        for customer in self.customers.values():
            for hold in self.holds_of(customer):
                due = hold.review_on is not None and hold.review_on <= today and hold.ended_on is None
                if due and hold.answered_on != today:
                    customer.questions.add(hold.name)

    @staticmethod
    def holds_of(customer: Customer) -> list[Hold]:
        """Every hold of the account and of its invoices."""
        return customer.holds + [hold for invoice in customer.invoices.values() for hold in invoice.holds]

    def _meet(self, customer: Customer, flight: Flight, found: Demand, fate: str, now: datetime) -> None:
        if fate == ACCEPTED:
            self.contacts.setdefault(customer.person, []).append(now)
            self._arrive(customer, found.advances, now)
            customer.flight = None
        elif fate == DEFERRED:
            flight.tries += 1
            flight.order = self.next_order()
            flight.not_before = now + min(BACK_OFF_FIRST * 2 ** (flight.tries - 1), BACK_OFF_LONGEST)
        elif fate == UNKNOWN:
            self.contacts.setdefault(customer.person, []).append(now)
            flight.unknown_since = now
            flight.advances = found.advances
            customer.questions.add("unknown")
        else:
            customer.flight = None
            customer.questions.add("refused")
            customer.reachable = customer.reachable and fate != BAD_ADDRESS

    def _arrive(self, customer: Customer, advances: Mapping[str, str], at: datetime) -> None:
        day = self.today(at)
        customer.messaged_on = day
        before = {}
        for number, stage in advances.items():
            invoice = customer.invoices[number]
            assert STAGES.index(stage) > STAGES.index(invoice.reached), f"{number} would go back to {stage}"
            before[number] = (stage, invoice.reached, invoice.reached_on)
            invoice.reached, invoice.reached_on = stage, day
        customer.arrivals.append(Arrival(at, day, before))

    def _settle_by_rule(self, now: datetime) -> None:
        for customer in self.customers.values():
            flight = customer.flight
            if flight is None or flight.unknown_since is None:
                continue
            if flight.unknown_since <= now - timedelta(days=SETTLES_DAYS):
                self.settle(customer, arrived=True)

    def _contacts(self, customer: Customer) -> list[datetime]:
        return self.contacts.get(customer.person, [])

    def _places(self, customer: Customer) -> list[Place]:
        """Wherever the person may be, by any of their accounts."""
        return [other.place for other in self.customers.values() if other.person == customer.person]

    def _books_too_old(self, day: date) -> bool:
        return self.books_as_of is not None and (day - self.books_as_of).days > self.policy.books_max_age_days


def _order(customer: Customer) -> int:
    return customer.order


def _turn(customer: Customer) -> int:
    assert customer.flight is not None
    return customer.flight.order
