"""`verify` knows what an erasure may do, and takes nobody's word for one that was not signed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from duewell import verify
from duewell.core.evidence import canonical, erasure
from tests.small_book import AT, small_book


def erase(home: Any, sign: Callable[[bytes], bytes], *, facts: bool = True) -> None:
    """Take the reason out of the hold, and the words of the payment beside the chain."""
    from duewell.core.evidence import key_id
    from duewell.store import facts as chain
    from duewell.store import sql

    with sql.transaction.atomic():
        sql.execute("insert into erasing (id) values (1)")
        written = []
        if facts:
            sequence, body = sql.fetch("select sequence, body from fact where kind = 'agree.held'")[0]
            fresh = erasure.without_words("agree.held", bytes(body), {}, [], [], lambda table, row: True)
            assert fresh is not None
            sql.execute("update fact set body = ? where kind = 'agree.held'", [fresh])
            sql.execute("update hold set reason = 'erased'")
            written = [(sequence, erasure.left(fresh))]
        sql.execute("update payment set reference = 'erased:1', named = '', salt = null")
        sql.execute("delete from erasing")
        text = erasure.Statement(written, {"payment": [1]}).text()
        key = key_id(home.signing_key().public_key().public_bytes_raw())
        told = {
            "erasure": text,
            "key_id": key,
            "signature": sign(erasure.signed_bytes("account:1", text)).hex(),
            "reason": "asked",
        }
        chain.append([("account:1", "party.erased", None, AT, canonical(told))])


def findings(home: Any) -> tuple[int, list[str]]:
    report = verify.verify_file(home.directory / "duewell.db", [], [])
    return report.erased, report.findings


def test_a_signed_erasure_verifies(tmp_path: Path) -> None:
    with small_book(tmp_path / "home") as home:
        erase(home, home.signing_key().sign)
        assert findings(home) == (1, [])


def test_an_erasure_that_another_key_signed_is_a_change(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    with small_book(tmp_path / "home") as home:
        erase(home, Ed25519PrivateKey.generate().sign)
        erased, found = findings(home)
    assert erased == 0
    assert "fact account:1 8 tells of an erasure that no known key has signed" in found
    assert "fact account:1 3 was changed: its hash does not fit" in found
    assert any(finding.startswith("payment 1 was changed: reference") for finding in found)


def test_what_is_left_of_a_fact_cannot_be_changed_again(tmp_path: Path) -> None:
    with small_book(tmp_path / "home") as home:
        erase(home, home.signing_key().sign)
        from duewell.store import sql

        with sql.transaction.atomic():
            sql.execute("insert into erasing (id) values (1)")
            body = bytes(sql.fetch("select body from fact where kind = 'agree.held'")[0][0])
            sql.execute(
                "update fact set body = ? where kind = 'agree.held'", [body.replace(b'"erased"', b'"her fault"')]
            )
            sql.execute("update hold set reason = 'her fault'")
            sql.execute("delete from erasing")
        assert findings(home)[1][0] == "fact account:1 3 was changed: its hash does not fit"


@pytest.mark.parametrize(
    "statement",
    [
        "update hold set reason = 'x'",
        "update hold set kind = 'other'",
        "update fact set body = x'7b7d'",
        "update mark set body = '{}'",
    ],
)
def test_guards_stand_outside_of_an_erasure(tmp_path: Path, statement: str) -> None:
    with small_book(tmp_path / "home"):
        from django.db import DatabaseError

        from duewell.store import sql

        with pytest.raises((sqlite3.Error, DatabaseError), match="append-only"), sql.transaction.atomic():
            sql.execute(statement)


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_even_an_erasure_changes_words_and_nothing_else(
    tmp_path: Path, database: str, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgres_url") if database == "postgresql" else None
    with small_book(tmp_path / "home", url):
        from duewell.store import sql
        from duewell.store.snapshot import unreadable

        for statement in (
            "update payment set reference = 'x', amount_minor = 1",
            "update hold set starts_on = '2026-03-01'",
            "update fact set kind = 'agree.other'",
            "update mark set token = 7",
            "delete from hold_end",
        ):
            with pytest.raises(unreadable(), match="append-only"), sql.transaction.atomic():
                sql.execute("insert into erasing (id) values (1)")
                sql.execute(statement)


def test_a_pack_with_an_erasure_verifies(tmp_path: Path) -> None:
    from duewell import wiring, wiring_evidence
    from duewell.adapters.clock import FixedClock
    from duewell.store import creditors

    with small_book(tmp_path / "home") as home:
        erase(home, home.signing_key().sign)
        wiring.seal(home, FixedClock(AT))
        wiring_evidence.evidence_pack(home, creditors.all_views()[0], "C1", tmp_path / "pack.zip")
        report = verify.verify_file(tmp_path / "pack.zip", [], [home.directory / "heads" / "public.key"])
        assert (report.erased, report.findings) == (1, [])
        with closing(sqlite3.connect(home.directory / "duewell.db")) as database:
            (body,) = database.execute("select body from fact where kind = 'party.erased'").fetchone()
        assert json.loads(body)["reason"] == "asked"
