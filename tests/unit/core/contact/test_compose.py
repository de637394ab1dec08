"""Compose: what a message says follows from the permitted proposal, to the minor unit."""

from __future__ import annotations

from datetime import timedelta

import pytest

from duewell.core.contact import Addressee, BadProposal, NotPermitted, Sender, compose
from duewell.core.decide.stages import Stage
from duewell.core.units.ids import AccountId, ReceivableId
from duewell.core.units.money import Money
from tests.golden.email_samples import (
    JOINERY,
    NEUTRAL,
    TODAY,
    Item,
    content_of,
    permit_for,
    proposal_of,
    view_of,
)


def _proposal(*items: Item, credits=None):
    return proposal_of(items, Stage.FIRST, "kind", "en", credits)


def test_a_permit_for_another_account_opens_nothing():
    items = [Item("A-1", -7, 12000)]
    mine = _proposal(*items)
    theirs = mine._replace(account=AccountId(8))
    with pytest.raises(NotPermitted, match="not for 7"):
        compose(permit_for(theirs), mine, view_of(items, JOINERY, NEUTRAL))


@pytest.mark.parametrize(
    "other",
    [
        {"stage": Stage.SECOND},
        {"tone": "formal"},
        {"as_of": TODAY + timedelta(days=1)},
        {"lines": ()},
    ],
)
def test_a_permit_for_another_proposal_of_the_account_opens_nothing(other):
    items = [Item("A-1", -7, 12000)]
    permitted = _proposal(*items)
    with pytest.raises(NotPermitted, match="another proposal"):
        compose(permit_for(permitted), permitted._replace(**other), view_of(items, JOINERY, NEUTRAL))


def test_one_invoice_is_asked_for_by_its_own_number():
    content = content_of([Item("A-1", -7, 12000)])
    assert content.sums == (Money(12000, "EUR"),)
    assert (content.open_items, content.invoice, content.reference) == (1, "A-1", "A-1")
    assert content.earliest_due_on == content.latest_due_on == TODAY - timedelta(days=7)


def test_several_invoices_are_asked_for_by_the_customer_number():
    content = content_of([Item("A-2", -7, 12000), Item("A-1", -20, 5000)])
    assert (content.open_items, content.invoice, content.reference) == (2, "", "C-20417")
    assert [row.number for row in content.tables[0].rows] == ["A-1", "A-2"]


def test_the_oldest_stand_first_in_whatever_order_the_lines_come():
    items = [Item("A-1", -20, 5000), Item("A-2", -7, 12000)]
    proposal = _proposal(*items)
    turned = proposal._replace(lines=proposal.lines[::-1])
    content = compose(permit_for(turned), turned, view_of(items, JOINERY, NEUTRAL))
    assert [row.number for row in content.tables[0].rows] == ["A-1", "A-2"]


def test_several_invoices_of_a_customer_without_a_number_are_asked_for_by_the_oldest():
    items = [Item("A-2", -7, 12000), Item("A-1", -20, 5000)]
    proposal = _proposal(*items)
    view = view_of(items, JOINERY, NEUTRAL, account_number="")
    assert compose(permit_for(proposal), proposal, view).reference == "A-1"


def test_an_invoice_that_a_credit_covers_is_listed_but_no_longer_asked_for():
    content = content_of([Item("A-1", -20, 5000), Item("A-2", -7, 12000)], credits={"EUR": 6000})
    table = content.tables[0]
    assert [row.number for row in table.rows] == ["A-1", "A-2"]
    assert (table.open_minor, table.credit_minor, table.pay_minor) == (17000, 6000, 11000)
    # Only A-2 is left to pay: its number is the reference and its due date stands in the first sentence.
    assert (content.open_items, content.reference) == (1, "A-2")
    assert content.earliest_due_on == TODAY - timedelta(days=7)


def test_a_held_part_is_shown_and_not_asked_for():
    content = content_of([Item("A-1", -20, 5000, held=5000), Item("A-2", -7, 12000, held=2000)])
    table = content.tables[0]
    assert (table.open_minor, table.held_minor, table.pay_minor) == (17000, 7000, 10000)
    assert content.sums == (Money(10000, "EUR"),)
    assert (content.open_items, content.reference) == (1, "A-2")


def test_each_currency_has_its_own_table_and_a_credit_never_nets_another():
    items = [Item("A-1", -9, 5000), Item("B-1", -7, 3000, "USD"), Item("C-1", -7, 700, "JPY")]
    content = content_of(items, credits={"USD": 1000})
    assert [(table.currency, table.pay_minor) for table in content.tables] == [
        ("EUR", 5000),
        ("JPY", 700),
        ("USD", 2000),
    ]
    assert content.sums == (Money(5000, "EUR"), Money(700, "JPY"), Money(2000, "USD"))


def test_a_currency_that_credit_covers_is_shown_and_not_asked_for():
    content = content_of([Item("A-1", -9, 5000), Item("B-1", -7, 3000, "USD")], credits={"USD": 9000})
    assert content.sums == (Money(5000, "EUR"),)
    assert content.tables[1].credit_minor == 3000
    assert content.tables[1].pay_minor == 0


