"""Everything that is held on a person, as plain values: what somebody gets who asks what is kept about them.

It is read from the columns of `erasure.columns` and from the rows that stand with them, so that what is told here
and what an erasure takes away are the same.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from duewell.core.party.mentions import mentions
from duewell.flows.pack import file_name
from duewell.store import sql
from duewell.store.erasure import unproven
from duewell.store.erasure.open_things import Kept
from duewell.store.erasure.scope import Scope, find, names

Unpack = Callable[[int, bytes], bytes]
_INSTANTS = ("recorded_at", "starts_at", "ended_at", "opened_at", "decided_at", "contacted_at", "at", "listed_at")
_HIDDEN = {"salt"}
_NOTHING = Kept(frozenset(), frozenset(), frozenset(), frozenset(), frozenset())


class Letter(NamedTuple):
    """A message as it left, or a document as it came."""

    name: str
    content: bytes


class Disclosed(NamedTuple):
    """What is held on one person."""

    data: Mapping[str, Any]
    """By creditor what it holds, and what is held for all of them."""
    messages: Sequence[Letter]
    documents: Sequence[Letter]


def disclose(creditor: int, who: str, unpack: Unpack, *, everywhere: bool) -> Disclosed:
    """Collect everything on a person.

    Raises:
        NoSuchPerson: nobody is known under that number.
    """
    whose = find(creditor, who, everywhere=everywhere)
    told = [_of_creditor(one, whose) for one in whose.creditors]
    messages = [letter for account in whose.accounts for letter in _messages(account, unpack)]
    person = _rows("select * from person where id = ?", [whose.person])[0]
    # What the person told everybody is theirs to know; what they told another creditor is not for this one.
    visible, params = sql.ids_in("s.creditor_id", whose.creditors)
    stops = _rows(
        "select s.*, e.ended_at, e.reason as ended_because from stop s left join stop_end e on e.stop_id = s.id"
        f" where s.person_id = ? and (s.creditor_id is null or {visible}) order by s.id",
        [whose.person, *params],
    )
    facts = _facts([f"person:{whose.person}"]) if whose.whole else []
    flags = _rows(
        "select f.*, e.recorded_at as ended_at, e.reason as ended_because from person_flag f"
        " left join person_flag_end e on e.flag_id = f.id where f.person_id = ? order by f.id",
        [whose.person],
    )
    moved, params = sql.ids_in("party_id", whose.parties)
    moves = _rows(f"select * from person_move where {moved} order by id", params)
    told_person = {**person, "noted": flags, "moves": moves, "stops": stops, "facts": facts}
    documents = [letter for account in whose.accounts for letter in _documents(account)]
    return Disclosed({"person": told_person, "creditors": told}, messages, documents)


def _of_creditor(creditor: int, whose: Scope) -> dict[str, Any]:
    name = sql.one("select key, name from creditor where id = ?", [creditor])
    assert name is not None
    mine, params = sql.ids_in("id", whose.parties)
    parties = _rows(f"select * from party where creditor_id = ? and {mine} order by id", [creditor, *params])
    for party in parties:
        party["contact_points"] = _rows(
            "select * from contact_point where party_id = ? order by id", [party["id"]]
        )
        party["stands_on"] = _rows(
            "select r.*, a.number as account from party_role r join account a on a.id = r.account_id"
            " where r.party_id = ? order by r.id",
            [party["id"]],
        )
    own, params = sql.ids_in("id", whose.accounts)
    accounts = _rows(f"select * from account where creditor_id = ? and {own} order by id", [creditor, *params])
    for account in accounts:
        account.update(_of_account(account["id"]))
    return {
        "creditor": name[0],
        "name": name[1],
        "parties": parties,
        "accounts": accounts,
        "imports": _imports(creditor, whose),
        "replaced_terms": _replaced(whose),
        "rejected_rows": _mentioning(
            whose,
            'select batch_id, row, "column", value, reason, remedy from rejected_row'
            " where creditor_id = ? order by id",
            [creditor],
        ),
        "house_facts": _mentioning(
            whose,
            "select kind, recorded_at, body from fact where stream = ?"
            " and kind in ('contact.withdrawn', 'house.kill_switch') order by sequence",
            [f"house:{creditor}"],
        ),
    }


_OF_ACCOUNT = {
    "receivables": "select * from receivable where account_id = ? order by id",
    "entries": "select * from entry where account_id = ? order by id",
    "payments": "select * from payment where account_id = ? order by id",
    "payments_met": "select m.* from payment_met m join payment p on p.id = m.payment_id"
    " where p.account_id = ? order by m.id",
    "holds": "select h.*, e.ended_on, e.reason as ended_because from hold h left join hold_end e"
    " on e.hold_id = h.id where h.account_id = ? order by h.id",
    "messages": "select m.id, m.stage, m.purpose, m.channel, m.language, m.recorded_at, s.state, s.reason"
    " from message m join message_state s on s.message_id = m.id where m.account_id = ?"
    " order by m.recorded_at, m.id",
    "attempts": "select k.message_id, k.attempt_id, k.kind, k.at, k.body from message m join attempt a"
    " on a.message_id = m.id join mark k on k.attempt_id = a.id where m.account_id = ? order by k.id",
    "documents": "select id, receivable_id, number, name, size, recorded_at from document where account_id = ?"
    " order by id",
    "questions": "select id, kind, subject, text, state, opened_at, decided_at from review_item"
    " where account_id = ? order by id",
}


def _of_account(account: int) -> dict[str, Any]:
    told: dict[str, Any] = {name: _rows(query, [account]) for name, query in _OF_ACCOUNT.items()}
    for attempt in told["attempts"]:
        attempt["body"] = json.loads(attempt["body"])
    told["facts"] = _facts([f"account:{account}"])
    return told


def _imports(creditor: int, whose: Scope) -> list[dict[str, Any]]:
    """Where it came from: the files that told of the person."""
    batches = unproven.Unproven(whose, _NOTHING, lambda text: False).batches()
    within, params = sql.ids_in("id", batches)
    return _rows(
        "select id, kind, file_name, file_digest, recorded_at, recorded_by from import_batch"
        f" where creditor_id = ? and {within} order by id",
        [creditor, *params],
    )


def _replaced(whose: Scope) -> list[dict[str, Any]]:
    """Due dates and references that imports overwrote, kept so that they can be taken back."""
    own = unproven.own_receivables(whose)
    found = []
    for _, batch, told in unproven.traces(whose):
        for receivable, due_on, reference in told["terms"]:
            if receivable in own:
                found.append({"import": batch, "receivable": receivable, "due_on": due_on, "reference": reference})
    return found


def _mentioning(whose: Scope, query: str, params: Sequence[Any]) -> list[dict[str, Any]]:
    """Rows that are not tied to the person and name it all the same."""
    named = mentions(names(whose, given=False))
    return [
        row for row in _rows(query, params) if any(isinstance(cell, str) and named(cell) for cell in row.values())
    ]


def _facts(streams: Sequence[str]) -> list[dict[str, Any]]:
    within, params = sql.ids_in("stream", streams)
    rows = _rows(
        f"select stream, sequence, kind, effective_on, recorded_at, body from fact where {within}"
        " order by stream, sequence",
        params,
    )
    for row in rows:
        row["body"] = json.loads(row["body"])
    return rows


def _messages(account: int, unpack: Unpack) -> list[Letter]:
    found = []
    for attempt, message, body in sql.fetch(
        "select k.attempt_id, k.message_id, k.body from message m join attempt a on a.message_id = m.id"
        " join mark k on k.attempt_id = a.id and k.kind = 'started' where m.account_id = ? order by k.id",
        [account],
    ):
        pieces = []
        for digest in json.loads(body).get("parts", ()):
            row = sql.one("select dictionary, data from part where digest = ?", [bytes.fromhex(digest)])
            if row is not None:
                pieces.append(unpack(row[0], bytes(row[1])))
        if pieces:
            found.append(Letter(file_name(message, attempt, pieces[0]), b"".join(pieces)))
    return found


def _documents(account: int) -> list[Letter]:
    found = []
    for number, name, content in sql.fetch(
        "select id, name, content from document where account_id = ? order by id", [account]
    ):
        kind = "".join(letter for letter in name.rpartition(".")[2] if letter.isalnum())[:5]
        if bytes(content):
            found.append(Letter(f"{number}.{kind or 'bin'}", zlib.decompress(bytes(content))))
    return found


def _rows(query: str, params: Sequence[Any]) -> list[dict[str, Any]]:
    names, rows = sql.named(query, params)
    return [
        {name: _plain(name, value) for name, value in zip(names, row, strict=True) if name not in _HIDDEN}
        for row in rows
    ]


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "replace")
    if name in _INSTANTS and isinstance(value, int):
        return sql.instant(value).isoformat()
    return value.isoformat() if isinstance(value, date) else value
