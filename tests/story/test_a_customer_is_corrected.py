"""Anna has another name, address and home: it is changed by hand, and the next message knows it."""

from __future__ import annotations

import pytest

from tests.town import Town

pytestmark = pytest.mark.usefixtures("anna_owes_a_hundred")


def test_a_new_address_between_decision_and_sending_is_the_one_that_is_used(either_town: Town) -> None:
    town = either_town
    town.night("2026-03-10")
    words = [
        "customer",
        "edit",
        "C-1",
        "--replace",
        "anna@berg.example=anna@meyer.example",
        "--name",
        "Anna Meyer",
    ]
    looked = town.command(*words, "--dry-run", at="2026-03-10T08:00Z")
    assert looked["changes"] == [
        {"what": "name", "before": "Anna Berg", "after": "Anna Meyer"},
        {"what": "email", "before": "anna@berg.example", "after": "anna@meyer.example"},
    ]
    assert town.command("customer", "show", "C-1")["name"] == "Anna Berg"
    town.command(*words, "--reason", "wedding")
    town.send(at="2026-03-10T12:00Z")
    (mail,) = town.received()
    assert mail.to == "anna@meyer.example"
    told = town.facts(since="2026-03-10T08:00Z")
    assert told[:3] == ["party.contact_point", "party.contact_point", "party.recorded"], (
        "the old, the new, the name"
    )
    # No fact holds the name or the address: they stand beside the chain.
    bodies = [bytes(row[0]) for row in town.records.rows("select body from fact")]
    assert not any(b"meyer" in body.lower() for body in bodies)
    assert town.command("audit")["ok"] is True
    assert town.command("verify")["ok"] is True
    assert town.command(*words[:3], "--name", "Anna Meyer")["changes"] == []


def test_who_moves_takes_no_zone_of_the_old_home_along(town: Town) -> None:
    told = town.command(
        "customer", "edit", "C-1", "--country", "US", "--language", "English", at="2026-03-02T08:00Z"
    )
    assert {change["what"]: change["after"] for change in told["changes"]} == {
        "country": "US",
        "language": "en",
        "zone": "",
    }
    back = town.command("customer", "edit", "C-1", "--country", "Germany", "--zone", "Europe/Berlin")
    assert {change["what"] for change in back["changes"]} == {"country", "zone"}


def test_an_address_is_given_up_and_another_is_added(town: Town) -> None:
    town.command("customer", "edit", "C-1", "--remove", "anna@berg.example", at="2026-03-02T08:00Z")
    assert town.plan("2026-03-10")["rests"] == {"no_address": 1}
    town.command("customer", "edit", "C-1", "--add", "email=Anna@Berg.example", "--add", "call=+49 30 555 0101")
    shown = town.command("customer", "show", "C-1")
    assert [(point["channel"], point["value"]) for point in shown["points"]] == [
        ("call", "+49305550101"),
        ("email", "Anna@berg.example"),
    ]
    assert town.plan("2026-03-10")["proposals"] == {"first": 1}


def test_a_postal_address_is_told_by_its_parts(town: Town) -> None:
    lacking = town.command("customer", "edit", "C-1", "--street", "Lampenweg 7", fails=2, at="2026-03-02T08:00Z")
    assert "--postcode and --city" in lacking["message"]
    words = ["--street", "Lampenweg 7", "--postcode", "10115", "--city", "Berlin"]
    told = town.command("customer", "edit", "C-1", *words)
    assert told["changes"] == [{"what": "letter", "before": "", "after": "Lampenweg 7, 10115 Berlin"}]
    told = town.command("customer", "edit", "C-1", "--street", "Lampenweg 9", "--add", "call=030 5550101")
    assert [change["after"] for change in told["changes"]] == ["+49305550101", "Lampenweg 9, 10115 Berlin"]
    assert town.command("customer", "edit", "C-1", "--street", "Lampenweg 9")["changes"] == []
    points = town.command("customer", "show", "C-1")["points"]
    assert [point["channel"] for point in points] == ["call", "email", "letter"]
    town.command("customer", "edit", "C-1", "--remove", "letter")
    assert len(town.command("customer", "show", "C-1")["points"]) == 2
    assert town.command("audit")["ok"] is True


def test_an_account_gets_a_strategy_and_a_segment_of_its_own(town: Town) -> None:
    town.command("customer", "edit", "C-1", "--segment", "key", "--strategy", "business", at="2026-03-02T08:00Z")
    (account,) = town.command("customer", "show", "C-1")["accounts"]
    assert (account["segment"], account["strategy"], account["open"]) == ("key", "business", {"EUR": 100_00})
    assert town.facts(since="2026-03-02T08:00Z").count("party.account") == 2
    town.command("customer", "edit", "C-1", "--strategy", "")
    assert town.command("customer", "show", "C-1")["accounts"][0]["strategy"] == ""
