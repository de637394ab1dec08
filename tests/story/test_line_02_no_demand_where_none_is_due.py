"""2. No demand goes to an account that is paid, credited, disputed (for that part), promised, held or stopped
when it would start; and no contact of any kind outside the law's hours, counts and waits.

In each story the reminder is decided in the night, and something is learned before it leaves.
"""

from __future__ import annotations

import pytest

from tests.town import Town

pytestmark = pytest.mark.usefixtures("anna_owes_a_hundred")


def test_a_payment_an_hour_before_the_post_leaves_stops_the_reminder(either_town: Town) -> None:
    town = either_town
    # 10 March, night: nine days late, a reminder is decided
    assert town.night("2026-03-10")["proposals"] == {"first": 1}
    # 10 March, morning: the money arrives
    town.pays("INV-1", "100.00 EUR", at="2026-03-10T08:00Z")
    # 10 March, noon: the post leaves without it
    sent = town.send(at="2026-03-10T11:00Z")
    assert (sent["accepted"], sent["withheld"]) == (0, {"paid": 1})
    assert town.received() == []
    assert town.facts(since="2026-03-10") == [
        "contact.claimed",
        "ledger.posted",
        "contact.withheld",
        "contact.freed",
    ]


def test_a_part_payment_lowers_the_sum_and_nothing_else(town: Town) -> None:
    # 10 March: a reminder is decided, then forty euros arrive
    town.night("2026-03-10")
    town.pays("INV-1", "40.00 EUR", at="2026-03-10T08:00Z")
    # the reminder that leaves asks for the sixty that are left
    town.send(at="2026-03-10T11:00Z")
    (mail,) = town.received()
    assert (mail.stage, mail.pay, mail.opening) == ("first", {"EUR": 60_00}, {"EUR": 60_00})


def test_a_credit_note_that_covers_the_invoice_stops_the_reminder(town: Town) -> None:
    town.night("2026-03-10")
    # 10 March, morning: a credit note without an invoice, larger than what is owed
    town.credits("C-1", "120.00 EUR", at="2026-03-10T08:00Z")
    assert town.send(at="2026-03-10T11:00Z")["withheld"] == {"credited": 1}
    assert town.received() == []
    # 11 March: nothing is decided, and the reason is the credit
    assert town.night("2026-03-11")["rests"] == {"credited": 1}


def test_a_dispute_that_arrives_after_the_decision_stops_the_letter(either_town: Town) -> None:
    town = either_town
    # 10 March, night: nine days late, a reminder is decided
    town.night("2026-03-10")
    # 10 March, morning: the customer disputes the invoice
    town.disputes("INV-1", at="2026-03-10T07:30Z")
    # 10 March, noon: the outbox runs, and the answer is no
    assert town.send(at="2026-03-10T12:00Z")["withheld"] == {"disputed": 1}
    assert town.received() == []
    assert town.facts(since="2026-03-10") == [
        "contact.claimed",
        "agree.held",
        "contact.withheld",
        "contact.freed",
    ]


def test_only_the_undisputed_part_is_asked_for(town: Town) -> None:
    town.disputes("INV-1", amount="30.00", at="2026-03-09T08:00Z")
    # 10 March: seventy of the hundred may be asked for
    town.night("2026-03-10")
    town.send(at="2026-03-10T11:00Z")
    (mail,) = town.received()
    assert mail.pay == {"EUR": 70_00}
    assert [(item.open_minor, item.held_minor) for item in mail.items] == [(100_00, 30_00)]


def test_a_promise_is_waited_for_until_its_day_and_no_longer(town: Town) -> None:
    town.promises("INV-1", until="2026-03-13", at="2026-03-09T08:00Z")
    # 10 to 12 March: we wait
    for day in ("2026-03-10", "2026-03-11", "2026-03-12"):
        assert town.night(day)["rests"] == {"promised": 1}
    # 13 March, a Friday: the promise was not kept, and the ladder goes on where it was
    assert town.night("2026-03-13")["proposals"] == {"first": 1}
    town.send(at="2026-03-13T11:00Z")
    assert [mail.stage for mail in town.received()] == ["first"]


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("hardship", "hardship"),
        ("representation", "represented"),
        ("death", "deceased"),
        ("insolvency", "insolvent"),
        ("other", "held"),
    ],
)
def test_a_hold_of_the_whole_account_silences_everything(town: Town, kind: str, word: str) -> None:
    town.night("2026-03-10")
    town.holds("C-1", kind, review="2026-04-10", at="2026-03-10T08:00Z")
    assert town.send(at="2026-03-10T11:00Z")["withheld"] == {word: 1}
    assert town.night("2026-03-11")["rests"] == {word: 1}
    assert town.received() == []


