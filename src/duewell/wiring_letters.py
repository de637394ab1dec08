"""Wiring of papers: statements and letters, set in processes of their own."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from duewell.adapters.home import Home
from duewell.flows.ports import CreditorView

if TYPE_CHECKING:
    from duewell.adapters.channels.letter.press import Job


def logos(home: Home) -> Path:
    """The folder with the pictures of creditors."""
    from duewell.adapters.logos import FOLDER

    return home.directory / FOLDER


def statement_pdf(
    home: Home, creditor: CreditorView, account: str, as_of: date, since: date | None = None
) -> tuple[bytes, dict[str, object]]:
    """The statement of one account as PDF, and what it says.

    Raises:
        NoSuchAccount: no account has this number.
        CannotBeSet: the paper cannot be made; says why.
    """
    from duewell.adapters.channels.letter.press import Press
    from duewell.flows.statement import statement
    from duewell.store.reports import Reports

    book = Reports(creditor.id)
    told = statement(book, account, as_of, since)
    found = book.account(account)
    assert found is not None
    with Press(1) as press:
        return press.set(statement_job(home, creditor, found, told)), told


def statement_job(home: Home, creditor: CreditorView, account: int, told: dict[str, object]) -> Job:
    """What the press is given for the statement of one account, in its customer's language."""
    from duewell.adapters.channels.letter import statement
    from duewell.adapters.texts import LANGUAGES
    from duewell.core.contact import choose_language
    from duewell.store import creditors, sql
    from duewell.store.posts import posts

    sender = creditors.sender(creditor.id)
    row = sql.one(
        "select p.language, p.country from account a join party p on p.id = a.party_id where a.id = ?", [account]
    )
    assert row is not None
    language = choose_language(row[0], sender.language, LANGUAGES)
    post = posts(creditor.id, [account])[account]
    return statement.job(told, sender, post, language, row[1], logos(home))
