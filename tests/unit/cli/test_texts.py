"""texts in the terminal: which languages there are, what each lacks, and words to copy and change."""

from __future__ import annotations

import json

import pytest

from duewell import cli
from duewell.adapters.texts import LANGUAGES, STAGES, TONES, Texts, shipped, update
from duewell.adapters.texts.names import SECTIONS, files
from tests.installation import installation


@pytest.fixture(autouse=True)
def _no_home(monkeypatch):
    monkeypatch.delenv("DUEWELL_HOME", raising=False)


def texts(capsys, *words: str) -> tuple[int, dict]:
    code = cli.main(["texts", *words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_list_names_every_language_and_needs_no_home(capsys):
    code, told = texts(capsys, "list")
    assert code == 0
    assert {row["language"]: row["lacks"] for row in told["languages"]} == {language: [] for language in LANGUAGES}
    assert {row["language"]: row["name"] for row in told["languages"]}["nl"] == "Dutch"


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_file_that_is_shown_says_the_same_when_it_is_laid_over_ours(capsys, tmp_path, language):
    for file in files():
        assert cli.main(["texts", "show", f"{language}/{file}"]) == 0
        path = tmp_path / language / f"{file}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(capsys.readouterr().out, "utf-8")
    again, ours = Texts(tmp_path), shipped()
    for tone in TONES:
        for stage in STAGES:
            assert again.text(language, tone, stage) == ours.text(language, tone, stage)
    for section in SECTIONS:
        assert again.section(language, section) == ours.section(language, section)


@pytest.mark.parametrize("file", ["fr/kind/frist", "xx/kind/first", "first", "../../etc/passwd"])
def test_words_that_are_not_there_are_wrong_use(capsys, file):
    code, told = texts(capsys, "show", file)
    assert code == 2
    assert "there are no words" in told["message"]


def test_a_begun_catalogue_is_listed_and_checked_and_goes_on_with_what_it_has(capsys, tmp_path):
    code, begun = texts(capsys, "catalogue", "pt")
    assert code == 0
    home = tmp_path / "home"
    with installation(home):
        folder = home / "texts"
        folder.mkdir()
        path = folder / "pt.po"
        path.write_text(begun["catalogue"].replace('msgid "Hello,"\nmsgstr ""', 'msgid "Hello,"\nmsgstr "Olá,"'))
        told = texts(capsys, "list", "--home", str(home))[1]
        (row,) = [row for row in told["languages"] if row["language"] == "pt"]
        assert "kind/first" in row["lacks"] and "letter" in row["lacks"]
        assert "kind/frame salutation.none" not in row["entries"]
        code, told = texts(capsys, "check", "--home", str(home))
        assert code == 1 and not told["ok"]
        assert {finding["kind"] for finding in told["findings"]} == {"missing"}
        again = texts(capsys, "catalogue", "pt", "--from", str(path))[1]["catalogue"]
        assert again == path.read_text("utf-8")
        path.write_text("rubbish")
        code, told = texts(capsys, "check", "--home", str(home))
        assert (code, told["findings"][0]["file"], told["findings"][0]["kind"]) == (1, "pt.po", "wrong")


def test_a_whole_catalogue_has_no_findings(capsys):
    code, told = texts(capsys, "check", str(update.SHIPPED / "fr.po"))
    assert (code, told) == (0, {"ok": True, "findings": []})


@pytest.mark.parametrize(
    "words", [("catalogue", "klingon"), ("catalogue", "pt_BR"), ("catalogue", "pt", "--from", "x.po")]
)
def test_a_language_that_is_none_is_wrong_use(capsys, words):
    assert texts(capsys, *words)[0] == 2


def test_a_trial_in_a_language_that_is_not_whole_says_what_is_missing(capsys, tmp_path):
    home = tmp_path / "home"
    with installation(home):
        creditor = (
            "--name Joinery --country GB --zone Europe/London --email-from a@joinery.example --strategy gentle"
        )
        assert cli.main(["creditor", "add", "joinery", *creditor.split(), "--home", str(home)]) == 0
        (home / "texts").mkdir()
        begun = texts(capsys, "catalogue", "pt")[1]["catalogue"] if capsys.readouterr() else ""
        (home / "texts" / "pt.po").write_text(begun, "utf-8")
        words = ["send", "--test-to", "me@joinery.example", "--language", "pt", "--dry-run", str(tmp_path / "out")]
        assert cli.main([*words, "--home", str(home), "--json"]) == 2
        told = json.loads(capsys.readouterr().out)
        assert told["error"] == "untranslated"
        assert "are not all there in the language pt" in told["message"]
