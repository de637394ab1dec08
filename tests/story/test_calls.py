"""Calls: a message that is said by a person. What is on the screen, what came of it, and what follows."""

from __future__ import annotations

from datetime import date, timedelta

from tests.story.calls_town import (
    ANNA,
    BERLIN,
    LADDER,
    NEW_YORK,
    NINE,
    attempts,
    calls,
    done,
    reached,
    settle,
    sound,
    start,
)
from tests.town import Town


def test_a_call_that_is_answered_ends_in_a_promise_that_holds(either_town: Town) -> None:
    town = either_town
    settle(town, language="de")
    # 10 March, nine in the morning: the list says whom, how much, what the clock shows there, and until when
    (task,) = calls(town, NINE)
    assert (task["state"], task["number"], task["dial"]) == ("now", "+49301234567", "030 1234567")
    assert (task["sums"], task["stage"], task["items"]) == ({"EUR": 150_00}, "first", 2)
    assert task["local"] == [{"zone": "Europe/Berlin", "time": "2026-03-10 09:00"}]
    assert task["until"] == "2026-03-10T19:00:00+00:00"
    # Kim begins: the words are in Anna's language, and nothing of a debt comes before she is known
    told = start(town, NINE)
    say = told["say"]
    assert say["before"][0] == "Guten Tag, hier ist kim von Bright Light Ltd."
    assert "150,00" in say["matter"]
    for line in (*say["before"], say["to_others"], say["voicemail"]):
        assert not any(word in line for word in ("150", "INV", "Rechnung", "fällig", "C-1")), line
    assert say["statements"] == [], "who collects its own debts is no debt collector"
    # Anna promises a hundred and twenty for the 16th: two holds, the second of a part, until the money can be in
    ended = done(town, "promised", "--on", "2026-03-16", "--amount", "120", at="2026-03-10T08:05Z")
    assert (ended["state"], len(ended["holds"])) == ("accepted", 2)
    assert reached(town) == [30, 30]
    holds = town.command("hold", "list")["holds"]
    assert [(hold["invoice"], hold["amount_minor"], hold["until_on"]) for hold in holds] == [
        ("INV-1", None, "2026-03-19"),
        ("INV-2", 20_00, "2026-03-19"),
    ]
    # what was said is told, and everything adds up
    texts = [act["text"] for act in town.why("C-1")["done"]]
    assert "kim called about the message first: the customer promised to pay. The stage is reached." in texts
    assert calls(town) == []
    sound(town)


def test_a_line_that_is_busy_is_called_again_and_costs_no_contact(either_town: Town) -> None:
    town = either_town
    settle(town)
    start(town, NINE)
    ended = done(town, "busy", at="2026-03-10T08:01Z")
    assert (ended["state"], ended["again_at"]) == ("deferred", "2026-03-10T08:16:00+00:00")
    assert town.records.rows("select count(*) from attempt where contacted_at is not null") == [(0,)]
    # five minutes later it is in the list and not yet possible, a quarter of an hour later it is
    assert [(task["state"], task["reason"]) for task in calls(town, "2026-03-10T08:06Z")] == [
        ("later", "not_before")
    ]
    assert [task["state"] for task in calls(town, "2026-03-10T08:16Z")] == ["now"]
    start(town, "2026-03-10T08:16Z")
    assert done(town, "will_pay")["state"] == "accepted"
    assert attempts(town) == [("call", "deferred"), ("call", "accepted")]
    sound(town)


def test_a_number_of_somebody_else_is_given_up_and_the_message_is_written(either_town: Town) -> None:
    town = either_town
    settle(town)
    start(town, NINE)
    ended = done(town, "wrong_number", at="2026-03-10T08:01Z")
    assert (ended["state"], ended["channel"]) == ("refused", "email")
    assert attempts(town) == [("call", "refused"), ("email", "released")]
    assert town.records.rows("select state from contact_point where channel = 'call'") == [("refused",)]
    assert reached(town) == [0, 0]
    # the mail needs no release of its own, and is the same message
    assert town.send(at="2026-03-10T08:02Z")["accepted"] == 1
    assert [mail.to for mail in town.received()] == [ANNA]
    assert reached(town) == [30, 30]
    sound(town)


