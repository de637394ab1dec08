"""A customer moves: from then on the clocks and holidays of the new place count, and none of the old."""

from __future__ import annotations

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
