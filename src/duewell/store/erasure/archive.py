"""Everything of a person goes in one transaction, with the statements that say so."""

from __future__ import annotations

from datetime import datetime

from duewell.core.party.mentions import mentions
from duewell.flows.erase import Erased, Names, Signer, SomethingOpen, Wanted
from duewell.store import locks, sql
from duewell.store.erasure import open_things, scope
from duewell.store.erasure.proven import Proven
from duewell.store.erasure.unproven import Unproven


class StoredPersons:
    """Keeps the promise of `flows.erase.Archive` for one creditor."""

    def __init__(self, creditor: int, now: datetime) -> None:
        self._creditor = creditor
        self._now = now

    def open_things(self, wanted: Wanted) -> list[str]:
        """What stands against erasing the person. Raises `NoSuchPerson`."""
        return open_things.list_of(scope.find(self._creditor, wanted.who, everywhere=wanted.everywhere))

    def erase(self, wanted: Wanted, signer: Signer) -> tuple[Erased, Names]:
        """Take the words out; and the strings that named the person."""
        with sql.transaction.atomic():
            whose = scope.find(self._creditor, wanted.who, everywhere=wanted.everywhere)
            locks.persons([whose.person])
            locks.accounts(whose.accounts)
            kept = open_things.kept(whose)
            things = open_things.list_of(whose)
            if things and not wanted.open_items_stay:
                # It came in between the look and the lock.
                raise SomethingOpen(things)
            names, telling = scope.names(whose), scope.names(whose, given=False)
            sql.execute("insert into erasing (id) values (1)")
            unproven = Unproven(whose, kept, mentions(telling))
            proven = Proven(whose, kept, names)
            unproven.erase()
            proven.erase()
            proven.tell(self._now, signer, by=wanted.by, reason=wanted.reason)
            sql.execute("delete from erasing")
            locks.bump_persons([whose.person])
            locks.bump_accounts(whose.accounts)
        rows = {table: count for table, count in {**unproven.rows, **proven.rows}.items() if count}
        done = Erased(1, len(whose.accounts), (), rows, proven.facts, unproven.messages, ())
        # What an open claim needs stays in the files too.
        return done, Names(names, telling) if not kept.accounts else Names((), ())
