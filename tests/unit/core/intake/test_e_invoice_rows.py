"""What electronic invoices say, as rows; and what of them is refused."""

from __future__ import annotations

from datetime import date

import pytest

from duewell.adapters.files import e_invoice
from duewell.adapters.files.places import places
from duewell.core.intake import CreditRow, InvoiceRow
from duewell.core.intake.e_invoice import EInvoice, Fault, Leaf, Paper
from duewell.core.intake.e_invoice_look import look
from duewell.core.intake.e_invoice_rows import NoDueDate, Rules, Taken, row_of
from duewell.core.intake.sellers import Us
from tests import documents

US = Us(("Acme",), ("DE89 3704 0044 0532 0130 00",))


def rules(**more):
    return Rules(US, more.pop("terms_days", None), False, {}, places(), **more)


def outcome(content: bytes, **more):
    told = e_invoice.read("x", content).told
    assert isinstance(told, EInvoice)
    return row_of(told, 1, rules(**more))


def taken(content: bytes, **more) -> Taken:
    found = outcome(content, **more)
    assert isinstance(found, Taken), found
    return found


def reason(content: bytes, **more) -> str:
    found = outcome(content, **more)
    assert isinstance(found, Fault), found
    assert found.remedy
    return found.reason


def test_an_invoice_is_what_is_still_to_be_paid_by_whom_and_until_when():
    row = taken(documents.ubl("A-1", "80.00", total="100.00", prepaid="20.00")).row
    assert isinstance(row, InvoiceRow)
    assert (row.number, row.amount_minor, row.currency) == ("A-1", 80_00, "USD")
    assert (row.issued_on, row.due_on) == (date(2026, 9, 15), date(2026, 10, 15))
    buyer = row.customer
    assert (buyer.number, buyer.name, buyer.emails) == ("C-1", "Amy Bird", ("amy@example.org",))
    assert (buyer.street, buyer.postal_code, buyer.city, buyer.country) == (
        "Main St 1",
        "12345",
        "Springfield",
        "US",
    )


def test_a_credit_note_names_the_invoice_that_it_corrects():
    row = taken(documents.ubl("CN-1", "30.00", root="CreditNote", preceding="A-1")).row
    assert isinstance(row, CreditRow)
    assert (row.number, row.invoice, row.amount_minor) == ("CN-1", "A-1", 30_00)


def test_less_than_nothing_to_pay_is_a_credit_and_a_negative_credit_note_is_refused():
    assert isinstance(taken(documents.ubl("A-1", "-30.00")).row, CreditRow)
    assert "either way" in reason(documents.ubl("CN-1", "-30.00", root="CreditNote"))


def test_a_corrected_invoice_goes_under_the_number_of_the_first_one():
    found = taken(documents.ubl("A-2", "90.00", code="384", preceding="A-1"))
    assert (found.row.number, found.corrects, found.row.reference) == ("A-1", True, "A-2")
    assert "does not say which" in reason(documents.ubl("A-2", "90.00", code="384"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"seller": "Other Ltd"}, "the seller is Other Ltd, not Acme"),
        ({"seller": "Other Ltd", "buyer": "Acme"}, "we are the buyer"),
        ({"buyer": "ACME"}, "seller and buyer are the same"),
        ({"code": "325"}, "pro forma"),
        ({"code": "393"}, "factor"),
        ({"code": "999"}, "not a type of invoice"),
        ({"currency": "XXQ"}, "not a currency"),
        ({"issued": "15.09.2026"}, "not a day of the calendar"),
        ({"issued": "2026-02-30"}, "not a day of the calendar"),
        ({"payable": "1.234,00", "total": "1234"}, "not an amount"),
        ({"payable": "12.345", "total": "12.345"}, "more decimals"),
        ({"total": "200.00"}, None),
        ({"total": "50.00"}, "the sums of the document lead to 50.00"),
        ({"total": "200.00", "prepaid": "20.00"}, "the sums of the document lead to 180.00"),
        ({"number": ""}, "is missing"),
        ({"buyer": ""}, "is missing"),
    ],
)
def test_what_cannot_be_right_is_refused_with_the_reason(changes, said):
    told = {"number": "A-1", "payable": "100.00", **changes}
    content = documents.ubl(**told)
    if said is None:
        assert "the rest is paid" in taken(content).remarks[0].text
    else:
        assert said in reason(content)


