"""Two years of a real firm, day by day: January 2012 to January 2014, with the days on which money really came.

Every morning the day's new invoices and the day's money come in. What is disputed is held from its due date
until it is settled. Then the firm decides, releases and sends as on any other day, and in the evening its aging
report must be what the file of the two years says.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.simulation.book import Customer, Hold, Invoice, Ladder, Step, pay
from tests.simulation.law import Place
from tests.simulation.model import Model, Policy
from tests.simulation.trial import check_mail
from tests.story.ibm import Bill, aging, american, bills, by_day
from tests.town import Mail, Town, founded
from tests.town.mail import read

FIRST, LAST = date(2012, 1, 3), date(2014, 1, 10)
GENTLE = Ladder(
    steps=tuple(
        Step(stage, offset, business_days_only=True)
        for stage, offset in (("upcoming", -4), ("first", 5), ("second", 14), ("firm", 28), ("final", 45))
    ),
    grace_days=3,
    least_gap_days=6,
    minimum_minor={"USD": 500},
)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A creditor in the United States on universal time, with the gentle strategy that ships."""
    where = {"zone": "UTC", "country": "US", "city": "Armonk", "postcode": "10504", "street": "1 Orchard Road"}
    with founded(tmp_path, **where) as opened:
        yield opened


def test_two_years_of_ibm(town: Town) -> None:
    replay = Replay(town, bills())
    replay.live(FIRST, LAST)
    # 10 January 2014: everything is paid, every message can be proven, and what is always true is true
    assert aging(replay.bills, LAST)["total"] == 0
    assert town.command("verify")["ok"]
    assert town.command("audit")["ok"]


