"""Every byte of every row that evidence covers is flipped in turn, and `verify` finds it each time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from duewell import verify
from tests.small_book import small_book

PROVEN = ["fact", "entry", "mark", "message", "payment", "hold", "hold_end", "stop", "stop_end", "leaf"]
PROVEN += ["person_flag", "person_flag_end", "person_move"]


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Iterator[tuple[sqlite3.Connection, list[verify.Head]]]:
    """The small book in memory, without guards and foreign keys, and its checked heads."""
    directory: Path = tmp_path_factory.mktemp("book") / "home"
    with small_book(directory) as home:
        report = verify.Report()
        keys = verify.read_keys([(directory / "heads" / "public.key").read_text()])
        heads = verify.read_heads([home.heads_file.read_text()], keys, report)
        assert report.found == 0
    with (
        closing(sqlite3.connect(":memory:", isolation_level=None)) as memory,
        closing(sqlite3.connect(directory / "duewell.db")) as stored,
    ):
        stored.backup(memory)
        memory.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
        for (trigger,) in memory.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            memory.execute(f'drop trigger "{trigger}"')
        memory.execute("pragma ignore_check_constraints = on")
        yield memory, heads


def check(book: tuple[sqlite3.Connection, list[verify.Head]]) -> verify.Report:
    report = verify.Report()
    verify.verify_database(book[0].cursor, book[1], report)
    return report


def flips(value: Any) -> Iterator[tuple[str, Any]]:
    """SQL and parameter of every value that differs from this one in one byte."""
    if value is None:
        yield from [("?", 0), ("?", ""), ("?", b"")]
    elif isinstance(value, int):
        for byte in range(8):
            flipped = (value ^ 1 << 8 * byte) & 2**64 - 1
            yield "?", flipped - 2**64 if flipped >> 63 else flipped
        yield "cast(? as text)", str(value)
        yield "?", None
    else:
        stored = value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value
        place = "cast(? as text)" if isinstance(value, str) else "?"
        for at in range(len(stored)):
            yield place, stored[:at] + bytes([stored[at] ^ 1 << at % 8]) + stored[at + 1 :]
        yield place, stored + b"\x00"
        yield place, stored[:-1] if stored else b"a"
        yield "?" if isinstance(value, str) else "cast(? as text)", stored
        yield "?", None


@pytest.mark.parametrize("table", PROVEN)
def test_every_flipped_byte_is_found(book, table):
    memory, _ = book
    assert check(book).findings == []
    columns = [row[1] for row in memory.execute(f'pragma table_info("{table}")')]
    rows = memory.execute(f'select rowid, * from "{table}"').fetchall()
    assert rows
    tried = 0
    for rowid, *values in rows:
        for column, value in zip(columns, values, strict=True):
            for sql, changed in flips(value):
                memory.execute("begin")
                try:
                    memory.execute(f'update "{table}" set "{column}" = {sql} where rowid = ?', [changed, rowid])
                    after = memory.execute(
                        f'select "{column}", typeof("{column}") from "{table}" where rowid = ?', [rowid]
                    )
                    unchanged = after.fetchone() == (value, _type(value))
                    assert unchanged or check(book).found, (table, rowid, column, value, changed)
                    tried += not unchanged
                except (sqlite3.IntegrityError, sqlite3.DataError):
                    # The table itself refuses: no null, no second row with that key, no text as its id.
                    continue
                finally:
                    memory.execute("rollback")
    assert tried > len(rows) * len(columns)
    assert check(book).findings == []


def _type(value: Any) -> str:
    return {type(None): "null", int: "integer", str: "text", bytes: "blob"}[type(value)]


@pytest.mark.parametrize(
    ("table", "column"), [("stream", "length"), ("stream", "hash"), ("tree_state", "frontier")]
)
def test_the_kept_ends_are_covered_as_well(book, table, column):
    memory, _ = book
    (value,) = memory.execute(f'select "{column}" from "{table}" limit 1').fetchone()
    for sql, changed in flips(value):
        if changed is None:
            continue
        memory.execute("begin")
        memory.execute(f'update "{table}" set "{column}" = {sql} where rowid = 1', [changed])
        (after,) = memory.execute(f'select "{column}" from "{table}" where rowid = 1').fetchone()
        assert after == value or check(book).found, (table, column, changed)
        memory.execute("rollback")
