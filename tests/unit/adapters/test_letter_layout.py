"""Where things stand on the sheet, in millimetres, read back from the PDF."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from duewell.adapters.channels.letter.layouts import layout, names
from duewell.adapters.channels.letter.press import CannotBeSet, Press
from duewell.adapters.channels.letter.render import job
from duewell.adapters.channels.letter.sheet import sheet
from duewell.core.contact import compose
from duewell.core.contact.post import Post
from duewell.core.decide.stages import Stage
from duewell.core.party import postal
from duewell.core.party.postal import PostalAddress
from tests import paper
from tests.golden.email_samples import (
    FRAU,
    JOINERY,
    NEUTRAL,
    WERKSTATT,
    Item,
    content_of,
    permit_for,
    proposal_of,
    view_of,
)
from tests.golden.letter_samples import HOUSES, letter_sample

LONG = PostalAddress(
    "DE",
    lines=(
        "c/o Dienstleistungszentrum Rechnungswesen",
        "Gebäude 14, Aufgang C, 3. Obergeschoss",
        "Straße der Deutsch-Sowjetischen Freundschaft 1234a",
        "14974 Ludwigsfelde-Struveshof",
    ),
)
SENDERS = {
    country: PostalAddress(country, "Main Street 1", "12345", "Town", "CA")
    for country in ("DE", "AT", "CH", "FR", "GB", "US", "NL", "IT", "ES", "CA", "JP")
}


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    """One process for all letters here."""
    with Press(1) as started:
        yield started


@pytest.mark.parametrize("country", sorted(SENDERS))
@pytest.mark.parametrize("house", [HOUSES["DE"], LONG, HOUSES["GB"]], ids=["short", "long", "abroad"])
def test_the_address_stands_in_the_window_and_nothing_else_does(press: Press, country: str, house: PostalAddress):
    content, _ = letter_sample("en", "kind", "first")
    post = Post(
        "Zentralverband der Möbelhändler und Innenausstatter in Europa e. V.", house, SENDERS[country], "C-20417"
    )
    pdf = press.set(job(content, post))
    at = layout(country)
    window = at["window"]
    assert paper.sizes(pdf)[0] == pytest.approx((at["width"], at["height"]), abs=0.1)
    last = postal.lines(house)[-1]
    first_words, last_words = paper.places(pdf, "Zentralverband")[0], paper.places(pdf, last)[0]
    for place in (first_words, last_words):
        assert place.page == 1
        assert place.left == pytest.approx(window["x"], abs=0.6)
        assert place.right <= window["x"] + window["width"] + 0.1
    # The box is measured by capitals; a few letters are a little taller.
    assert first_words.top >= window["y"] - 0.5
    assert last_words.bottom <= window["y"] + window["height"]
    # The date and the first words of the letter keep away from the window.
    date = paper.places(pdf, "10 March 2026")[0]
    assert date.left > window["x"] + window["width"] or date.right < window["x"]
    assert paper.places(pdf, sheet(content, post)["subject"][:20])[0].top == pytest.approx(at["body"], abs=3)


def test_a_german_letter_keeps_the_measures_of_din_5008_form_b(press: Press):
    content = content_of([Item("INV-2041", -7, 12000)], WERKSTATT, FRAU, "first", "kind", "de")
    pdf = press.set(job(content, Post("Jana Müller", HOUSES["DE"], SENDERS["DE"], "C-20417")))
    back_line = paper.places(pdf, "Main Street 1")[0]
    # Address field 45 mm to 90 mm from the top and from 20 mm to 105 mm; the address itself from 62.7 mm.
    assert 57 <= back_line.top < back_line.bottom <= 62.7
    assert back_line.right <= 105
    name = paper.places(pdf, "Jana Müller")[0]
    assert (name.left, name.top) == pytest.approx((25, 62.7), abs=1.2)
    assert paper.places(pdf, "10178 Berlin")[0].bottom <= 90


def test_every_layout_has_room_for_what_it_holds():
    for country in SENDERS:
        at = layout(country)
        window = at["window"]
        assert window["y"] + window["height"] <= at["body"]
        assert window["x"] + window["width"] <= at["width"]
        assert at["facts"]["x"] + at["facts"]["width"] <= at["width"] - at["right"] + 1
    assert {"din", "sn", "nf", "bs", "us", "nen", "south"} == set(names())


def test_many_items_fill_pages_that_are_counted(press: Press):
    content = content_of(
        [Item(f"INV-{row}", -row, 1000 + row) for row in range(30)], WERKSTATT, FRAU, "second", "kind", "de"
    )
    pages = paper.text(press.set(job(content, Post("Jana Müller", HOUSES["DE"], SENDERS["DE"], "C-20417"))))
    assert len(pages) == 2
    assert "Seite 1 von 2" in pages[0]
    assert "Seite 2 von 2" in pages[1]
    # The heads of the columns stand on both.
    assert all("Rechnung Offen" in page for page in pages)


def test_a_payment_part_stands_at_the_foot_of_its_own_sheet_where_there_is_no_room(press: Press):
    swiss = WERKSTATT._replace(iban="CH9300762011623852957", account_holder="", payment_note="")
    post = Post("Jana Müller", HOUSES["CH"], HOUSES["CH"], "C-20417")
    for count, sheets in ((1, 1), (12, 2)):
        items = [Item(f"INV-{row}", -row - 1, 1000 + row, "CHF") for row in range(count)]
        pdf = press.set(job(content_of(items, swiss, FRAU, "first", "kind", "de"), post))
        assert len(paper.sizes(pdf)) == sheets
        title = paper.places(pdf, "Zahlteil")[0]
        assert title.page == sheets
        assert (title.left, title.top) == pytest.approx((67, 192 + 5), abs=1)
        receipt = paper.places(pdf, "Empfangsschein")[0]
        assert (receipt.left, receipt.top) == pytest.approx((5, 192 + 5), abs=1)
        account = paper.places(pdf, "Konto / Zahlbar an")
        assert sorted(round(place.left) for place in account) == [5, 118]
        # No word of the letter runs into it.
        closing = paper.places(pdf, "Freundliche Grüße")[0]
        assert closing.page < sheets or closing.bottom < 192


def test_a_sender_without_telephone_or_logo_still_makes_a_letter(press: Press):
    bare = JOINERY._replace(phone="", address=())
    content = content_of([Item("INV-1", -7, 12000)], bare)
    pages = paper.text(press.set(job(content, Post("Alex Kim", HOUSES["GB"], SENDERS["GB"]))))
    assert len(pages) == 1
    assert "North Sea Joinery Ltd" in pages[0]
    assert "Phone" not in pages[0]
    assert "Customer number" not in pages[0]


def test_a_sender_without_an_address_makes_none_and_is_told_what_to_do():
    content = content_of([Item("INV-1", -7, 12000)], JOINERY)
    with pytest.raises(CannotBeSet, match="creditor edit KEY --street"):
        job(content, Post("Alex Kim", HOUSES["GB"], PostalAddress("GB")))


def test_an_account_with_320_items_is_listed_whole_and_the_sum_stands_once_at_its_end(press: Press):
    items = [Item(f"INV-{row:04d}", -row, 1000 + row) for row in range(320)]
    proposal = proposal_of(items, Stage.FIRST, "kind", "en")
    content = compose(permit_for(proposal), proposal, view_of(items, JOINERY, NEUTRAL), whole=True)
    pages = paper.text(press.set(job(content, Post("Alex Kim", HOUSES["GB"], SENDERS["GB"], "C-20417"))))
    assert len(pages) == 8
    listed = re.findall(r"^INV-(\d{4}) ", "\n".join(pages), re.MULTILINE)
    # Oldest due first, each once, on whichever page.
    assert listed == [f"{row:04d}" for row in reversed(range(320))]
    assert [page.count("To pay") for page in pages] == [0] * 7 + [1]
    assert all(f"Page {number} of 8" in page for number, page in enumerate(pages, start=1))
