"""The words: complete in every language and tone, checked when read, short enough, and free of code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from duewell.adapters.files.marked_yaml import BadYaml
from duewell.adapters.files.strategy_file import read_strategy
from duewell.adapters.texts import (
    LANGUAGES,
    STAGES,
    TONES,
    TextError,
    Texts,
    of_home,
    reading,
    shipped,
)
from duewell.adapters.texts.sentences import BadSentence, parse
from duewell.core.contact import Sender, missing, missing_of_creditor
from duewell.core.decide.stages import BY_KEY

ALL = [(language, tone, stage) for language in sorted(LANGUAGES) for tone in TONES for stage in STAGES]


def _overlay(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize("key", ALL)
def test_every_stage_has_words_in_every_language_and_tone(key):
    text = shipped().text(*key)
    assert all(sentence.plain.strip() for sentence in text.sentences())
    assert text.subject[text.plurals.one].names >= {"invoice"}
    assert text.subject[text.plurals.many].names >= {"count", "reference"}
    assert "reference" in text.pay[0].names


@pytest.mark.parametrize("key", ALL)
def test_no_subject_shows_a_sum(key):
    for sentence in shipped().text(*key).subject:
        assert "sum" not in sentence.names


def test_nothing_is_written_when_a_debt_is_handed_over():
    with pytest.raises(KeyError):
        shipped().text("en", "kind", "handover")


STRATEGY = """strategy: mine
title: Mine
least_gap_days: 6
steps:
  - {{stage: {stage}, offset_days: {days}, channels: [email], tone: {tone}}}
