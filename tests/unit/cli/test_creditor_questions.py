"""Asking for a creditor's profile on a real pseudo-terminal, and never anywhere else."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from duewell import cli
from tests.installation import empty_home
from tests.pseudo_terminal import type_at

_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100"
    "c9fe92ef0000000049454e44ae426082"
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    empty_home(tmp_path / "home", with_tables=True)
    (tmp_path / "logo.png").write_bytes(_PNG)
    return tmp_path / "home"


def _words(home: Path, *words: str) -> list[str]:
    return ["--home", str(home), "creditor", *words]


def test_a_person_is_asked_corrected_at_once_and_shown_a_summary_before_anything_is_kept(home: Path):
    ended = type_at(
        _words(home, "add"),
        [
            "Müller & Söhne GmbH",
            "",  # the key made from the name
            "12 Hafenstraße",
            "<",  # back to the street
            "13 Hafenstraße",
            "20457",
            "Hamburg",
            "Atlantis",
            "Deutschland",
            "",  # the zone of the country
            "",  # its language
            "DE02 1203 0000 0000 2020 52",
            "DE02 1203 0000 0000 2020 51",
            "",  # the bank's BIC
            "",
            "me@example",
            "buchhaltung@acme.example",
            "",
            "archiv@acme.example",
            "?",
            "+49 40 123456",
            str(home.parent / "logo.png"),
            "formal",
            "6",  # change the country's line: the one that is shown as number 6
            "AT",
            "yes",
        ],
    )
    assert ended.code == 0, ended.screen
    assert "'Atlantis' is not a country" in ended.screen
    assert "copy it from the bank statement" in ended.screen
    assert "that is Deutsche Kreditbank Berlin" in ended.screen
    assert "for example: +49 30 1234567" in ended.screen
    # The data goes to stdout, and not one question with it.
    assert "street          13 Hafenstraße" in ended.data
    assert "country         AT" in ended.data
    assert "tone            formal" in ended.data
    assert "archive         archiv@acme.example" in ended.data
    assert " > " not in ended.data
    kept = list((home / "logos").iterdir())
    assert [file.read_bytes() for file in kept] == [_PNG]
    assert f"logo            {kept[0].name}" in ended.data


def test_whoever_stops_leaves_nothing_behind(home: Path):
    for goodbye in ("!", b"\x04", b"\x03"):
        ended = type_at(_words(home, "add", "acme"), ["Acme", goodbye])
        assert ended.code == 3, ended.screen
    said_no = type_at(_words(home, "add", "acme", "--iban", "GB33BUKB20201555555555"), ["Acme", *["GB"] * 3, "!"])
    assert said_no.code == 3
    assert _told(home, "list") == (0, {"creditors": []})
    assert not (home / "logos").exists()


def test_what_was_given_as_an_option_is_not_asked_again_and_an_arrow_key_is_no_letter(home: Path):
    ended = type_at(
        _words(home, "add", "acme", "--name", "Acme", "--country", "GB", "--zone", "Europe/London"),
        [b"\x1b[A\n", "Quay 1", "", "", "", "-", "Pay at the counter", "a@acme.example", "", "", "", "", "", "y"],
    )
    assert ended.code == 0, ended.screen
    assert "holds a key that is no letter" in ended.screen
    assert "Legal name, as it stands in letters >" not in ended.screen
    assert "street          Quay 1" in ended.data
    assert "payment_note    Pay at the counter" in ended.data
    edited = type_at(_words(home, "edit", "acme"), ["", "", "E1 6AN", *[""] * 20])
    assert edited.code == 0, edited.screen
    assert "postcode        E1 6AN" in edited.data
    assert "street          Quay 1" in edited.data
    unchanged = type_at(_words(home, "edit", "acme"), [""] * 30)
    assert unchanged.code == 0
    assert "nothing was changed" in unchanged.screen


def test_nobody_is_asked_where_nobody_sits_and_what_is_missing_is_listed(home: Path):
    command = [sys.executable, "-m", "duewell", *_words(home, "add")]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "a KEY such as acme, --name, --country, --zone, --email-from, --iban" in done.stderr
    with_json = type_at([*_words(home, "add", "acme"), "--json"], ["never typed"])
    assert with_json.code == 2
    assert json.loads(with_json.data)["message"].endswith("give --name --country --zone")
    forced = type_at([*_words(home, "add", "acme"), "--ask", "--json"], [])
    assert (forced.code, "needs a terminal" in forced.data) == (2, True)
    assert type_at(_words(home, "add", "acme", "--no-ask"), []).code == 2


def test_a_logo_that_is_no_picture_is_refused_and_an_empty_one_takes_it_away(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    words = ("--name", "Acme", "--country", "GB", "--zone", "Europe/London")
    script = home.parent / "logo.svg"
    script.write_text("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    code, told = _told(home, "add", "acme", *words, "--logo", str(script))
    assert (code, "no drawing" in told["message"]) == (2, True)
    assert _told(home, "add", "acme", *words, "--logo", str(home.parent / "logo.png"))[0] == 0
    assert _told(home, "show", "acme")[1]["logo"].endswith(".png")
    assert _told(home, "edit", "acme", "--logo", "")[1]["logo"] == ""
    assert _told(home, "edit", "acme", "--language", "tlh")[0] == 2
    assert _told(home, "edit", "acme", "--tone", "rude")[0] == 2
    assert _told(home, "edit", "acme", "--archive", "nobody")[0] == 2
    assert _told(home, "edit", "acme", "--name", "")[0] == 2


def _told(home: Path, *words: str) -> tuple[int, dict[str, object]]:
    """In a process of its own, as Django keeps to the first home it sees."""
    command = [sys.executable, "-m", "duewell", *_words(home, *words), "--json"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout)


def test_the_command_is_declared_with_every_question(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        cli.main(["creditor", "add", "--help"])
    said = capsys.readouterr().out
    for option in ("--logo", "--tone", "--archive", "--ask", "--release-auto"):
        assert option in said
