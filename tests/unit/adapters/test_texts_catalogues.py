"""Catalogues: plural rules, what is missing or unsure, and that ours are whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from duewell.adapters.texts import LANGUAGES, STAGES, TONES, TextError, Texts, Untranslated, shipped, update
from duewell.adapters.texts.catalogue import load, read
from duewell.adapters.texts.findings import findings
from duewell.adapters.texts.plurals import ENGLISH, BadPlurals, plurals
from duewell.adapters.texts.sources import Entry

OURS = sorted(update.SHIPPED.glob("*.po"))
ARABIC = "n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5"
RUSSIAN = "n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2"
HEAD = """msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: {plurals}\\n"

"""
TWO = "nplurals=2; plural=(n != 1);"


def _catalogue(body: str, language: str = "pt", plurals: str = TWO):
    return read((HEAD.format(language=language, plurals=plurals) + body).encode(), language, f"{language}.po")


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_our_catalogues_lack_nothing_and_say_nothing_else(path):
    assert list(findings(load(path), update.entries())) == []


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_our_catalogues_are_in_step_with_the_english_words(path):
    assert path.read_bytes() == update.updated(path), "run `python -m duewell.adapters.texts`"


def test_every_language_that_we_ship_is_whole():
    assert shipped().languages == LANGUAGES
    assert shipped().lacking == {}


def test_english_has_a_form_for_one_and_a_form_for_all_others():
    assert [ENGLISH.form(number) for number in (1, 2, 5, 11, 100)] == [0, 1, 1, 1, 1]
    assert ENGLISH.names == {"one": 0, "many": 1}
    assert ENGLISH.one_is_alone


def test_arabic_has_six_forms_by_name():
    rule = plurals(6, ARABIC)
    assert rule.names == {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 4, "other": 5}
    assert [rule.form(number) for number in (1, 2, 3, 10, 11, 99, 100, 102, 103)] == [1, 2, 3, 3, 4, 4, 5, 5, 3]
    assert rule.alone == {1, 2}


def test_where_the_form_of_one_stands_with_twenty_one_too_it_is_not_alone():
    rule = plurals(3, RUSSIAN)
    assert rule.names == {"one": 0, "many": 2, "few": 1}
    assert not rule.one_is_alone


@pytest.mark.parametrize("rule", ["import os", "n != ", "n % 0", "n", "__import__('os')", "n" * 100_000])
def test_a_rule_that_is_no_expression_or_leads_astray_is_refused(rule):
    with pytest.raises(BadPlurals):
        plurals(2, rule)


GREETING = Entry("kind/frame salutation.none", "Hello,", None)
COUNTED = Entry("kind/first subject", "Invoice {invoice}", "{count} invoices")


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        ("", "missing", "translate: Hello,"),
        ('msgctxt "kind/frame salutation.none"\nmsgid "Hello,"\nmsgstr ""\n', "missing", "translate: Hello,"),
        (
            '#, fuzzy\nmsgctxt "kind/frame salutation.none"\nmsgid "Hello,"\nmsgstr "Oi,"\n',
            "unsure",
            "look at it and take `fuzzy` away: Hello,",
        ),
        (
            'msgctxt "kind/frame salutation.none"\nmsgid "Hello,"\nmsgstr "Oi, {name},"\n',
            "differs",
            "{name} has no counterpart in English: Oi, {name},",
        ),
        (
            'msgctxt "kind/frame salutation.none"\nmsgid "Hello,"\nmsgstr "Oi, {,"\n',
            "differs",
            "a single '{': write '{{' for a brace: Oi, {,",
        ),
        (
            'msgctxt "kind/frame salutation.none"\nmsgid "Hi,"\nmsgstr "Oi,"\n'
            'msgctxt "kind/frame salutation.none"\nmsgid "Hello,"\nmsgstr "Oi,"\n',
            "surplus",
            "the program does not say this: Hi,",
        ),
    ],
)
def test_what_is_missing_unsure_different_or_too_much_is_found(body, kind, text):
    (found,) = findings(_catalogue(body), [GREETING])
    assert (found.file, found.context, found.kind, found.text) == ("pt.po", GREETING.context, kind, text)


def _counted(*forms: str) -> str:
    said = "".join(f'msgstr[{form}] "{words}"\n' for form, words in enumerate(forms))
    return f'msgctxt "{COUNTED.context}"\nmsgid "{COUNTED.singular}"\nmsgid_plural "{COUNTED.plural}"\n{said}'


def test_every_form_of_a_plural_has_its_placeholders():
    assert list(findings(_catalogue(_counted("Fatura {invoice}", "{count} faturas")), [COUNTED])) == []
    kinds = [item.kind for item in findings(_catalogue(_counted("Fatura", "faturas {invoice}")), [COUNTED])]
    assert kinds == ["differs", "differs", "differs"]
    (found,) = findings(_catalogue(_counted("Fatura {invoice}", "")), [COUNTED])
    assert found.kind == "missing"


def test_a_dual_need_not_say_its_number():
    forms = ("{count} f", "f {invoice}", "two", "{count} f", "{count} f", "{count} f")
    arabic = _catalogue(_counted(*forms), "ar", f"nplurals=6; plural=({ARABIC});")
    assert list(findings(arabic, [COUNTED])) == []


def test_a_form_that_stands_with_other_numbers_than_one_cannot_name_the_invoice():
    forms = ("{count} f", "{count} f", "{count} f")
    russian = f"nplurals=3; plural=({RUSSIAN});"
    assert list(findings(_catalogue(_counted(*forms), "ru", russian), [COUNTED])) == []
    forms = ("f {invoice}", "{count} f", "{count} f")
    assert [item.kind for item in findings(_catalogue(_counted(*forms), "ru", russian), [COUNTED])] == [
        "differs",
        "differs",
    ]


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("klingon.po", b"", "named for its language"),
        ("pt_BR.po", b"", "named for its language"),
        ("pt.po", b"\xff", "this is not a catalogue"),
        ("pt.po", b"rubbish", "this is not a catalogue"),
        ("pt.po", HEAD.format(language="ru", plurals=TWO).encode(), "write `Language: pt`"),
        ("pt.po", b'msgid ""\nmsgstr ""\n"Language: pt\\n"\n', "say which plural forms"),
        ("pt.po", HEAD.format(language="pt", plurals="nplurals=2; plural=exit();").encode(), "cannot be read"),
        ("pt.po", b"#" * 1_000_001, "at most 1000000 bytes"),
        ("de.po", b"", "we ship this language"),
        ("en.po", b"", "we ship this language"),
    ],
)
def test_a_catalogue_that_cannot_be_used_stops_the_start_with_its_name(tmp_path, name, data, problem):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(TextError) as raised:
        Texts(tmp_path)
    assert str(raised.value).startswith(f"{name}: ")
    assert problem in str(raised.value)


def _half(tmp_path: Path, *translated: tuple[str, str]) -> Path:
    """A catalogue of Portuguese that says in Portuguese only what is given."""
    text = update.fresh("pt").decode()
    for english, portuguese in translated:
        assert f'msgid "{english}"\nmsgstr ""' in text
        text = text.replace(f'msgid "{english}"\nmsgstr ""', f'msgid "{english}"\nmsgstr "{portuguese}"')
    (tmp_path / "pt.po").write_text(text, "utf-8")
    return tmp_path


def test_a_language_that_is_not_whole_is_there_and_says_what_it_lacks(tmp_path):
    texts = Texts(_half(tmp_path, ("Hello,", "Olá,")))
    assert texts.languages == LANGUAGES | {"pt"}
    lacking = texts.lacking["pt", "kind", "first"]
    assert "kind/first subject" in lacking
    assert "kind/frame salutation.none" not in lacking
    with pytest.raises(Untranslated):
        texts.text("pt", "kind", "first")
    with pytest.raises(Untranslated):
        texts.section("pt", "letter")
    assert texts.text("de", "kind", "first") == shipped().text("de", "kind", "first")


def test_a_catalogue_of_an_installation_is_as_good_as_ours(tmp_path):
    # German under another name: whole, and read by its own plural rule.
    german = (update.SHIPPED / "de.po").read_text("utf-8").replace("Language: de", "Language: da")
    (tmp_path / "da.po").write_text(german, "utf-8")
    texts = Texts(tmp_path)
    assert not texts.lacking
    for tone in TONES:
        for stage in STAGES:
            assert texts.text("da", tone, stage).message == texts.text("de", tone, stage).message


def test_where_english_words_changed_their_translation_stays_and_is_marked(tmp_path):
    path = tmp_path / "de.po"
    text = (update.SHIPPED / "de.po").read_text("utf-8")
    path.write_text(text.replace('msgid "Hello,"', 'msgid "Hallo there,"'), "utf-8")
    again = update.updated(path).decode()
    assert '#, fuzzy\n#| msgid "Hallo there,"\nmsgctxt "kind/frame salutation.none"\nmsgid "Hello,"' in again
    assert [item.kind for item in findings(read(again.encode(), "de", "de.po"), update.entries())] == ["unsure"]


def test_what_is_no_longer_said_is_left_out_of_an_updated_catalogue(tmp_path):
    path = tmp_path / "de.po"
    ours = (update.SHIPPED / "de.po").read_bytes()
    path.write_bytes(ours + b'\nmsgctxt "kind/first old"\nmsgid "Old"\nmsgstr "Alt"\n')
    assert update.updated(path) == ours
