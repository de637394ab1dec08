"""Check the evidence of an installation: one file, Python's standard library, nothing of Duewell.

    python verify.py duewell.db --head heads.jsonl --key public.key
    python verify.py pack.zip --key public.key

It hashes every fact anew, follows every stream, builds the tree and compares it with every signed head, and puts
the rows that the facts tell beside the rows that the tables hold. The format is docs/reference/evidence-format.md.
Exit: 0 all is as it was written, 1 something was changed, lost or added, 2 wrong use.
"""

from __future__ import annotations

import argparse
import hmac
import json
import os
import re
import sqlite3
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from functools import lru_cache
from hashlib import blake2b, sha256, sha512
from pathlib import Path
from struct import pack
from typing import Any, NamedTuple
from zlib import crc32

TABLES = {
    "entry": "id creditor_id account_id currency amount_minor from_place from_receivable_id to_place"
    " to_receivable_id effective_on recorded_at cause",
    "payment": "id creditor_id account_id kind currency amount_minor paid_on reference named occurrence batch"
    " listed_batch recorded_at",
    "hold": "id creditor_id account_id receivable_id kind amount_minor starts_on until_on review_on reason"
    " recorded_at recorded_by",
    "hold_end": "id creditor_id hold_id ended_on reason recorded_at recorded_by",
    "stop": "id person_id creditor_id channel point_id reason starts_at recorded_at recorded_by",
    "stop_end": "id stop_id ended_at reason recorded_at recorded_by",
    "person_flag": "id person_id flag reason recorded_at recorded_by",
    "person_flag_end": "id flag_id reason recorded_at recorded_by",
    "person_move": "id creditor_id party_id from_person_id to_person_id act kind reason recorded_at recorded_by",
    "message": "id creditor_id account_id person_id run_id point_id stage purpose channel language body"
    " recorded_at",
    "mark": "id creditor_id attempt_id message_id kind at token body",
}
COLUMNS = {table: columns.split() for table, columns in TABLES.items()}
# Words of people: a fact has a salted digest in their place where their row has a salt.
WORDS = {
    "payment": ("reference", "named"),
    "hold": ("reason",),
    "hold_end": ("reason",),
    "stop": ("reason",),
    "stop_end": ("reason",),
    "person_flag": ("reason",),
    "person_flag_end": ("reason",),
    "person_move": ("reason",),
}
PLACES = {table: [COLUMNS[table].index(column) for column in columns] for table, columns in WORDS.items()}

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_HEAD = re.compile(
    r'\{"key_id":"([0-9a-f]{32})","root":"([0-9a-f]{64})",'
    r'"sealed_at":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)","signature":"([0-9a-f]{128})","size":(0|[1-9]\d{0,18})\}',
    re.ASCII,
)
_BLANK = re.compile(r"(?:erased(?::\d+)?)?", re.ASCII)
_SHOWN_MAX = 100
_BUCKETS = 4096
_BUCKETS_SEARCHED_MAX = 16


class WrongUse(Exception):
    """What was given cannot be read as what it should be."""


class Report:
    """What was checked and what was found; `findings` keeps the first hundred of them."""

    def __init__(self) -> None:
        self.facts = 0
        self.sealed = 0
        self.heads = 0
        self.erased = 0
        self.found = 0
        self.findings: list[str] = []

    def find(self, text: str) -> None:
        """Note that something is not as it was written."""
        self.found += 1
        if len(self.findings) < _SHOWN_MAX:
            self.findings.append(text.encode("utf-8", "backslashreplace").decode())

    def as_dict(self) -> dict[str, Any]:
        """The report as `verify --json` prints it."""
        return {
            "facts": self.facts,
            "sealed": self.sealed,
            "heads": self.heads,
            "erased": self.erased,
            "ok": self.found == 0,
            "found": self.found,
            "first_bad": self.findings[0] if self.findings else None,
            "findings": self.findings,
        }


# --- facts and their streams ---------------------------------------------------------------------------------


class Fact(NamedTuple):
    """A fact as it is stored. Dates are text here, bytes are bytes."""

    stream: str
    sequence: int
    kind: str
    effective_on: str | None
    recorded_at: int
    body: bytes
    previous: bytes
    hash: bytes


