"""Who holds what, in which order, so that writers wait for one another and never lock each other up.

    the switch of the creditor -> its new customers -> persons -> accounts, each by ascending id
    -> attempts, claims, questions, streams

Whoever changes what a decision reads, or the fate of a message, holds its account until the commit, and the
person too where the law counts something or where the change says where the person may be. On SQLite a
transaction is IMMEDIATE: there is one writer, and nothing has to be locked.
"""

from __future__ import annotations

from collections.abc import Collection

from duewell.store import sql

_SWITCH = 0x44554753
_NEWCOMERS = 0x4455474E


def persons(wanted: Collection[int]) -> dict[int, int]:
    """Hold persons until the commit; their versions."""
    return _hold("person", wanted)


def accounts(wanted: Collection[int]) -> dict[int, int]:
    """Hold accounts until the commit; their versions."""
    return _hold("account", wanted)


def bump_persons(wanted: Collection[int]) -> None:
    """Whoever asked the law about these persons before must ask again. Hold them first."""
    _bump("person", wanted)


def bump_accounts(wanted: Collection[int]) -> None:
    """Whoever decided about these accounts before must look again. Hold them first."""
    _bump("account", wanted)


def share_switch(creditor: int) -> None:
    """Nobody throws the kill switch of this creditor before the commit."""
    if sql.postgres():
        sql.fetch("select pg_advisory_xact_lock_shared(?, ?)", [_SWITCH, creditor])


def take_switch(creditor: int) -> None:
    """Nobody starts or closes a message of this creditor before the commit."""
    if sql.postgres():
        sql.fetch("select pg_advisory_xact_lock(?, ?)", [_SWITCH, creditor])


def newcomers(creditor: int) -> bool:
    """Nobody else adds customers of this creditor before the commit; may somebody have, until now?

    Two files may tell of the same new customer at once.
    """
    if sql.postgres():
        sql.fetch("select pg_advisory_xact_lock(?, ?)", [_NEWCOMERS, creditor])
    return sql.postgres()


def _hold(table: str, wanted: Collection[int]) -> dict[int, int]:
    if not wanted:
        return {}
    within, params = sql.ids_in("id", sorted(wanted))
    # Rows that refer to these may be inserted meanwhile: only other writers of these rows wait.
    lock = " order by id for no key update" if sql.postgres() else ""
    return dict(sql.fetch(f"select id, version from {table} where {within}{lock}", params))


def _bump(table: str, wanted: Collection[int]) -> None:
    if wanted:
        within, params = sql.ids_in("id", sorted(wanted))
        sql.execute(f"update {table} set version = version + 1 where {within}", params)
