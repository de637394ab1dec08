"""What no fact carries: customers, addresses, numbers of invoices, questions, messages, leftovers of imports."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

from duewell.core.evidence.canonical import canonical
from duewell.core.evidence.erasure import ERASED
from duewell.store import sql
from duewell.store.erasure.open_things import Kept
from duewell.store.erasure.proven import PROGRAM
from duewell.store.erasure.scope import Scope

_SHARED_LOOK = 50
"""So many other messages of a run are looked at, to see whether a part is in all of them."""
_PARTY_EMPTY = "name given_name family_name salutation language country region zone".split()
Mentions = Callable[[str], bool]


def own_receivables(scope: Scope) -> frozenset[int]:
    """The invoices of the person."""
    within, params = sql.ids_in("account_id", scope.accounts)
    return frozenset(row[0] for row in sql.fetch(f"select id from receivable where {within}", params))


def traces(scope: Scope) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """Traces of imports that overwrote terms of the person's invoices: id, import, what was kept."""
    own = own_receivables(scope)
    within, params = sql.ids_in("b.creditor_id", scope.creditors)
    # Most traces overwrote nothing, and are not read at all.
    has_terms = "position(? in t.body) > 0" if sql.postgres() else "instr(t.body, ?) > 0"
    for number, batch, body in sql.fetch(
        "select t.id, t.batch_id, t.body from import_trace t join import_batch b on b.id = t.batch_id"
        f" where {within} and {has_terms} order by t.id",
        [*params, b'"terms":[['],
    ):
        told = json.loads(bytes(body))
        if any(term[0] in own for term in told["terms"]):
            yield number, batch, told


