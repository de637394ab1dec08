"""The time-lapse of the demo: months of a made-up firm with many customers, every day with the real commands.

Each working day runs alike: files come in, then what customers said, then run, release, send. Customers read the
mails that really arrived in the sink and do what they do. The firm's own books are kept beside Duewell's, and at
the end both must say the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any, Final, NamedTuple

from duewell.adapters.channels.email.sink import Received, sink
from duewell.adapters.demo import exports, firm_files
from duewell.adapters.demo.firm import Firm
from duewell.adapters.demo.habits import Deed, Ring
from duewell.cli.demo_stage import Stage
from duewell.cli.report import BUCKETS

_INVOICE: Final = re.compile(r"\bRE-\d{4}-\d{5}\b")
CALLS_A_DAY: Final = 12
_LADDER: Final = """\
# What the demo's firm does: a mail or, where there is none, a letter; in the end somebody calls.
strategy: kornblum
title: Mails, letters and a call
grace_days: 3
minimum:
  EUR: "5.00"
  GBP: "5.00"
least_gap_days: 6
steps:
  - {stage: upcoming, offset_days: -4, channels: [email], business_days_only: true}
  - {stage: first, offset_days: 5, channels: [email, letter], business_days_only: true}
  - {stage: second, offset_days: 14, channels: [email, letter], business_days_only: true}
  - {stage: firm, offset_days: 28, channels: [email, letter], tone: formal, business_days_only: true}
  - {stage: final, offset_days: 40, channels: [call, letter], tone: formal, business_days_only: true}
