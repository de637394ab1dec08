"""7. Every silence has a reason with a rule, a source and the day it can change; and so has every message.

Each story asks `why` the way a finance manager does, and gets an answer that says what a run does.
"""

from __future__ import annotations

import contextlib
import io
from collections import Counter
from pathlib import Path

import pytest

import duewell.rulebooks
from duewell import cli
from tests.town import Town

pytestmark = pytest.mark.usefixtures("anna_owes_a_hundred")


def told_to_people(town: Town, *words: str) -> str:
    """The page that a person reads, as one line."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        assert cli.main(["--home", str(town.home), "--now", town.now, "why", *words]) == 0
    return " ".join(said.getvalue().split())


def rules(told: dict) -> list[str]:
    return [reason["rule"] for reason in told["reasons"]]


def test_before_the_step_the_answer_is_the_day_on_which_it_comes(either_town: Town) -> None:
    town = either_town
    # 3 March: two days late; the first reminder comes after five
    town.now = "2026-03-03T09:00Z"
    told = town.why("C-1")
    assert (told["account"], told["as_of"], told["decision"]) == ("C-1", "2026-03-03", "rest")
    assert told["reasons"][0]["rule"] == "not_yet"
    assert told["reasons"][0]["source"] == "strategy gentle, step first"
    assert told["reasons"][0]["until"] == "2026-03-06"
    assert (told["next"]["stage"], told["next"]["on"], told["next"]["asks"]) == (
        "first",
        "2026-03-06",
        {"EUR": 100_00},
    )
    # from eight in the morning until eight in the evening where Anna is
    assert (told["next"]["opens_at"], told["next"]["closes_at"]) == (
        "2026-03-06T07:00:00Z",
        "2026-03-06T19:00:00Z",
    )
    # the runs of the days between say the same
    assert town.night("2026-03-05")["rests"] == {"not_yet": 1}
    assert town.night("2026-03-06")["proposals"] == {"first": 1}


def test_from_the_decision_to_the_mailbox_each_step_is_told_and_proven(either_town: Town) -> None:
    town = either_town
    # 10 March, night: the reminder is decided and released
    town.night("2026-03-10")
    told = town.why("C-1")
    assert (told["rule"], told["next"]["state"], told["next"]["stage"]) == ("in_flight", "released", "first")
    assert "duewell send" in told["reasons"][0]["change"]
    # noon: it leaves
    town.send(at="2026-03-10T11:00Z")
    told = town.why("C-1")
    assert told["rule"] == "not_yet"
    assert told["next"]["stage"] == "second"
    done = [(act["kind"], act["stage"], act["at"]) for act in told["done"]]
    assert done[0] == ("contact.accepted", "first", "2026-03-10T11:00:00Z")
    assert ("contact.claimed", "first", "2026-03-10T01:00:00Z") in done
    # each line names a fact that is there, byte for byte
    for act in told["done"]:
        fact = act["fact"]
        (row,) = town.records.rows(
            "select kind, hash from fact where stream = ? and sequence = ?", fact["stream"], fact["sequence"]
        )
        assert (row[0], bytes(row[1]).hex()) == (act["kind"], fact["hash"])
    sequences = [act["fact"]["sequence"] for act in told["done"]]
    assert sequences == sorted(sequences, reverse=True)


def test_a_payment_before_the_post_left_explains_why_nothing_came(town: Town) -> None:
    town.night("2026-03-10")
    town.pays("INV-1", "100.00 EUR", at="2026-03-10T08:00Z")
    # between the payment and the post the answer already says what will become of the message
    told = town.why("INV-1")
    assert told["next"] is None
    assert told["no_next"]["rule"] == "paid"
    assert "would be withheld" in told["no_next"]["text"]
    town.send(at="2026-03-10T11:00Z")
    told = town.why("INV-1")
    assert rules(told)[0] == "paid"
    assert told["invoice"]["open"] == 0
    assert [(one["kind"], one["amount"]) for one in told["invoice"]["entries"]] == [
        ("invoice", 100_00),
        ("applied", -100_00),
    ]
    withheld = next(act for act in told["done"] if act["kind"] == "contact.withheld")
    assert withheld["stage"] == "first"
    assert "Nothing" in withheld["text"]


def test_a_promise_is_the_answer_until_its_day_and_then_the_ladder_goes_on(either_town: Town) -> None:
    town = either_town
    # 9 March: Anna promises to pay by the 19th
    town.promises("INV-1", until="2026-03-20", at="2026-03-09T08:00Z")
    town.now = "2026-03-10T09:00Z"
    told = town.why("INV-1")
    assert (told["rule"], told["reasons"][0]["until"]) == ("promised", "2026-03-20")
    assert (told["next"]["stage"], told["next"]["on"]) == ("first", "2026-03-20")
    assert [(hold["kind"], hold["until"]) for hold in told["invoice"]["holds"]] == [("promise", "2026-03-20")]
    assert told_to_people(town, "C-1").startswith(
        "Nothing is sent to C-1 (Anna Berg) today, 10 March 2026:"
        " it is on hold for a promise, until 20 March 2026."
    )
    assert told["done"][0]["kind"] == "agree.held"
    # asked about the day before the promise, it is not known yet
    assert town.why("C-1", on="2026-03-08")["rule"] != "promised"
    # 20 March: nothing was paid, and the reminder comes
    assert town.night("2026-03-20")["proposals"] == {"first": 1}


def test_a_dispute_has_no_day_and_names_who_ends_it(town: Town) -> None:
    town.disputes("INV-1", at="2026-03-09T08:00Z")
    town.now = "2026-03-10T09:00Z"
    told = town.why("C-1")
    assert (told["rule"], told["reasons"][0]["until"]) == ("disputed", None)
    assert "A person ends the hold" in told["reasons"][0]["change"]
    assert (told["next"], told["no_next"]["rule"]) == (None, "disputed")


def test_who_asked_for_no_more_e_mail_is_refused_until_a_person_changes_it(either_town: Town) -> None:
    town = either_town
    town.stops("C-1", at="2026-03-10T08:00Z")
    told = town.why("C-1")
    assert (told["decision"], told["rule"], told["next"]) == ("refused", "stops.opt_out", None)
    assert told["reasons"][0]["source"].startswith("Rule book default: ")
    assert (told["reasons"][0]["until"], told["no_next"]["rule"]) == (None, "stops.opt_out")
    assert told["done"][0]["kind"] == "party.stopped"
    assert town.night("2026-03-11")["refused"] == {"stops.opt_out": 1}
    # the night's refusal is a fact, and why tells it
    assert town.why("C-1")["done"][0]["kind"] == "law.refused"
    # 12 March: she takes it back; asked about the 11th, the stop still counts
    town.resumes("C-1", at="2026-03-12T08:00Z")
    town.now = "2026-03-13T09:00Z"
    told = town.why("C-1")
    assert (told["decision"], told["done"][0]["kind"]) == ("proposal", "party.stop_ended")
    assert town.why("C-1", on="2026-03-11")["rule"] == "stops.opt_out"


def test_a_past_day_is_told_as_it_was_known_then(either_town: Town) -> None:
    town = either_town
    town.night("2026-03-10")
    town.send(at="2026-03-10T11:00Z")
    # 12 March: forty euros arrive; asked on the 13th, the answer for earlier days does not know them
    town.pays("INV-1", "40.00 EUR", at="2026-03-12T09:00Z")
    town.now = "2026-03-13T09:00Z"
    today = town.why("C-1")
    assert (today["knowledge"], today["open"]) == ("today", {"EUR": 60_00})
    then = town.why("INV-1", on="2026-03-11")
    assert (then["knowledge"], then["known_at"]) == ("then", "2026-03-11T23:00:00Z")
    assert (then["open"], then["invoice"]["reached"]) == ({"EUR": 100_00}, "first")
    assert [one["kind"] for one in then["invoice"]["entries"]] == ["invoice"]
    assert then["done"][0]["kind"] == "contact.accepted"
    # on the day before the reminder nothing had been reached, and the step had come without a run
    before = town.why("INV-1", on="2026-03-09")
    assert (before["decision"], before["rule"], before["invoice"]["reached"]) == ("proposal", "first", None)
    assert any("No run was made" in remark for remark in before["remarks"])
    # on the day itself it was sent, and what the run was made with is what there is today
    page = told_to_people(town, "C-1", "--as-of", "2026-03-10")
    assert page.startswith("The message first went to C-1 (Anna Berg) on 10 March 2026, at 12:00.")
    assert "Run 1 of this day was made with the strategies, rule books, calendars and zones of today." in page


def test_a_day_before_the_account_was_known_uses_what_is_known_today_and_says_so(town: Town) -> None:
    town.now = "2026-03-03T09:00Z"
    told = town.why("C-1", on="2026-01-15")
    assert told["knowledge"] == "today"
    assert told["remarks"] == [
        "The account was first recorded on 2 February 2026, after this day: what is known today is used."
    ]


def test_a_day_to_come_is_looked_at_as_if_nothing_else_happened(town: Town) -> None:
    town.now = "2026-03-03T09:00Z"
    told = town.why("C-1", on="2026-06-04")
    # Corpus Christi, a holiday in a part of Germany, and nobody said where Anna is: the law says not today
    assert (told["decision"], told["rule"]) == ("refused", "days.holiday")
    assert rules(told) == ["days.holiday", "proposed"]
    holiday = told["reasons"][0]
    assert (holiday["until"], holiday["until_at"]) == ("2026-06-05", "2026-06-05T06:00:00Z")
    assert holiday["source"].startswith("Rule book default: ")
    assert told["next"]["on"] == "2026-06-05"
    assert told["knowledge"] == "today"
    page = told_to_people(town, "C-1", "--as-of", "2026-06-04")
    assert page.startswith(
        "Nothing would be sent to C-1 (Anna Berg) on 4 June 2026:"
        " it is a public holiday where the customer may be, until 5 June 2026."
    )


def test_a_past_day_is_decided_with_the_strategy_of_that_day(either_town: Town) -> None:
    town = either_town
    town.customers(
        """
        number  name     email            country
        C-2     Ben Ott  ben@ott.example  DE
        """
    )
    town.invoices(
        """
        number  customer  issued      due         amount
        INV-2   C-2       2026-02-01  2026-02-20  70.00 EUR
        """
    )
    # 4 March: Ben gets a reminder; Anna's would come on the 6th, five days after the due date
    assert town.night("2026-03-04")["proposals"] == {"first": 1}
    # 5 March: the house becomes more patient
    shipped = Path(duewell.rulebooks.__file__).parent / "strategies" / "gentle.yaml"
    patient = shipped.read_text().replace("offset_days: 5\n", "offset_days: 8\n")
    assert patient != shipped.read_text()
    (town.home / "strategies").mkdir(exist_ok=True)
    (town.home / "strategies" / "gentle.yaml").write_text(patient)
    town.now = "2026-03-05T09:00Z"
    assert town.why("C-1")["next"]["on"] == "2026-03-09"
    # asked about the 4th, the answer is that of the 4th
    then = town.why("C-1", on="2026-03-04")
    assert (then["knowledge"], then["next"]["on"]) == ("then", "2026-03-06")
    assert (then["run"]["same"], then["run"]["changed"]) == (False, ["strategy:gentle"])
    assert "was made with other versions than those of today: strategy:gentle" in told_to_people(
        town, "C-1", "--as-of", "2026-03-04"
    )
    # a version is kept once, with its fact
    town.night("2026-03-09")
    kept = town.records.rows("select key, digest from strategy_version order by id")
    assert [key for key, _ in kept] == ["gentle", "gentle"]
    assert len(town.records.rows("select 1 from fact where kind = 'house.strategy'")) == 2


def test_an_invoice_number_that_several_customers_have_is_asked_back(town: Town) -> None:
    town.customers(
        """
        number  name     email             country
        C-2     Ben Ott  ben@ott.example   DE
        """
    )
    town.invoices(
        """
        number  customer  issued      due         amount
        INV-1   C-2       2026-02-01  2026-03-01  70.00 EUR
        """,
        "--numbers",
        "per_customer",
    )
    told = town.command("why", "INV-1", fails=2)
    assert told["candidates"] == [
        {"creditor": "light", "account": "C-1", "invoice": "INV-1"},
        {"creditor": "light", "account": "C-2", "invoice": "INV-1"},
    ]
    assert town.command("why", "INV-1", "--account", "C-2")["open"] == {"EUR": 70_00}


def test_an_account_and_an_invoice_of_the_same_number_are_told_apart_by_kind(town: Town) -> None:
    town.invoices(
        """
        number  customer  issued      due         amount
        C-1     C-1       2026-02-01  2026-03-01  5.00 EUR
        """
    )
    assert {one["invoice"] for one in town.command("why", "C-1", fails=2)["candidates"]} == {None, "C-1"}
    assert town.command("why", "C-1", "--kind", "account")["invoice"] is None
    assert town.command("why", "C-1", "--kind", "invoice")["invoice"]["open"] == 5_00


def test_a_number_that_nobody_has_is_answered_with_those_that_are_like_it(either_town: Town) -> None:
    told = either_town.command("why", "inv-1", fails=2)
    assert (told["error"], told["near"][0]) == ("not_found", "INV-1")


def test_two_creditors_with_the_same_number_are_asked_back_and_kept_apart(town: Town) -> None:
    town.command("creditor", "add", "dark", "--name", "Dark Ltd", "--country", "DE", "--zone", "Europe/Berlin")
    town.command("why", "C-1")
    assert town.command("why", "C-1", "--creditor", "dark", fails=2)["error"] == "not_found"


def test_the_kill_switch_is_told_beside_every_reason(town: Town) -> None:
    town.night("2026-03-10")
    town.command("halt", "--reason", "a doubt")
    assert rules(town.why("C-1"))[:2] == ["in_flight", "halted"]


def test_only_the_latest_acts_are_told_unless_all_are_asked_for(town: Town) -> None:
    town.night("2026-03-10")
    town.send(at="2026-03-10T11:00Z")
    told = town.command("why", "C-1", "--last", "2")
    assert (len(told["done"]), told["more_done"]) == (2, True)
    everything = town.command("why", "C-1", "--last", "0")
    assert (len(everything["done"]), everything["more_done"]) == (6, False)
    assert town.try_command("why", "C-1", "--last", "-1").code == 2


def test_what_why_says_of_each_account_adds_up_to_the_plan(either_town: Town) -> None:
    town = either_town
    town.customers(
        """
        number  name        email              country  zone              kind
        C-2     Ben Ott     ben@ott.example    DE       Europe/Berlin     person
        C-3     Cleo Ltd    cleo@c.example     US       America/New_York  business
        C-4     Dora Ende   -                  DE       Europe/Berlin     person
        C-5     Emil Fuchs  emil@f.example     DE       Europe/Berlin     person
        C-6     Fay Gold    fay@gold.example   DE       Europe/Berlin     person
        """
    )
    town.invoices(
        """
        number  customer  issued      due         amount
        INV-2   C-2       2026-02-01  2026-04-01  50.00 EUR
        INV-3   C-3       2026-02-01  2026-02-20  900.00 USD
        INV-4   C-4       2026-02-01  2026-02-20  90.00 EUR
        INV-5   C-5       2026-02-01  2026-02-20  0.50 EUR
        INV-6   C-6       2026-02-01  2026-02-20  80.00 EUR
        """
    )
    town.pays_on_account("C-6", "80.00 EUR", at="2026-03-08T09:00Z")
    for day in ("2026-03-08", "2026-03-10"):
        planned = town.plan(day, at=f"{day}T01:00Z")
        counted: dict[str, Counter[str]] = {name: Counter() for name in ("proposal", "rest", "refused", "review")}
        for number in range(1, 7):
            told = town.why(f"C-{number}")
            counted[told["decision"]][told["rule"]] += 1
        assert dict(counted["proposal"]) == planned["proposals"]
        assert dict(counted["rest"]) == planned["rests"]
        assert dict(counted["refused"]) == planned["refused"]
        assert dict(counted["review"]) == planned["review"]
