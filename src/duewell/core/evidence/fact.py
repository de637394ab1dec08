"""Facts: what happened, hashed over the bytes that are stored and chained to the one before.

The hash is a public format, version 1 (docs/reference/evidence-format.md):

    SHA-256 of
        "duewell fact v1\\n"    16 bytes, ASCII: the domain and the version come first
        previous               32 bytes: hash of the fact before it in the stream; zeros for the first
        sequence               8 bytes, unsigned, most significant byte first
        recorded_at            8 bytes, signed, most significant first: microseconds since 1970-01-01T00:00Z
        stream                 field
        kind                   field
        effective_on           field: "2026-03-10", or empty where there is no such date
        body                   field: the stored bytes, as they are

A field is its length in bytes (4 bytes, unsigned, most significant first) and then the bytes. No two facts
share a preimage, and a verifier hashes what it reads without ever writing JSON anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from hashlib import sha256
from struct import Struct
from typing import NamedTuple

from duewell.core.evidence.instants import microseconds
from duewell.core.evidence.kinds import KINDS

DOMAIN = b"duewell fact v1\n"
NO_FACT = bytes(32)

_STREAM = re.compile(r"(?:account|person|house):[1-9][0-9]{0,18}", re.ASCII)
_NUMBERS = Struct(">Qq").pack
_LENGTH = Struct(">I").pack


class BadFact(ValueError):
    """A stream or a kind that the format does not know; a bug of the caller, nothing was appended."""


class Head(NamedTuple):
    """The end of one stream: how many facts it has and the hash of its latest one."""

    stream: str
    length: int
    hash: bytes

    @classmethod
    def empty(cls, stream: str) -> Head:
        """The end of a stream that has no fact yet."""
        return cls(stream, 0, NO_FACT)


class Fact(NamedTuple):
    """One line of evidence.

    `sequence` counts from 1 within its stream; `effective_on` says when it counts, `recorded_at` (aware, UTC)
    when we learned it; `body` is canonical JSON; `previous` and `hash` are 32 bytes each.
    """

    stream: str
    sequence: int
    kind: str
    effective_on: date | None
    recorded_at: datetime
    body: bytes
    previous: bytes
    hash: bytes


class Draft(NamedTuple):
    """What is to be said in which stream: a fact before it is numbered, chained and hashed."""

    stream: str
    kind: str
    effective_on: date | None
    recorded_at: datetime
    body: bytes


def append(head: Head, kind: str, effective_on: date | None, recorded_at: datetime, body: bytes) -> Fact:
    """Make the next fact of one stream.

    Args:
        head: the present end of the stream.
        kind: one of `KINDS`.
        recorded_at: aware; kept in UTC to the microsecond.
        body: canonical JSON, see `canonical`.

    Raises:
        BadFact: unknown kind or malformed stream.
        ValueError: `recorded_at` has no time zone.
    """
    facts, _ = append_many({head.stream: head}, [(head.stream, kind, effective_on, recorded_at, body)])
    return facts[0]


def append_many(
    heads: Mapping[str, Head],
    drafts: Iterable[Draft | tuple[str, str, date | None, datetime, bytes]],
) -> tuple[list[Fact], dict[str, Head]]:
    """Make the next facts of many streams, in the order of the drafts.

    Args:
        heads: the present end of every stream the drafts name; a stream that is missing here is taken to be new
            (the unique key on stream and sequence stops a caller who forgot to load one). Not changed.
        drafts: `Draft` values or plain tuples of the same shape, in any order of streams.

    Returns:
        the facts, and the new ends of the streams that grew (only those).

    Raises:
        BadFact: unknown kind or malformed stream.
        ValueError: a `recorded_at` has no time zone.
    """
    ends: dict[str, _End] = {}
    kind_fields: dict[str, bytes] = {}
    # Neighbours mostly share kind, day and instant, so what was computed for the latest is kept. Instants are
    # told apart by identity: of two equal ones in a zone, one may lie before and one after the clock went back.
    latest_kind, kind_and_day = "", b""
    latest_on: date | None = None
    latest_at: datetime | None = None
    at = 0
    facts: list[Fact] = []
    for stream, kind, effective_on, recorded_at, body in drafts:
        end = ends.get(stream)
        if end is None:
            head = heads.get(stream)
            length, previous = (head.length, head.hash) if head else (0, NO_FACT)
            end = ends[stream] = _End(_stream_field(stream), length, previous)
        if recorded_at is not latest_at:
            latest_at, at = recorded_at, microseconds(recorded_at)
        if kind != latest_kind or effective_on != latest_on:
            if kind not in kind_fields:
                kind_fields[kind] = _kind_field(kind)
            kind_and_day = kind_fields[kind] + _day_field(effective_on)
            latest_kind, latest_on = kind, effective_on
        previous = end.hash
        sequence = end.length + 1
        digest = sha256(
            b"".join((DOMAIN, previous, _NUMBERS(sequence, at), end.field, kind_and_day, _LENGTH(len(body)), body))
        ).digest()
        end.length, end.hash = sequence, digest
        facts.append(Fact(stream, sequence, kind, effective_on, recorded_at, body, previous, digest))
    return facts, {stream: Head(stream, end.length, end.hash) for stream, end in ends.items()}


def rehash(fact: Fact) -> bytes:
    """Compute the hash of a fact from its other parts: equal to `fact.hash` while nobody has changed it.

    Unlike `append` it accepts kinds that this version does not know, because facts outlive versions.
    """
    return sha256(
        DOMAIN
        + fact.previous
        + _NUMBERS(fact.sequence, microseconds(fact.recorded_at))
        + _field(fact.stream.encode())
        + _field(fact.kind.encode())
        + _day_field(fact.effective_on)
        + _field(fact.body)
    ).digest()


class _End:
    """The end of a stream while a batch grows it, with the stream's name already spelled."""

    __slots__ = ("field", "hash", "length")

    def __init__(self, field: bytes, length: int, hash: bytes) -> None:
        self.field = field
        self.length = length
        self.hash = hash


def _field(value: bytes) -> bytes:
    return _LENGTH(len(value)) + value


def _stream_field(stream: str) -> bytes:
    if not _STREAM.fullmatch(stream):
        raise BadFact(f"not a stream: {stream!r}; streams are account:12, person:7, house:1")
    return _field(stream.encode())


def _kind_field(kind: str) -> bytes:
    if kind not in KINDS:
        raise BadFact(f"no such kind of fact: {kind!r}; the list is core/evidence/kinds.py")
    return _field(kind.encode())


def _day_field(day: date | None) -> bytes:
    if day is None:
        return _field(b"")
    if type(day) is not date:
        raise BadFact(f"effective_on is a date, not {day!r}")
    return _field(day.isoformat().encode())