def test_the_creditors_own_account_makes_it_the_seller():
    told = e_invoice.read("x", documents.ubl("A-1", "1.00", seller="Acme Holding")).told
    assert isinstance(told, EInvoice)
    assert isinstance(row_of(told, 1, rules()), Fault)
    ours = told._replace(ibans=("DE89370400440532013000",))
    assert isinstance(row_of(ours, 1, rules()), Taken)
    other = told._replace(ibans=("FR7630006000011234567890189",), seller=told.seller._replace(name=Leaf("Acme")))
    found = row_of(other, 1, rules())
    assert isinstance(found, Taken) and "another account" in found.remarks[0].text


def test_without_a_due_date_the_terms_count_and_else_it_is_asked():
    by_terms = taken(documents.ubl("A-1", "1.00", due_on="", terms="Payable within 10 days"))
    assert isinstance(by_terms.row, InvoiceRow) and by_terms.row.due_on == date(2026, 9, 25)
    assert isinstance(outcome(documents.ubl("A-1", "1.00", due_on="")), NoDueDate)
    said = taken(documents.ubl("A-1", "1.00", due_on=""), terms_days=30).row
    assert isinstance(said, InvoiceRow) and said.due_on == date(2026, 10, 15)


def test_a_document_that_says_it_is_a_test_is_taken_in_a_test_home_only():
    told = e_invoice.read("x", documents.ubl("A-1", "1.00")).told
    assert isinstance(told, EInvoice)
    test = told._replace(is_test=True)
    assert isinstance(row_of(test, 1, rules()), Fault)
    assert isinstance(row_of(test, 1, rules(tests_taken=True)), Taken)


def _pile(*contents: bytes):
    papers = [e_invoice.read(f"{at}.xml", content) for at, content in enumerate(contents, 1)]
    return look(papers, rules())


def test_corrections_come_behind_what_they_correct():
    pile = _pile(documents.ubl("A-2", "90.00", code="384", preceding="A-1"), documents.ubl("A-1", "100.00"))
    rows = [[row.row for row in batch.rows] for batch in pile.batches() if batch.rows]
    assert rows == [[2], [1]]


def test_one_number_with_two_sums_is_taken_once_and_said():
    pile = _pile(documents.ubl("A-1", "100.00"), documents.ubl("A-1", "90.00"), documents.ubl("A-1", "100.00"))
    assert [(bad.row, bad.reason) for bad in pile.rejected] == [
        (2, "1.xml has the same number and says otherwise")
    ]
    assert [taken.row.row for taken, _ in pile.taken] == [1, 3]


def test_one_other_seller_of_every_document_is_asked_about_and_several_are_not():
    one = _pile(documents.ubl("1", "1.00", seller="Acme Inc"), documents.ubl("2", "1.00", seller="Acme Inc"))
    assert [question.what for question in one.questions] == ["seller"]
    assert "--seller 'Acme Inc'" in one.questions[0].answer
    several = _pile(documents.ubl("1", "1.00", seller="B"), documents.ubl("2", "1.00", seller="C"))
    assert not several.questions and len(several.rejected) == 2


def test_a_file_that_could_not_be_read_is_one_of_the_rejected():
    pile = look([Paper("a.xml", "", Fault("", "", "it is gone", "Look for it."))], rules())
    assert [(bad.cells, bad.reason) for bad in pile.rejected] == [(("a.xml",), "it is gone")]