class Replay:
    """Lives the days of the file in a town, and keeps a book of its own beside it."""

    def __init__(self, town: Town, told: list[Bill]) -> None:
        self.town = town
        self.bills = told
        self.number = {bill.number: bill for bill in told}
        self.model = Model(Policy(GENTLE, "UTC", "US", 365))
        self.said: set[tuple[str, str]] = set()
        self._left: list[str] = []
        self._holds: dict[str, str] = {}
        self._issued, self._settled, self._due = (
            by_day(told, what) for what in ("issued_on", "settled_on", "due_on")
        )

    def live(self, first: date, last: date) -> None:
        """Every day from the first to the last."""
        self._customers(first)
        day = first
        while day <= last:
            self._morning(day)
            claimed = self.model.claim(day)
            ran = self.town.night(day.isoformat(), at=f"{day}T08:30Z")
            assert sum(ran["proposals"].values()) == len(claimed), f"{day}: {ran}, foretold {claimed}"
            self.model.release()
            self._send(day)
            self.town.now = f"{day}T20:00Z"
            plain = aging(self.bills, day)
            assert self.town.aging(day.isoformat()) == ({"USD": plain} if any(plain.values()) else {}), day
            day += timedelta(days=1)
        self._nothing_twice()
        assert self.said, "in so many days somebody must have been reminded"

    def _customers(self, first: date) -> None:
        numbers = sorted({bill.customer for bill in self.bills})
        records = [
            {
                "customer_number": number,
                "customer_name": f"Firm {number}",
                "email": _mailbox(number),
                "zone": "UTC",
            }
            for number in numbers
        ]
        self.town.takes("customers", records, at=f"{first}T06:00Z")
        for order, number in enumerate(numbers):
            place = Place("US", "", ("UTC",))
            self.model.customers[number] = Customer(number, number, order, _mailbox(number), "en", place)

    def _morning(self, day: date) -> None:
        """New invoices, money, disputes that begin and disputes that end."""
        self.town.now = f"{day}T06:30Z"
        if new := self._issued[day]:
            records = [
                {
                    "customerID": bill.customer,
                    "invoiceNumber": bill.number,
                    "InvoiceDate": american(bill.issued_on),
                    "DueDate": american(bill.due_on),
                    "InvoiceAmount": f"{bill.minor / 100:.2f}",
                }
                for bill in new
            ]
            told = self.town.takes("invoices", records, "--currency", "USD", "--date-order", "mdy")
            assert told["receivables"]["new"] == len(new)
            for bill in new:
                order, customer = self.model.next_order(), self.model.customers[bill.customer]
                invoice = Invoice(bill.number, order, "USD", bill.issued_on, bill.due_on, bill.minor, bill.minor)
                customer.invoices[bill.number] = invoice
        if paid := self._settled[day]:
            records = [
                {
                    "customerID": bill.customer,
                    "invoiceNumber": bill.number,
                    "payment_date": american(bill.settled_on),
                    "payment_amount": f"{bill.minor / 100:.2f}",
                }
                for bill in paid
            ]
            told = self.town.takes("payments", records, "--currency", "USD", "--date-order", "mdy")
            assert told["new"] == len(paid)
            for bill in paid:
                self._paid(bill, day)
        for bill in self._due[day]:
            if bill.is_disputed(day):
                self._disputed(bill, day)

    def _disputed(self, bill: Bill, day: date) -> None:
        review = day + timedelta(days=90)
        answer = self.town.holds(bill.number, "dispute", review=review.isoformat())
        self._holds[bill.number] = str(answer["hold"])
        hold = Hold(bill.number, "dispute", None, day, None, review)
        self.model.customers[bill.customer].invoices[bill.number].holds.append(hold)

    def _paid(self, bill: Bill, day: date) -> None:
        customer = self.model.customers[bill.customer]
        pay(customer, "USD", bill.minor, [bill.number], day)
        if bill.number in self._holds:
            self.town.ends(self._holds.pop(bill.number))
            for hold in customer.invoices[bill.number].holds:
                hold.ended_on = day

    def _send(self, day: date) -> None:
        now = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
        self.town.send(at=f"{day}T10:00Z")
        foretold = {one.customer: one for one in self.model.send(now, {})}
        new = [read(raw) for raw in self.town.sink.messages()[len(self._left) :]]
        self._left += [mail.id for mail in new]
        mails = {self.number[mail.numbers[0]].customer: mail for mail in new}
        assert len(mails) == len(new), f"{day}: somebody got two messages"
        assert mails.keys() == foretold.keys(), f"{day}: {mails.keys()} got a message, foretold {foretold.keys()}"
        for number, mail in mails.items():
            assert mail.to == _mailbox(number)
            check_mail(mail, foretold[number].demand, now)
            self._is_right(mail, number, day)
            for invoice, stage in foretold[number].demand.advances.items():
                assert (invoice, stage) not in self.said, f"{invoice} was told twice of {stage}"
                self.said.add((invoice, stage))

    def _is_right(self, mail: Mail, customer: str, day: date) -> None:
        """Told from the file alone: nothing paid, nothing disputed, everything that is due, and the right sum."""
        listed = [self.number[number] for number in mail.numbers]
        assert not [bill for bill in listed if not bill.is_open(day)], (
            f"{day}: a demand after payment: {mail.text}"
        )
        assert not [bill for bill in listed if bill.is_disputed(day)], f"{day}: a disputed item: {mail.text}"
        due = {
            bill.number
            for bill in self.bills
            if bill.customer == customer and bill.due_on <= day and bill.is_open(day) and not bill.is_disputed(day)
        }
        assert due <= set(mail.numbers), f"{day}: {due} is due: {mail.text}"
        assert mail.pay == {"USD": sum(bill.minor for bill in listed)}, mail.text

    def _nothing_twice(self) -> None:
        """Each claim has at most one message that was accepted, and each message left once."""
        rows = self.town.records.rows
        assert (
            rows(
                "select c.receivable_id, c.stage from claim c join mark m on m.message_id = c.message_id"
                " where m.kind = 'accepted' and not c.freed group by 1, 2 having count(*) > 1"
            )
            == []
        )
        assert len(self._left) == len(set(self._left)) == len(self.town.records.marks("accepted"))


def _mailbox(number: str) -> str:
    return f"{number.lower()}@example.org"