def test_a_currency_that_is_wholly_held_may_come_without_a_net():
    items = [Item("A-1", -9, 5000), Item("B-1", -7, 3000, "USD", held=3000)]
    proposal = _proposal(*items)
    proposal = proposal._replace(nets=tuple(net for net in proposal.nets if net.currency == "EUR"))
    content = compose(permit_for(proposal), proposal, view_of(items, JOINERY, NEUTRAL))
    assert (content.tables[1].open_minor, content.tables[1].pay_minor) == (3000, 0)


def test_thirty_items_are_all_shown():
    content = content_of([Item(f"A-{row}", -row, 100) for row in range(1, 31)])
    assert len(content.tables[0].rows) == 30
    assert content.tables[0].more_count == 0


def test_above_thirty_items_the_oldest_ten_are_shown_with_the_totals_of_all():
    items = [Item(f"A-{row}", -row, 100 + row, "USD" if row % 2 else "EUR", held=row % 3) for row in range(1, 32)]
    content = content_of(items)
    shown = [row.number for table in content.tables for row in table.rows]
    assert sorted(shown) == sorted(f"A-{row}" for row in range(22, 32))
    assert sum(table.more_count for table in content.tables) == 21
    for table in content.tables:
        of_currency = [item for item in items if item.currency == table.currency]
        assert table.open_minor == sum(item.minor for item in of_currency)
        assert table.held_minor == sum(item.held for item in of_currency)
        assert table.open_minor == sum(row.open_minor for row in table.rows) + table.more_minor
        assert table.pay_minor == table.open_minor - table.held_minor


def test_on_paper_every_item_is_shown_and_the_sums_are_the_same():
    items = [Item(f"INV-{row}", -row, 1000 + row) for row in range(320)]
    proposal, view = proposal_of(items, Stage.FIRST, "kind", "en"), view_of(items, JOINERY, NEUTRAL)
    short = compose(permit_for(proposal), proposal, view)
    whole = compose(permit_for(proposal), proposal, view, whole=True)
    assert (len(short.tables[0].rows), len(whole.tables[0].rows)) == (10, 320)
    assert (whole.tables[0].more_count, whole.tables[0].more_minor) == (0, 0)
    assert whole._replace(tables=()) == short._replace(tables=())
    assert (
        whole.tables[0].pay_minor
        == short.tables[0].pay_minor
        == sum(row.open_minor for row in whole.tables[0].rows)
    )


def test_the_answer_is_asked_for_within_seven_days():
    assert content_of([Item("A-1", -7, 12000)]).answer_by == TODAY + timedelta(days=7)


def test_no_answer_is_asked_for_before_the_latest_item_is_due():
    content = content_of([Item("A-1", -7, 12000), Item("A-2", 10, 500)])
    assert content.answer_by == TODAY + timedelta(days=10)


@pytest.mark.parametrize(
    ("items", "credits", "problem"),
    [
        ([Item("A-1", -7, 100, held=100)], None, "nothing to pay"),
        ([Item("A-1", -7, 100)], {"EUR": 100}, "nothing to pay"),
        ([Item("A-1", -7, 100, held=101)], None, "more than is open"),
        ([Item("A-1", -7, 100)], {"EUR": -1}, "below zero"),
        ([Item("\u200b\u202e", -7, 100)], None, "no number"),
    ],
)
def test_a_proposal_that_cannot_be_said_truly_is_refused(items, credits, problem):
    with pytest.raises(BadProposal, match=problem):
        content_of(items, credits=credits)


def test_sums_that_differ_from_the_lines_are_refused():
    items = [Item("A-1", -7, 100)]
    proposal = _proposal(*items)
    proposal = proposal._replace(nets=(proposal.nets[0]._replace(asked_minor=99),))
    with pytest.raises(BadProposal, match="differ"):
        compose(permit_for(proposal), proposal, view_of(items, JOINERY, NEUTRAL))


def test_a_line_without_a_document_is_refused():
    items = [Item("A-1", -7, 100)]
    proposal = _proposal(*items)
    view = view_of(items, JOINERY, NEUTRAL)._replace(documents={})
    with pytest.raises(BadProposal, match=f"receivable {ReceivableId(1)}"):
        compose(permit_for(proposal), proposal, view)


def test_the_language_falls_back_to_the_creditors_and_then_to_english():
    items = [Item("A-1", -7, 100)]
    german = JOINERY._replace(language="de")
    assert content_of(items, language="de-AT").words.language == "de"
    assert content_of(items, language="pt", sender=german).words.language == "de"
    assert content_of(items, language="", sender=german).words.language == "de"
    assert content_of(items, language="pt", sender=JOINERY._replace(language="sv")).words.language == "en"


def test_names_and_addresses_are_made_safe():
    sender = Sender(
        "Evil\r\nBcc: all@example.org",
        "a@example.org",
        address=("1 \u202eteertS hgiH", " "),
        iban="de89 3704 0044",
        payment_note="x" * 600,
    )
    addressee = Addressee("b@bücher.example", name="Al\u200bex\n Kim", family_name="K" * 81, country="gb")
    content = content_of([Item("A\u2066-1\x00", -7, 100)], sender, addressee)
    assert content.sender.name == "Evil Bcc: all@example.org"
    assert content.sender.address == ("1 teertS hgiH",)
    assert content.sender.iban == "DE8937040044"
    assert len(content.sender.payment_note) == 500
    assert content.addressee.address == "b@xn--bcher-kva.example"
    assert (content.addressee.name, content.addressee.family_name) == ("Alex Kim", "")
    assert content.country == "GB"
    assert content.reference == "A-1"