"""
REVIEW_DAYS: Final = 30
"""A dispute is looked at again after so many days at the latest."""


class Day(NamedTuple):
    """What was open and overdue in the evening of a day, in each world, by currency in minor units."""

    on: date
    overdue: dict[str, int]
    overdue_without: dict[str, int]


class Lapse(NamedTuple):
    """All that came of it."""

    firm: Firm
    days: list[Day]
    sent: Counter[str]
    """Messages claimed, by stage."""
    languages: Counter[str]
    """Messages that arrived, by the language that they were written in."""
    counts: Counter[str]
    """accepted, deferred, refused, unknown over all."""
    withheld: Counter[str]
    refused: Counter[str]
    """Accounts that the law refused, by rule, added up over the days."""
    paid: Counter[str]
    """Money that came in, by currency, in minor units."""
    said: Counter[str]
    aging: dict[str, dict[str, Any]]
    """Totals by currency: `before` the first day, `after` the last one, and then `without` a word said."""
    agrees: bool
    """The books of Duewell and those of the firm say the same, to the minor unit."""
    by_hand: Counter[str]
    """`letters`, `returned`, `calls`."""
    rang: Counter[str]
    """How calls ended."""
    mailboxes: Counter[str]
    """How many messages arrived at each address."""

    @property
    def customers_reached(self) -> int:
        """Addresses at which something arrived."""
        return len(self.mailboxes)

    def written_most(self) -> str:
        """The number of the customer whom most messages reached, the first of equals."""
        address = max(sorted(self.mailboxes), key=lambda each: self.mailboxes[each], default="")
        return next((each.number for each in self.firm.customers.values() if each.email == address), "")


def play(
    folder: Path,
    told: Firm,
    print_line: Callable[[str], None],
    tell: Callable[[int, int], None],
) -> tuple[Stage, Lapse]:
    """Play every day.

    Args:
        tell: called with how many days are done, and how many there are.

    Raises:
        StoryBroke: a command did not end as it should.
    """
    letterbox: list[Received] = []
    today = [told.started_on]
    with sink(folder / "mails", 0, letterbox.append, lambda address: told.works(address, today[0])) as server:
        stage = Stage(folder, server.url, print_line)
        lapse = _Lapse(stage, told, letterbox, today)
        lapse.begin()
        for number in range(told.days):
            lapse.day(told.started_on + timedelta(days=number))
            tell(number + 1, told.days)
        return stage, lapse.end()


class _Lapse:
    def __init__(self, stage: Stage, told: Firm, letterbox: list[Received], today: list[date]) -> None:
        self._stage = stage
        self._firm = told
        self._letterbox = letterbox
        self._today = today
        self._read = 0
        self._listed_until = told.started_on - timedelta(days=1)
        self._money: list[Any] = []
        self._notes: list[Any] = []
        self._said: list[Any] = []
        self._new: list[Any] = []
        self._holds: dict[str, str] = {}
        self._before: dict[str, Any] = {}
        self._days: list[Day] = []
        self._sent: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()
        self._withheld: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()
        self._paid: Counter[str] = Counter()
        self._told: Counter[str] = Counter()
        self._languages: Counter[str] = Counter()
        self._post: list[tuple[str, date]] = []
        self._coming_back: list[tuple[str, date]] = []
        self._calls_and_letters: Counter[str] = Counter()
        self._rang: Counter[str] = Counter()

    def begin(self) -> None:
        """The firm opens a home, tells who it is, and brings its customers."""
        stage = self._stage
        stage.day = self._firm.started_on
        stage.play("init", "--test", clock=False, show=0)
        stage.play(
            *("creditor", "add", "kornblum", "--name", "Kornblum Bio-Großhandel GmbH"),
            *("--street", "Ackerstraße 5", "--postcode", "10115", "--city", "Berlin", "--country", "DE"),
            *("--zone", "Europe/Berlin", "--language", "de", "--email-from", "rechnung@kornblum.example"),
            *("--phone", "+49 30 5550123", "--iban", "DE89370400440532013000"),
            show=0,
        )
        ladder = stage.home / "strategies" / "kornblum.yaml"
        ladder.parent.mkdir(exist_ok=True)
        ladder.write_text(_LADDER, encoding="utf-8")
        stage.play("creditor", "edit", "kornblum", "--strategy", "kornblum", show=0)
        file = exports.customers_file(stage.files / "customers.csv", self._firm.customers.values())
        stage.play("import", "customers", file, at="05:00", show=0)

    def day(self, day: date) -> None:
        """One day: customers act every day, the office works from Monday to Friday."""
        self._today[0] = day
        if day.weekday() < 5:
            self._stage.day = day
            self._office(day)
        self._customers(day)
        evening = day + timedelta(days=1)
        self._days.append(
            Day(
                day,
                _sums(
                    (debt.currency, debt.open_minor) for debt in self._firm.open_items(day) if debt.due_on < day
                ),
                _sums(
                    (debt.currency, debt.amount_minor)
                    for debt in self._firm.open_without(evening)
                    if debt.due_on < day
                ),
            )
        )

    def _office(self, day: date) -> None:
        self._files(day)
        self._answers(day)
        run = self._stage.play("run", "--yes", at="07:00", show=0)
        self._refused.update(run.data["refused"])
        if run.data["run"] is not None and run.data["proposals"]:
            self._stage.play("release", str(run.data["run"]), at="07:30", show=0)
        sent = self._stage.play("send", at="09:00", show=0)
        self._counts.update({key: sent.data[key] for key in ("accepted", "deferred", "refused", "unknown")})
        self._withheld.update(sent.data["withheld"])
        self._sent.update(run.data["proposals"])
        self._print(day)
        self._call(day)

    def _print(self, day: date) -> None:
        """Letters are set, printed and posted; some come back from people who have moved."""
        for attempt, sent_on in [each for each in self._coming_back if each[1] <= day]:
            self._coming_back.remove((attempt, sent_on))
            self._stage.play("print", "returned", attempt, "--reason", "moved", at="09:20", show=0)
            self._calls_and_letters["returned"] += 1
        made = self._stage.play("print", "make", at="09:30", show=0).data
        if made["batch"] is None or not made["letters"]:
            return
        batch = str(made["batch"])
        listed = self._stage.play("print", "show", batch, at="09:31", show=0).data["listed"]
        self._stage.play("print", "hand-over", batch, at="10:00", show=0)
        self._calls_and_letters["letters"] += made["letters"]
        for letter in listed:
            if self._firm.returns(letter["account"], day):
                self._coming_back.append((str(letter["attempt"]), day + timedelta(days=5)))
            else:
                self._post.append((letter["account"], day + timedelta(days=2)))

    def _call(self, day: date) -> None:
        """One person calls, as many as there is time for."""
        tasks = self._stage.play("calls", "list", "--state", "now", at="10:00", show=0).data["calls"]
        for task in tasks[:CALLS_A_DAY]:
            call = str(task["call"])
            begun = self._stage.play("calls", "start", call, "--by", "robin", at="10:05", show=0, code=None)
            if begun.code:
                continue
            ended = self._firm.rings(task["account"], day)
            more = ["--on", ended.until.isoformat()] if ended.ring is Ring.PROMISED else []
            self._stage.play(
                *("calls", "done", call, "--by", "robin", "--outcome", str(ended.ring), *more), at="10:10", show=0
            )
            self._calls_and_letters["calls"] += 1
            self._rang[str(ended.ring)] += 1

    def _files(self, day: date) -> None:
        """On Mondays the whole list of open items, else what was billed since; money and credit notes daily."""
        stage, firm = self._stage, self._firm
        full = day.weekday() == 0 or day == firm.started_on
        debts = firm.open_items(day) if full else firm.issued(self._listed_until, day)
        self._listed_until = day
        if debts:
            name = "open-items" if full else "new-invoices"
            file = firm_files.open_items(stage.files / f"{name}-{day}.csv", firm, debts)
            stage.play("import", "invoices", file, *(["--full"] if full else []), at="06:00", show=0)
        if self._money:
            file = firm_files.payments(stage.files / f"payments-{day}.csv", self._money)
            stage.play("import", "payments", file, at="06:10", show=0)
        if self._notes:
            file = firm_files.credits(stage.files / f"credits-{day}.csv", self._notes)
            stage.play("import", "credits", file, at="06:20", show=0)
        if self._new:
            file = exports.customers_file(stage.files / f"customers-{day}.csv", self._new)
            stage.play("import", "customers", file, at="06:25", show=0)
        self._money, self._notes, self._new = [], [], []
        if not self._before:
            self._before = stage.play("report", "aging", at="06:30", show=0).data["totals"]

    def _answers(self, day: date) -> None:
        """What customers said since yesterday is written down before anything is decided."""
        for said in self._said:
            match said.what:
                case Deed.PROMISES:
                    self._hold(said.debt.number, "promise", "--until", max(said.until, day + timedelta(days=1)))
                case Deed.DISPUTES:
                    hold = self._hold(said.debt.number, "dispute", "--review", day + timedelta(days=REVIEW_DAYS))
                    self._holds[said.debt.number] = hold
                case _:
                    self._stage.play("stop", said.customer, "--reason", "wrote: no more mails", show=0)
            self._told[str(said.what)] += 1
        self._said = []

    def _hold(self, invoice: str, kind: str, ends: str, on: date) -> str:
        held = self._stage.play(
            *("hold", "add", invoice, "--kind", kind, ends, on.isoformat(), "--reason", "told on the telephone"),
            at="06:40",
            show=0,
        )
        return str(held.data["hold"])

    def _customers(self, day: date) -> None:
        """They read what has arrived, pay, and speak up; the office hears of it on its next day."""
        for received in self._letterbox[self._read :]:
            mail = message_from_bytes(received.file.read_bytes())
            self._languages[str(mail["Content-Language"])] += 1
            self._firm.reads(_invoices(mail), day)
        self._read = len(self._letterbox)
        for customer, arrives_on in [each for each in self._post if each[1] <= day]:
            self._post.remove((customer, arrives_on))
            self._firm.reads(self._firm.due_of(customer, day), day)
        for said, note in self._firm.settles(day):
            hold = self._holds.pop(said.debt.number, None) if said.debt else None
            if hold is not None:
                self._stage.play("hold", "end", hold, "--reason", "settled with the customer", at="15:00", show=0)
            if note is not None:
                self._notes.append(note)
        paid = self._firm.pays(day)
        self._money += paid
        for one in paid:
            self._paid[one.debt.currency] += one.amount_minor
        self._said += self._firm.says(day)
        self._new += self._firm.new_addresses(day)

    def end(self) -> Lapse:
        """Bring in what came last, and hold the books against each other, in the morning after the last day."""
        stage, firm = self._stage, self._firm
        stage.day = day = firm.started_on + timedelta(days=firm.days)
        self._files(day)
        self._answers(day)
        after = stage.play("report", "aging", at="06:30", show=0).data["totals"]
        ours = _sums((debt.currency, debt.open_minor) for debt in firm.open_items(day))
        return Lapse(
            firm=firm,
            days=self._days,
            sent=self._sent,
            languages=self._languages,
            counts=self._counts,
            withheld=self._withheld,
            refused=self._refused,
            paid=self._paid,
            said=self._told,
            aging={"before": self._before, "after": after, "without": _aged(firm, day)},
            agrees={currency: columns["total"] for currency, columns in after.items() if columns["total"]} == ours,
            by_hand=self._calls_and_letters,
            rang=self._rang,
            mailboxes=Counter(one.recipients[0] for one in self._letterbox),
        )


def _invoices(mail: Message) -> list[str]:
    """The numbers that stand in a mail: its reader knows no more than that."""
    found: set[str] = set()
    for part in mail.walk():
        if part.get_content_type() == "text/plain":
            body = part.get_payload(decode=True)
            assert isinstance(body, bytes), "a part that is text holds bytes"
            found.update(_INVOICE.findall(body.decode()))
    return sorted(found)


def _sums(sums: Iterable[tuple[str, int]]) -> dict[str, int]:
    added: dict[str, int] = {}
    for currency, minor in sums:
        added[currency] = added.get(currency, 0) + minor
    return added


def _aged(firm: Firm, day: date) -> dict[str, dict[str, int]]:
    """The aging in a world in which nobody says a word, in the buckets of the report."""
    found: dict[str, dict[str, int]] = {}
    for debt in firm.open_without(day):
        columns = found.setdefault(debt.currency, dict.fromkeys(BUCKETS, 0))
        late = (day - debt.due_on).days
        columns[BUCKETS[0 if late <= 0 else min((late + 29) // 30, 4)]] += debt.amount_minor
        columns["total"] += debt.amount_minor
    return found
