"""Two processes at the same time on the same account: whatever the order, the sums are right."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.town.road import road
from tests.town.tables import file_of


@pytest.mark.parametrize("turn", range(3))
def test_two_bank_files_at_once_never_pay_the_same_invoice_twice(
    tmp_path: Path, postgres_url: str, turn: int
) -> None:
    with road(tmp_path, postgres_url) as (town, workers):
        town.customers("number  name  email\nC-1  Anna Berg  anna@berg.example", at="2026-03-01T08:00Z")
        town.invoices("number  customer  issued  due  amount\nINV-1  C-1  2026-02-01  2026-03-01  100.00 EUR")
        commands = []
        for number in range(4):
            record = {
                "invoice_number": "INV-1",
                "payment_date": "2026-03-02",
                "amount": "100.00",
                "currency": "EUR",
            }
            path = tmp_path / f"bank-{number}.csv"
            path.write_bytes(file_of([{**record, "reference": f"transfer {number}"}]))
            commands.append((["import", "payments", str(path), "--now", town.now], ""))
        answers = workers.together(commands)
        assert [answer.code for answer in answers] == [0, 0, 0, 0], answers
        assert town.records.rows("select number, open_minor from receivable") == [("INV-1", 0)]
        assert town.records.rows("select currency, credit_minor from account_credit") == [("EUR", 300_00)]
