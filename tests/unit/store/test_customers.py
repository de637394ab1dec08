"""What an import tells of a customer again and again is looked up once; what it tells anew counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from duewell.core.intake import CustomerRow
from tests import ledger_tables
from tests.installation import installation

AT = datetime(2026, 3, 10, 9, tzinfo=UTC)


@pytest.fixture(name="customers")
def _customers(tmp_path) -> Iterator[object]:
    with installation(tmp_path / "home"):
        from duewell.store.intake.customers import Customers

        yield Customers(ledger_tables.add_creditor("acme"), AT, lambda: b"s" * 16)


@pytest.fixture(name="queries")
def _queries(monkeypatch) -> list[str]:
    from duewell.store import sql

    asked: list[str] = []
    fetch = sql.fetch
    monkeypatch.setattr(sql, "fetch", lambda query, *rest: asked.append(query) or fetch(query, *rest))
    return asked


def told(customers, *rows: CustomerRow, tells: bool = False):
    from duewell.store import sql

    with sql.transaction.atomic():
        return customers.resolve(rows, tells=tells)


def test_the_same_again_is_not_looked_up_again(customers, queries):
    first, made, _ = told(customers, CustomerRow(2, "C1", "Kim", emails=("kim@example.org",)))
    assert made == {"C1"}
    queries.clear()
    again, made, changed = told(customers, CustomerRow(9, "C1", "Kim", emails=("kim@example.org",)))
    assert (again, made, changed) == (first, set(), set())
    assert not [query for query in queries if "from party" in query]


def test_what_is_told_anew_is_taken(customers):
    from duewell.store import sql

    first, _, _ = told(customers, CustomerRow(2, "C1", "Kim"))
    again, made, changed = told(customers, CustomerRow(3, "C1", "Kim", emails=("kim@example.org",), country="DE"))
    assert (again, made, changed) == (first, set(), {"C1"})
    assert sql.fetch("select value from contact_point") == [("kim@example.org",)]
    # and what was told before does not come back over it
    assert told(customers, CustomerRow(4, "C1", "Kim"))[2] == set()
    assert sql.fetch("select country from party") == [("DE",)]


def test_who_is_known_by_name_alone_is_looked_up_each_time(customers, queries):
    told(customers, CustomerRow(2, "", "Kim"))
    queries.clear()
    told(customers, CustomerRow(3, "", "Kim"))
    assert [query for query in queries if "from party" in query]


def test_a_list_of_customers_always_counts(customers):
    told(customers, CustomerRow(2, "C1", "Kim", country="DE"))
    told(customers, CustomerRow(3, "C1", "Kim", country="FR"), tells=True)
    again = told(customers, CustomerRow(4, "C1", "Kim", country="DE"), tells=True)
    assert again[2] == {"C1"}