class Unproven:
    """Erases what facts do not carry, for one person. Runs inside the transaction of the erasure."""

    def __init__(self, scope: Scope, kept: Kept, mentions: Mentions) -> None:
        """`mentions`: whether a text names the person."""
        self._scope = scope
        self._kept = kept
        self._mentions = mentions
        self._own = own_receivables(scope)
        self._going = [account for account in scope.accounts if account not in kept.accounts]
        self.rows: dict[str, int] = {}
        self.messages = 0

    def erase(self) -> None:
        """Take everything out; what an open claim needs stays."""
        # Messages and imports first: they are found by what the others still say.
        self._messages()
        self._imports()
        self._questions()
        self._documents()
        self._receivables()
        self._parties()

    def _parties(self) -> None:
        parties = [party for party in self._scope.parties if party not in self._kept.parties]
        empty = ", ".join(f"{column} = ''" for column in _PARTY_EMPTY)
        within, params = sql.ids_in("id", parties)
        self._count(
            "party", f"update party set number = 'erased:' || id, {empty}, salt = ? where {within}", [b"", *params]
        )
        self._points(parties)
        within, params = sql.ids_in("id", self._going)
        self._count("account", f"update account set number = 'erased:' || id, segment = '' where {within}", params)

    def _points(self, going: Sequence[int]) -> None:
        blank = (
            "value = 'erased:' || id, salt = ?, state = case state when 'usable' then 'replaced' else state end"
        )
        within, params = sql.ids_in("party_id", going)
        self._count("contact_point", f"update contact_point set {blank} where {within}", [b"", *params])
        within, params = sql.ids_in("party_id", sorted(self._kept.parties))
        # An address that is not used any more helps no open claim.
        self._count(
            "contact_point",
            f"update contact_point set {blank} where {within} and state in ('replaced', 'refused')",
            [b"", *params],
        )

    def _receivables(self) -> None:
        within, params = sql.ids_in("account_id", self._scope.accounts)
        stays, kept = sql.ids_in("id", sorted(self._kept.receivables))
        self._count(
            "receivable",
            f"update receivable set number = 'erased:' || id, reference = '' where {within} and not ({stays})",
            [*params, *kept],
        )
        within, params = sql.ids_in("account_id", [a for a in self._scope.accounts if a not in self._kept.credit])
        self._count(
            "payment_met",
            "update payment_met set reference = '', named = '' where payment_id in"
            f" (select id from payment where {within})",
            params,
        )

    def _documents(self) -> None:
        within, params = sql.ids_in("account_id", self._scope.accounts)
        stays, kept = sql.ids_in("receivable_id", sorted(self._kept.receivables))
        self._count(
            "document",
            f"update document set number = '', name = '', digest = ?, salt = ?, content = ? where {within}"
            f" and (receivable_id is null or not ({stays}))",
            [b"", b"", b"", *params, *kept],
        )

    def _questions(self) -> None:
        within, params = sql.ids_in("account_id", self._scope.accounts)
        going, gone = sql.ids_in("account_id", self._going)
        sql.execute(f"update review_item set state = 'settled' where {going} and state = 'open'", gone)
        self._count(
            "review_item", f"update review_item set text = '{ERASED}' where {within} and state <> 'open'", params
        )

    def _messages(self) -> None:
        rows = [*self._started("m.account_id", self._scope.accounts), *self._copies()]
        going = [row for row in rows if row[0] not in self._kept.messages]
        parts = {digest for row in going for digest in json.loads(row[2]).get("parts", ())}
        parts -= self._shared({row[1] for row in going}, {row[0] for row in rows})
        marks = ", ".join("?" * len(parts))
        if parts:
            sql.execute(
                f"delete from part where digest in ({marks})", [bytes.fromhex(part) for part in sorted(parts)]
            )
        self.messages = len({row[0] for row in going})
        self.rows["part"] = len(parts)
        program = sorted(PROGRAM)
        within, params = sql.ids_in("account_id", self._scope.accounts)
        sql.execute(
            f"update message_state set reason = '{ERASED}' where state = 'withdrawn'"
            f" and message_id in (select id from message where {within})"
            f" and reason not in ({', '.join('?' * len(program))}, '')",
            [*params, *program],
        )

    def _started(
        self, column: str, values: Sequence[int], more: str = "", params: Sequence[Any] = ()
    ) -> list[tuple[Any, ...]]:
        """Message, run and started mark of each attempt that began."""
        within, wanted = sql.ids_in(column, values)
        return sql.fetch(
            "select m.id, m.run_id, k.body from message m join attempt a on a.message_id = m.id"
            f" join mark k on k.attempt_id = a.id and k.kind = 'started' where {within}{more} order by m.id",
            [*wanted, *params],
        )

    def _copies(self) -> list[tuple[Any, ...]]:
        """Copies that the person got of messages about accounts of others."""
        within, params = sql.ids_in("party_id", self._scope.parties)
        accounts = {row[0] for row in sql.fetch(f"select account_id from party_role where {within}", params)}
        own, parties = sql.ids_in("a.party_id", self._scope.parties)
        return self._started("m.account_id", sorted(accounts - set(self._scope.accounts)), f" and {own}", parties)

    def _shared(self, runs: Collection[int], own: Collection[str]) -> set[str]:
        """Parts that other messages of the same runs have too: they say nothing of this person."""
        found: set[str] = set()
        for run in runs:
            for message, body in sql.fetch(
                "select m.id, k.body from message m join attempt a on a.message_id = m.id"
                " join mark k on k.attempt_id = a.id and k.kind = 'started' where m.run_id = ? limit ?",
                [run, _SHARED_LOOK],
            ):
                if message not in own:
                    found.update(json.loads(body).get("parts", ()))
        return found

    def _imports(self) -> None:
        batches = self.batches()
        within, params = sql.ids_in("batch_id", batches)
        # A rejected row does not say of whom it was: of the imports that told of this person all values go.
        self._count("rejected_row", f"update rejected_row set value = '' where {within} and value <> ''", params)
        self._rejected()
        for batch, name, mapping in self._of_creditors("select id, file_name, mapping from import_batch where"):
            told = json.loads(mapping) if isinstance(mapping, str) else mapping
            fresh = self._unnamed(told)
            if self._mentions(name) or fresh != told:
                self._count(
                    "import_batch",
                    "update import_batch set file_name = ?, mapping = ? where id = ?",
                    [ERASED if self._mentions(name) else name, json.dumps(fresh), batch],
                )
        self._traces()

    def _rejected(self) -> None:
        for number, value, reason, remedy in self._of_creditors(
            "select id, value, reason, remedy from rejected_row where"
        ):
            fresh = ["" if self._mentions(value) else value]
            fresh += [ERASED if self._mentions(text) else text for text in (reason, remedy)]
            if fresh != [value, reason, remedy]:
                self._count(
                    "rejected_row",
                    "update rejected_row set value = ?, reason = ?, remedy = ? where id = ?",
                    [*fresh, number],
                )

    def _traces(self) -> None:
        """References that imports overwrote, kept so that they can be taken back."""
        for number, _, told in traces(self._scope):
            terms = [
                [*term[:2], ""] if term[0] in self._own and term[0] not in self._kept.receivables else term
                for term in told["terms"]
            ]
            fresh = canonical({**told, "terms": terms})
            self._count("import_trace", "update import_trace set body = ? where id = ?", [fresh, number])

    def batches(self) -> list[int]:
        """Imports that told of the person."""
        found = {batch for _, batch, _ in traces(self._scope)}
        for account in self._scope.accounts:
            for (body,) in sql.fetch(
                "select body from fact where stream = ? and kind like 'ledger.%'", [f"account:{account}"]
            ):
                found.add(json.loads(bytes(body)).get("batch") or 0)
        within, params = sql.ids_in("account_id", self._scope.accounts)
        for table in ("receivable", "payment"):
            found.update(
                row[0] or 0 for row in sql.fetch(f"select distinct batch from {table} where {within}", params)
            )
        return sorted(found - {0})

    def _of_creditors(self, query: str) -> Iterable[tuple[Any, ...]]:
        within, params = sql.ids_in("creditor_id", self._scope.creditors)
        return sql.fetch(f"{query} {within} order by id", params)

    def _unnamed(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {(ERASED if self._mentions(key) else key): self._unnamed(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._unnamed(inner) for inner in value]
        return ERASED if isinstance(value, str) and self._mentions(value) else value

    def _count(self, table: str, query: str, params: Sequence[Any]) -> None:
        self.rows[table] = self.rows.get(table, 0) + sql.execute(query, params)
