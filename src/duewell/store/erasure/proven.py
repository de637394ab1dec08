"""Words in rows that facts vouch for, and in the facts themselves.

A row with a salt loses its words and its salt, and its fact stays as it is. A fact that has words in its body is
written anew without them, and so is its row. For each stream a signed statement says which.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from duewell.core.evidence import canonical, erasure
from duewell.core.evidence.beside import PERSONAL
from duewell.core.evidence.tables import TABLES
from duewell.flows.erase import Signer
from duewell.store import facts, sql
from duewell.store.erasure.open_things import Kept
from duewell.store.erasure.scope import Scope
from duewell.store.intake.holds import BLOCKED, DISPUTED, MISSING

PROGRAM = frozenset({DISPUTED, BLOCKED, MISSING, "the list no longer says so", "withdrawn", "review", "rule"})
"""What the program itself gives as a reason."""
_HOUSE = ("contact.withdrawn", "house.kill_switch")


class _Row(NamedTuple):
    """A row with words in it."""

    table: str
    id: int
    words: dict[str, str]
    has_salt: bool


class Proven:
    """Erases what facts vouch for, for one person. Runs inside the transaction of the erasure."""

    def __init__(self, scope: Scope, kept: Kept, names: Collection[str]) -> None:
        self._scope = scope
        self._kept = kept
        self._names = names
        self._tokens: dict[int, str] = {}
        self._statements: dict[str, tuple[list[tuple[int, str]], dict[str, list[int]]]] = {}
        self.rows: dict[str, int] = {}
        self.facts = 0

    def erase(self) -> None:
        """Take the words out of rows and facts."""
        rows = {stream: self._rows_of(stream) for stream in self._scope.streams}
        self._tokens = _tokens([row for some in rows.values() for row in some if row.table == "payment"])
        stays = self._staying()
        for stream, some in rows.items():
            going = [row for row in some if (row.table, row.id) not in stays]
            self._facts(stream, {(row.table, row.id) for row in going if not row.has_salt})
            for row in going:
                self._blank(stream, row)
        self._house()

    def tell(self, now: datetime, signer: Signer, *, by: str, reason: str) -> None:
        """Append the statements, signed, each to its stream."""
        drafts = []
        for stream, (written, erased) in self._statements.items():
            text = erasure.Statement(written, erased).text()
            told = {
                "erasure": text,
                "key_id": signer.key_id,
                "signature": signer.sign(erasure.signed_bytes(stream, text)).hex(),
                "kept": bool(self._kept.accounts),
                "by": by,
                "reason": reason,
            }
            drafts.append(facts.Draft(stream, "party.erased", None, now, canonical(told)))
        facts.append(drafts)

    def _rows_of(self, stream: str) -> list[_Row]:
        kind, _, number = stream.partition(":")
        queries = _OF_ACCOUNT if kind == "account" else _OF_PERSON
        found = []
        for table, query in queries.items():
            columns = PERSONAL[table]
            names = ", ".join(f"t.{column}" for column in columns)
            for key, salt, *words in sql.fetch(f"select t.id, t.salt, {names} from {query}", [int(number)]):
                if salt is not None or any(words):
                    found.append(_Row(table, key, dict(zip(columns, words, strict=True)), salt is not None))
        return found

    def _staying(self) -> set[tuple[str, int]]:
        """Rows that an open account needs: reasons of living holds, words of money that is not used."""
        if not self._kept.accounts:
            return set()
        within, params = sql.ids_in("h.account_id", sorted(self._kept.accounts))
        holds = sql.fetch(
            f"select h.id from hold h left join hold_end e on e.hold_id = h.id where {within} and e.id is null",
            params,
        )
        within, params = sql.ids_in("account_id", sorted(self._kept.credit))
        payments = sql.fetch(f"select id from payment where {within}", params)
        return {("hold", row[0]) for row in holds} | {("payment", row[0]) for row in payments}

    def _facts(self, stream: str, going: Collection[tuple[str, int]]) -> None:
        """Write facts anew that have words in them; marks, which are rows of their own, with them."""
        tokens = {row: token for row, token in self._tokens.items() if ("payment", row) in going}
        for number, key, kind, body in sql.fetch(
            "select sequence, id, kind, body from fact where stream = ? order by sequence", [stream]
        ):
            fresh = erasure.without_words(
                kind, bytes(body), tokens, PROGRAM, self._names, lambda table, row: (table, row) in going
            )
            if fresh is None:
                continue
            self._write(stream, number, key, fresh)
            for mark in _marks(fresh):
                sql.execute("update mark set body = ? where id = ?", [mark["body"], mark["id"]])

    def _write(self, stream: str, number: int, key: int, fresh: bytes) -> None:
        sql.execute("update fact set body = ? where id = ?", [fresh, key])
        self._statement(stream)[0].append((number, erasure.left(fresh)))
        self.facts += 1

    def _blank(self, stream: str, row: _Row) -> None:
        fresh = {column: self._instead(row, column, word) for column, word in row.words.items()}
        if fresh == row.words and not row.has_salt:
            return
        columns = ", ".join(f"{column} = ?" for column in fresh)
        sql.execute(f"update {row.table} set {columns}, salt = null where id = ?", [*fresh.values(), row.id])
        self.rows[row.table] = self.rows.get(row.table, 0) + 1
        if row.has_salt:
            self._statement(stream)[1].setdefault(row.table, []).append(row.id)

    def _instead(self, row: _Row, column: str, word: str) -> str:
        if row.table == "payment":
            return self._tokens[row.id] if column == "reference" else ""
        return word if not word or (word in PROGRAM and not row.has_salt) else erasure.ERASED

    def _house(self) -> None:
        """What somebody said of the whole house, where it names this person."""
        folded = [name.casefold() for name in self._names]
        for creditor in self._scope.creditors:
            stream = f"house:{creditor}"
            for number, key, kind, body in sql.fetch(
                "select sequence, id, kind, body from fact where stream = ? and kind in (?, ?) order by sequence",
                [stream, *_HOUSE],
            ):
                text = bytes(body).decode().casefold()
                fresh = erasure.without_words(
                    kind, bytes(body), {}, PROGRAM, self._names, lambda table, row: False
                )
                if fresh is not None and any(name in text for name in folded):
                    self._write(stream, number, key, fresh)

    def _statement(self, stream: str) -> tuple[list[tuple[int, str]], dict[str, list[int]]]:
        return self._statements.setdefault(stream, ([], {}))


_OF_ACCOUNT = {
    "payment": "payment t where t.account_id = ? order by t.id",
    "hold": "hold t where t.account_id = ? order by t.id",
    "hold_end": "hold_end t join hold h on h.id = t.hold_id where h.account_id = ? order by t.id",
}
_OF_PERSON = {
    "stop": "stop t where t.person_id = ? order by t.id",
    "stop_end": "stop_end t join stop s on s.id = t.stop_id where s.person_id = ? order by t.id",
    "person_flag": "person_flag t where t.person_id = ? order by t.id",
    "person_flag_end": "person_flag_end t join person_flag f on f.id = t.flag_id where f.person_id = ?"
    " order by t.id",
    # The fact of a move stands with the person to whom the customer came.
    "person_move": "person_move t where t.to_person_id = ? order by t.id",
}


def _tokens(payments: Iterable[_Row]) -> dict[int, str]:
    """In place of references: the same for what had the same words, so that equal payments stay numbered."""
    first: dict[tuple[str, ...], int] = {}
    accounts = {row[0]: row[1] for row in _accounts([payment.id for payment in payments])}
    found = {}
    for payment in payments:
        key = (str(accounts[payment.id]), *payment.words.values())
        found[payment.id] = f"erased:{first.setdefault(key, payment.id)}"
    return found


def _accounts(payments: Sequence[int]) -> list[tuple[int, int]]:
    within, params = sql.ids_in("id", payments)
    return [(row[0], row[1]) for row in sql.fetch(f"select id, account_id from payment where {within}", params)]


def _marks(body: bytes) -> list[Mapping[str, Any]]:
    rows = json.loads(body).get("rows", {}).get("mark", [])
    return [dict(zip(TABLES["mark"], row, strict=True)) for row in rows]
