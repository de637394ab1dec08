"""`verify` says yes to a true book, and names what was changed in any other."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from duewell import verify
from tests.small_book import MESSAGE, small_book

VERIFY = Path(verify.__file__)


@pytest.fixture(scope="module")
def true_home(tmp_path_factory):
    directory = tmp_path_factory.mktemp("book") / "home"
    with small_book(directory):
        pass
    return directory


@pytest.fixture
def home(true_home, tmp_path):
    """A copy to edit, without the triggers that would refuse."""
    copy = tmp_path / "home"
    shutil.copytree(true_home, copy)
    with closing(sqlite3.connect(copy / "duewell.db")) as database:
        for (trigger,) in database.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            database.execute(f'drop trigger "{trigger}"')
        database.commit()
    return copy


def edit(home: Path, *statements: str) -> None:
    with closing(sqlite3.connect(home / "duewell.db")) as database:
        for statement in statements:
            assert database.execute(statement).rowcount != 0, statement
        database.commit()


def findings(home: Path) -> list[str]:
    return verify.verify_file(home / "duewell.db", [], []).findings


def test_a_true_book_verifies(home):
    report = verify.verify_file(home / "duewell.db", [], []).as_dict()
    assert report == {
        "facts": 13,
        "sealed": 13,
        "heads": 1,
        "erased": 0,
        "ok": True,
        "found": 0,
        "first_bad": None,
        "findings": [],
    }


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        (
            "update entry set amount_minor = 100 where id = 1",
            "entry 1 was changed: amount_minor is 100, fact account:1 1 says 11900",
        ),
        (
            "update entry set effective_on = '2026-03-08' where id = 2",
            "entry 2 was changed: effective_on is '2026-03-08', fact account:1 2 says '2026-03-09'",
        ),
        ("delete from mark where id = 2", "mark 2 was lost: fact account:1 7 tells it"),
        (
            "insert into mark select 3, 1, 1, message_id, kind, at, 1, body from mark where id = 1",
            "mark 3 was added: no fact tells it",
        ),
        (
            f"update message set body = '{{\"net\":1}}' where id = '{MESSAGE}'",
            f"message {MESSAGE} was changed: body is",
        ),
        (
            "update hold set until_on = '2026-03-11'",
            "hold 1 was changed: until_on is '2026-03-11', fact account:1 3 says None",
        ),
        ("update receivable set open_minor = 0", "receivable 1: open_minor is 0, its entries add up to 11900"),
        (
            "update account_credit set credit_minor = 0",
            "account 1: its credit is 0 EUR, its entries add up to 500",
        ),
        ("delete from account_credit", "account 1: its credit is 0 EUR, its entries add up to 500"),
        (
            "update fact set body = replace(body, '11900', '11901') where sequence = 1 and stream = 'account:1'",
            "fact account:1 1 was changed",
        ),
        (
            "update fact set recorded_at = recorded_at + 1 where sequence = 3",
            "fact account:1 3 was changed: its hash does not fit",
        ),
        (
            "update fact set effective_on = '' where stream = 'person:1' and sequence = 2",
            "fact person:1 2 was changed: effective_on is not a date",
        ),
        (
            "update fact set id = 1000 where stream = 'account:1' and sequence = 2",
            "fact account:1 3 follows number 1",
        ),
        (
            "delete from fact where stream = 'account:1' and sequence = 4",
            "fact account:1 5 follows number 3: facts were lost, added or moved",
        ),
        (
            "update stream set length = 8 where name = 'account:1'",
            "stream account:1 does not end where its facts end",
        ),
        ("delete from stream where name = 'house:1'", "stream house:1 is missing from the list of streams"),
        ("insert into stream values ('account:9', 0, x'')", "stream account:9 does not end where its facts end"),
        ("update tree_state set size = 12", "the state of the tree is not that of its leaves"),
        ('delete from leaf where "index" = 4', "fact person:1 2 is leaf 5, where leaf 4 should be"),
        ("drop table mark", "the database cannot be read to its end: no such table: mark"),
    ],
)
def test_an_edit_is_found_and_named(home, statement, finding):
    edit(home, statement)
    found = findings(home)
    assert any(text.startswith(finding) for text in found), found


def test_the_tail_of_a_book_cut_off_with_everything_it_told_is_found_by_the_head(home):
    edit(
        home,
        'delete from leaf where "index" = 12',
        "delete from fact where stream = 'house:1'",
        "delete from stream where name = 'house:1'",
    )
    with closing(sqlite3.connect(home / "duewell.db")) as database:
        edge = verify.Edge()
        for (digest,) in database.execute("select hash from fact order by id"):
            edge.add(digest)
        frontier = (12).to_bytes(8) + b"".join(edge.peaks)
        database.execute("update tree_state set size = 12, frontier = ?", [frontier])
        database.commit()
    (found,) = findings(home)
    assert found.startswith("13 facts were sealed, 12 are left: ")


def rewritten(home: Path) -> None:
    """What a forger who knows the format does: change a row and its fact, and hash everything after it anew."""
    edit(home, "update entry set amount_minor = 1 where id = 1", "update receivable set open_minor = 1")
    with closing(sqlite3.connect(home / "duewell.db")) as database:
        rows = database.execute(
            "select id, stream, sequence, kind, effective_on, recorded_at, body from fact order by id"
        ).fetchall()
        ends: dict[str, bytes] = {}
        edge = verify.Edge()
        for fact_id, stream, sequence, kind, on, at, body in rows:
            forged = body.replace(b'11900,"revenue"', b'1,"revenue"')
            fact = verify.Fact(stream, sequence, kind, on, at, forged, ends.get(stream, bytes(32)), b"")
            ends[stream] = verify.fact_hash(fact)
            edge.add(ends[stream])
            database.execute(
                "update fact set body = ?, previous = ?, hash = ? where id = ?",
                [forged, fact.previous, ends[stream], fact_id],
            )
        database.executemany(
            "update stream set hash = ? where name = ?", [(end, name) for name, end in ends.items()]
        )
        database.execute("update tree_state set frontier = ?", [edge.size.to_bytes(8) + b"".join(edge.peaks)])
        database.commit()


def test_a_book_rewritten_from_end_to_end_is_found_by_the_head(home):
    rewritten(home)
    (found,) = findings(home)
    assert found.startswith("the tree of 13 leaves is not the one that was signed: ")


def test_a_head_kept_elsewhere_finds_what_the_heads_at_home_no_longer_tell(home, tmp_path):
    elsewhere = tmp_path / "heads.jsonl"
    shutil.move(home / "heads" / "heads.jsonl", elsewhere)
    rewritten(home)
    assert findings(home) == ["13 facts are sealed, but no signed head was given to compare them with"]
    report = verify.verify_file(home / "duewell.db", [elsewhere], [])
    assert report.findings[0].startswith("the tree of 13 leaves is not the one that was signed")


def test_a_leaf_that_leads_to_no_fact_is_found(home):
    edit(home, 'insert into leaf ("index", fact_id) values (13, 999)')
    assert findings(home) == ["14 leaves are kept for 13 sealed facts"]


def test_a_row_that_two_facts_tell_is_found(tmp_path):
    from tests.small_book import tell

    with small_book(tmp_path / "home"):
        from duewell.store import sql

        (row,) = sql.fetch(f"select {', '.join(verify.COLUMNS['hold'])} from hold")
        with sql.transaction.atomic():
            tell("account:1", "agree.held", {"hold": [row]})
    found = findings(tmp_path / "home")
    assert found == ["hold 1 is told more than once, by fact account:1 3 and fact account:1 8"]


def test_a_fact_slipped_in_among_sealed_ones_is_found(home):
    slipped = verify.Fact("account:2", 1, "agree.held", None, 0, b"{}", bytes(32), b"")
    digest = verify.fact_hash(slipped)
    with closing(sqlite3.connect(home / "duewell.db")) as database:
        database.execute(
            "insert into fact (id, stream, sequence, kind, recorded_at, body, previous, hash)"
            " values (0, 'account:2', 1, 'agree.held', 0, x'7b7d', ?, ?)",
            [bytes(32), digest],
        )
        database.execute("insert into stream (name, length, hash) values ('account:2', 1, ?)", [digest])
        database.commit()
    assert findings(home) == ["facts that were never sealed stand before account:1 1, which was"]


def test_a_fact_that_follows_another_than_the_one_before_it_is_found():
    report = verify.Report()
    streams = verify.Streams(report, verify.Erasures(report, {}))
    for sequence in (1, 2):
        fact = verify.Fact("account:1", sequence, "agree.held", None, 0, b"{}", bytes(32), b"")
        streams.follow(fact._replace(hash=verify.fact_hash(fact)))
    assert report.findings == ["fact account:1 2 does not follow from the fact before it"]


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ('"size":13', '"size":12', "the head of 12 leaves, sealed at 2026-03-10T07:30:00.000000Z, was changed"),
        ("07:30", "07:31", "the head of 13 leaves, sealed at 2026-03-10T07:31:00.000000Z, was changed"),
        ('"key_id":"', '"key_id": "', "a line among the heads is not a signed head"),
    ],
)
def test_a_changed_head_is_found(home, old, new, finding):
    path = home / "heads" / "heads.jsonl"
    path.write_text(path.read_text().replace(old, new))
    assert findings(home)[0].startswith(finding)


def test_a_head_signed_with_another_key_is_found(home):
    (home / "heads" / "public.key").write_text(
        "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8\n"
    )
    assert "is signed with a key that was not given" in findings(home)[0]


def test_facts_that_are_not_sealed_yet_are_checked_all_the_same(tmp_path):
    from tests.small_book import say

    with small_book(tmp_path / "home"):
        from django.db import transaction

        with transaction.atomic():
            say(
                "account:1",
                "agree.held",
                {"hold": [(2, 1, 1, None, "grace", None, "2026-03-11", "2026-03-20", None, "", 1, "")]},
            )
    report = verify.verify_file(tmp_path / "home" / "duewell.db", [], [])
    assert (report.facts, report.sealed, report.findings) == (14, 13, [])


def test_it_is_one_file_that_runs_alone(home, tmp_path):
    alone = tmp_path / "verify.py"
    shutil.copy(VERIFY, alone)
    # -I -S: no environment, no installed packages; only the standard library is left.
    run = [sys.executable, "-I", "-S", str(alone), str(home / "duewell.db"), "--json"]
    done = subprocess.run(run, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["ok"] is True
    edit(home, "update entry set amount_minor = 100 where id = 1")
    done = subprocess.run(run[:-1], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 1
    assert "entry 1 was changed: amount_minor is 100, fact account:1 1 says 11900" in done.stdout


@pytest.mark.parametrize("content", [b"", b"not a database", None])
def test_something_that_is_no_book_is_refused(tmp_path, content, capsys):
    path = tmp_path / "thing.db"
    if content is not None:
        path.write_bytes(content)
    assert verify.main([str(path)]) in (1, 2)
    said = capsys.readouterr()
    assert "cannot be read" in said.out or "thing.db" in said.err


def test_postgresql_is_checked_like_sqlite(tmp_path, postgres_url):
    import psycopg

    with small_book(tmp_path / "home", postgres_url) as home:
        heads = [home.heads_file.read_text()]
        keys = [(home.directory / "heads" / "public.key").read_text()]

        def check() -> verify.Report:
            report = verify.Report()
            signed = verify.read_heads(heads, verify.read_keys(keys), report)
            with psycopg.connect(postgres_url) as connection:
                verify.verify_database(connection.cursor, signed, report)
            return report

        report = check()
        assert (report.facts, report.sealed, report.findings) == (13, 13, [])
        with psycopg.connect(postgres_url) as connection:
            connection.execute("alter table entry disable trigger user")
            connection.execute("update entry set effective_on = '2026-03-08' where id = 2")
        assert check().findings == [
            "entry 2 was changed: effective_on is '2026-03-08', fact account:1 2 says '2026-03-09'"
        ]