def fact_hash(fact: Fact) -> bytes:
    """Hash the stored parts of a fact. Raises if one of them is not of its type."""
    if fact.effective_on is not None and not _DAY.fullmatch(fact.effective_on):
        raise ValueError("effective_on is not a date")
    return sha256(
        b"duewell fact v1\n"
        + _exactly(32, fact.previous)
        + pack(">Qq", fact.sequence, fact.recorded_at)
        + _field(fact.stream.encode())
        + _field(fact.kind.encode())
        + _field((fact.effective_on or "").encode())
        + _field(fact.body)
    ).digest()


class Erasures:
    """What erasures say they took out of facts and rows, each under a signature."""

    def __init__(self, report: Report, keys: Mapping[str, bytes]) -> None:
        self.facts: dict[tuple[str, int], str] = {}
        """By stream and sequence, the digest of the body that is left."""
        self.rows: set[tuple[str, int]] = set()
        """Table and id of rows whose words went."""
        self._report = report
        self._keys = keys

    def hear(self, stream: str, sequence: int, body: bytes) -> None:
        """Take in a fact `party.erased`; one that nobody signed counts for nothing."""
        where = f"fact {stream} {sequence}"
        try:
            told = json.loads(body)
            text, key = told["erasure"], self._keys.get(told["key_id"])
            message = b"duewell erasure v1\n" + _field(stream.encode()) + _field(text.encode())
            if key is None or not signed(key, bytes.fromhex(told["signature"]), message):
                self._report.find(f"{where} tells of an erasure that no known key has signed")
                return
            statement = json.loads(text)
            self.facts.update({(stream, number): digest for number, digest in statement["facts"]})
            self.rows.update((table, number) for table, ids in statement["rows"].items() for number in ids)
        except Exception as problem:
            self._report.find(f"{where} cannot be read: {problem!r}")

    def vouch_for(self, fact: Fact) -> bool:
        """Whether a fact without its words is what an erasure left of it."""
        kept = self.facts.get((fact.stream, fact.sequence))
        return kept is not None and kept == sha256(fact.body).hexdigest()


class Streams:
    """Follows every stream from its first fact on."""

    def __init__(self, report: Report, erasures: Erasures) -> None:
        self.ends: dict[str, tuple[int, bytes]] = {}
        self._report = report
        self._erasures = erasures

    def follow(self, fact: Fact) -> bytes | None:
        """Check one fact and its place in its stream; its hash as computed, or None where it has none."""
        where = f"fact {fact.stream} {fact.sequence}"
        try:
            computed = fact_hash(fact)
        except Exception as problem:
            self._report.find(f"{where} was changed: {problem}")
            return None
        if computed != fact.hash:
            if self._erasures.vouch_for(fact):
                # Its words are gone; its place in the chain and in the tree is that of the hash it had.
                self._report.erased += 1
                computed = fact.hash
            else:
                self._report.find(f"{where} was changed: its hash does not fit")
        length, latest = self.ends.get(fact.stream, (0, bytes(32)))
        if fact.sequence != length + 1:
            self._report.find(f"{where} follows number {length}: facts were lost, added or moved")
        elif fact.previous != latest:
            self._report.find(f"{where} does not follow from the fact before it")
        self.ends[fact.stream] = (fact.sequence, fact.hash)
        return computed


# --- the tree of RFC 9162 ------------------------------------------------------------------------------------


def leaf_hash(leaf: bytes) -> bytes:
    """RFC 9162, section 2.1.1."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 9162, section 2.1.1."""
    return sha256(b"\x01" + left + right).digest()


