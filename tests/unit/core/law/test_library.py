"""Which rule books apply to a contact, and with which of their rules."""

from __future__ import annotations

from datetime import date

import pytest

from duewell.adapters.files.rulebook_file import book_of, shipped_books, shipped_law
from duewell.core.law.library import Law

DAY = date(2026, 11, 2)


def rules(law: Law, *places: str, debt: str = "consumer", channel: str = "call") -> dict[str, set[str]]:
    return {book.key: set(book.rules) for book in law.of(places, debt, channel).books}


def test_without_a_place_only_the_default_book_applies():
    assert set(rules(shipped_law())) == {"default"}
    assert set(rules(shipped_law(), "DE-BY")) == {"default"}


@pytest.mark.parametrize("places", [("US",), ("US-NY",), ("DE", "US-NY")])
def test_a_country_s_book_joins_the_default_wherever_the_person_may_be_there(places):
    assert set(rules(shipped_law(), *places)) == {"default", "us"}


def test_only_a_limit_that_every_place_replaces_leaves_the_default_book():
    law = shipped_law("agency", (("US", "country"),))
    assert "frequency" not in rules(law, "US-NY")["default"]
    assert "stops.flag" in rules(law, "US-NY")["default"]
    assert "frequency" in rules(law, "US-NY", channel="email")["default"]
    assert "frequency" in rules(law, "US-NY", "DE")["default"]
    assert "frequency" in rules(law, "US-NY", debt="business")["default"]
    assert "frequency" in rules(shipped_law("agency"), "US-NY")["default"]


def test_a_region_s_book_holds_where_only_the_country_is_known_but_replaces_nothing_there():
    files = {
        "book.yaml": b"place: US-MA\ntitle: Massachusetts\nbinds: [creditor, agency]\ndebts: [consumer]\n"
        b"replaces: [{rule: hours, because: b, source: s, confidence: V}]\n",
        "hours.yaml": b"topic: hours\nrules: {hours: h}\nvalues:\n"
        b"  hours.opens: {unit: local_time, history: ["
        b"{from_on: 2020-01-01, value: '08:00', confidence: V, source: s}]}\n"
        b"  hours.closes: {unit: local_time, history: ["
        b"{from_on: 2020-01-01, value: '21:00', confidence: V, source: s}]}\n",
    }
    law = Law((*shipped_books()[:1], book_of("us-ma", files)), "creditor", {"US": "country"})
    assert set(rules(law, "US")) == {"default", "us-ma"}
    assert "hours" in rules(law, "US")["default"]
    assert "hours" not in rules(law, "US-MA")["default"]
    assert set(rules(law, "US-NY")) == {"default"}


def test_what_does_not_bind_by_law_says_that_it_is_kept_by_choice():
    (_, own) = shipped_law().of(("US",), "consumer", "call").books
    assert own.source_on("calls.wait_days", DAY).endswith(
        "(kept by choice: it does not bind who collects its own debts)"
    )
    (_, bound) = shipped_law("agency").of(("US",), "consumer", "call").books
    assert bound.source_on("calls.wait_days", DAY) == "Rule book us: 12 CFR 1006.14(b)(2)(i)(B)"


def test_the_same_question_gets_the_very_same_books():
    law = shipped_law()
    assert law.of(("US",), "consumer", "call") is law.of(("US",), "consumer", "call")
    assert law.of(("US",), "consumer", "call").digest != law.of((), "consumer", "call").digest


def test_a_book_replaces_nothing_on_hearsay():
    from duewell.adapters.files.marked_yaml import BadYaml

    place = (
        b"place: US\ntitle: t\nbinds: [creditor]\ndebts: [consumer]\n"
        b"replaces: [{rule: hours, because: b, source: s, confidence: S}]\n"
    )
    with pytest.raises(BadYaml, match=r"book\.yaml"):
        book_of("us", {"book.yaml": place})
