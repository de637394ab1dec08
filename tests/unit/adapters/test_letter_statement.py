"""The statement as paper: every line of the flow's, in the customer's language, with the same sums."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from duewell.adapters.channels.letter import labels, statement
from duewell.adapters.channels.letter.press import Press
from duewell.adapters.texts import LANGUAGES
from duewell.core.contact.post import Post
from duewell.core.ledger import statement as lines
from duewell.core.party.postal import PostalAddress
from tests import paper
from tests.golden.email_samples import JOINERY, WERKSTATT
from tests.golden.letter_samples import HOUSES, OFFICES

POST = Post("Jana Müller", HOUSES["DE"], OFFICES["de"], "C-20417")


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    """One process for all papers here."""
    with Press(1) as started:
        yield started


def _line(
    on: str, kind: str, amount: int, balance: int, invoice: str = "", currency: str = "EUR"
) -> dict[str, Any]:
    return {
        "on": on,
        "kind": kind,
        "invoice": invoice,
        "currency": currency,
        "amount_minor": amount,
        "moved_minor": 0 if amount else 100,
        "balance_minor": balance,
    }


TOLD = {
    "account": "C-20417",
    "as_of": "2026-03-10",
    "lines": [
        _line("2026-01-05", "invoice", 12000, 12000, "INV-1"),
        _line("2026-01-20", "payment", -5000, 7000),
        _line("2026-01-20", "applied", 0, 7000, "INV-1"),
        _line("2026-02-01", "credit_note", -999, -999, currency="CHF"),
    ],
    "balances": {"CHF": -999, "EUR": 7000},
}


def test_each_line_stands_with_its_sum_and_the_balance_after_it(press: Press):
    (page,) = paper.text(press.set(statement.job(TOLD, WERKSTATT, POST, "de", "DE")))
    assert "Kontoauszug, Stand 10. März 2026" in page
    assert "05.01.2026 Rechnung INV-1 120,00 € 120,00 €" in page
    assert "20.01.2026 Zahlung, vielen Dank −50,00 € 70,00 €" in page
    assert "01.02.2026 Gutschrift −9,99 CHF −9,99 CHF" in page
    assert "Zu zahlen 70,00 €" in page
    assert "Zu Ihren Gunsten 9,99 CHF" in page
    # What only moved onto an invoice changed nothing.
    assert page.count("INV-1") == 1


def test_what_was_owed_before_the_part_that_is_shown_comes_first(press: Press):
    told = {**TOLD, "lines": TOLD["lines"][1:2]}
    (page,) = paper.text(press.set(statement.job(told, WERKSTATT, POST, "de", "DE")))
    assert "Übertrag 120,00 €" in page


def test_an_account_without_entries_says_so(press: Press):
    told = {"account": "C-20417", "as_of": "2026-03-10", "lines": [], "balances": {}}
    (page,) = paper.text(press.set(statement.job(told, JOINERY, POST, "en", "GB")))
    assert "There are no entries." in page


def test_a_customer_whose_address_nobody_knows_still_gets_a_statement(press: Press):
    post = POST._replace(address=PostalAddress("DE"))
    (page,) = paper.text(press.set(statement.job(TOLD, WERKSTATT, post, "de", "DE")))
    assert "Jana Müller" in page


def test_a_long_account_is_counted_in_pages(press: Press):
    rows = [_line("2026-01-05", "invoice", 100, 100 * row, f"INV-{row}") for row in range(1, 321)]
    told = {"account": "C-20417", "as_of": "2026-03-10", "lines": rows, "balances": {"EUR": 32000}}
    pages = paper.text(press.set(statement.job(told, JOINERY, POST, "en", "GB")))
    assert len(pages) > 5
    assert all(f"Page {number} of {len(pages)}" in page for number, page in enumerate(pages, start=1))
    assert sum(page.count("Invoice INV-") for page in pages) == 320


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_kind_of_line_has_a_word_in_every_language(language: str):
    kinds = {name.removeprefix("kind_") for name in labels.paper(language).sentences}
    known = {*lines._KINDS.values(), "moved", "reversal", "list", "seen", "in_list"}
    assert known - statement._ADJUSTED <= kinds