class Edge:
    """The right edge of a growing tree: the roots of its complete subtrees, the largest first."""

    def __init__(self) -> None:
        self.size = 0
        self.peaks: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Add one leaf on the right."""
        node = leaf_hash(leaf)
        size = self.size
        while size & 1:
            node = node_hash(self.peaks.pop(), node)
            size >>= 1
        self.peaks.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self.peaks:
            return sha256(b"").digest()
        node = self.peaks[-1]
        for peak in self.peaks[-2::-1]:
            node = node_hash(peak, node)
        return node


def proven(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof ties leaf `index` to the root over `size` leaves (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    position, last, node = index, size - 1, leaf_hash(leaf)
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            node = node_hash(sibling, node)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and node == root


# --- signed heads --------------------------------------------------------------------------------------------


class Head(NamedTuple):
    """A signed head whose signature was checked."""

    size: int
    root: bytes
    line: str


def read_keys(texts: Iterable[str]) -> dict[str, bytes]:
    """Public keys, one per line in hex, by their id. Raises `WrongUse`."""
    keys = {}
    for line in (line.strip() for text in texts for line in text.splitlines()):
        if line:
            if not re.fullmatch("[0-9a-f]{64}", line):
                raise WrongUse("a public key is a line of 64 lower-case hex digits")
            key = bytes.fromhex(line)
            keys[sha256(key).hexdigest()[:32]] = key
    return keys


def read_heads(texts: Iterable[str], keys: Mapping[str, bytes], report: Report) -> list[Head]:
    """The heads with a good signature, by size; every other line is a finding."""
    heads = []
    for line in sorted({line for text in texts for line in text.split("\n") if line}):
        parts = _HEAD.fullmatch(line)
        if not parts:
            report.find(f"a line among the heads is not a signed head: {line[:60]!r}")
            continue
        key_id, root, sealed_at, signature, size = parts.groups()
        told = f"the head of {size} leaves, sealed at {sealed_at},"
        if key_id not in keys:
            report.find(f"{told} is signed with a key that was not given: {key_id}")
            continue
        message = b"duewell head v1\n" + pack(">Q", int(size)) + bytes.fromhex(root)
        message += _field(sealed_at.encode()) + _field(key_id.encode())
        if signed(keys[key_id], bytes.fromhex(signature), message):
            heads.append(Head(int(size), bytes.fromhex(root), line))
        else:
            report.find(f"{told} was changed: its signature does not hold")
    report.heads = len(heads)
    return sorted(heads)


# --- rows: what the facts tell and what the tables hold -------------------------------------------------------


class Rows:
    """Compares two multisets of rows without keeping them: sums of digests under a key drawn for this run.

    Whoever changed a row cannot know the key, so no change makes the sums meet again. The sums stand in buckets
    by table and id; only where one differs are its rows read a second time and compared column by column.
    """

    def __init__(self) -> None:
        self._key = os.urandom(32)
        self._sums: dict[tuple[str, int], int] = {}

    def add(self, table: str, row: Sequence[Any], sign: int) -> None:
        """Count a row that a fact tells (1) or a table holds (-1)."""
        place = (table, _bucket(row))
        digest = blake2b(f"{table}{_text(row)}".encode(), key=self._key, digest_size=16).digest()
        self._sums[place] = self._sums.get(place, 0) + sign * int.from_bytes(digest, "big")

    def differing(self) -> list[tuple[str, int]]:
        """The buckets in which the two sides differ."""
        return sorted(place for place, total in self._sums.items() if total)


def rows_told(body: bytes) -> Iterator[tuple[str, list[Any]]]:
    """The rows in the body of a fact, each with its table and in full length. Raises where they are malformed."""
    if b'"rows"' not in body:
        return
    tables = json.loads(body).get("rows", {})
    for table, rows in tables.items():
        columns = COLUMNS[table]
        for row in rows:
            if not row or len(row) > len(columns):
                raise ValueError(f"a row of {table} has {len(row)} columns")
            # An older row lacks the columns that were added since; it stands for null in them.
            yield table, [*row, *[None] * (len(columns) - len(row))]


def _as_told(table: str, row: Sequence[Any], salt: Any) -> list[Any]:
    """A stored row as its fact tells it: with a digest in place of words that have a salt."""
    spelled = list(row)
    salt = _plain(salt)
    words = [place for place in PLACES[table] if spelled[place]]
    if salt is not None and not (isinstance(salt, bytes) and len(salt) == 16 and words):
        # Nobody wrote another kind of salt, or one for no words: that differs from everything told.
        spelled[PLACES[table][0]] = {"salt": repr(salt)}
    elif salt is not None:
        for place in words:
            value = str(spelled[place]).encode("utf-8", "surrogateescape")
            spelled[place] = {"salted": hmac.digest(salt, b"duewell digest v1\n" + value, "sha256").hex()}
    return spelled


def _without_words(table: str, row: Sequence[Any]) -> list[Any]:
    """An erased row as both sides must have it."""
    spelled = list(row)
    for place in PLACES.get(table, ()):
        spelled[place] = None
    return spelled


def _spelled(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    # No column that facts vouch for holds bytes or fractions: such a value differs from everything told.
    return {"value": repr(value)}


_text = json.JSONEncoder(default=_spelled, separators=(",", ":")).encode


def _bucket(row: Sequence[Any]) -> int:
    return crc32(str(row[0]).encode("utf-8", "surrogatepass")) % _BUCKETS


# --- a database ----------------------------------------------------------------------------------------------

_FACTS = (
    "select f.stream, f.sequence, f.kind, f.effective_on, f.recorded_at, f.body, f.previous, f.hash,"
    ' l."index" from fact f left join leaf l on l.fact_id = f.id order by f.id'
)
_ERASURES = "select stream, sequence, body from fact where kind = 'party.erased' order by id"
_OPEN = (
    "select x.id, sum(x.kept), sum(x.told) from (select id, open_minor as kept, 0 as told from receivable"
    " union all select to_receivable_id, 0, amount_minor from entry where to_receivable_id is not null"
    " union all select from_receivable_id, 0, -amount_minor from entry where from_receivable_id is not null"
    ") x group by x.id having sum(x.kept) <> sum(x.told) order by x.id"
)
_CREDIT = (
    "select x.id, x.currency, sum(x.kept), sum(x.told) from ("
    "select account_id as id, currency, credit_minor as kept, 0 as told from account_credit"
    " union all select account_id, currency, 0, amount_minor from entry where from_place = 'credit'"
    " union all select account_id, currency, 0, -amount_minor from entry where to_place = 'credit'"
    ") x group by x.id, x.currency having sum(x.kept) <> sum(x.told) order by x.id, x.currency"
)


def verify_database(
    cursor: Callable[[], Any], heads: Sequence[Head], report: Report, keys: Mapping[str, bytes] | None = None
) -> None:
    """Check a database with the present tables.

    Args:
        cursor: gives a new DB-API cursor; all cursors must see the same state of the database.
        heads: from `read_heads`.
        keys: from `read_keys`; erasures that none of them has signed are findings.
    """
    erasures = Erasures(report, keys or {})

    def read(query: str) -> Iterator[tuple[Any, ...]]:
        with closing(cursor()) as rows:
            rows.execute(query)
            while some := rows.fetchmany(10_000):
                yield from some

    try:
        for stream, sequence, body in read(_ERASURES):
            erasures.hear(stream, sequence, bytes(_plain(body)))
        _facts_and_tree(read, heads, report, erasures)
        _rows_of_tables(read, report, erasures)
        for receivable, kept, told in read(_OPEN):
            report.find(f"receivable {receivable}: open_minor is {kept}, its entries add up to {told}")
        for account, currency, kept, told in read(_CREDIT):
            report.find(f"account {account}: its credit is {kept} {currency}, its entries add up to {told}")
    except (sqlite3.Error, UnicodeError) as problem:
        report.find(f"the database cannot be read to its end: {problem}")


Read = Callable[[str], Iterator[tuple[Any, ...]]]


def _facts_and_tree(read: Read, heads: Sequence[Head], report: Report, erasures: Erasures) -> None:
    streams, edge, waiting = Streams(report, erasures), Edge(), list(heads)[::-1]

    def compare_heads() -> None:
        while waiting and waiting[-1].size == edge.size:
            head = waiting.pop()
            if head.root == edge.root():
                report.sealed = edge.size
            else:
                report.find(f"the tree of {head.size} leaves is not the one that was signed: {head.line}")

    compare_heads()
    expected, unsealed = 0, False
    for *stored, index in read(_FACTS):
        fact = Fact._make([_plain(value) for value in stored])
        report.facts += 1
        computed = streams.follow(fact)
        if index is None:
            unsealed = True
            continue
        if index != expected:
            report.find(f"fact {fact.stream} {fact.sequence} is leaf {index}, where leaf {expected} should be")
        if unsealed:
            report.find(f"facts that were never sealed stand before {fact.stream} {fact.sequence}, which was")
        expected, unsealed = index + 1, False
        edge.add(computed or b"")
        compare_heads()
    for head in waiting:
        report.find(f"{head.size} facts were sealed, {edge.size} are left: {head.line}")
    if edge.size and not heads:
        report.find(f"{edge.size} facts are sealed, but no signed head was given to compare them with")
    _kept_ends(read, streams, edge, report)


def _kept_ends(read: Read, streams: Streams, edge: Edge, report: Report) -> None:
    ends = dict(streams.ends)
    for name, length, digest in read("select name, length, hash from stream order by name"):
        if ends.pop(name, None) != (length, _plain(digest)):
            report.find(f"stream {name} does not end where its facts end")
    for name in ends:
        report.find(f"stream {name} is missing from the list of streams")
    leaves = next(read("select count(*) from leaf"))[0]
    if leaves != edge.size:
        report.find(f"{leaves} leaves are kept for {edge.size} sealed facts")
    states = [(size, _plain(frontier)) for size, frontier in read("select size, frontier from tree_state")]
    kept = [(edge.size, pack(">Q", edge.size) + b"".join(edge.peaks))]
    # Before the first sealing the frontier is empty.
    if states not in (kept, [(0, b"")] if edge.size == 0 else kept):
        report.find("the state of the tree is not that of its leaves")


def _rows_of_tables(read: Read, report: Report, erasures: Erasures) -> None:
    rows = Rows()
    for table, row, _ in _told(read, report, erasures):
        rows.add(table, row, 1)
    for table in COLUMNS:
        for stored in _stored(read, table, report, erasures):
            rows.add(table, stored, -1)
    differing = rows.differing()
    for table in COLUMNS:
        buckets = {bucket for of, bucket in differing if of == table}
        if buckets:
            _explain(read, table, set(sorted(buckets)[:_BUCKETS_SEARCHED_MAX]), report, erasures)


def _stored(read: Read, table: str, report: Report | None, erasures: Erasures) -> Iterator[Sequence[Any]]:
    """The rows of a table as facts should tell them."""
    if table not in WORDS:
        yield from read(_select(table, COLUMNS[table]))
        return
    names = ", ".join(f't."{column}"' for column in [*COLUMNS[table], "salt"])
    # With the name of the table in front a missing column is an error, and not a text in quotes.
    for *row, salt in read(f'select {names} from "{table}" t order by t.id'):
        if erasures.rows and (table, row[0]) in erasures.rows:
            words = [row[place] for place in PLACES[table]]
            if report and (salt is not None or not all(_BLANK.fullmatch(str(word)) for word in words)):
                report.find(f"{table} {row[0]} was erased, and has words again: {words!r}")
            yield _without_words(table, row)
        else:
            yield _as_told(table, row, salt)


def _explain(read: Read, table: str, buckets: set[int], report: Report, erasures: Erasures) -> None:
    told: dict[str, list[tuple[list[Any], str]]] = {}
    for of, row, where in _told(read, None, erasures):
        if of == table and _bucket(row) in buckets:
            told.setdefault(_text(row[:1]), []).append((row, where))
    for stored in _stored(read, table, None, erasures):
        if _bucket(stored) not in buckets:
            continue
        tellers = told.pop(_text(stored[:1]), [])
        if not tellers:
            report.find(f"{table} {stored[0]} was added: no fact tells it")
            continue
        if len(tellers) > 1:
            report.find(f"{table} {stored[0]} is told more than once, by {tellers[0][1]} and {tellers[1][1]}")
        row, where = tellers[0]
        for column, said, kept in zip(COLUMNS[table], row, stored, strict=True):
            if _text([said]) != _text([kept]):
                report.find(
                    f"{table} {stored[0]} was changed: {column} is {_plain(kept)!r}, {where} says {said!r}"
                )
    for tellers in told.values():
        row, where = tellers[0]
        report.find(f"{table} {row[0]} was lost: {where} tells it")


def _told(read: Read, report: Report | None, erasures: Erasures) -> Iterator[tuple[str, list[Any], str]]:
    for stream, sequence, body in read("select stream, sequence, body from fact order by id"):
        try:
            for table, row in rows_told(bytes(_plain(body))):
                is_erased = bool(erasures.rows) and (table, row[0]) in erasures.rows
                yield table, _without_words(table, row) if is_erased else row, f"fact {stream} {sequence}"
        except Exception as problem:
            if report:
                report.find(f"fact {stream} {sequence}: its rows cannot be read: {problem!r}")


def _select(table: str, columns: Sequence[str]) -> str:
    return 'select "{}" from "{}" order by id'.format('", "'.join(columns), table)


def _plain(value: Any) -> Any:
    """Bytes as bytes and dates as text, whichever driver gave them."""
    if isinstance(value, memoryview):
        return bytes(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


# --- a pack --------------------------------------------------------------------------------------------------


def verify_pack(
    archive: zipfile.ZipFile, heads: Sequence[Head], report: Report, keys: Mapping[str, bytes] | None = None
) -> None:
    """Check a pack: whole streams, each sealed fact tied to a signed head, each message to its mark."""
    erasures = Erasures(report, keys or {})
    _hear_erasures(archive, erasures)
    streams, by_size = Streams(report, erasures), {head.size: head for head in heads}
    parts: dict[int, list[str]] = {}
    for number, line in enumerate(_lines(archive, "facts.jsonl"), start=1):
        report.facts += 1
        try:
            told = json.loads(line)
            index, size, proof = told.pop("leaf"), told.pop("size"), [*map(bytes.fromhex, told.pop("proof"))]
            hashes = {name: bytes.fromhex(told[name]) for name in ("previous", "hash")}
            fact = Fact(**{**told, **hashes, "body": told["body"].encode()})
            for table, row in rows_told(fact.body):
                mark = dict(zip(COLUMNS[table], row, strict=True))
                if table == "mark" and mark["kind"] == "started":
                    parts[mark["attempt_id"]] = json.loads(mark["body"]).get("parts", [])
        except Exception as problem:
            report.find(f"line {number} of the facts cannot be read: {problem!r}")
            continue
        computed, head = streams.follow(fact), by_size.get(size)
        if index is None:
            continue
        if head and computed and proven(computed, index, size, proof, head.root):
            report.sealed += 1
        else:
            report.find(f"fact {fact.stream} {fact.sequence} is not tied to a signed head of {size} leaves")
    _messages(archive, parts, report)


def _hear_erasures(archive: zipfile.ZipFile, erasures: Erasures) -> None:
    for line in _lines(archive, "facts.jsonl"):
        # What cannot be read is found and told where the facts are read one by one.
        with suppress(Exception):
            told = json.loads(line)
            if told["kind"] == "party.erased":
                erasures.hear(told["stream"], told["sequence"], told["body"].encode())


def _messages(archive: zipfile.ZipFile, parts: Mapping[int, list[str]], report: Report) -> None:
    named = {name for name in archive.namelist() if name.startswith("messages/")}
    for line in _lines(archive, "messages.jsonl"):
        try:
            told = json.loads(line)
            named.discard(told["file"])
            rest, digests = archive.read(told["file"]), []
            for length, salt in told["pieces"]:
                digests.append(sha256(bytes.fromhex(salt) + rest[:length]).hexdigest())
                rest = rest[length:]
            if rest or digests != parts[told["attempt"]]:
                report.find(f"{told['file']} is not the message that left with attempt {told['attempt']}")
        except Exception as problem:
            report.find(f"a message cannot be checked: {problem!r}")
    for name in sorted(named):
        report.find(f"{name} was added: no mark tells it")


def _lines(archive: zipfile.ZipFile, name: str) -> list[bytes]:
    return archive.read(name).splitlines()


# --- Ed25519 (RFC 8032, section 5.1), verification only -------------------------------------------------------

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ZERO = (0, 1, 1, 0)
_Point = tuple[int, int, int, int]


def signed(key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the key signed the message: [S]B = R + [k]A, canonical encodings only, no key of small order."""
    multiples, s = _key_multiples(key), int.from_bytes(signature[32:], "little")
    if multiples is None or len(signature) != 64 or s >= _ORDER:
        return False
    k = int.from_bytes(sha512(signature[:32] + key + message).digest(), "little") % _ORDER
    return _encode(_add(_times(_base_multiples(), s), _times(multiples, k))) == signature[:32]