def test_a_second_number_is_tried_before_the_next_channel(town: Town) -> None:
    settle(town, mobile="0171 1234567")
    start(town, NINE)
    assert done(town, "not_in_service", at="2026-03-10T08:01Z")["channel"] == "call"
    (task,) = calls(town)
    assert task["number"] == "+491711234567"
    start(town, "2026-03-10T08:02Z")
    assert done(town, "not_in_service")["channel"] == "email"
    sound(town)


def test_nobody_answers_three_times_and_the_message_is_written(town: Town) -> None:
    settle(town)
    for day, outcome in (("2026-03-10", "no_answer"), ("2026-03-11", "voicemail")):
        start(town, f"{day}T08:00Z")
        assert done(town, outcome)["state"] == "deferred"
    start(town, "2026-03-12T08:00Z")
    ended = done(town, "no_answer")
    assert (ended["state"], ended["channel"]) == ("refused", "email")
    # every one of them was a contact, so the default count of three in seven days bars the mail for now
    assert town.send(at="2026-03-12T08:01Z")["withheld"] == {"frequency": 1}
    assert town.send(at="2026-03-17T08:01Z")["accepted"] == 1
    sound(town)


def test_a_call_that_the_count_forbids_waits_and_says_until_when(town: Town) -> None:
    settle(town)
    for hour in ("08:00", "09:00"):
        start(town, f"2026-03-10T{hour}Z")
        done(town, "voicemail", "--again-at", f"2026-03-10T{hour[:2]}:30Z")
    # twice the machine; Kim begins a third call and gives it back
    start(town, "2026-03-10T10:00Z")
    town.command("calls", "release", str(calls(town)[0]["call"]), "--by", "kim")
    assert [task["state"] for task in calls(town, "2026-03-10T10:01Z")] == ["now"], (
        "given back, it counts for nothing"
    )
    start(town, "2026-03-10T10:02Z")
    ended = done(town, "busy")
    assert ended["state"] == "deferred"
    start(town, "2026-03-10T11:00Z")
    done(town, "call_back", "--at", "2026-03-11T09:00+01:00")
    # three contacts in a day: the fourth must wait a week by the default book, whatever was agreed
    (task,) = calls(town, "2026-03-11T08:00Z")
    assert (task["state"], task["reason"]) == ("later", "frequency")
    assert task["until"] == "2026-03-17T07:00:00+00:00"
    assert town.command("calls", "start", str(task["call"]), "--by", "kim", fails=1)["reason"] == "frequency"
    sound(town)


def test_in_the_united_states_a_conversation_bars_a_week_unless_the_customer_asked_for_the_call(
    town: Town,
) -> None:
    town.command("creditor", "edit", "light", "--acts-as", "agency", "--law", "US=country", "--language", "en")
    settle(town, **NEW_YORK, kind="person")
    # nine in Berlin is four in the morning in New York
    (task,) = calls(town, NINE)
    assert (task["state"], task["reason"], task["until"]) == ("later", "hours", "2026-03-10T12:00:00+00:00")
    told = start(town, "2026-03-10T13:00Z")
    assert told["say"]["statements"], "who collects for others says so"
    assert told["until"] == "2026-03-11T01:00:00+00:00", "nine in the evening there"
    done(town, "call_back", "--at", "2026-03-12T10:00-04:00")
    # on Thursday, as agreed, though the conversation was two days ago
    (task,) = calls(town, "2026-03-12T14:00Z")
    assert (task["state"], task["tries"]) == ("now", 0)
    start(town, "2026-03-12T14:00Z")
    assert done(town, "will_pay")["state"] == "accepted"
    # the next step falls due on the 26th; a second conversation with another account would wait until the 19th
    assert town.records.rows("select count(*) from attempt where contacted_at is not null") == [(2,)]
    sound(town)