"""


@pytest.mark.parametrize("tone", [*TONES, "stern"])
@pytest.mark.parametrize("stage", BY_KEY)
def test_a_strategy_can_ask_only_for_e_mails_that_have_words(stage, tone):
    try:
        days = -5 if stage == "upcoming" else 5
        strategy = read_strategy(STRATEGY.format(stage=stage, tone=tone, days=days).encode(), "mine.yaml")
    except BadYaml as problem:
        assert stage == "handover" or tone == "stern"
        assert all(finding.line == 5 for finding in problem.findings)
        return
    step = strategy.steps[0]
    assert shipped().text("en", step.tone, step.stage.key).message


def test_our_texts_need_only_what_is_indispensable():
    assert shipped().needs == {"creditor.name"}


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("You owe {sum}.", "You owe €1.00."),
        ("{{sum}} is {sum}, 100 %", "{sum} is €1.00, 100 %"),
        ("%(sum)s %s {sum}", "%(sum)s %s €1.00"),
        ("no placeholder", "no placeholder"),
    ],
)
def test_a_sentence_is_filled_and_nothing_else_in_it_is_special(source, text):
    assert parse(source, {"sum"}).text({"sum": "€1.00"}) == text


def test_the_words_of_a_sentence_are_escaped_in_html():
    assert parse("a < b & {sum}", {"sum"}).html({"sum": "<b>1</b>"}) == "a &lt; b &amp; <b>1</b>"


@pytest.mark.parametrize(
    "source",
    ["{summ}", "{}", "{", "}", "a } b", "{sum.__class__}", "{sum!r}", "{sum:>9}", "{sum[0]}", "{Sum}", "{{{"],
)
def test_anything_but_a_known_placeholder_is_an_error(source):
    with pytest.raises(BadSentence):
        parse(source, {"sum"})


def test_an_installation_changes_the_words_of_one_stage(tmp_path):
    words = 'subject: "Note {reference}"\nmessage:\n  - "Call {creditor.phone}."\nsign_off: "Cheers"\n'
    texts = Texts(_overlay(tmp_path, "en/kind/first.yaml", words))
    text = texts.text("en", "kind", "first")
    assert text.sign_off[0].text({}) == "Cheers"
    assert texts.text("en", "kind", "second").sign_off[0].text({}) == "Kind regards"
    # The changed words cannot do without a phone number, so the plan will ask for one.
    assert texts.needs == {"creditor.name", "creditor.phone"}


def test_an_overlay_that_is_not_there_changes_nothing(tmp_path):
    texts = Texts(tmp_path / "texts")
    assert texts.digest("en", "kind", "first") == shipped().digest("en", "kind", "first")


def test_the_digest_follows_the_words_it_is_made_from_and_no_others(tmp_path):
    texts = Texts(
        _overlay(
            tmp_path, "en/kind/frame.yaml", _shipped_file("en/kind/frame.yaml").replace("Kind regards", "Cheers")
        )
    )
    changed = {key for key in ALL if texts.digest(*key) != shipped().digest(*key)}
    assert changed == {("en", "kind", stage) for stage in STAGES}
    assert len({shipped().digest(*key) for key in ALL}) == len(ALL)


def _shipped_file(name: str) -> str:
    from duewell.adapters import texts as package

    return (Path(package.__file__).parent / name).read_text("utf-8")


SHORT = 'subject: "A {reference}"\nmessage:\n  - "B."\n'
OPENING = 'opening:\n  past: {one: "X", together: "X", several: "X"}\n'


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("en/kind/frist.yaml", SHORT, "there is no such text"),
        ("pt/kind/first.yaml", SHORT, "there is no such text"),
        ("en/kind/first.yaml", "subject: [", "not YAML"),
        ("en/kind/first.yaml", "just words", "list of"),
        ("en/kind/first.yaml", "a: &x 1\nb: *x\n", "aliases"),
        ("en/kind/first.yaml", 'subject: "A"\n', "'message' is missing"),
        ("en/kind/first.yaml", SHORT + 'extra: "x"\n', "'extra' is not known"),
        ("en/kind/first.yaml", SHORT.replace("B.", "B {amount}."), "message.1: {amount} is not known here"),
        ("en/kind/first.yaml", SHORT.replace("A {", "A {sum} {"), "subject: {sum} is not known here"),
        ("en/kind/first.yaml", SHORT.replace("B.", "B {invoice}."), "{invoice} is not known here"),
        ("en/kind/first.yaml", SHORT.replace('"B."', '""'), "one line of words"),
        ("en/kind/first.yaml", SHORT.replace('"B."', "12"), "one line of words"),
        ("en/kind/first.yaml", SHORT + OPENING, "'today' is missing"),
        ("en/kind/first.yaml", SHORT.replace("B.", "word " * 80), "at most 120"),
        ("en/kind/first.yaml", "#" * 70_000, "at most 65536 bytes"),
    ],
)
def test_a_wrong_text_stops_the_start_with_its_file_and_place(tmp_path, name, text, problem):
    with pytest.raises(TextError) as raised:
        Texts(_overlay(tmp_path, name, text))
    assert str(raised.value).startswith(f"{name}: ")
    assert problem in str(raised.value)


def test_a_first_sentence_without_its_sum_or_date_is_refused(tmp_path):
    three = '{one: "Due {date}.", together: "Due {date}.", several: "Due {date}."}'
    opening = f"opening:\n  past: {three}\n  today: {three}\n  future: {three}\n"
    with pytest.raises(TextError, match=r"opening\.past\.one: the first sentence has \{sum\} and \{date\}"):
        Texts(_overlay(tmp_path, "en/kind/first.yaml", SHORT + opening))


PAGE = Path(__file__).parents[3] / "docs" / "reference" / "placeholders.md"


def test_every_placeholder_has_its_line_on_the_page_and_no_line_is_stale():
    known = set().union(reading.PROSE, reading.SUBJECT, reading.INVOICE, {"more"})
    known |= {name for names in (*reading.SALUTATION.values(), *reading.LABELS.values()) for name in names}
    assert set(re.findall(r"\{([a-z_.]+)\}", PAGE.read_text("utf-8"))) == known


def test_everything_that_cannot_be_missing_has_its_line_on_the_page():
    lacking = missing(missing_of_creditor(Sender("", "", reply_to="x"), {"creditor.phone"}), "")
    told = set(re.findall(r"`missing_([a-z_]+)`", PAGE.read_text("utf-8")))
    assert told == {name.replace(".", "_") for name in lacking}


def test_of_words_that_grow_an_installation_writes_only_what_it_changes(tmp_path):
    _overlay(tmp_path, "fr/labels.yaml", 'labels:\n  pay: "Net à payer"\n')
    texts = Texts(_overlay(tmp_path, "fr/letter.yaml", 'page: "{page}/{pages}"\n'))
    labels = texts.text("fr", "kind", "first").labels
    assert labels["pay"].text({}) == "Net à payer"
    assert labels["total"] == shipped().text("fr", "kind", "first").labels["total"]
    assert texts.section("fr", "letter").say("page", {"page": "1", "pages": "2"}) == "1/2"
    assert texts.section("fr", "letter").say("date") == "Date"
    # What paper says belongs to what a plan has shown.
    assert texts.digest("fr", "kind", "first") != shipped().digest("fr", "kind", "first")
    assert texts.digest("de", "kind", "first") == shipped().digest("de", "kind", "first")


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("fr/letter.yaml", 'pages: "x"\n', "pages: this is not known"),
        ("fr/letter.yaml", 'page: "{invoice}"\n', "page: {invoice} is not known here"),
        ("fr/call.yaml", 'matter: {one: "x"}\n', "one for each of one and many"),
        ("fr/call.yaml", 'matter: {many: "x", few: "y"}\n', "one for each of one and many"),
        ("fr/kind/first.yaml", 'subject: {many: "x"}\nmessage: ["x"]\n', "'one' is missing"),
        ("fr/kind/first.yaml", 'subject: {one: "x", many: "x", two: "x"}\nmessage: ["x"]\n', "'two' is not known"),
    ],
)
def test_wrong_words_in_another_language_are_refused_as_english_ones_are(tmp_path, name, text, problem):
    with pytest.raises(TextError) as raised:
        Texts(_overlay(tmp_path, name, text))
    assert str(raised.value).startswith(f"{name}: ")
    assert problem in str(raised.value)


def test_forms_that_are_not_written_are_said_as_many(tmp_path):
    words = 'subject: {one: "A {invoice}", two: "B {reference}", many: "C {count}"}\nmessage: ["D"]\n'
    subject = Texts(_overlay(tmp_path, "ar/kind/first.yaml", words)).text("ar", "kind", "first").subject
    form = shipped().text("ar", "kind", "first").plurals.form
    values = {"invoice": "1", "reference": "2", "count": "many"}
    assert [subject[form(number)].text(values) for number in (1, 2, 5, 11, 100)] == [
        "A 1",
        "B 2",
        "C many",
        "C many",
        "C many",
    ]


def test_words_that_change_while_the_program_runs_are_read_again(tmp_path):
    assert of_home(tmp_path) is shipped()
    path = _overlay(tmp_path / "texts", "fr/labels.yaml", 'labels:\n  pay: "Un"\n') / "fr/labels.yaml"
    assert of_home(tmp_path).text("fr", "kind", "first").labels["pay"].text({}) == "Un"
    assert of_home(tmp_path) is of_home(tmp_path)
    path.write_text('labels:\n  pay: "Deux"\n', "utf-8")
    assert of_home(tmp_path).text("fr", "kind", "first").labels["pay"].text({}) == "Deux"
    path.unlink()
    assert of_home(tmp_path).text("fr", "kind", "first").labels["pay"].text({}) == "À payer"
