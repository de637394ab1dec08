"""1. Aging, balances and statements equal the entries, to the minor unit; parts add up to the whole; a second,
plain computation agrees.
"""

from __future__ import annotations

from collections import Counter

from tests.town import Town

BUCKETS = ("current", "d1_30", "d31_60", "d61_90", "d91_plus", "disputed")


def _from_entries(town: Town, currency: str) -> tuple[int, int]:
    """What is open on invoices and what is unapplied, from nothing but the entries."""
    places: Counter[str] = Counter()
    for amount, away, to in town.records.rows(
        "select amount_minor, from_place, to_place from entry where currency = ?", currency
    ):
        places[to] += amount
        places[away] -= amount
    return places["receivable"], -places["credit"]


def _check(town: Town, day: str, currency: str = "EUR") -> dict[str, int]:
    row = town.aging(day)[currency]
    open_minor, unapplied = _from_entries(town, currency)
    assert sum(row[bucket] for bucket in BUCKETS) == open_minor
    assert row["unapplied"] == unapplied
    assert row["total"] == open_minor - unapplied
    assert row["total"] == town.command("statement", "C-1", "--as-of", day)["balances"][currency]
    assert town.command("audit")["ok"]
    return row


def test_a_month_of_money_in_every_bucket(either_town: Town) -> None:
    town = either_town
    # 2 February: four invoices, one of them old
    town.customers(
        "number  name  email  country  zone\nC-1  Anna Berg  anna@berg.example  DE  Europe/Berlin",
        at="2026-02-02T08:00Z",
    )
    town.invoices(
        """
        number  customer  issued      due         amount
        INV-1   C-1       2025-10-01  2025-11-01  10.01 EUR
        INV-2   C-1       2025-12-01  2025-12-20  20.02 EUR
        INV-3   C-1       2026-01-05  2026-01-31  40.04 EUR
        INV-4   C-1       2026-02-01  2026-03-01  80.08 EUR
        """
    )
    row = _check(town, "2026-02-02")
    assert (row["current"], row["d1_30"], row["d31_60"], row["d61_90"], row["d91_plus"]) == (
        80_08,
        40_04,
        20_02,
        0,
        10_01,
    )
    # 5 February: thirty euros that name nobody's invoice serve the oldest first, to the cent
    town.pays_on_account("C-1", "30.00 EUR", at="2026-02-05T08:00Z")
    assert town.records.rows("select number, open_minor from receivable order by number") == [
        ("INV-1", 0),
        ("INV-2", 3),
        ("INV-3", 40_04),
        ("INV-4", 80_08),
    ]
    _check(town, "2026-02-05")
    # 6 February: half of INV-3 is disputed; it stands in no other bucket
    town.disputes("INV-3", amount="20.02", at="2026-02-06T08:00Z")
    row = _check(town, "2026-02-06")
    assert (row["disputed"], row["d1_30"]) == (20_02, 20_02)
    # 9 February: a payment larger than all that may be asked for; the rest is unapplied
    town.pays_on_account("C-1", "200.00 EUR", at="2026-02-09T08:00Z")
    row = _check(town, "2026-02-09")
    assert (row["disputed"], row["unapplied"], row["total"]) == (20_02, 200_00 - 3 - 20_02 - 80_08, 20_02 - 99_87)
    # 10 February: a credit note counts as unapplied until it is applied
    town.credits("C-1", "5.00 EUR", at="2026-02-10T08:00Z")
    assert _check(town, "2026-02-10")["unapplied"] == 104_87


def test_yesterday_can_be_asked_for_with_todays_knowledge_or_with_yesterdays(town: Town) -> None:
    town.customers(
        "number  name  email  country  zone\nC-1  Anna Berg  anna@berg.example  DE  Europe/Berlin",
        at="2026-02-02T08:00Z",
    )
    town.invoices("number  customer  issued  due  amount\nINV-1  C-1  2026-02-01  2026-02-10  100.00 EUR")
    # 20 February: we learn of a payment of the 12th
    town.pays("INV-1", "100.00 EUR", on="2026-02-12", at="2026-02-20T08:00Z")
    assert town.aging("2026-02-15").get("EUR", {"total": 0})["total"] == 0
    known = town.command("report", "aging", "--as-of", "2026-02-15", "--known-at", "2026-02-15T20:00Z")
    assert known["totals"]["EUR"]["total"] == 100_00
    assert town.aging("2026-02-11")["EUR"]["d1_30"] == 100_00


def test_a_payment_taken_back_leaves_the_books_as_they_were(town: Town) -> None:
    town.customers(
        "number  name  email  country  zone\nC-1  Anna Berg  anna@berg.example  DE  Europe/Berlin",
        at="2026-02-02T08:00Z",
    )
    town.invoices("number  customer  issued  due  amount\nINV-1  C-1  2026-02-01  2026-02-10  100.00 EUR")
    before = _check(town, "2026-02-20")
    batch = town.pays("INV-1", "130.00 EUR", at="2026-02-20T08:00Z")["batch"]
    assert _check(town, "2026-02-20")["total"] == -30_00
    town.command("import", "undo", str(batch), at="2026-02-20T09:00Z")
    assert _check(town, "2026-02-20") == before
    # nothing was deleted: the entries and their reversals both stand
    assert town.records.rows("select count(*) from entry") == [(5,)]


def test_the_message_the_report_and_the_statement_tell_the_same_sum(town: Town) -> None:
    town.customers(
        "number  name  email  country  zone\nC-1  Anna Berg  anna@berg.example  DE  Europe/Berlin",
        at="2026-02-02T08:00Z",
    )
    town.invoices(
        """
        number  customer  issued      due         amount
        INV-1   C-1       2026-02-01  2026-03-01  100.10 EUR
        INV-2   C-1       2026-02-01  2026-03-02  50.05 EUR
        """
    )
    town.pays_on_account("C-1", "33.33 EUR", at="2026-03-03T08:00Z")
    town.night("2026-03-10")
    town.send(at="2026-03-10T11:00Z")
    (mail,) = town.received()
    assert mail.pay["EUR"] == _check(town, "2026-03-10")["total"] == 116_82
