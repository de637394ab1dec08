"""What somebody meets who is new: wrong files, slips of the finger, and a home that says what it lacks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from duewell import cli
from tests.installation import installation

_CREDITOR = ("--name", "Acme Ltd", "--country", "GB", "--zone", "Europe/London")
_CUSTOMERS = "Customer No,Company,Email\nC1,Harbour Kitchen Ltd,accounts@harbour-kitchen.example\n"


class Terminal:
    """Types commands in one home."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._home = home
        self._capsys = capsys

    def __call__(self, *words: str | Path) -> tuple[int, dict[str, Any]]:
        """The exit code, and the one JSON document on stdout."""
        code = cli.main(["--home", str(self._home), *map(str, words), "--json"])
        return code, json.loads(self._capsys.readouterr().out)


@pytest.fixture
def duewell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Terminal]:
    monkeypatch.setenv("DUEWELL_HOME", "")
    with installation(tmp_path / "home") as home:
        type_ = Terminal(home.directory, capsys)
        assert type_("creditor", "add", "acme", *_CREDITOR)[0] == 0
        yield type_


def _file(folder: Path, text: str, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_list_without_names_does_not_call_customers_by_their_numbers(tmp_path: Path, duewell: Terminal) -> None:
    duewell("import", "customers", _file(tmp_path, _CUSTOMERS))
    code, told = duewell("import", "customers", _file(tmp_path, "Customer No,Country\nC1,DE\n"))
    assert (code, told["changed"]) == (0, 1)
    assert duewell("why", "C1")[1]["name"] == "Harbour Kitchen Ltd"


def test_doctor_names_what_a_creditor_lacks_and_no_remedy_where_all_is_well(duewell: Terminal) -> None:
    code, told = duewell("doctor")
    checks = {check["check"]: check for check in told["checks"]}
    assert code == 1
    assert checks["creditors"]["text"] == (
        "acme lacks creditor.email_from, creditor.iban; acme writes letters and has no postal address"
    )
    assert all(bool(check["remedy"]) != check["ok"] for check in told["checks"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["plan", "--as-of", "0026-03-10"], "years from"),
        (["plan", "--as-of", "10.3.2026"], "write it as 2026-03-10"),
        (["plan", "--now", "2026-03-10T09:00"], "lacks its offset"),
        (["release", "99999999999999999999"], "is not a number"),
        (["review", "allow", "seven"], "is not a number"),
        (["plan", "--creditor", "acne"], "known: acme"),
        (["import", "invoices", "nothing.csv"], "no file nothing.csv"),
        (["import", "invoices", "nothing.csv", "--map", "no.yaml"], "the mapping no.yaml cannot be read"),
        (["verify", "no.zip"], "there is no file no.zip"),
        (["evidence", "C9", "--out", "x.zip"], "no account 'C9'"),
        (["why", "C9"], "no account and no invoice"),
    ],
)
def test_a_slip_of_the_finger_is_answered_with_what_to_write(
    duewell: Terminal, words: list[str], said: str
) -> None:
    code, told = duewell(*words)
    assert code == 2
    assert said in told["message"]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://db.example/x", "must start with postgresql:// or sqlite:///"),
        ("postgresql://db.example", "names no database"),
        ("postgresql://db.example:port/x", "cannot be read"),
        ("postgresql://[::1/x", "cannot be read"),
        ("postgresql://db.example/x?nosuch=1", "nosuch"),
        ("sqlite:///", "names no file"),
    ],
)
def test_an_address_of_a_database_that_cannot_be_meant_is_refused(
    monkeypatch: pytest.MonkeyPatch, url: str, said: str
) -> None:
    from duewell.web import settings

    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(settings.BadSetting, match=re.escape(said)):
        settings._database()


def test_what_is_told_about_a_creditor_is_sealed_at_once(duewell: Terminal) -> None:
    code, told = duewell("verify")
    assert code == 0
    assert told["facts"] == told["sealed"] > 0


def test_a_creditor_says_country_by_country_how_it_takes_a_rule_book(duewell: Terminal) -> None:
    code, told = duewell("creditor", "edit", "acme", "--law", "United States=country", "--acts-as", "agency")
    assert (code, told["policy"]["law"], told["policy"]["acts_as"]) == (0, {"US": "country"}, "agency")
    # What is not said stays as it was.
    assert duewell("creditor", "edit", "acme", "--books-max-age", "5")[1]["policy"]["law"] == {"US": "country"}
    for wrong in ("DE=country", "US=never", "US"):
        assert duewell("creditor", "edit", "acme", "--law", wrong)[0] == 2
