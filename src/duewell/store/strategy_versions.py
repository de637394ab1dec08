"""Versions of strategies, kept by the run that first used them, so that a past day can be decided again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256

from duewell.core.evidence.rows import body
from duewell.store import facts, ids, sql

COLUMNS = "id creditor_id key digest text recorded_at".split()
PREFIX = "strategy:"

TextOf = Callable[[str], bytes | None]
"""From the key of a strategy to the bytes of its file as it is now."""


def keep(creditor: int, digests: Mapping[str, str], text_of: TextOf, now: datetime) -> None:
    """Keep the text of each strategy that a run was made with and that was not kept before, with its fact.

    Must run inside the transaction of the run. A file that was changed since the run read it is not kept.

    Args:
        digests: those of the run; a strategy stands under `strategy:KEY`.
    """
    used = {name.removeprefix(PREFIX): digest for name, digest in digests.items() if name.startswith(PREFIX)}
    kept = set(sql.fetch("select key, digest from strategy_version where creditor_id = ? order by id", [creditor]))
    for key, digest in sorted(used.items()):
        text = None if (key, digest) in kept else text_of(key)
        if text is None or sha256(text).hexdigest() != digest:
            continue
        row = (ids.allocate("strategy_version")[0], creditor, key, digest, text.decode(), sql.us(now))
        sql.insert("strategy_version", COLUMNS, [row])
        facts.append([(f"house:{creditor}", "house.strategy", None, now, body(key=key, digest=digest))])


def text(creditor: int, key: str, digest: str) -> str | None:
    """The text of a version of a strategy, where it was kept."""
    row = sql.one(
        "select text from strategy_version where creditor_id = ? and key = ? and digest = ?",
        [creditor, key, digest],
    )
    return None if row is None else str(row[0])
