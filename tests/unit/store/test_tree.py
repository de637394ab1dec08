"""Sealing on both databases: everything committed gets its leaf, once, in order, and nothing else does."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from duewell.core import evidence
from duewell.core.evidence import Frontier
from tests.installation import installation

AT = datetime(2026, 3, 10, 7, 30, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgres"])
def home(request, tmp_path: Path):
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    with installation(tmp_path / "home", url) as home:
        yield home


def _append(count: int, stream: str = "account:1") -> list[evidence.Fact]:
    from django.db import transaction

    from duewell.store import facts

    with transaction.atomic():
        return facts.append([(stream, "ledger.posted", None, AT, b"{}")] * count)


def _leaves() -> list[bytes]:
    from duewell.store import sql

    rows = sql.fetch('select l."index", f.hash from leaf l join fact f on f.id = l.fact_id order by 1')
    assert [row[0] for row in rows] == list(range(len(rows)))
    return [bytes(row[1]) for row in rows]


def test_every_committed_fact_gets_one_leaf_in_order(home):
    from duewell.store.tree import StoredTree

    tree = StoredTree()
    assert tree.grow(10) == (0, Frontier())
    facts = _append(5)
    assert tree.grow(3)[0] == 3
    assert tree.grow(3)[0] == 2
    facts += _append(4, "person:1")
    new, edge = tree.grow(10)
    assert (new, edge.size) == (4, 9)
    assert _leaves() == [fact.hash for fact in facts]
    assert edge == Frontier().extend(fact.hash for fact in facts)
    assert tree.grow(10) == (0, edge)


def test_facts_that_were_rolled_back_leave_no_leaf(home):
    from django.db import transaction

    from duewell.store.tree import StoredTree

    with pytest.raises(RuntimeError), transaction.atomic():
        _append(3)
        raise RuntimeError("the save fails")
    kept = _append(2)
    assert StoredTree().grow(10)[0] == 2
    assert _leaves() == [fact.hash for fact in kept]


def test_a_fact_with_a_smaller_id_that_is_committed_later_is_not_passed_over(tmp_path, postgres_url):
    # Only PostgreSQL commits out of order: a long save takes its ids first and commits last.
    from django.db import connection, transaction

    from duewell.store.tree import StoredTree

    with installation(tmp_path / "home", postgres_url):
        taken, go_on = threading.Event(), threading.Event()

        def long_save() -> None:
            try:
                with transaction.atomic():
                    _append(2, "account:1")
                    taken.set()
                    assert go_on.wait(30)
            finally:
                connection.close()

        thread = threading.Thread(target=long_save)
        thread.start()
        try:
            assert taken.wait(30)
            _append(2, "account:2")
            # The later ids are committed, the earlier ones are not: nothing may be sealed beyond them.
            assert StoredTree().grow(10)[0] == 0
        finally:
            go_on.set()
            thread.join()
        assert StoredTree().grow(10)[0] == 4
        assert len(_leaves()) == 4
        _append(1, "account:1")
        assert StoredTree().grow(10)[0] == 1


def test_two_sealers_at_once_seal_each_fact_once(tmp_path, postgres_url):
    from django.db import connection

    from duewell.store.tree import StoredTree

    with installation(tmp_path / "home", postgres_url):
        for number in range(20):
            _append(10, f"account:{number + 1}")

        def work() -> None:
            try:
                while StoredTree().grow(7)[0]:
                    pass
            finally:
                connection.close()

        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(_leaves()) == 200
