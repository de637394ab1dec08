"""Files that are no list of invoices say what they are."""

from __future__ import annotations

import pytest

from duewell.core.intake import FileRefused
from tests.readings import asked, reading


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("measure,n,p10,median,p90\ndays,100,1,2,3\n", "figures about many invoices"),
        ("year;reports;median_days;pct_late\n2024;1;2;3\n", "figures about many invoices"),
        (
            "Customer,Current,1 - 30,31 - 60,61 - 90,91 and over,Total\nAcme,1.00,2.00,0.00,0.00,0.00,3.00\n",
            "sums by age",
        ),
        (
            "Kunde;Nicht fällig;1-30 Tage;31-60 Tage;über 60 Tage;Summe\nAcme;1,00;2,00;0,00;0,00;3,00\n",
            "sums by age",
        ),
        ("Name,Email,Phone,Street,City,Balance\nAcme,a@b.example,1,Main St,Town,3.00\n", "lists customers"),
    ],
)
def test_what_is_no_list_of_invoices_is_refused_with_what_it_is(content, reason):
    with pytest.raises(FileRefused, match=reason) as refused:
        reading(content, currency="EUR")
    assert refused.value.remedy


def test_whoever_says_what_a_column_holds_is_asked_on_instead():
    content = "Name,Email,Phone,Street,City,Code,Balance\nAcme,a@b.example,1,Main St,Town,77,3.00\n"
    assert "column: due_on" in asked(content, currency="EUR", columns={"number": "Code", "open": "Balance"})
