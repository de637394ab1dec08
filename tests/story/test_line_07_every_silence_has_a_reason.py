"""7. Every silence has a reason with a rule, a source and the date on which it can change."""

from __future__ import annotations

from typing import Any

import pytest

from tests.town import Town

pytestmark = pytest.mark.usefixtures("anna_owes_a_hundred")


def _reason(town: Town, at: str, what: str = "INV-1") -> dict[str, Any]:
    town.now = at
    reasons: list[dict[str, Any]] = town.why(what)["reasons"]
    assert reasons, f"{what} is silent without a reason at {at}"
    for reason in reasons:
        assert reason["rule"]
        assert reason["text"].strip()
        assert reason["source"].strip()
        assert set(reason) >= {"rule", "text", "source", "until"}
    return reasons[0]


def test_it_is_not_yet_time_and_the_day_is_named(town: Town) -> None:
    # 27 February: the reminder before the due date was due on the 25th, but nobody ran; next is the first step
    reason = _reason(town, "2026-03-02T08:00Z")
    assert (reason["rule"], reason["until"]) == ("not_yet", "2026-03-06")
    # on that very day it is decided
    assert town.night("2026-03-05")["proposals"] == {}
    assert town.night("2026-03-06")["proposals"] == {"first": 1}


def test_a_promise_names_the_day_after_which_we_ask_again(town: Town) -> None:
    town.promises("INV-1", until="2026-03-13", at="2026-03-09T08:00Z")
    reason = _reason(town, "2026-03-10T08:00Z")
    assert (reason["rule"], reason["until"]) == ("promised", "2026-03-13")
    assert reason["source"].startswith("hold")


def test_a_dispute_says_that_only_a_person_ends_it(town: Town) -> None:
    town.disputes("INV-1", at="2026-03-09T08:00Z")
    reason = _reason(town, "2026-03-10T08:00Z")
    assert (reason["rule"], reason["until"]) == ("disputed", None)


def test_what_is_paid_says_so(town: Town) -> None:
    town.pays("INV-1", "100.00 EUR", at="2026-03-09T08:00Z")
    assert _reason(town, "2026-03-10T08:00Z", "C-1")["rule"] == "paid"


def test_the_law_is_quoted_with_its_source_and_its_end(town: Town) -> None:
    # Friday, 20 March, is a public holiday in Japan and a business day in Berlin
    town.customers("number  name  email  country  zone\nC-2  Kei Mori  kei@mori.example  JP  Asia/Tokyo")
    town.invoices("number  customer  issued  due  amount\nINV-2  C-2  2026-02-01  2026-03-01  60.00 EUR")
    assert town.night("2026-03-20")["refused"] == {"days.holiday": 1}
    reason = _reason(town, "2026-03-20T08:00Z", "INV-2")
    assert reason["rule"] == "days.holiday"
    assert reason["source"].startswith("Rule book")
    # it ends with the holiday, at eight on Saturday morning in Tokyo
    assert (reason["until"], reason["until_at"]) == ("2026-03-21", "2026-03-20T23:00:00Z")


def test_something_done_is_told_with_what_comes_next(town: Town) -> None:
    town.night("2026-03-10")
    town.send(at="2026-03-10T11:00Z")
    town.now = "2026-03-10T16:00Z"
    told = town.why("C-1")
    assert told["account"] == "C-1"
    assert any("first" in str(act) for act in told["done"]), told["done"]
    # the second step: nine days after the first, on Thursday the 19th
    assert "2026-03-19" in str(told["next"]), told["next"]


def test_a_missing_address_is_a_reason_and_no_error(town: Town) -> None:
    town.customers("number  name\nC-2  Nobody Known")
    town.invoices("number  customer  issued  due  amount\nINV-2  C-2  2026-02-01  2026-03-01  60.00 EUR")
    assert town.night("2026-03-10")["rests"] == {"no_address": 1}
    assert _reason(town, "2026-03-10T08:00Z", "INV-2")["rule"] == "no_address"


def test_a_missing_translation_stops_the_message_and_not_the_run(town: Town) -> None:
    # somebody begins to translate into Portuguese, and a customer of that language owes
    begun = town.command("texts", "catalogue", "pt")["catalogue"]
    (town.home / "texts").mkdir()
    (town.home / "texts" / "pt.po").write_text(begun, "utf-8")
    town.customers("number  name  email  language\nC-2  Bia Reis  bia@example.org  pt")
    town.invoices("number  customer  issued  due  amount\nINV-2  C-2  2026-02-01  2026-03-01  60.00 EUR")
    night = town.night("2026-03-10")
    assert (night["rests"], night["proposals"]) == ({"untranslated": 1}, {"first": 1})
    reason = _reason(town, "2026-03-10T08:00Z", "INV-2")
    assert reason["rule"] == "untranslated"
    assert "in the language pt: labels list.separator and" in reason["text"]
    # whoever speaks a language of which nothing is there is written to in the creditor's
    town.customers("number  name  email  language\nC-3  Aino Virta  aino@example.org  fi")
    town.invoices("number  customer  issued  due  amount\nINV-3  C-3  2026-02-01  2026-03-01  60.00 EUR")
    assert town.night("2026-03-10")["proposals"] == {"first": 1}


def test_a_creditor_without_a_bank_account_hears_it_in_the_plan(town: Town) -> None:
    town.command("creditor", "edit", "light", "--iban", "", at="2026-03-09T08:00Z")
    (rule,) = town.plan("2026-03-10")["rests"]
    assert rule.startswith("missing_creditor_")
    assert _reason(town, "2026-03-10T08:00Z")["rule"] == rule
