"""Questions put to a person: opened once each, with a fact."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from duewell.core.evidence.canonical import canonical
from duewell.store import facts, ids, locks, sql

_COLUMNS = "id, creditor_id, account_id, kind, subject, text, state, opened_at, decided_at, decided_by"


class Asked(NamedTuple):
    """One question. `subject` says what it is about: an attempt, a hold, or account and rule of the law."""

    account: int
    kind: str
    subject: str
    text: str


def ask(creditor: int, questions: Sequence[Asked], now: datetime) -> int:
    """Put questions to a person; one that is open already is not put twice. Returns how many are new.

    Must run inside a transaction that holds the accounts. Their versions move: a decision reads open questions.
    """
    opened: dict[int, Asked] = {}
    for question_id, question in zip(ids.allocate("review_item", len(questions)), questions, strict=True):
        # The text is for a person and may name one: it stands in the row alone, never in the fact.
        if sql.execute(
            f"insert into review_item ({_COLUMNS}) values (?, ?, ?, ?, ?, ?, 'open', ?, null, '')"
            " on conflict do nothing",
            [question_id, creditor, *question, sql.us(now)],
        ):
            opened[question_id] = question
    facts.append(
        [
            (
                f"account:{account}",
                "review.opened",
                None,
                now,
                canonical({"question": question_id, "kind": kind, "subject": subject}),
            )
            for question_id, (account, kind, subject, _) in opened.items()
        ]
    )
    locks.bump_accounts({question.account for question in opened.values()})
    return len(opened)


def settle(kind: str, subjects: Sequence[str], now: datetime, by: str) -> None:
    """Close open questions that have been answered by what happened."""
    within, params = sql.ids_in("subject", list(subjects))
    sql.execute(
        "update review_item set state = 'settled', decided_at = ?, decided_by = ?"
        f" where kind = ? and state = 'open' and {within}",
        [sql.us(now), by, kind, *params],
    )