def test_who_says_stop_is_not_written_to_and_may_allow_it_again(either_town: Town) -> None:
    town = either_town
    town.night("2026-03-10")
    # 10 March, morning: "no more e-mails, please"
    town.stops("C-1", at="2026-03-10T08:00Z")
    assert town.send(at="2026-03-10T11:00Z")["withheld"] == {"stops.opt_out": 1}
    assert town.night("2026-03-11")["refused"] == {"stops.opt_out": 1}
    # 12 March: Anna changes her mind
    town.resumes("C-1", at="2026-03-12T00:30Z")
    town.night("2026-03-12")
    town.send(at="2026-03-12T11:00Z")
    assert [mail.stage for mail in town.received()] == ["first"]


def test_old_books_send_nothing(town: Town) -> None:
    # from now on lists older than three days count for nothing; the newest is of 2 February
    town.command("creditor", "edit", "light", "--books-max-age", "3", at="2026-03-09T08:00Z")
    assert town.night("2026-03-10")["rests"] == {"books_too_old": 1}
    # 10 March: a fresh list comes in, and the night after decides
    town.invoices(
        "number  customer  issued  due  amount\nINV-1  C-1  2026-02-01  2026-03-01  100.00 EUR",
        at="2026-03-10T08:00Z",
    )
    town.night("2026-03-11")
    # 11 to 15 March: nobody sends; by then the list is too old again, and the message waits
    assert town.send(at="2026-03-16T11:00Z")["accepted"] == 0
    assert town.received() == []


@pytest.mark.parametrize(
    ("at", "accepted"),
    [
        ("2026-03-10T06:59Z", 0),  # 07:59 in Berlin
        ("2026-03-10T07:00Z", 1),  # 08:00
        ("2026-03-10T18:59Z", 1),  # 19:59
        ("2026-03-10T19:00Z", 0),  # 20:00
    ],
)
def test_nobody_is_written_to_before_eight_or_from_eight_in_the_evening(
    town: Town, at: str, accepted: int
) -> None:
    town.night("2026-03-10")
    assert town.send(at=at)["accepted"] == accepted


def test_the_clock_of_the_customer_counts_and_not_that_of_the_creditor(town: Town) -> None:
    town.customers(
        """
        number  name       email            country  region  zone
        C-2     Kei Mori   kei@mori.example  JP      -       Asia/Tokyo
        C-3     Sam Hall   sam@hall.example  US      NY      America/New_York
        """
    )
    town.invoices(
        """
        number  customer  issued      due         amount
        INV-2   C-2       2026-02-01  2026-03-01  100.00 EUR
        INV-3   C-3       2026-02-01  2026-03-01  100.00 EUR
        """
    )
    assert town.night("2026-03-10")["proposals"] == {"first": 3}
    # 09:00 in Berlin is 17:00 in Tokyo and, since Sunday's change of clocks, 04:00 in New York
    town.send(at="2026-03-10T08:00Z")
    assert {mail.to for mail in town.received()} == {"anna@berg.example", "kei@mori.example"}
    # 13:00 in Berlin is 08:00 in New York: a week earlier it would have been 07:00
    town.send(at="2026-03-10T12:00Z")
    assert [mail.to for mail in town.received()][2:] == ["sam@hall.example"]


def test_sundays_and_holidays_are_quiet(town: Town) -> None:
    # Good Friday of 2026 is 3 April, Easter Monday 6 April; weekends are no business days either
    for day in ("2026-04-03", "2026-04-04", "2026-04-05", "2026-04-06"):
        assert sum(town.night(day)["proposals"].values()) == 0
    assert town.night("2026-04-07")["proposals"] == {"first": 1}


def test_three_contacts_in_seven_days_are_enough_for_one_person(town: Town) -> None:
    # Anna has four accounts with us, under the same name and address
    rows = "\n".join(f"C-{number}  Anna Berg  anna@berg.example  DE  Europe/Berlin" for number in (2, 3, 4))
    town.customers(f"number  name  email  country  zone\n{rows}")
    rows = "\n".join(f"INV-{number}  C-{number}  2026-02-01  2026-03-01  50.00 EUR" for number in (2, 3, 4))
    town.invoices(f"number  customer  issued  due  amount\n{rows}")
    # 10 March: four reminders are decided, and three leave
    assert town.night("2026-03-10")["proposals"] == {"first": 4}
    sent = town.send(at="2026-03-10T11:00Z")
    assert (sent["accepted"], sent["withheld"]) == (3, {"frequency": 1})
    # 16 March: the seventh day, still quiet; 17 March: the fourth leaves by itself
    assert town.send(at="2026-03-16T11:00Z")["accepted"] == 0
    assert town.send(at="2026-03-17T11:00Z")["accepted"] == 1
    assert len(town.received("anna@berg.example")) == 4
