"""A town: one small installation with its customers, its mail, and a clock that the story sets.

Every verb is a command of the program, given as a person gives it, so a story tells what a user lives through.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.installation import installation, shell
from tests.sink import Sink
from tests.town import tables
from tests.town.commands import Answer, InProcess, Runner
from tests.town.mail import Mail, read
from tests.town.records import Records

CREDITOR = {
    "name": "Bright Light Ltd",
    "street": "Lampenweg 7",
    "postcode": "10115",
    "city": "Berlin",
    "country": "DE",
    "zone": "Europe/Berlin",
    "language": "en",
    "email-from": "accounts@brightlight.example",
    "phone": "+49 30 555 0100",
    "iban": "DE89370400440532013000",
    # A story tells of its own days; lists that grow old have a story of theirs.
    "books-max-age": "365",
}


class Town:
    """An installation, told by day and hour. Instants are text, `2026-03-10T07:30Z`; dates `2026-03-10`.

    Args:
        home: its folder.
        run: gives it commands.
        sink: where its mail arrives.
        records: reads its tables.
        zone: the creditor's, for nights.
    """

    def __init__(self, home: Path, run: Runner, sink: Sink, records: Records, zone: str = "Europe/Berlin") -> None:
        self.home = home
        self.sink = sink
        self.records = records
        self._run = run
        self._zone = ZoneInfo(zone)
        self._files = 0
        self.now = "2026-01-05T08:00Z"

    def command(self, *words: str, at: str = "", fails: int = 0) -> dict[str, Any]:
        """Give any command at an instant; its JSON. The town's clock then stands there.

        Raises:
            AssertionError: it ended with another code than `fails`.
        """
        self.now = at or self.now
        answer = self.try_command(*words)
        assert answer.code == fails, f"{' '.join(words)} ended with {answer.code}: {answer.told} {answer.talk}"
        return answer.told

    def try_command(self, *words: str) -> Answer:
        """Give a command now, whatever its end."""
        return self._run([*words, "--now", self.now])

    # What comes in

    def customers(self, table: str, at: str = "") -> dict[str, Any]:
        """Import customers: `number name email` and whatever else the file shall say of them."""
        return self.takes("customers", tables.rows(table), at=at)

    def invoices(self, table: str, *options: str, at: str = "") -> dict[str, Any]:
        """Import invoices: `number customer issued due amount`, the amount as `100.00 EUR`."""
        return self.takes("invoices", [_invoice(row) for row in tables.rows(table)], *options, at=at)

    def pays(self, invoice: str, amount: str, on: str = "", at: str = "", reference: str = "") -> dict[str, Any]:
        """A payment of `40.00 EUR` that names the invoice is imported; dated today where `on` says nothing."""
        record = self._money(amount, on or self.day(at))
        return self.takes("payments", [{"invoice_number": invoice, **record, "reference": reference}], at=at)

    def pays_on_account(self, customer: str, amount: str, on: str = "", at: str = "") -> dict[str, Any]:
        """A payment that names the customer only."""
        record = self._money(amount, on or self.day(at))
        return self.takes("payments", [{"customer_number": customer, **record}], at=at)

    def credits(self, customer: str, amount: str, invoice: str = "", at: str = "") -> dict[str, Any]:
        """A credit note; put against an invoice where it names one, else it stays on the account."""
        value, currency = amount.split()
        self._files += 1
        record = {
            "credit_note_number": f"CN-{self._files}",
            "customer_number": customer,
            "original_invoice": invoice,
            "credit_date": self.day(at),
            "credit_amount": value,
            "currency": currency,
        }
        return self.takes("credits", [record], at=at)

    def takes(self, kind: str, records: list[dict[str, str]], *options: str, at: str = "") -> dict[str, Any]:
        """Import a file of these records."""
        return self.takes_file(kind, tables.file_of(records), *options, at=at)

    def takes_file(self, kind: str, content: bytes, *options: str, at: str = "", fails: int = 0) -> dict[str, Any]:
        """Import a file of these bytes."""
        self._files += 1
        path = self.home.parent / f"{kind}-{self._files}.csv"
        path.write_bytes(content)
        return self.command("import", kind, str(path), *options, at=at, fails=fails)

    # What is done

    def night(self, day: str, at: str = "") -> dict[str, Any]:
        """Decide for the day at two in the morning, and release what was claimed."""
        ran = self.run(day, at=at or self.instant(day, 2))
        if ran["run"] is not None:
            self.command("release", str(ran["run"]), "--by", "robin")
        return ran

    def run(self, day: str, *options: str, at: str = "") -> dict[str, Any]:
        """Decide and claim for the day; it waits for release."""
        return self.command("run", "--as-of", day, "--yes", "--by", "sasha", *options, at=at)

    def plan(self, day: str, at: str = "") -> dict[str, Any]:
        """What a run would do."""
        return self.command("plan", "--as-of", day, at=at)

    def send(self, at: str = "", fails: int = 0) -> dict[str, Any]:
        """Deliver what is released."""
        return self.command("send", "--connections", "4", at=at, fails=fails)

    def holds(
        self, what: str, kind: str, *, until: str = "", review: str = "", amount: str = "", at: str = ""
    ) -> dict[str, Any]:
        """Wait with an account or an invoice, or with `30.00` of it."""
        words = ["hold", "add", what, "--kind", kind, "--reason", "as the customer told us"]
        for option, value in (("--until", until), ("--review", review), ("--amount", amount)):
            words += [option, value] if value else []
        return self.command(*words, at=at)

    def disputes(
        self, invoice: str, *, amount: str = "", review: str = "2026-12-01", at: str = ""
    ) -> dict[str, Any]:
        """The customer disputes an invoice, or so much of it."""
        return self.holds(invoice, "dispute", review=review, amount=amount, at=at)

    def promises(self, what: str, until: str, at: str = "") -> dict[str, Any]:
        """The customer promises to pay; `until` is the first day on which we may ask again."""
        return self.holds(what, "promise", until=until, at=at)

    def ends(self, hold: int | str, at: str = "") -> dict[str, Any]:
        """Somebody ends a hold: today is the first free day."""
        return self.command("hold", "end", str(hold), "--reason", "settled", at=at)

    def stops(self, customer: str, at: str = "") -> dict[str, Any]:
        """The customer wants no more messages."""
        return self.command("stop", customer, "--reason", "no more e-mails, please", at=at)

    def resumes(self, customer: str, at: str = "") -> dict[str, Any]:
        """The customer may be written to again."""
        return self.command("stop", customer, "--end", "--reason", "changed their mind", at=at)

    # What is seen

    def received(self, customer: str = "") -> list[Mail]:
        """The messages that arrived, in order; of one mailbox, or of everybody."""
        mails = [read(raw) for raw in self.sink.messages()]
        return [mail for mail in mails if not customer or mail.to == customer]

    def why(self, what: str, on: str = "") -> dict[str, Any]:
        """Why an account or an invoice is or is not written to."""
        return self.command("why", what, *(["--as-of", on] if on else []))

    def aging(self, on: str) -> dict[str, dict[str, int]]:
        """The report on aging as of a day: by currency, in minor units."""
        totals: dict[str, dict[str, int]] = self.command("report", "aging", "--as-of", on)["totals"]
        return totals

    def facts(self, since: str = "", of: str = "") -> list[str]:
        """The kinds of the facts about accounts and persons, in the order in which they were learned.

        `since` is a day or an instant; `of` names an account.
        """
        start = _instant(since) if "T" in since else (self._start(since) if since else None)
        return self.records.fact_kinds(start, of)

    # Time

    def day(self, at: str = "") -> str:
        """The creditor's civil date of an instant."""
        return _instant(at or self.now).astimezone(self._zone).date().isoformat()

    def instant(self, day: str, hour: int, minute: int = 0) -> str:
        """The instant at which a clock where the creditor is shows this hour on a day."""
        local = datetime.combine(date.fromisoformat(day), time(hour, minute), self._zone)
        return local.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")

    def _start(self, day: str) -> datetime:
        return datetime.combine(date.fromisoformat(day), time(), self._zone).astimezone(UTC)

    def _money(self, amount: str, on: str) -> dict[str, str]:
        value, currency = amount.split()
        return {"payment_date": on, "amount": value, "currency": currency}


