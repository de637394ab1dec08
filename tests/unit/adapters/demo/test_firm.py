"""The made-up firm: what is drawn by the seed is the same again, and money is neither made nor lost."""

from __future__ import annotations

from datetime import date, timedelta

from duewell.adapters.demo.firm import firm
from duewell.adapters.demo.habits import NEVER, Deed, Habit, answer, by_itself

START = date(2026, 3, 2)


def test_the_same_seed_makes_the_same_firm() -> None:
    one, same, other = firm(3, START, 40, 50), firm(3, START, 40, 50), firm(4, START, 40, 50)
    assert one.debts == same.debts
    assert one.customers == same.customers
    assert one.debts != other.debts


def test_customers_differ_in_number_and_address_and_speak_three_languages() -> None:
    customers = firm(1, START, 1, 2_000).customers.values()
    addresses = [each.email for each in customers if each.email]
    assert len({each.number for each in customers}) == 2_000
    assert len(set(addresses)) == len(addresses) > 1_850
    assert all(each.phone and each.street for each in customers)
    assert {each.language for each in customers} == {"de", "en", "fr"}


def test_what_is_paid_credited_and_open_adds_up_to_what_was_billed() -> None:
    told = firm(2, START, 60, 80)
    paid = credited = 0
    for number in range(60):
        day = START + timedelta(days=number)
        told.reads([debt.number for debt in told.open_items(day)][::7], day)
        credited += sum(note.amount_minor for _, note in told.settles(day) if note is not None)
        paid += sum(one.amount_minor for one in told.pays(day))
    assert paid > 0
    assert credited > 0
    assert paid + credited + sum(debt.open_minor for debt in told.debts) == sum(
        debt.amount_minor for debt in told.debts
    )
    assert all(debt.open_minor >= 0 for debt in told.debts)


def test_without_a_message_the_firm_and_the_world_without_one_are_the_same() -> None:
    told = firm(6, START, 30, 60)
    for number in range(30):
        told.pays(START + timedelta(days=number))
    end = START + timedelta(days=30)
    assert [debt.number for debt in told.open_items(end)] == [debt.number for debt in told.open_without(end)]


def test_mail_to_the_old_address_of_somebody_who_moved_does_not_arrive_and_to_the_new_one_does() -> None:
    told = firm(1, START, 60, 400)
    before = {number: each.email for number, each in told.customers.items()}
    moved = [each for number in range(60) for each in told.new_addresses(START + timedelta(days=number))]
    assert moved
    for customer in moved:
        assert told.works(before[customer.number], START)
        assert not told.works(before[customer.number], START + timedelta(days=60))
        assert told.works(customer.email, START + timedelta(days=60))
    assert not told.works("nobody@nowhere.example", START)


def test_nobody_pays_on_a_weekend_or_before_they_have_read() -> None:
    for place in range(200):
        day = by_itself(1, f"RE-{place}", Habit.SLOW, START)
        assert day == NEVER or day.weekday() < 5
        reaction = answer(1, f"RE-{place}", Habit.FORGETFUL, 1, START, was_due=True)
        if reaction.deed is Deed.PAYS:
            assert START < reaction.on <= START + timedelta(days=9)
            assert reaction.on.weekday() < 5
