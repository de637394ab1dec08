"""Each language as its people write it: signs and spaces, plural forms, dates, greetings, no English left over."""

from __future__ import annotations

import re

import pytest

from duewell.adapters.channels.email.render import render
from duewell.adapters.texts import LANGUAGES, update
from duewell.adapters.texts.catalogue import load
from duewell.core.contact import Addressee
from tests.golden.email_samples import JOINERY, Item, content_of

TO = "someone@example.org"
OTHERS = sorted(LANGUAGES - {"en"})
NO_BREAK = "\u00a0"
# Words that are the same in English and in that language.
SAME = {
    "de": {"IBAN", "BIC", "Name", ": ", ", "},
    "fr": {"Date", "IBAN", "BIC", "E-mail", "Page {page} sur {pages}", "stop", "Correction", ", "},
    "es": {"IBAN", "BIC", ": ", ", "},
    "it": {"IBAN", "BIC", "E-mail", "stop", ": ", ", "},
    "nl": {"IBAN", "BIC", "E-mail", "stop", ": ", ", "},
    "ar": {": "},
}
PLACEHOLDER = re.compile(r"\{[a-z_.]+\}")


def _said(language: str) -> list[tuple[str, str, str]]:
    """Context, English words and each form of every entry."""
    known = load(update.SHIPPED / f"{language}.po")
    return [(entry.context, entry.singular, form) for entry in update.entries() for form in known.say(entry) or ()]


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_left_in_english(language):
    left = {form for _, english, form in _said(language) if form == english}
    assert left <= SAME[language]


@pytest.mark.parametrize("language", OTHERS)
def test_apostrophes_and_dashes_are_those_of_print(language):
    assert [form for _, _, form in _said(language) if "'" in form or '"' in form or "--" in form] == []


def test_french_signs_have_their_space_and_it_does_not_break():
    wrong = [
        form
        for _, _, form in _said("fr")
        if re.search(rf"(?<![{NO_BREAK}])[:;?!»]", form) or re.search(rf"«(?!{NO_BREAK})", form)
    ]
    assert wrong == []


def test_spanish_questions_begin_with_their_sign():
    for _, _, form in _said("es"):
        assert form.count("?") == form.count("¿") and form.count("!") == form.count("¡"), form


def test_arabic_has_the_signs_of_its_own():
    for _, _, form in _said("ar"):
        assert not set(",;?") & set(PLACEHOLDER.sub("", form)), form


@pytest.mark.parametrize(
    ("language", "tone", "ms", "mr", "name", "none"),
    [
        ("fr", "kind", "Bonjour Madame Roy,", "Bonjour Monsieur Roy,", "Bonjour Kim Roy,", "Bonjour,"),
        ("fr", "formal", "Madame,", "Monsieur,", "Bonjour Kim Roy,", "Madame, Monsieur,"),
        ("es", "kind", "Hola, señora Roy:", "Hola, señor Roy:", "Hola, Kim Roy:", "Hola:"),
        (
            "es",
            "formal",
            "Estimada señora Roy:",
            "Estimado señor Roy:",
            "Buenos días, Kim Roy:",
            "Buenos días:",
        ),
        ("it", "kind", "Buongiorno signora Roy,", "Buongiorno signor Roy,", "Buongiorno Kim Roy,", "Buongiorno,"),
        ("it", "formal", "Gentile signora Roy,", "Gentile signor Roy,", "Gentile Kim Roy,", "Gentile cliente,"),
        ("nl", "kind", "Beste mevrouw Roy,", "Beste meneer Roy,", "Beste Kim Roy,", "Goedendag,"),
        ("nl", "formal", "Geachte mevrouw Roy,", "Geachte heer Roy,", "Geachte Kim Roy,", "Geachte relatie,"),
    ],
)
def test_the_greeting_fits_the_person(language, tone, ms, mr, name, none):
    def greeting(addressee: Addressee) -> str:
        content = content_of([Item("A-1", -7, 100)], addressee=addressee, language=language, tone=tone)
        return render(content).text.split("\n\n")[0]

    assert greeting(Addressee(TO, "person", "Kim Roy", "Kim", "Roy", "ms")) == ms
    assert greeting(Addressee(TO, "person", "Kim Roy", "Kim", "Roy", "mr")) == mr
    assert greeting(Addressee(TO, "person", "Kim Roy", "Kim", "Roy", "")) == name
    assert greeting(Addressee(TO, "unknown", "Kim Roy")) == name
    assert greeting(Addressee(TO, "business", "Roy SA")) == none


