"""The story of the demo: some weeks at a made-up wholesaler, day by day, told with the real commands.

Each working day runs alike: the open-items file comes in, then the money of the days before, then run, release and
send. What makes a day special is a scene, told by the days since the beginning; a shorter demo ends before the
later ones. The last scene holds the books against each other and changes a byte to see it noticed.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

from duewell.adapters import demo as made_up
from duewell.adapters.demo import Billing
from duewell.cli.demo_proof import proof
from duewell.cli.demo_stage import Stage

_NO_LIST = (16, 17, 18)
"""Days on which nobody exports the open items."""


def tell(stage: Stage, books: Billing, days: int) -> dict[str, Any]:
    """Tell the whole story; returns what came of it.

    Raises:
        StoryBroke: a command did not end as the story says.
    """
    story = _Story(stage, books)
    for offset in range(days):
        day = books.started_on + timedelta(days=offset)
        if day.weekday() < 5:
            stage.day = day
            story.working_day(offset)
    told = proof(stage, books)
    return {
        "from": books.started_on.isoformat(),
        "to": stage.day.isoformat(),
        "sent": dict(story.sent),
        "withheld": dict(story.withheld),
        **told,
    }


class _Story:
    def __init__(self, stage: Stage, books: Billing) -> None:
        self._stage = stage
        self._books = books
        self._cast = books.cast
        self._money_until = books.started_on - timedelta(days=1)
        self._debit_batch = ""
        self._disputed_hold = ""
        self.sent: Counter[str] = Counter()
        self.withheld: Counter[str] = Counter()

    def working_day(self, offset: int) -> None:
        """One day from the morning's file to the last mail."""
        scenes = {
            0: self._first_day,
            1: self._customers_answer,
            3: self._direct_debit,
            4: self._money_comes,
            7: self._invoice_vanishes,
            9: self._money_in_between,
            15: self._debit_bounces,
            21: self._old_books,
            23: self._promise_is_over,
            24: self._dispute_is_settled,
        }
        scene = scenes.get(offset)
        if scene is None:
            self._quiet_day(offset)
        else:
            self._stage.heading(_named(self._stage.day))
            scene()

    # Days as every other

    def _quiet_day(self, offset: int) -> None:
        listed = offset not in _NO_LIST
        if listed:
            self._open_items(show=0)
        paid = self._payments(show=0)
        sent = self._run_release_send(show=0)
        told = [f"{paid} payment{'s' if paid != 1 else ''}"] if paid else []
        told += _counted(sent)
        remark = "" if listed else "; no list today"
        self._stage.note(f"{_named(self._stage.day)}: {', '.join(told) or 'nothing falls due'}{remark}")

    def _evening(self) -> None:
        """Run, release and send unseen, and say what went out."""
        sent = self._run_release_send(show=0)
        self._stage.say(f"Sent today: {', '.join(_counted(sent)) or 'nothing'}.")

    def _open_items(self, show: int) -> Any:
        day = self._stage.day
        file = self._stage.files / f"open-items-{day}.csv"
        made_up.open_items_file(file, self._books, day)
        return self._stage.play("import", "invoices", file, "--full", at="06:00", show=show)

    def _payments(self, show: int) -> int:
        """Import the money of the days since the last time; returns how many payments."""
        day = self._stage.day
        since = (day - self._money_until).days
        days = frozenset(self._money_until + timedelta(days=number) for number in range(1, since + 1))
        self._money_until = day
        receipts = self._books.receipts(days)
        if receipts:
            file = made_up.payments_file(self._stage.files / f"payments-{day}.csv", receipts)
            self._stage.play("import", "payments", file, at="06:30", show=show)
        return len(receipts)

    def _apart(self, name: str, at: str) -> str:
        """Import the payment of this day that comes in a file of its own; returns the number of the import."""
        receipts = self._books.receipts(frozenset({self._stage.day}), name)
        file = made_up.payments_file(self._stage.files / f"{name}-{self._stage.day}.csv", receipts)
        told = self._stage.play("import", "payments", file, at=at, show=-4)
        return str(told.data["batch"])

    def _run_release_send(self, show: int) -> Counter[str]:
        """Returns the messages that were accepted today, by stage; empty where nothing was claimed."""
        run = self._stage.play("run", "--yes", at="07:00", show=show)
        if not run.data["proposals"]:
            return Counter()
        self._stage.play("release", str(run.data["run"]), at="07:30", show=min(show, 1))
        return self._send(run.data["proposals"], show=show)

    def _send(self, claimed: dict[str, int], show: int, at: str = "08:00") -> Counter[str]:
        sent = self._stage.play("send", at=at, show=show)
        self.withheld.update(sent.data["withheld"])
        counts = Counter(claimed)
        if sum(counts.values()) != sent.data["accepted"]:
            counts = Counter(reminders=sent.data["accepted"])
        self.sent.update(accepted=sent.data["accepted"])
        return counts

    # Scenes

    def _first_day(self) -> None:
        stage, books = self._stage, self._books
        stage.say("""
            A wholesaler has customers who owe. Whoever looks after its money opens a folder for Duewell: a test
            home, in which time is what we say it is and mails go into a folder. Below, each line with a $ is a
            real command, followed by what it really says, cut where it is long; only the made-up hour, --now,
            is left out.
        """)
        stage.play("init", "--test", clock=False, show=3)
        stage.play(
            *(
                "creditor",
                "add",
                "kornblum",
                "--name",
                "Kornblum Bio-Großhandel GmbH",
                "--street",
                "Ackerstraße 5",
            ),
            *("--postcode", "10115", "--city", "Berlin", "--country", "DE", "--zone", "Europe/Berlin"),
            *("--language", "de", "--email-from", "rechnung@kornblum.example", "--phone", "+49 30 5550123"),
            *("--iban", "DE89370400440532013000"),
            show=3,
        )
        stage.say("""
            The billing program exports its customers and its open items, as such programs do: semicolons, decimal
            commas, letters of Windows. Nobody has to say so: what was recognised is shown with the rows that
            decide it.
        """)
        file = made_up.customers_file(stage.files / "customers.csv", books.customers)
        stage.play("import", "customers", file, at="06:00", show=4)
        file = stage.files / f"open-items-{stage.day}.csv"
        made_up.open_items_file(file, books, stage.day, misprint=True)
        stage.play("import", "invoices", file, "--full", at="06:10", code=1, show=99)
        stage.say("""
            One row has a due date that no calendar has. It stops only itself: it lies in an error file with reason
            and remedy, and everything else is in. Now, who would get what, and why not?
        """)
        plan = stage.play("plan", at="06:30", show=17)
        stage.say("Nothing has been written yet. The first run of all needs a second yes:")
        promised = str(plan.data["plan"])
        stage.play("run", "--plan", promised, at="07:00", code=3)
        run = stage.play("run", "--plan", promised, "--yes", at="07:00", show=0)
        stage.play("release", at="07:10")
        stage.say("A run waits until a person releases it. Only then does it go out, once:")
        stage.play("release", str(run.data["run"]), at="07:30")
        self._send(run.data["proposals"], show=4)
        mails = sorted(stage.mails.glob("*.eml"))
        stage.say(f"{len(mails)} mails lie in {stage.mails}. The same evening somebody starts all of it again:")
        stage.play("run", "--yes", at="16:00", show=1)
        again = self._send({}, show=1, at="16:10")
        stage.say("Nobody is written to twice." if not sum(again.values()) else "That must not happen.")

    def _customers_answer(self) -> None:
        stage, cast = self._stage, self._cast
        disputed = self._books.invoice_of(cast.disputes).number
        review = stage.day + timedelta(days=21)
        until = self._books.started_on + timedelta(days=23)
        stage.say(
            "Three customers answer: one says the delivery was spoilt, one will pay later, one wants no mails."
        )
        held = stage.play(
            *("hold", "add", disputed, "--kind", "dispute", "--review", review.isoformat()),
            *("--reason", "says the delivery was spoilt"),
        )
        self._disputed_hold = str(held.data["hold"])
        stage.play(
            *("hold", "add", cast.promises, "--kind", "promise", "--until", until.isoformat()),
            *("--reason", "pays when their own customer has paid"),
        )
        stage.play("stop", cast.says_stop, "--reason", "wrote: no more mails, please")
        self._open_items(show=0)
        self._payments(show=0)
        self._evening()

    def _direct_debit(self) -> None:
        self._open_items(show=0)
        self._payments(show=0)
        self._stage.say("A direct debit is collected. It comes in a file of its own.")
        self._debit_batch = self._apart("debit", at="06:40")
        self._evening()

    def _money_comes(self) -> None:
        self._open_items(show=0)
        self._stage.say("""
            Money comes in, and one customer pays half of an invoice. The next list will know it, too, and show
            less open: what both files tell counts once.
        """)
        self._payments(show=99)
        self._evening()

    def _invoice_vanishes(self) -> None:
        stage = self._stage
        stage.say("""
            An invoice is missing from today's list, and no money came for it. Was it cancelled, or lost? Duewell
            does not guess: the invoice is held at once, and a person is asked.
        """)
        self._open_items(show=-4)
        self._payments(show=0)
        self._evening()
        stage.play("review", "list", at="09:00")

    def _money_in_between(self) -> None:
        stage = self._stage
        self._open_items(show=0)
        self._payments(show=0)
        stage.say("""
            Nine days after the first reminders the second ones fall due. Those who disputed, promised or said stop
            are left alone, each with its reason. The others are claimed and released:
        """)
        run = stage.play("run", "--yes", at="07:00")
        stage.play("release", str(run.data["run"]), at="07:30", show=1)
        stage.say("Before they are sent, money of one of these customers comes in:")
        self._apart("noon", at="10:00")
        stage.say("So their reminder is not sent, although it was released:")
        self._send(run.data["proposals"], show=99, at="10:05")

    def _debit_bounces(self) -> None:
        stage, cast = self._stage, self._cast
        self._open_items(show=0)
        self._payments(show=0)
        stage.say("The bank gives the direct debit back. The import of that day is undone, by entries of its own:")
        stage.play("import", "undo", self._debit_batch, at="06:50")
        stage.say("The invoice is open again, and goes on at the stage it had left:")
        stage.play("why", cast.pays_and_bounces, at="06:55", show=15)
        self._evening()

    def _old_books(self) -> None:
        stage = self._stage
        self._payments(show=0)
        stage.say("""
            Since Wednesday nobody has exported the open items. Who may have paid in the meantime? Nothing goes out
            on books that old:
        """)
        stage.play("run", "--yes", at="05:30", show=6)
        stage.say("With a fresh list it goes on.")
        self._open_items(show=0)
        self._evening()

    def _promise_is_over(self) -> None:
        self._open_items(show=0)
        self._payments(show=0)
        self._stage.say("The day of the promise has come and no money with it. Reminders resume by themselves.")
        self._evening()
        self._stage.play("why", self._cast.promises, at="09:00", show=4)

    def _dispute_is_settled(self) -> None:
        self._open_items(show=0)
        self._payments(show=0)
        self._stage.say("A disputed invoice never resumes alone: its review comes up, and a person ends the hold.")
        self._stage.play("review", "list", at="06:45")
        self._stage.play(
            *("hold", "end", self._disputed_hold, "--reason", "half the delivery was replaced"), at="06:50"
        )
        self._evening()
        self._stage.play("why", self._cast.disputes, at="09:00", show=4)


def _named(day: date) -> str:
    return f"{day:%A}, {day.day} {day:%B} {day.year}"


def _counted(sent: Counter[str]) -> list[str]:
    return [f"{count} × {stage}" for stage, count in sorted(sent.items())]
