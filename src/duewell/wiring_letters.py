"""Wiring of papers: statements and letters, set in processes of their own."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from duewell.adapters.home import Home
from duewell.flows.ports import CreditorView

if TYPE_CHECKING:
    from duewell.adapters.channels.email.mime import Attachment
    from duewell.adapters.channels.letter.press import Job, Press
    from duewell.core.contact.values import Content
    from duewell.flows.outbox import Wanted


DOCUMENTS_MAX = 30
DOCUMENT_BYTES_MAX = 10_000_000
"""Many mail servers refuse messages above some 25 MB, and base64 makes a third more of them."""


def logos(home: Home) -> Path:
    """The folder with the pictures of creditors."""
    from duewell.adapters.logos import FOLDER

    return home.directory / FOLDER


def press(home: Home, processes: int | None = None) -> Press:
    """A press for papers of this home, with the fonts that lie in its folder `fonts` beside ours."""
    from duewell.adapters.channels.letter.press import Press

    return Press(processes, fonts=home.directory / "fonts")


def statement_pdf(
    home: Home, creditor: CreditorView, account: str, as_of: date, since: date | None = None
) -> tuple[bytes, dict[str, object]]:
    """The statement of one account as PDF, and what it says.

    Raises:
        NoSuchAccount: no account has this number.
        CannotBeSet: the paper cannot be made; says why.
    """
    from duewell.flows.statement import statement
    from duewell.store.reports import Reports

    book = Reports(creditor.id)
    told = statement(book, account, as_of, since)
    found = book.account(account)
    assert found is not None
    with press(home, 1) as started:
        return started.set(_statement_job(home, creditor, found, told)), told


def _statement_job(home: Home, creditor: CreditorView, account: int, told: dict[str, object]) -> Job:
    """What the press is given for the statement of one account, in its customer's language."""
    from duewell.adapters import texts
    from duewell.adapters.channels.letter import statement
    from duewell.core.contact import choose_language
    from duewell.store import creditors, sql
    from duewell.store.posts import posts

    sender = creditors.sender(creditor.id)
    row = sql.one(
        "select p.language, p.country from account a join party p on p.id = a.party_id where a.id = ?", [account]
    )
    assert row is not None
    words = texts.of_home(home.directory)
    language = choose_language(row[0], sender.language, words.languages)
    post = posts(creditor.id, [account])[account]
    return statement.job(told, sender, post, language, row[1], logos(home), words)


class Enclosures:
    """What goes along with the e-mails of one creditor, where their step says so.

    The process that sets type is started with the first one and ends with this process, or with `close`.
    """

    def __init__(self, home: Home, creditor: CreditorView) -> None:
        self._home = home
        self._creditor = creditor
        self._press: Press | None = None

    def close(self) -> None:
        """End the process that sets type."""
        if self._press is not None:
            self._press.close()
            self._press = None

    def __call__(self, wanted: Wanted, content: Content) -> tuple[Attachment, ...]:
        """The documents of one message, in the language of its words.

        Raises:
            CannotBeSet: a document cannot be made; the message does not go without it.
        """
        attach = wanted.proposal.attach
        found = [self._statement(wanted, content)] if "statement" in attach else []
        if "invoices" in attach:
            found += self._invoices(wanted, DOCUMENT_BYTES_MAX - sum(len(each.content) for each in found))
        return tuple(found)

    def _invoices(self, wanted: Wanted, room: int) -> list[Attachment]:
        """The latest kept PDF of each invoice that is asked for, oldest due first, while there is room.

        An invoice of which no PDF was kept brings none: nobody waits for a paper that there is not.
        """
        from duewell.adapters.channels.email.mime import Attachment
        from duewell.store.intake import documents

        account = wanted.delivery.account
        asked = [line for line in wanted.proposal.lines if line.asked_minor]
        found: list[Attachment] = []
        for line in sorted(asked, key=lambda line: (line.due_on, line.receivable)):
            if len(found) == DOCUMENTS_MAX:
                break
            kept = [
                each for each in documents.listed(self._creditor.id, account, line.receivable) if not each.erased
            ]
            for each in kept:
                pdf = documents.content(self._creditor.id, each.id) if each.size <= room else None
                if pdf is not None and pdf.startswith(b"%PDF"):
                    name = each.name if each.name.lower().endswith(".pdf") else f"{each.number}.pdf"
                    found.append(Attachment(name, pdf))
                    room -= len(pdf)
                    break
        return found

    def _statement(self, wanted: Wanted, content: Content) -> Attachment:
        from duewell.adapters import texts
        from duewell.adapters.channels.email.mime import Attachment
        from duewell.adapters.channels.letter import labels, statement
        from duewell.flows.statement import statement as flow
        from duewell.store.posts import posts
        from duewell.store.reports import Reports

        account = wanted.delivery.account
        post = posts(self._creditor.id, [account])[account]
        # What is committed after this changes the account's version, and then the message does not start.
        told = flow(Reports(self._creditor.id), post.customer_number, content.as_of)
        language = content.words.language
        if self._press is None:
            self._press = press(self._home, 1)
        words = texts.of_home(self._home.directory)
        job = statement.job(told, content.sender, post, language, content.country, logos(self._home), words)
        title = labels.paper(language, words).say("statement")
        name = f"{title} {post.customer_number} {content.as_of.isoformat()}.pdf"
        return Attachment(name, self._press.set(job))
