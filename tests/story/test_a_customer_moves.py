"""A customer moves: from then on the clocks and holidays of the new place count, and none of the old."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from duewell.adapters.channels.email.transport import Lines
from tests.town import Town


def test_the_zone_of_the_old_country_does_not_come_along(town: Town) -> None:
    # 2 February: Kei lives in Tokyo
    town.customers(
        "number  name  email  country  zone\nC-1  Kei Mori  kei@mori.example  JP  Asia/Tokyo",
        at="2026-02-02T08:00Z",
    )
    town.invoices("number  customer  issued  due  amount\nINV-1  C-1  2026-02-01  2026-03-01  100.00 EUR")
    # 9 March: Kei has moved to Portugal; nobody says in which of its zones
    town.customers("number  name  email  country\nC-1  Kei Mori  kei@mori.example  PT", at="2026-03-09T08:00Z")
    town.night("2026-03-10")
    # 10 March, 07:30 in Lisbon, half past four in the afternoon in Tokyo: too early
    assert town.send(at="2026-03-10T07:30Z")["accepted"] == 0
    # 08:59 in Lisbon is 07:59 on the Azores, where Kei may be
    assert town.send(at="2026-03-10T08:59Z")["accepted"] == 0
    assert town.send(at="2026-03-10T09:00Z")["accepted"] == 1


def test_a_move_within_a_country_forgets_the_zone_and_a_file_without_places_forgets_nothing(town: Town) -> None:
    town.customers(
        "number  name  email  country  region  zone\nC-1  Sam Hall  sam@hall.example  US  NY  America/New_York",
        at="2026-02-02T08:00Z",
    )
    town.customers("number  name  email\nC-1  Sam Hall  sam@hall.example")
    assert town.records.rows("select country, zone from party") == [("US", "America/New_York")]
    town.customers("number  name  email  country  region\nC-1  Sam Hall  sam@hall.example  US  CA")
    ((country, region, zone),) = town.records.rows("select country, region, zone from party")
    assert (country, region, zone) == ("US", "CA", "")


def _just_before_the_start(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Do something once, when the message is decided and rendered and has not started."""
    reach, left = Lines.reach, [act]

    def acting(lines: Lines) -> object:
        if left:
            left.pop()()
        return reach(lines)

    monkeypatch.setattr(Lines, "reach", acting)


def _says(creditor: str, **details: str) -> Callable[[Town], object]:
    record = {"number": "K-9", "name": "Ines Melo", "email": "ines@melo.example", **details}
    return lambda town: town.takes("customers", [record], "--creditor", creditor)


@pytest.mark.parametrize(
    ("known", "news"),
    [
        (_says("dark", country="PT", zone="Europe/Lisbon"), _says("dark", zone="Atlantic/Azores")),
        (_says("dark", country="PT", zone="Europe/Lisbon"), _says("dark", country="BR")),
        (_says("dark", country="US", region="NY", zone="Europe/Lisbon"), _says("dark", country="US", region="HI")),
        (lambda town: None, _says("dark", country="PT", zone="Atlantic/Azores")),
    ],
    ids=["another zone", "another country", "another region", "a customer of somebody else now"],
)
def test_what_another_creditor_learns_of_the_place_counts_before_the_next_message(
    either_town: Town,
    monkeypatch: pytest.MonkeyPatch,
    known: Callable[[Town], object],
    news: Callable[[Town], object],
) -> None:
    town = either_town
    # 2 February: Ines, of Lisbon, owes to one creditor, and may be the customer of another
    town.command("creditor", "add", "dark", "--name", "Dark Ltd", "--country", "PT", "--zone", "Europe/Lisbon")
    mine = ("--creditor", "light")
    ines = {"number": "C-1", "name": "Ines Melo", "email": "ines@melo.example", "country": "PT"}
    town.takes("customers", [{**ines, "zone": "Europe/Lisbon"}], *mine, at="2026-02-02T08:00Z")
    known(town)
    invoice = {"invoice_number": "INV-1", "customer_number": "C-1", "invoice_date": "2026-02-01"}
    owed = {"due_date": "2026-03-01", "invoice_amount": "100.00", "currency": "EUR"}
    town.takes("invoices", [{**invoice, **owed}], *mine)
    run = town.command("run", "--as-of", "2026-03-10", "--yes", "--by", "sasha", *mine, at="2026-03-10T02:00Z")
    town.command("release", str(run["run"]), "--by", "robin", *mine)
    # 10 March, half past eight in Lisbon: the law permits, and the other creditor hears that it is another hour
    _just_before_the_start(monkeypatch, lambda: news(town))
    sent = town.command("send", "--connections", "4", *mine, at="2026-03-10T08:30Z")
    assert sent["accepted"] == 0
    assert town.received() == []
    # late in the afternoon it is day at every place that anybody has heard of
    assert town.command("send", "--connections", "4", *mine, at="2026-03-10T18:30Z")["accepted"] == 1


def test_what_the_list_of_invoices_says_of_another_place_is_not_mixed_with_the_known_one(town: Town) -> None:
    town.customers("number  name  email  country\nC-1  Kei Mori  kei@mori.example  PT", at="2026-02-02T08:00Z")
    town.takes(
        "invoices",
        [
            {
                "invoice_number": "INV-1",
                "customer_number": "C-1",
                "country": "JP",
                "zone": "Asia/Tokyo",
                "due_date": "2026-03-01",
                "invoice_amount": "100.00",
                "currency": "EUR",
            }
        ],
    )
    assert town.records.rows("select country, zone from party") == [("PT", "")]
