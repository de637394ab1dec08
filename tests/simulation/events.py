"""What happens to the town and to the model alike: each event is a command, and the same in plain arithmetic."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

from tests.simulation import book
from tests.simulation.book import Customer, Hold, Invoice, Put
from tests.simulation.law import Place
from tests.simulation.trial import Trial
from tests.town.tables import file_of

EXPONENTS = {"JPY": 0}
BAD_ROW = {"invoice_number": "BAD-1", "invoice_date": "2026-02-31", "due_date": "soon", "invoice_amount": "ten"}


class Money(NamedTuple):
    """A payment or credit note as it will stand in a file. `named` may be empty."""

    customer: str
    currency: str
    amount_minor: int
    on: date
    named: str
    reference: str


class Booked(NamedTuple):
    """A file of payments that was taken, and where each sum went."""

    batch: int
    sums: list[tuple[Money, Put]]


class ByHand(NamedTuple):
    """A payment that somebody recorded, where it went, and whether a bank file has told of it since."""

    number: int
    money: Money
    put: Put
    told: bool


class Events:
    """Does things in the town and writes them into the model's book."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.town = trial.town
        self.model = trial.model
        self.booked: list[Booked] = []
        self.by_hand: list[ByHand] = []

    def arrive(self, told: list[tuple[str, str, Place, str]]) -> None:
        """New customers, or customers who moved."""
        records = []
        for number, person, place, language in told:
            email = f"{person}@{person}.example"
            known = self.model.customers.get(number)
            if known is None:
                order = self.model.next_order()
                self.model.customers[number] = Customer(number, person, order, email, language, place)
            else:
                known.place = place
            records.append(
                {
                    "customer_number": number,
                    "customer_name": f"Person {person}",
                    "email": email,
                    "language": language,
                    "country": place.country,
                    "region": place.region,
                    "zone": place.zones[0] if len(place.zones) == 1 else "",
                }
            )
        answer = self.town.takes("customers", records)
        assert answer["new"] + answer["changed"] + answer["unchanged"] == len(told), answer

    def bill(self, invoices: list[tuple[str, Invoice]], today: date, *, bad: bool, twice: bool) -> None:
        """A list of new invoices comes in, perhaps with a row that is none, perhaps twice."""
        records = [
            {
                "invoice_number": invoice.number,
                "customer_number": customer,
                "invoice_date": invoice.issued_on.isoformat(),
                "due_date": invoice.due_on.isoformat(),
                "invoice_amount": _major(invoice.amount_minor, invoice.currency),
                "currency": invoice.currency,
            }
            for customer, invoice in invoices
        ]
        if bad:
            records.insert(len(records) // 2, {"customer_number": "K01", "currency": "EUR", **BAD_ROW})
        options = ["--amounts", "original", "--date-order", "ymd", "--decimal", "point"]
        for turn in range(2 if twice else 1):
            answer = self._take("invoices", records, options, len(invoices), again=bool(turn), findings=bad)
            assert [row["row"] for row in answer["rejected"]] == ([len(invoices) // 2 + 2] if bad else [])
        for customer, invoice in invoices:
            self.model.customers[customer].invoices[invoice.number] = invoice
        self._books_are_from(today)

    def record(self, money: Money, today: date) -> None:
        """Somebody tells of a payment before any file does."""
        amount = f"{_major(money.amount_minor, money.currency)} {money.currency}"
        words = ["record", "payment", money.named, amount, "--on", money.on.isoformat(), "--again"]
        answer = self.town.command(*words, "--decimal", "point", "--account", money.customer)
        put = self._put(money, "payments", today)
        self.by_hand.append(ByHand(answer["payment"], money, put, told=False))

    def bounce(self, told: ByHand, today: date) -> None:
        """What was recorded by hand was returned today, whether a file has told of it or not."""
        words = ["record", "undo", str(told.number), "--reason", "as the bank says"]
        self.town.command(*words, "--bounced", today.isoformat())
        book.take_back(self.model.customers[told.money.customer], told.money.currency, told.put)
        self.by_hand.remove(told)

    def pay(self, sums: list[Money], today: date, *, kind: str = "payments", twice: bool = False) -> None:
        """A file of payments or credit notes comes in, perhaps twice.

        What was recorded by hand stands in the next file of payments too, in the words of the bank.
        """
        known = [told for told in self.by_hand if not told.told] if kind == "payments" else []
        self.by_hand = [told._replace(told=told.told or told in known) for told in self.by_hand]
        of_bank = [told.money._replace(named="", reference=f"SEPA {told.money.reference}") for told in known]
        records = []
        for money in [*sums, *of_bank]:
            told = {"customer_number": money.customer, "currency": money.currency, "reference": money.reference}
            amount = _major(money.amount_minor, money.currency)
            if kind == "payments":
                told |= {
                    "payment_amount": amount,
                    "payment_date": money.on.isoformat(),
                    "invoice_number": money.named,
                }
            else:
                told |= {"credit_note_number": money.reference, "credit_amount": amount}
                told |= {"credit_date": money.on.isoformat(), "original_invoice": money.named}
            records.append(told)
        options = ["--date-order", "ymd", "--decimal", "point"]
        for turn in range(2 if twice else 1):
            self._take(kind, records, options, len(records), again=bool(turn), known=len(known))
        rows = "select distinct batch from payment where reference = ?"
        ((batch,),) = self.town.records.rows(rows, sums[0].reference)
        self.booked.append(Booked(batch, [(money, self._put(money, kind, today)) for money in sums]))

    def undo(self, booked: Booked) -> None:
        """A file of payments is taken back, the latest import of it first: every one of them had never come."""
        imports = self.town.records.rows(
            "select id from import_batch where id >= ? and undone_at is null and file_digest ="
            " (select file_digest from import_batch where id = ?) order by id desc",
            booked.batch,
            booked.batch,
        )
        for (batch,) in imports:
            self.town.command("import", "undo", str(batch))
        for money, put in booked.sums:
            book.take_back(self.model.customers[money.customer], money.currency, put)
        self.booked.remove(booked)

    def hold(
        self,
        customer: Customer,
        invoice: Invoice | None,
        kind: str,
        today: date,
        days: timedelta,
        part: int | None,
    ) -> None:
        """We wait with an account, an invoice or a part of one; a promise ends by itself, others are looked at."""
        number = customer.number if invoice is None else invoice.number
        by_itself = kind == "promise"
        until, review = (today + days, None) if by_itself else (None, today + days)
        currency = "" if invoice is None else invoice.currency
        answer = self.town.holds(
            number,
            kind,
            until=until.isoformat() if until else "",
            review=review.isoformat() if review else "",
            amount=_major(part, currency) if part else "",
        )
        hold = Hold(f"hold:{answer['hold']}", kind, part, today, until, review)
        (customer.holds if invoice is None else invoice.holds).append(hold)

    def end(self, customer: Customer, hold: Hold, today: date) -> None:
        """Somebody ends a hold: today is the first free day, and nobody need be asked about it any more."""
        self.town.ends(hold.name.removeprefix("hold:"))
        hold.ended_on = today
        customer.questions.discard(hold.name)

    def comes_back(self, customer: Customer) -> None:
        """The latest mail to the customer that was accepted comes back."""
        ((attempt,),) = self.town.records.rows(
            "select max(t.id) from attempt t join account a on a.id = t.account_id"
            " where a.number = ? and t.state = 'accepted'",
            customer.number,
        )
        told = self.town.command("contact", "bounced", str(attempt), "--reason", "mailbox does not exist")
        assert [one["next"] for one in told["attempts"]] == [""], told
        self.model.comes_back(customer)

    def stop(self, customer: Customer) -> None:
        """A person wants no more messages; it counts for all their accounts."""
        self.town.stops(customer.number)
        self._stopped(customer.person, True)

    def resume(self, customer: Customer) -> None:
        """They may be written to again."""
        self.town.resumes(customer.number)
        self._stopped(customer.person, False)

    def _take(
        self,
        kind: str,
        records: list[dict[str, str]],
        options: list[str],
        good: int,
        *,
        again: bool,
        findings: bool = False,
        known: int = 0,
    ) -> dict[str, Any]:
        """Import a file, perhaps after a worker died of it. All its good rows must be there, each once."""
        content = file_of(records)
        path = self.town.home.parent / "late.csv"
        path.write_bytes(content)
        killed = not again and self.trial.killed("import", ["import", kind, str(path), *options])
        answer = self.town.takes_file(kind, content, *options, fails=1 if findings else 0)
        assert answer["new"] + answer["unchanged"] == good, answer
        if not killed:
            assert answer["new"] == (0 if again else good - known), answer
        return answer

    def _put(self, money: Money, kind: str, today: date) -> Put:
        customer = self.model.customers[money.customer]
        if kind == "credits":
            return book.credit(customer, money.currency, money.amount_minor, money.named)
        named = [money.named] if money.named else []
        return book.pay(customer, money.currency, money.amount_minor, named, today)

    def _books_are_from(self, today: date) -> None:
        self.model.books_as_of = max(today, self.model.books_as_of or today)

    def _stopped(self, person: str, stopped: bool) -> None:
        for each in self.model.customers.values():
            if each.person == person:
                each.stopped = stopped


def _major(minor: int, currency: str) -> str:
    exponent = EXPONENTS.get(currency, 2)
    if not exponent:
        return str(minor)
    return f"{minor // 10**exponent}.{minor % 10**exponent:0{exponent}}"
