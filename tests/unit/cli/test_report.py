"""The aging report as people read it."""

from __future__ import annotations

from duewell.cli.report import BUCKETS, _table


def totals(**minors: int) -> dict[str, int]:
    return {**dict.fromkeys(BUCKETS, 0), **minors}


def test_currencies_stand_side_by_side_with_their_own_decimals():
    lines = _table({"EUR": totals(d1_30=250_050, total=250_050), "JPY": totals(current=20_000, total=20_000)})
    assert lines == [
        "                     EUR       JPY",
        "  current           0.00    20,000",
        "  1-30 days     2,500.50         0",
        "  31-60 days        0.00         0",
        "  61-90 days        0.00         0",
        "  over 90 days      0.00         0",
        "  disputed          0.00         0",
        "  unapplied         0.00         0",
        "  total         2,500.50    20,000",
    ]


def test_money_on_account_stands_below_zero():
    (line,) = [line for line in _table({"EUR": totals(unapplied=500, total=-500)}) if "unapplied" in line]
    assert line.split() == ["unapplied", "-5.00"]


def test_many_currencies_fit_into_eighty_columns():
    found = _table({name: totals(total=10**12) for name in ("CHF", "EUR", "GBP", "JPY", "USD")})
    assert max(map(len, found)) <= 80
    assert [line.split() for line in found if line.split() and line.split()[0].isupper()] == [
        ["CHF", "EUR", "GBP"],
        ["JPY", "USD"],
    ]