def test_a_customer_who_called_is_not_called_for_a_week_in_the_united_states(either_town: Town) -> None:
    town = either_town
    town.command("creditor", "edit", "light", "--acts-as", "agency", "--law", "US=country")
    settle(town, **NEW_YORK, kind="person")
    assert [task["state"] for task in calls(town, "2026-03-10T13:00Z")] == ["now"]
    # Anna calls Alex herself; that day is the first of seven, so the message is written instead
    town.command("calls", "came-in", "C-1", "--by", "alex", at="2026-03-10T13:30Z")
    told = town.command("calls", "list", at="2026-03-10T14:00Z")
    assert (told["calls"], [one["reason"] for one in told["ended"]]) == ([], ["calls.wait"])
    assert attempts(town) == [("call", "withheld"), ("email", "released")]
    assert town.send()["accepted"] == 1
    assert "The customer called and spoke to alex." in [act["text"] for act in town.why("C-1")["done"]]
    town.command("calls", "came-in", "C-9", fails=2)
    town.command("calls", "came-in", "C-1", "--at", "2026-03-20T09:00Z", fails=2)
    sound(town)


def test_a_collector_who_dies_in_between_leaves_a_question_and_no_second_call(either_town: Town) -> None:
    town = either_town
    settle(town)
    start(town, NINE, by="kim")
    # the same day: Alex sees that Kim is calling, and cannot take or end it
    (task,) = calls(town, "2026-03-10T12:00Z")
    assert (task["state"], task["started_by"]) == ("started", "kim")
    town.command("calls", "start", str(task["call"]), "--by", "alex", fails=2)
    done(town, "will_pay", by="alex", fails=2)
    assert town.run("2026-03-10", at="2026-03-10T12:01Z")["proposals"] == {}
    # the next morning it is a question: nobody can know what was said
    assert calls(town, "2026-03-11T08:00Z") == []
    (question,) = town.command("review", "list")["questions"]
    assert question["kind"] == "unknown"
    assert "kim started the call" in question["text"]
    assert attempts(town) == [("call", "unknown")]
    sound(town)
    # Kim remembers: it was never made; so it is decided anew
    town.command("review", "allow", str(question["id"]), "--by", "kim")
    assert town.night("2026-03-11")["proposals"] == {"first": 1}
    assert [task["state"] for task in calls(town, "2026-03-11T09:00Z")] == ["now"]
    sound(town)


def test_whoever_pays_or_wants_no_more_calls_is_not_called(town: Town) -> None:
    settle(town)
    town.command("stop", "C-1", "--channel", "call", "--reason", "please write", at="2026-03-10T08:00Z")
    told = town.command("calls", "list")
    assert told["calls"] == []
    assert [one["reason"] for one in told["ended"]] == ["stops.opt_out"]
    assert attempts(town) == [("call", "withheld"), ("email", "released")]
    town.pays("INV-1", "100.00 EUR")
    town.pays("INV-2", "50.00 EUR")
    assert town.send(at="2026-03-10T09:00Z")["withheld"] == {"paid": 1}
    sound(town)


def test_what_fits_no_outcome_is_refused_and_changes_nothing(town: Town) -> None:
    settle(town)
    start(town, NINE)
    for words in (
        ("promised",),
        ("promised", "--on", "2026-03-01"),
        ("promised", "--on", "2026-03-20", "--amount", "150.01"),
        ("promised", "--on", "2026-03-20", "--invoice", "INV-9"),
        ("call_back",),
        ("call_back", "--at", "2026-03-10T07:00Z"),
        ("refuses", "--on", "2026-03-20"),
        ("hardship", "--amount", "12"),
        ("will_pay", "--again-at", "2026-03-11T08:00Z"),
        ("disputed", "--review", "2026-03-01"),
    ):
        done(town, *words, fails=2)
    assert attempts(town) == [("call", "started")]
    assert town.command("hold", "list")["holds"] == []
    # a dispute of one invoice holds that one, and the stage is reached all the same
    ended = done(town, "disputed", "--invoice", "INV-2", "--amount", "20.00", "--note", "one lamp was broken")
    assert (len(ended["holds"]), reached(town)) == (1, [30, 30])
    done_twice = town.command("calls", "done", "1", "--by", "kim", "--outcome", "refuses", fails=2)
    assert "accepted" in done_twice["message"]
    sound(town)


