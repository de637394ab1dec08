"""Questions put to a person: opened once each, with a fact."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

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
    if not questions:
        return 0
    numbered = dict(zip(ids.allocate("review_item", len(questions)), questions, strict=True))
    new = _insert(creditor, numbered, now)
    opened = {number: question for number, question in numbered.items() if number in new}
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


def _insert(creditor: int, questions: Mapping[int, Asked], now: datetime) -> set[int]:
    """Those that were not open already."""
    # The text is for a person and may name one: it stands in the row alone, never in the fact.
    rows = [(number, *question) for number, question in questions.items()]
    if sql.postgres():
        source = "from unnest(?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::text[])"
        source += " as v(id, account, kind, subject, text)"
        params: list[Any] = [list(column) for column in zip(*rows, strict=True)]
        columns = "v.id, ?::bigint, v.account, v.kind, v.subject, v.text"
    else:
        source, params = "from json_each(?) where true", [json.dumps(rows)]
        number, *cells = (f"json_extract(value, '$[{place}]')" for place in range(1 + len(Asked._fields)))
        columns = ", ".join([number, "?", *cells])
    opened = sql.fetch(
        f"insert into review_item ({_COLUMNS}) select {columns}, 'open', ?, null, '' {source}"
        " on conflict do nothing returning id",
        [creditor, sql.us(now), *params],
    )
    return {row[0] for row in opened}


def settle(kind: str, subjects: Sequence[str], now: datetime, by: str) -> None:
    """Close open questions that have been answered by what happened."""
    within, params = sql.ids_in("subject", list(subjects))
    sql.execute(
        "update review_item set state = 'settled', decided_at = ?, decided_by = ?"
        f" where kind = ? and state = 'open' and {within}",
        [sql.us(now), by, kind, *params],
    )
