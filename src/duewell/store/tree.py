"""The tree over the facts: which facts have a leaf, and the edge at which the next one is added.

Leaves follow the ids of the facts, so that what is sealed is always everything up to some id. On SQLite one
writer commits after the other and ids ascend with the commits. On PostgreSQL a fact with a smaller id may be
committed later: whoever takes ids holds a shared lock whose key is below them all (`announce`), and the sealer
stays below the smallest such key.
"""

from __future__ import annotations

from duewell.core.evidence import Frontier
from duewell.flows.failpoints import hit
from duewell.store import sql

_SPACE = 0x4457
"""The upper 16 bits of the keys, which keep these locks apart from others; the id stands in the lower 48."""
_STEP = 10_000
"""Keys are rounded down to it, so that a large save holds few locks rather than one for each of its batches."""


def announce() -> None:
    """Tell the sealer that ids of facts are about to be taken, until this transaction ends.

    Must be called before the ids are taken, in the transaction that writes the facts.
    """
    if sql.postgres():
        sql.fetch(
            "select pg_advisory_xact_lock_shared((?::bigint << 48) | (last_value / ? * ?)) from duewell_fact_ids",
            [_SPACE, _STEP, _STEP],
        )


class StoredTree:
    """Keeps the promise of `flows.seal.Tree`."""

    def grow(self, leaves_max: int) -> tuple[int, Frontier]:
        """Give up to so many facts their leaves, in one transaction: how many got one, and the edge after it."""
        with sql.transaction.atomic():
            lock = " for update" if sql.postgres() else ""
            kept = sql.one(f"select size, frontier from tree_state where id = 1{lock}")
            if kept is None:
                raise LookupError("tree_state has lost its row: restore the database from a backup")
            edge = Frontier.from_bytes(bytes(kept[1])) if kept[0] else Frontier()
            rows = sql.fetch(
                "select id, hash from fact where id > ? and id < ? order by id limit ?",
                [*self._open_ids(edge.size), leaves_max],
            )
            if rows:
                leaves = ((edge.size + n, row[0]) for n, row in enumerate(rows))
                sql.insert("leaf", ("index", "fact_id"), leaves, dates_are_text=True)
                edge = edge.extend(bytes(digest) for _, digest in rows)
                sql.execute(
                    "update tree_state set size = ?, frontier = ? where id = 1", [edge.size, edge.to_bytes()]
                )
            hit("seal.commit.before")
        hit("seal.commit.after")
        return len(rows), edge

    def _open_ids(self, size: int) -> tuple[int, int]:
        latest = sql.one('select fact_id from leaf where "index" = ?', [size - 1])
        if size and latest is None:
            raise LookupError(f"leaf {size - 1} is lost: run `duewell verify`, then restore from a backup")
        return latest[0] if latest else 0, _bound()


def _bound() -> int:
    """All facts with a smaller id are committed, or never will be."""
    if not sql.postgres():
        return 2**63 - 1
    # The order of the two questions matters. Ids up to `last` were taken under locks that were held before the
    # locks are looked at: such a lock is either still held and seen, or its facts are committed and visible.
    (last,) = sql.fetch("select last_value from duewell_fact_ids")[0]
    (smallest,) = sql.fetch(
        "select min((classid::bigint << 32 | objid::bigint) & ((1::bigint << 48) - 1)) from pg_locks"
        " where locktype = 'advisory' and objsubid = 1 and classid::bigint >> 16 = ?"
        " and database = (select oid from pg_database where datname = current_database())",
        [_SPACE],
    )[0]
    return int(last + 1 if smallest is None else min(last + 1, smallest))
