"""An office: one installation, houses to send for, and a mail server with the faults a test wishes for."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from tests.installation import installation, shell
from tests.kills import house as houses
from tests.kills.house import NOW, House
from tests.sink import Sink
from tests.town.commands import Answer, run
from tests.town.tables import file_of

PATIENCE = "timeout=30&dot_timeout=30"


class Office:
    """Gives commands in this process to the installation that is open in it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._houses = 0
        self._files = 0

    def house(self, *, released: bool = True) -> House:
        """A house that nobody has sent for yet."""
        self._houses += 1
        house = houses.found("office", self._houses)
        if released:
            houses.claim(house)
            houses.release(house)
        return house

    def command(self, house: House, *words: str, now: str = NOW, fails: int = 0) -> dict[str, Any]:
        """Give a command for the house; its JSON.

        Raises:
            AssertionError: it ended with another code than `fails`.
        """
        answer = self.give(house, *words, now=now)
        assert answer.code == fails, answer
        return answer.told

    def give(self, house: House, *words: str, now: str = NOW) -> Answer:
        """Give a command for the house, whatever its end."""
        return run(["--home", str(self.home), "--json", *words, "--creditor", house.view.key, "--now", now])

    def edit(self, house: House, *words: str) -> None:
        """Change values of the creditor."""
        answer = run(
            ["--home", str(self.home), "--json", "creditor", "edit", house.view.key, *words, "--now", NOW]
        )
        assert answer.code == 0, answer

    def takes(self, house: House, kind: str, records: list[dict[str, str]], now: str = NOW) -> None:
        """Import a file of these records."""
        self._files += 1
        path = self.home.parent / f"{kind}-{self._files}.csv"
        path.write_bytes(file_of(records))
        self.command(house, "import", kind, str(path), now=now)

    def send(
        self,
        house: House,
        faults: Sequence[Mapping[str, Any]] = (),
        *,
        now: str = NOW,
        connections: int = 3,
        patience: str = PATIENCE,
        login: str = "",
        **offer: Any,
    ) -> Delivery:
        """Send with a mail server of its own that has these faults; `login` is `user:password@`."""
        with Sink(faults, **offer) as sink:
            os.environ["DUEWELL_SMTP_URL"] = f"{sink.url.replace('://', f'://{login}')}?{patience}"
            try:
                answer = self.give(house, "send", "--connections", str(connections), now=now)
            finally:
                del os.environ["DUEWELL_SMTP_URL"]
            log = sink.log()
            texts = [_text(raw) for raw in sink.messages()]
        received = Counter(entry.recipients[0].partition("@")[0] for entry in log)
        assert answer.told.get("accepted") is not None, answer
        return Delivery(answer, received, texts)

    def rows(self, query: str, *params: Any) -> list[tuple[Any, ...]]:
        """What stands in the tables."""
        from duewell.store import sql

        return sql.fetch(query, params)

    def state(self, house: House, name: str) -> str:
        """The state of the customer's latest message."""
        rows = self.rows(
            "select s.state from message_state s join message m on m.id = s.message_id where s.account_id = ?"
            " order by m.run_id desc limit 1",
            house.account(name),
        )
        return str(rows[0][0])

    def reason(self, house: House, name: str) -> str:
        """Why the customer's latest message ended."""
        rows = self.rows(
            "select s.reason from message_state s join message m on m.id = s.message_id where s.account_id = ?"
            " order by m.run_id desc limit 1",
            house.account(name),
        )
        return str(rows[0][0])

    def attempts(self, house: House, name: str) -> list[tuple[str, bool]]:
        """The attempts to write to the customer in their order: state, and whether it counts as a contact."""
        rows = self.rows(
            "select state, contacted_at from attempt where account_id = ? order by id", house.account(name)
        )
        return [(state, contacted_at is not None) for state, contacted_at in rows]

    def marks(self, house: House, name: str) -> list[tuple[str, dict[str, Any]]]:
        """Kind and body of the marks of the customer's messages."""
        rows = self.rows(
            "select k.kind, k.body from mark k join message m on m.id = k.message_id where m.account_id = ?"
            " order by k.id",
            house.account(name),
        )
        return [(kind, json.loads(body)) for kind, body in rows]

    def claims_freed(self, house: House, name: str) -> list[bool]:
        """Whether each claim of the customer's invoices is free again, in the order in which they were made."""
        rows = self.rows(
            "select freed from claim where account_id = ? order by occurrence, receivable_id", house.account(name)
        )
        return [bool(freed) for (freed,) in rows]

    def point(self, house: House, name: str) -> str:
        """The state of the customer's newest address."""
        rows = self.rows(
            "select p.state from contact_point p join account a on a.party_id = p.party_id where a.id = ?"
            " order by p.id desc limit 1",
            house.account(name),
        )
        return str(rows[0][0])

    def questions(self, house: House, name: str) -> list[tuple[int, str, str]]:
        """Open questions about the customer: number, kind and text."""
        return [
            (number, kind, text)
            for number, kind, text in self.rows(
                "select id, kind, text from review_item where account_id = ? and state = 'open' order by id",
                house.account(name),
            )
        ]

    def check(self) -> None:
        """The evidence of everything that happened here holds, and what is always true is."""
        for command in ("verify", "audit"):
            answer = run(["--home", str(self.home), "--json", command, "--now", NOW])
            findings = [each for each in answer.told.get("sentences", [answer.told]) if not each["ok"]]
            assert answer.code == 0, findings


def _text(raw: bytes) -> tuple[str, str]:
    """To whom a message is, and its plain text."""
    message = message_from_bytes(raw, policy=policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    return str(message["To"]), body.get_content().replace("\N{NO-BREAK SPACE}", " ")


class Delivery:
    """What one `send` told, and what its mail server received."""

    def __init__(self, answer: Answer, received: Counter[str], texts: list[tuple[str, str]]) -> None:
        self.code = answer.code
        self.told = answer.told
        self.talk = answer.talk
        self.received = received
        self.texts = texts


@contextmanager
def office(folder: Path, url: str = "", *, checked: bool = True) -> Iterator[Office]:
    """An office on the empty PostgreSQL database of `url`, or on SQLite; checked as a whole at the end."""
    home = folder / "home"
    with shell({"DUEWELL_HOME": str(home)}), installation(home, url or None):
        found = Office(home)
        yield found
        if checked:
            found.check()
