"""Facts are appended in the transaction of the save they prove.

The end of every chain stands in `stream`; whoever appends holds the row it belongs to (the account, the
person) locked, so two writers never continue the same chain. Should they try, the unique key on stream and
sequence stops the second.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from duewell.core.evidence.fact import Draft, Fact, Head, append_many
from duewell.store import ids, sql, tree

__all__ = ["Draft", "append", "heads"]

COLUMNS = ("id", "stream", "sequence", "kind", "effective_on", "recorded_at", "body", "previous", "hash")


def heads(streams: Sequence[str]) -> dict[str, Head]:
    """The present end of each stream that has one. On PostgreSQL the rows stay locked until the commit."""
    found: dict[str, Head] = {}
    lock = " order by name for update" if sql.postgres() else ""
    for start in range(0, len(streams), 5000):
        condition, params = sql.ids_in("name", streams[start : start + 5000])
        for name, length, digest in sql.fetch(
            f"select name, length, hash from stream where {condition}{lock}", params
        ):
            found[name] = Head(name, length, bytes(digest))
    return found


def append(drafts: Sequence[Draft | tuple]) -> list[Fact]:  # type: ignore[type-arg]
    """Number, chain, hash and insert facts, in the order given; streams grow as the drafts name them.

    Must run inside the transaction that saves what the facts say.

    Raises:
        BadFact: an unknown kind or a malformed stream name.
    """
    if not drafts:
        return []
    known = heads(sorted({draft[0] for draft in drafts}))
    facts, ends = append_many(known, drafts)
    tree.announce()
    new_ids = ids.allocate("fact", len(facts))
    sql.insert(
        "fact",
        COLUMNS,
        (
            (
                fact_id,
                fact.stream,
                fact.sequence,
                fact.kind,
                fact.effective_on and fact.effective_on.isoformat(),
                sql.us(fact.recorded_at),
                fact.body,
                fact.previous,
                fact.hash,
            )
            for fact_id, fact in zip(new_ids, facts, strict=True)
        ),
        dates_are_text=True,
    )
    _keep(ends.values())
    return facts


def _keep(ends: Iterable[Head]) -> None:
    """The new ends of streams, in one statement on PostgreSQL: a chain grows with every mark of every message."""
    into = "insert into stream (name, length, hash)"
    conflict = " on conflict (name) do update set length = excluded.length, hash = excluded.hash"
    if sql.postgres():
        columns = [list(column) for column in zip(*ends, strict=True)]
        sql.execute(f"{into} select * from unnest(?::text[], ?::bigint[], ?::bytea[]){conflict}", columns)
    else:
        sql.update_many(f"{into} values (?, ?, ?){conflict}", ends)
