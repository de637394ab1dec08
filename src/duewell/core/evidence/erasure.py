"""Erasure: what is left of a fact whose words had to go, and the signed statement that says so.

A fact that carries words itself cannot keep its hash and lose them. Its body is then written anew without them,
and a later fact `party.erased` of the same stream vouches for what is left, under the signature of the home:
nobody who merely writes to the database can pass a change off as an erasure.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from hashlib import sha256
from struct import pack
from typing import Any, NamedTuple

from duewell.core.evidence.beside import PERSONAL
from duewell.core.evidence.canonical import canonical
from duewell.core.evidence.tables import TABLES

ERASED = "erased"
"""Stands where words were that must not be empty."""
DOMAIN = b"duewell erasure v1\n"

WORDS = frozenset("text reason note notes comment words said name value address".split())
"""Fields of a body that hold words of people or of other people's machines."""
MORE: Mapping[str, frozenset[str]] = {"party.account": frozenset({"before", "after"})}
"""By kind, further fields that hold words."""
KEPT: Mapping[str, frozenset[str]] = {
    # Here these are rules, sentences of the program, or what the house says of itself.
    "law.refused": WORDS,
    "contact.withheld": frozenset({"reason"}),
    "house.creditor": WORDS,
}


class Statement(NamedTuple):
    """What one erasure did to one stream."""

    facts: Sequence[tuple[int, str]]
    """Sequence of each fact that was written anew, and the SHA-256 of the body that is left, in hex."""
    rows: Mapping[str, Sequence[int]]
    """By table, the ids of rows whose words went while their facts stayed as they are."""

    def text(self) -> str:
        """The statement as it is signed and kept."""
        told = {"facts": [list(fact) for fact in self.facts], "rows": {k: list(v) for k, v in self.rows.items()}}
        return canonical(told).decode()


def signed_bytes(stream: str, text: str) -> bytes:
    """What the signature of a statement covers."""
    return DOMAIN + _field(stream.encode()) + _field(text.encode())


def left(body: bytes) -> str:
    """The digest under which a statement vouches for what is left of a fact."""
    return sha256(body).hexdigest()


def without_words(
    kind: str,
    body: bytes,
    tokens: Mapping[int, str],
    program: Collection[str],
    known: Collection[str],
    goes: Callable[[str, int], bool],
) -> bytes | None:
    """A body without the words in it, or None where there are none.

    Args:
        tokens: by payment, what stands in place of its reference.
        program: sentences of the program itself, which stay.
        known: strings that name the person; a server's reply to a message that it accepted loses its words only
            where one of them is in it, for most such replies are numbers of a queue.
        goes: whether a row, by table and id, loses its words; marks always do.
    """
    told = json.loads(body)
    spare = _Spare(kind, frozenset(program), known)
    fresh = {key: value if key == "rows" else spare.value(key, value, told) for key, value in told.items()}
    for table, rows in told.get("rows", {}).items():
        fresh["rows"] = {**fresh["rows"], table: [_row(table, row, tokens, spare, goes) for row in rows]}
    made = canonical(fresh)
    return None if made == body else made


class _Spare:
    """Takes words out of values."""

    def __init__(self, kind: str, program: frozenset[str], known: Collection[str]) -> None:
        self._kind = kind
        self._program = program | {ERASED}
        self._known = [text.casefold() for text in known]

    def value(self, key: str, value: Any, around: Mapping[str, Any]) -> Any:
        if isinstance(value, dict):
            return {inner: self.value(inner, one, value) for inner, one in value.items()}
        if isinstance(value, list):
            return [self.value(key, one, around) for one in value]
        return self.words(value) if isinstance(value, str) and self._may_go(key, value, around) else value

    def words(self, text: str) -> str:
        return text if not text or text in self._program else ERASED

    def _may_go(self, key: str, value: str, around: Mapping[str, Any]) -> bool:
        if key not in WORDS | MORE.get(self._kind, frozenset()) or key in KEPT.get(self._kind, ()):
            return False
        if self._kind == "contact.freed":
            # Only who took a run back said why in words; else the reason is a rule.
            return around.get("state") == "withdrawn"
        if self._kind == "contact.accepted":
            folded = value.casefold()
            return any(text in folded for text in self._known)
        return True


def _row(
    table: str, row: list[Any], tokens: Mapping[int, str], spare: _Spare, goes: Callable[[str, int], bool]
) -> list[Any]:
    fresh = list(row)
    if table == "mark":
        place = TABLES["mark"].index("body")
        told = json.loads(fresh[place])
        made = {key: spare.value(key, value, told) for key, value in told.items()}
        fresh[place] = canonical(made).decode()
        return fresh
    for column in PERSONAL.get(table, ()) if goes(table, row[0]) else ():
        place = TABLES[table].index(column)
        # A digest stays: it is in no fact that has to be written anew.
        if isinstance(fresh[place], str):
            fresh[place] = _cell(table, column, fresh, place, tokens, spare)
    return fresh


def _cell(
    table: str, column: str, row: Sequence[Any], place: int, tokens: Mapping[int, str], spare: _Spare
) -> str:
    if table != "payment":
        return spare.words(row[place])
    if row[0] not in tokens:
        return str(row[place])
    # Equal payments are told apart by these words, so their places are taken by numbers.
    return tokens[row[0]] if column == "reference" else ""


def _field(value: bytes) -> bytes:
    return pack(">I", len(value)) + value
