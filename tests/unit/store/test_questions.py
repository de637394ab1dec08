"""Questions are put once each, many of them in as many statements as one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from duewell.core.intake import CustomerRow
from tests import ledger_tables
from tests.installation import installation

AT = datetime(2026, 3, 10, 9, tzinfo=UTC)


@pytest.fixture(
    name="house", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)], ids=lambda kind: kind
)
def _house(request: pytest.FixtureRequest, tmp_path) -> Iterator[tuple[int, list[int]]]:
    """A creditor and its accounts."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    with installation(tmp_path / "home", url):
        from duewell.store import sql
        from duewell.store.intake.customers import Customers

        creditor = ledger_tables.add_creditor("acme")
        rows = [CustomerRow(number, f"C{number}", f"Kim {number}") for number in range(100)]
        with sql.transaction.atomic():
            known, _, _ = Customers(creditor, AT, lambda: b"s" * 16).resolve(rows, tells=True)
        yield creditor, [known[row.key].account for row in rows]


def asked(house: tuple[int, list[int]], first: int, last: int) -> int:
    from duewell.store import locks, questions, sql

    creditor, accounts = house
    wanted = [
        questions.Asked(account, "law", f"{account}:hours", f'Kim says: "1 % of {account}\n\u00fc \U0001f600"')
        for account in accounts[first:last]
    ]
    with sql.transaction.atomic():
        locks.accounts({question.account for question in wanted})
        return questions.ask(creditor, wanted, AT)


def test_an_open_question_is_not_put_twice_and_its_account_is_left_alone(house):
    from duewell.store import questions, sql

    assert asked(house, 0, 2) == 2
    assert asked(house, 0, 3) == 1
    assert asked(house, 0, 3) == 0
    accounts = house[1]
    assert sql.fetch("select account_id, kind, subject, text, state, decided_by from review_item order by id") == [
        (account, "law", f"{account}:hours", f'Kim says: "1 % of {account}\nü 😀"', "open", "")
        for account in accounts[:3]
    ]
    assert [row[0] for row in sql.fetch("select version from account order by id limit 4")] == [1, 1, 1, 0]
    assert sql.fetch("select count(*) from fact where kind = 'review.opened'") == [(3,)]
    # one that was answered may be put again, and one list may not put it twice
    questions.settle("law", [f"{accounts[0]}:hours"], AT, "robin")
    assert asked(house, 0, 1) == 1


def test_one_list_puts_a_question_once(house):
    from duewell.store import questions, sql

    creditor, (account, *_) = house
    with sql.transaction.atomic():
        same = [questions.Asked(account, "hold", "7", text) for text in ("first", "second")]
        assert questions.ask(creditor, same, AT) == 1
        assert questions.ask(creditor, [], AT) == 0
    assert sql.fetch("select text from review_item") == [("first",)]


def test_many_questions_take_as_many_statements_as_one(house, monkeypatch):
    from duewell.store import sql

    counted: list[str] = []
    for name in ("execute", "fetch", "insert", "update_many"):
        run = getattr(sql, name)
        monkeypatch.setattr(
            sql, name, lambda query, *rest, run=run, **more: counted.append(query) or run(query, *rest, **more)
        )

    def statements(first: int, last: int) -> int:
        counted.clear()
        assert asked(house, first, last) == last - first
        return len(counted)

    assert statements(0, 1) == statements(1, 100)