@pytest.mark.parametrize(
    ("country", "greeting"), [("NL", "Beste mevrouw Van den Berg,"), ("BE", "Beste mevrouw van den Berg,")]
)
def test_a_dutch_prefix_has_a_capital_after_a_title_in_the_netherlands(country, greeting):
    sanne = Addressee(TO, "person", "Sanne van den Berg", "Sanne", "van den Berg", "ms", country)
    content = content_of([Item("A-1", -7, 100)], addressee=sanne, language="nl")
    assert render(content).text.split("\n\n")[0] == greeting


def _first(language: str, count: int, due_in: int, apart: bool = False) -> str:
    """The first sentence of a message about so many invoices, without marks of direction."""
    items = [Item(f"A-{row}", due_in + (row if apart else 0), 1200) for row in range(1, count + 1)]
    text = render(content_of(items, JOINERY, Addressee(TO), language=language)).text.split("\n\n")[1]
    return re.sub("[\u2068\u2069\u200f]", "", text).replace(NO_BREAK, " ")


@pytest.mark.parametrize(
    ("language", "count", "due_in", "said"),
    [
        ("fr", 1, -9, "Votre paiement de 12,00 € pour la facture A-1 était dû le 1er mars 2026."),
        ("fr", 2, 0, "Votre paiement de 24,00 € pour 2 factures est dû aujourd’hui, le 10 mars 2026."),
        ("es", 1, -9, "Su pago de 12,00 € por la factura A-1 venció el 1 de marzo de 2026."),
        ("es", 2, 3, "Su pago de 24,00 € por 2 facturas vence el 13 de marzo de 2026."),
        ("it", 1, -9, "Il Suo pagamento di 12,00 € per la fattura A-1 scadeva il 1º marzo 2026."),
        ("it", 1, -2, "Il Suo pagamento di 12,00 € per la fattura A-1 scadeva l’8 marzo 2026."),
        ("it", 2, 1, "Il Suo pagamento di 24,00 € per 2 fatture scade l’11 marzo 2026."),
        ("nl", 1, -9, "Uw betaling van € 12,00 voor factuur A-1 werd verwacht op 1 maart 2026."),
        ("nl", 2, 0, "Uw betaling van € 24,00 voor 2 facturen wordt vandaag, 10 maart 2026, verwacht."),
        ("ar", 1, -9, "كان موعد سداد مبلغ 12.00 € عن الفاتورة A-1 في 1 مارس 2026."),
        ("ar", 2, -9, "كان موعد سداد مبلغ 24.00 € عن فاتورتين في 1 مارس 2026."),
        ("ar", 3, -9, "كان موعد سداد مبلغ 36.00 € عن 3 فواتير في 1 مارس 2026."),
        ("ar", 11, -9, "كان موعد سداد مبلغ 132.00 € عن 11 فاتورة في 1 مارس 2026."),
        ("ar", 100, -9, "كان موعد سداد مبلغ 1,200.00 € عن 100 فاتورة في 1 مارس 2026."),
        ("ar", 103, -9, "كان موعد سداد مبلغ 1,236.00 € عن 103 فواتير في 1 مارس 2026."),
    ],
)
def test_the_first_sentence_has_the_right_number_tense_and_date(language, count, due_in, said):
    assert _first(language, count, due_in) == said


def test_invoices_of_several_days_are_told_by_the_earliest():
    assert _first("it", 2, -4, apart=True) == (
        "Il Suo pagamento di 24,00 € per 2 fatture è ancora atteso; la più vecchia scadeva il 7 marzo 2026."
    )
    assert _first("ar", 2, -4, apart=True) == (
        "لا يزال مبلغ 24.00 € عن فاتورتين بانتظار السداد، وقد كان موعد أقدمهما في 7 مارس 2026."
    )


def test_what_is_written_left_to_right_is_kept_apart_in_arabic():
    content = content_of(
        [Item("2026/17-B", -9, 1200)], JOINERY, Addressee(TO, "unknown", "Alex Kim"), language="ar"
    )
    rendered = render(content)
    for value in (
        "2026/17-B",
        "GB33 BUKB 2020 1555 5555 55",
        "North Sea Joinery Ltd",
        "Alex Kim",
        "+44 1632 960123",
    ):
        assert f"\u2068{value}\u2069" in rendered.text, value
    assert '<html lang="ar" dir="rtl"' in rendered.html
    assert "direction:ltr" not in rendered.html
    assert "<bdi>GB33 BUKB 2020 1555 5555 55</bdi>" in rendered.html
    assert "إيقاف" in rendered.stop_word


def test_a_payment_note_in_another_direction_keeps_its_own_order():
    note = "Pay by card at https://pay.joinery.example/?a=1&b=2."
    content = content_of([Item("A-1", -9, 1200)], JOINERY._replace(payment_note=note), language="ar")
    rendered = render(content)
    assert f"\u2068{note}\u2069" in rendered.text
    assert "<bdi>Pay by card at https://pay.joinery.example/?a=1&amp;b=2.</bdi>" in rendered.html