def _invoice(row: dict[str, str]) -> dict[str, str]:
    value, currency = row.pop("amount").split()
    names = {
        "number": "invoice_number",
        "customer": "customer_number",
        "issued": "invoice_date",
        "due": "due_date",
    }
    record = {names.get(name, name): cell for name, cell in row.items()}
    return {**record, "invoice_amount": value, "currency": currency}


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@contextmanager
def founded(
    directory: Path, url: str | None = None, faults: Sequence[Any] = (), **creditor: str
) -> Iterator[Town]:
    """A new town in this process, on SQLite or in the empty PostgreSQL database of `url`.

    Args:
        creditor: options of `creditor add` in place of the usual ones, `_` for `-`.
    """
    told = {**CREDITOR, **{name.replace("_", "-"): value for name, value in creditor.items()}}
    home = directory / "home"
    with (
        shell({"DUEWELL_HOME": None, "DUEWELL_SMTP_URL": None}),
        installation(home, url),
        Sink(faults) as sink,
    ):
        os.environ["DUEWELL_SMTP_URL"] = f"{sink.url}?timeout=5&dot_timeout=2"
        town = Town(home, InProcess(home), sink, Records(home, url), told["zone"])
        options = [word for name, value in told.items() for word in (f"--{name}", value)]
        town.command("creditor", "add", "light", *options)
        yield town
