"""What a customer reads: the right greeting, the right first sentence, the same in plain text and on the page."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from duewell.adapters.channels.email.render import render
from duewell.adapters.texts import Texts
from duewell.core.contact import Addressee, Sender
from tests.golden.email_samples import FIRM, JOINERY, WERKSTATT, Item, content_of

TO = "someone@example.org"


def _paragraphs(items, **given) -> list[str]:
    return render(content_of(items, **given)).text.split("\n\n")


def _greeting(addressee: Addressee, language: str, tone: str) -> str:
    return _paragraphs([Item("A-1", -7, 100)], addressee=addressee, language=language, tone=tone)[0]


@pytest.mark.parametrize(
    ("addressee", "english", "formal", "german"),
    [
        (
            Addressee(TO, "person", "Jana Müller", "Jana", "Müller", "ms"),
            "Hello Ms Müller,",
            "Dear Ms Müller,",
            "Guten Tag Frau Müller,",
        ),
        (
            Addressee(TO, "person", "", "Emre", "Özdemir", "mr"),
            "Hello Mr Özdemir,",
            "Dear Mr Özdemir,",
            "Guten Tag Herr Özdemir,",
        ),
        (
            Addressee(TO, "person", "Alex Kim", "Alex", "Kim"),
            "Hello Alex Kim,",
            "Dear Alex Kim,",
            "Guten Tag Alex Kim,",
        ),
        (Addressee(TO, "unknown", "Alex Kim"), "Hello Alex Kim,", "Dear Alex Kim,", "Guten Tag Alex Kim,"),
        (Addressee(TO, "person", "Anna", "Anna", "", "ms"), "Hello Anna,", "Dear Anna,", "Guten Tag Anna,"),
        (Addressee(TO, "business", "Lichthof AG"), "Hello,", "Good day,", "Guten Tag,"),
        (
            Addressee(TO, "business", "Lichthof AG", "Eva", "Licht", "ms"),
            "Hello Ms Licht,",
            "Dear Ms Licht,",
            "Guten Tag Frau Licht,",
        ),
        (Addressee(TO, "person"), "Hello,", "Good day,", "Guten Tag,"),
        # Exports often have a customer number where the name should be.
        (Addressee(TO, "unknown", "0379-NEVHP"), "Hello,", "Good day,", "Guten Tag,"),
        (Addressee(TO, "person", "x" * 100), "Hello,", "Good day,", "Guten Tag,"),
    ],
)
def test_the_greeting_fits_the_person(addressee, english, formal, german):
    assert _greeting(addressee, "en", "kind") == english
    assert _greeting(addressee, "en", "formal") == formal
    assert _greeting(addressee, "de", "kind") == german
    assert _greeting(addressee, "de", "formal") == german


@pytest.mark.parametrize(
    ("items", "english", "german"),
    [
        (
            [Item("A-1", -7, 12000)],
            "Your payment of €120.00 for invoice A-1 was due on 3 March 2026.",
            "Ihre Zahlung über 120,00 € für die Rechnung A-1 war am 3. März 2026 fällig.",
        ),
        (
            [Item("A-1", 0, 12000)],
            "Your payment of €120.00 for invoice A-1 is due today, 10 March 2026.",
            "Ihre Zahlung über 120,00 € für die Rechnung A-1 ist heute, am 10. März 2026, fällig.",
        ),
        (
            [Item("A-1", 3, 12000)],
            "Your payment of €120.00 for invoice A-1 is due on 13 March 2026.",
            "Ihre Zahlung über 120,00 € für die Rechnung A-1 ist am 13. März 2026 fällig.",
        ),
        (
            [Item("A-1", -7, 12000), Item("A-2", -7, 500)],
            "Your payment of €125.00 for 2 invoices was due on 3 March 2026.",
            "Ihre Zahlung über 125,00 € für 2 Rechnungen war am 3. März 2026 fällig.",
        ),
        (
            [Item("A-1", -7, 12000), Item("A-2", 2, 3000, "USD")],
            "Your payment of €120.00 and US$30.00 for 2 invoices is open, and the oldest was due on 3 March 2026.",
            "Ihre Zahlung über 120,00 € und 30,00 $ für 2 Rechnungen steht aus; "
            "die älteste war am 3. März 2026 fällig.",
        ),
        (
            [Item("A-1", 0, 12000), Item("A-2", 2, 3000)],
            "Your payment of €150.00 for 2 invoices is coming up, and the first is due today, 10 March 2026.",
            "Ihre Zahlung über 150,00 € für 2 Rechnungen steht an; die erste ist heute, am 10. März 2026, fällig.",
        ),
        (
            [Item("A-1", 1, 12000), Item("A-2", 2, 3000)],
            "Your payment of €150.00 for 2 invoices is coming up, and the first is due on 11 March 2026.",
            "Ihre Zahlung über 150,00 € für 2 Rechnungen steht an; die erste ist am 11. März 2026 fällig.",
        ),
    ],
)
def test_the_first_sentence_has_sum_and_date_and_the_right_tense(items, english, german):
    assert _paragraphs(items)[1] == english
    # A sum does not break at its end.
    assert _paragraphs(items, language="de")[1] == german.replace(" €", "\u00a0€").replace(" $", "\u00a0$")


def test_dates_and_sums_follow_the_country_of_the_reader():
    american = _paragraphs([Item("A-1", -7, 3000, "USD")], addressee=FIRM)[1]
    assert american == "Your payment of $30.00 for invoice A-1 was due on March 3, 2026."


def test_the_subject_names_the_matter_and_its_reference_and_no_sum():
    one = render(content_of([Item("A-1", -7, 12000)])).subject
    many = render(content_of([Item("A-1", -7, 12000), Item("A-2", -3, 5000)])).subject
    assert one == "A friendly reminder: invoice A-1 from North Sea Joinery Ltd"
    assert many == "A friendly reminder: 2 invoices from North Sea Joinery Ltd, reference C-20417"


def test_an_endless_number_does_not_make_an_endless_subject():
    assert len(render(content_of([Item("A" * 3000, -7, 12000)])).subject) == 250


def test_the_plain_text_lists_items_and_leads_from_open_to_pay():
    items = [Item("A-1", -20, 5000, held=1000), Item("A-2", -7, 12000)]
    text = render(content_of(items, credits={"EUR": 2500})).text
    assert (
        "What is open\n"
        "A-1, due 18 Feb 2026, issued 4 Feb 2026, €10.00 on hold: €50.00\n"
        "A-2, due 3 Mar 2026, issued 17 Feb 2026: €120.00\n"
        "Total open: €170.00\n"
        "On hold, not asked for now: −€10.00\n"
        "Your credit: −€25.00\n"
        "To pay: €135.00\n"
    ) in text


def test_the_plain_text_says_how_to_pay_and_under_which_reference():
    text = render(content_of([Item("A-1", -7, 12000)])).text
    assert (
        "How to pay\n"
        "Account holder: North Sea Joinery Ltd\n"
        "IBAN: GB33 BUKB 2020 1555 5555 55\n"
        "BIC: BUKBGB22\n"
        "Amount: €120.00\n"
        "Reference: A-1\n"
    ) in text


def test_a_payment_note_stands_in_for_an_iban():
    sender = Sender("Acme", "a@acme.example", payment_note="Pay at https://pay.acme.example.")
    rendered = render(content_of([Item("A-1", -7, 12000)], sender=sender))
    assert "Amount: €120.00\nReference: A-1\nPay at https://pay.acme.example.\n" in rendered.text
    assert "IBAN" not in rendered.text + rendered.html
    assert "Pay at https://pay.acme.example." in rendered.html


def test_without_a_phone_the_text_asks_for_a_reply_only():
    sender = JOINERY._replace(phone="")
    assert "Just reply: a person will help." in render(content_of([Item("A-1", -7, 100)], sender=sender)).text


def test_forty_items_show_ten_and_count_the_rest():
    text = render(content_of([Item(f"A-{row}", -row, 100) for row in range(1, 41)])).text
    assert text.count(", due ") == 10
    assert "and 30 more invoices: €30.00\n" in text
    one_more = render(
        content_of([Item(f"A-{row}", -row, 100, "EUR" if row > 1 else "USD") for row in range(1, 32)])
    )
    assert "and 1 more invoice: US$1.00\n" in one_more.text


class _Structure(HTMLParser):
    """Tables with their role, headers with their scope, and every address that a browser could load."""

    def __init__(self) -> None:
        super().__init__()
        self.layout, self.data, self.scopes, self.addresses, self.tags = 0, 0, [], [], set()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.add(tag)
        if tag == "table":
            self.layout += given.get("role") == "presentation"
            self.data += given.get("role") is None
        if tag == "th":
            self.scopes.append(given.get("scope"))
        self.addresses += [value for name, value in attrs if name in ("src", "href", "background", "srcset")]


def _structure(html: str) -> _Structure:
    found = _Structure()
    found.feed(html)
    return found


def test_the_page_loads_nothing_and_its_tables_say_what_they_are():
    items = [Item("A-1", -20, 5000), Item("B-1", -7, 3000, "USD")]
    html = render(content_of(items)).html
    found = _structure(html)
    assert all(address.startswith(("tel:", "mailto:")) for address in found.addresses)
    assert not found.tags & {"img", "script", "link", "iframe", "object", "form", "base"}
    assert "url(" not in html
    assert "@import" not in html
    # Two item tables and the payment; everything else only holds the page together.
    assert (found.data, None in found.scopes) == (3, False)
    assert found.layout >= 6
    assert '<html lang="en"' in html
    assert 'content="light dark"' in html


def test_what_customers_wrote_is_text_and_never_markup():
    addressee = Addressee(TO, "person", '<img src=x onerror="a()">', "", "<script>alert(1)</script>", "ms")
    items = [Item('"><b>A-1</b>&amp;%(sum)s{sum}', -7, 100)]
    sender = JOINERY._replace(name="A <i>& B", payment_note="<a href=//x>y</a>", phone='"+1<')
    html = render(content_of(items, sender=sender, addressee=addressee)).html
    found = _structure(html)
    assert not found.tags & {"img", "script", "b", "i"}
    assert all(address.startswith(("tel:", "mailto:")) for address in found.addresses)
    assert "&quot;&gt;&lt;b&gt;A-1&lt;/b&gt;&amp;amp;%(sum)s{sum}" in html


def test_a_name_written_right_to_left_is_kept_apart():
    addressee = Addressee(TO, "person", "דנה לוי")
    assert "<bdi>דנה לוי</bdi>" in render(content_of([Item("A-1", -7, 100)], addressee=addressee)).html


def test_the_words_of_an_installation_are_used(tmp_path):
    folder = tmp_path / "en" / "kind"
    folder.mkdir(parents=True)
    (folder / "first.yaml").write_text(
        'subject: "Note {reference}"\nmessage:\n  - "Hi {creditor.phone}."\n', "utf-8"
    )
    content = content_of([Item("A-1", -7, 100)], sender=WERKSTATT)
    rendered = render(content, Texts(tmp_path))
    assert rendered.subject == "Note A-1"
    assert "Hi +49 30 23125 123." in rendered.text
