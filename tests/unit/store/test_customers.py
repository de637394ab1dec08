"""What an import tells of a customer again and again is looked up once; what it tells anew counts."""

from __future__ import annotations

import threading
import time
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


ZONES = ("Europe/Lisbon", "Atlantic/Azores")


def versions() -> tuple[int, int]:
    """Of the one account and the one person."""
    from duewell.store import sql

    ((account, person),) = sql.fetch(
        "select a.version, h.version from account a join person h on h.id = a.person_id"
    )
    return account, person


@pytest.mark.parametrize(
    ("change", "moved"),
    [
        ({}, (0, 0)),
        ({"name": "Kim Lee"}, (1, 0)),
        ({"emails": ("other@example.org",)}, (1, 0)),
        ({"segment": "gold"}, (1, 0)),
        ({"language": "pt"}, (1, 0)),
        ({"zone": ZONES[1]}, (1, 1)),
        ({"region": "20"}, (1, 1)),
        ({"country": "BR"}, (1, 1)),
    ],
)
def test_only_a_new_place_concerns_the_other_creditors_of_the_person(customers, change, moved):
    kim = CustomerRow(2, "C1", "Kim", emails=("kim@example.org",), country="PT", zone=ZONES[0])
    told(customers, kim, tells=True)
    told(customers, kim._replace(**change), tells=True)
    assert versions() == moved


def test_a_customer_whom_nobody_knows_concerns_nobody(customers):
    told(customers, CustomerRow(2, "C1", "Kim", emails=("kim@example.org",)))
    assert versions() == (0, 0)


def test_many_customers_are_brought_up_to_date_in_as_many_statements_as_two(customers, monkeypatch):
    from duewell.store import sql

    counted: list[str] = []
    for name in ("execute", "fetch", "insert", "update_many"):
        run = getattr(sql, name)
        monkeypatch.setattr(
            sql, name, lambda query, *rest, run=run, **more: counted.append(query) or run(query, *rest, **more)
        )

    def statements(first: int, count: int) -> int:
        rows = [
            CustomerRow(n, f"C{n}", f"Kim {n}", emails=(f"a{n}@x.example", f"b{n}@x.example"), zone=ZONES[0])
            for n in range(first, first + count)
        ]
        # known by name alone, so that the number is new too
        told(customers, *(row._replace(number="") for row in rows), tells=True)
        counted.clear()
        news = [
            row._replace(
                language="pt", segment="gold", zone=ZONES[1], emails=(row.emails[1], f"c{row.row}@x.example")
            )
            for row in rows
        ]
        _, made, changed = told(customers, *news, tells=True)
        assert (made, len(changed)) == (set(), count)
        return len(counted)

    assert statements(0, 2) == statements(1000, 300)
    assert sql.fetch("select count(*) from party where zone = ? and language = 'pt'", [ZONES[1]]) == [(302,)]
    assert sql.fetch("select count(*) from account where segment = 'gold' and number like 'C%'") == [(302,)]
    points = sql.fetch(
        "select c.value, c.state, c.rank from contact_point c join party p on p.id = c.party_id"
        " where p.number = 'C1007' order by c.id"
    )
    assert points == [
        ("a1007@x.example", "replaced", 0),
        ("b1007@x.example", "usable", 0),
        ("c1007@x.example", "usable", 1),
    ]


def test_a_number_and_a_name_that_mean_one_customer_are_told_as_one(customers):
    from duewell.store import sql

    told(customers, CustomerRow(2, "", "Kim"))
    rows = [
        CustomerRow(3, "C1", "Kim", emails=("kim@example.org",)),
        CustomerRow(4, "", "Kim", emails=("kim@example.org",), country="PT"),
    ]
    known, made, changed = told(customers, *rows, tells=True)
    assert (made, changed) == (set(), {"C1", "Kim"})
    assert known["C1"] == known["Kim"]
    assert sql.fetch("select number, country from party") == [("C1", "PT")]
    assert sql.fetch("select value from contact_point") == [("kim@example.org",)]


def test_a_number_that_another_account_has_stays_with_it(customers):
    from duewell.store import sql

    told(customers, CustomerRow(2, "", "Kim"), CustomerRow(3, "C2", "Lee", account="C1"))
    told(customers, CustomerRow(4, "C1", "Kim"))
    accounts = sql.fetch(
        "select p.number, a.number from account a join party p on p.id = a.party_id order by p.id"
    )
    assert accounts == [("C1", "Kim"), ("C2", "C1")]


def test_an_import_that_waits_for_a_person_holds_no_account_yet(tmp_path, postgres_url):
    """A sender holds the person and wants the account: were it the other way round here, both would be stuck."""
    import psycopg

    with installation(tmp_path / "home", postgres_url):
        from duewell.store import sql
        from duewell.store.intake.customers import Customers

        customers = Customers(ledger_tables.add_creditor("acme"), AT, lambda: b"s" * 16)
        kim = CustomerRow(2, "", "Kim", emails=("kim@example.org",), zone=ZONES[0])
        told(customers, kim, tells=True)

        def imports() -> None:
            from django.db import connection

            told(customers, kim._replace(number="C1", zone=ZONES[1]), tells=True)
            connection.close()

        with psycopg.connect(postgres_url) as sender:
            sender.execute("select id from person for no key update")
            thread = threading.Thread(target=imports)
            thread.start()
            waiting = (
                "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
            )
            while not sql.fetch(waiting):
                assert thread.is_alive(), "it waited for nobody"
                time.sleep(0.01)
            sender.execute("select id from account for no key update nowait")
        thread.join(30)
        assert sql.fetch("select p.number, p.zone, a.number from party p, account a") == [("C1", ZONES[1], "C1")]
        assert versions() == (1, 1)