def test_the_list_stands_in_the_order_in_which_calls_are_worth_it_and_has_pages(town: Town) -> None:
    (town.home / "strategies").mkdir(exist_ok=True)
    (town.home / "strategies" / "ring.yaml").write_text(LADDER, encoding="utf-8")
    town.command("creditor", "edit", "light", "--strategy", "ring", at="2026-02-02T08:00Z")
    town.takes(
        "customers",
        [
            {
                **BERLIN,
                "customer_number": f"C-{number}",
                "name": f"Person {number}",
                "email": f"p{number}@b.example",
            }
            | {"phone": f"030 12345{number:02}"}
            for number in range(1, 31)
        ],
    )
    due = date(2026, 3, 1)
    rows = [
        f"INV-{number}  C-{number}  2026-01-01  {due - timedelta(days=number % 3)}  {number * 10}.00 EUR"
        for number in range(1, 31)
    ]
    town.invoices("number  customer  issued  due  amount\n" + "\n".join(rows))
    town.night("2026-03-10")
    told = town.command("calls", "list", at=NINE)
    assert (len(told["calls"]), told["pages"], told["counts"]) == (25, 2, {"now": 30, "started": 0, "later": 0})
    sums = [task["sums"]["EUR"] for task in told["calls"]]
    assert sums == sorted(sums, reverse=True)
    assert len(town.command("calls", "list", "--page", "2")["calls"]) == 5
    assert [task["account"] for task in town.command("calls", "list", "--account", "C-7")["calls"]] == ["C-7"]
    assert town.command("calls", "list", "--stage", "second")["calls"] == []
    town.command("calls", "start", str(told["calls"][3]["call"]), "--by", "kim")
    assert [task["account"] for task in town.command("calls", "list", "--state", "started")["calls"]] == ["C-27"]


def test_a_run_that_is_taken_back_while_somebody_calls_is_not_called_again(town: Town) -> None:
    settle(town)
    start(town, NINE)
    town.command("release", "1", "--withdraw", "--reason", "wrong list", "--by", "robin", at="2026-03-10T08:01Z")
    assert attempts(town) == [("call", "started")]
    ended = done(town, "busy", at="2026-03-10T08:02Z")
    assert (ended["state"], ended["next"], ended["again_at"]) == ("deferred", None, None)
    assert town.records.rows("select state from message_state") == [("withdrawn",)]
    assert calls(town, "2026-03-10T09:00Z") == []
    sound(town)
    # the next night decides anew
    assert town.night("2026-03-11")["proposals"] == {"first": 1}
    assert [task["state"] for task in calls(town, "2026-03-11T09:00Z")] == ["now"]


def test_while_the_kill_switch_is_on_nobody_is_called_and_what_was_begun_can_be_told(town: Town) -> None:
    settle(town)
    start(town, NINE)
    town.command("halt", "--reason", "wrong list", at="2026-03-10T08:01Z")
    assert (
        done(town, "no_answer", "--again-at", "2026-03-10T09:00Z", at="2026-03-10T08:02Z")["state"] == "deferred"
    )
    told = start(town, "2026-03-10T09:30Z", fails=2)
    assert "kill switch" in told["message"]
    assert attempts(town) == [("call", "deferred"), ("call", "released")]
    town.command("resume", "--reason", "all is well")
    assert start(town, "2026-03-10T09:31Z")["started"]
    sound(town)