def _add(one: _Point, other: _Point) -> _Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % _P
    b = (one[1] + one[0]) * (other[1] + other[0]) % _P
    c, d = 2 * one[3] * other[3] * _D % _P, 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _encode(point: _Point) -> bytes:
    inverse = pow(point[2], -1, _P)
    return (point[1] * inverse % _P | (point[0] * inverse % _P & 1) << 255).to_bytes(32, "little")


def _decode(encoded: bytes) -> _Point | None:
    y, sign = int.from_bytes(encoded, "little") & 2**255 - 1, encoded[31] >> 7
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if x * x % _P != square:
        x = x * pow(2, (_P - 1) // 4, _P) % _P
    if y >= _P or x * x % _P != square or (x == 0 and sign):
        return None
    x = x if x & 1 == sign else _P - x
    return x, y, 1, x * y % _P


def _multiples(point: _Point) -> list[list[_Point]]:
    table = []
    for _ in range(64):
        row: list[_Point] = [_ZERO]
        for _ in range(15):
            row.append(_add(row[-1], point))
        table.append(row)
        point = _add(row[-1], point)
    return table


def _times(multiples: list[list[_Point]], scalar: int) -> _Point:
    total = _ZERO
    for place, row in enumerate(multiples):
        total = _add(total, row[scalar >> 4 * place & 15])
    return total


@lru_cache
def _base_multiples() -> list[list[_Point]]:
    point = _decode((4 * pow(5, -1, _P) % _P).to_bytes(32, "little"))
    assert point
    return _multiples(point)


@lru_cache
def _key_multiples(key: bytes) -> list[list[_Point]] | None:
    point = _decode(key)
    if point is None or _encode(_times(_multiples(point), 8)) == _encode(_ZERO):
        return None
    return _multiples((-point[0] % _P, point[1], 1, -point[3] % _P))


# --- the command ---------------------------------------------------------------------------------------------


def verify_file(source: Path, head_files: Sequence[Path], key_files: Sequence[Path]) -> Report:
    """Check a SQLite database or a pack.

    Without heads or keys given, those that lie in the pack, or in the folder `heads` beside the database, count.

    Raises:
        WrongUse: a file is missing or is not what it should be.
    """
    report = Report()
    try:
        if zipfile.is_zipfile(source):
            with zipfile.ZipFile(source) as archive:
                heads = [path.read_text() for path in head_files] or [archive.read("heads.jsonl").decode()]
                keys = [path.read_text() for path in key_files] or [archive.read("public.key").decode()]
                known = read_keys(keys)
                verify_pack(archive, read_heads(heads, known, report), report, known)
            return report
        beside = source.parent / "heads"
        heads = [path.read_text() for path in head_files or [*beside.glob("heads.jsonl")]]
        keys = [path.read_text() for path in key_files or [*beside.glob("public.key")]]
        known = read_keys(keys)
        signed_heads = read_heads(heads, known, report)
        with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as database:
            # Text that is no UTF-8 is a finding, not a reason to stop; one transaction sees one state.
            database.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
            database.execute("begin")
            verify_database(database.cursor, signed_heads, report, known)
    except (OSError, KeyError, UnicodeError, zipfile.BadZipFile, sqlite3.Error) as problem:
        raise WrongUse(f"{source}: {problem}") from problem
    return report


def in_words(report: Report) -> str:
    """The report for people."""
    state = f"{_count(report.found, 'finding')}" if report.found else "everything is as it was written"
    heads = _count(report.heads, "signed head")
    lines = [f"{_count(report.facts, 'fact')}, {report.sealed} of them sealed under {heads}: {state}"]
    if report.erased:
        lines.append(
            f"  {_count(report.erased, 'fact')} had words erased; a signed erasure vouches for what is left"
        )
    return "\n".join([*lines, *(f"  {finding}" for finding in report.findings)])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(description="Check the evidence in a database or a pack.")
    parser.add_argument("source", type=Path, metavar="FILE", help="an SQLite database or a pack")
    parser.add_argument("--head", type=Path, action="append", default=[], help="a file of signed heads")
    parser.add_argument("--key", type=Path, action="append", default=[], help="a file of public keys")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    args = parser.parse_args(arguments)
    try:
        report = verify_file(args.source, args.head, args.key)
    except WrongUse as problem:
        print(f"verify: {problem}", file=sys.stderr)
        return 2
    print(json.dumps(report.as_dict(), indent=2) if args.json else in_words(report))
    return 1 if report.found else 0


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _field(value: bytes) -> bytes:
    return pack(">I", len(value)) + value


def _exactly(length: int, value: bytes) -> bytes:
    if len(value) != length:
        raise ValueError(f"{length} bytes should stand where {len(value)} are")
    return value


if __name__ == "__main__":
    sys.exit(main())
