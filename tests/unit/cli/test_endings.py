"""How commands end when something is raised: clear words, one JSON document, and never the code for findings."""

from __future__ import annotations

import json
import sqlite3
from importlib import import_module

import pytest

from duewell import cli
from duewell.cli import endings, house, session
from duewell.cli.output import Out, WorldFailed


@pytest.mark.parametrize("name", endings.TABLE)
def test_every_exception_of_the_table_exists(name: str) -> None:
    module, _, attribute = name.rpartition(".")
    found = getattr(import_module(module), attribute)
    assert issubclass(found, BaseException)
    assert f"{found.__module__}.{found.__qualname__}" == name


@pytest.mark.parametrize(
    ("problem", "code", "said"),
    [
        (sqlite3.OperationalError("database is locked"), 3, "database is locked. Nothing half done is left"),
        (sqlite3.DatabaseError("file is not a database"), 3, "file is not a database"),
        (PermissionError(13, "Permission denied", "/a/home"), 3, "/a/home: Permission denied"),
        (MemoryError(), 3, "not enough memory"),
        (sqlite3.IntegrityError("UNIQUE constraint failed"), None, ""),
        (AssertionError("we are wrong"), None, ""),
        (KeyError("x"), None, ""),
    ],
)
def test_the_world_is_told_from_our_own_mistakes(problem: BaseException, code: int | None, said: str) -> None:
    found = endings.ending(problem)
    assert (found.code if found else None) == code
    assert found is None or said in found.text


def test_what_the_driver_said_counts_where_the_framework_wraps_it() -> None:
    import psycopg.errors
    from django.db.utils import ProgrammingError

    problem = ProgrammingError("permission denied for table fact")
    problem.__cause__ = psycopg.errors.InsufficientPrivilege()
    found = endings.ending(problem)
    assert found is not None
    assert found.code == 3
    problem.__cause__ = psycopg.errors.UndefinedColumn()
    assert endings.ending(problem) is None


def _told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, str], str]:
    code = cli.main([*arguments, "--json"])
    said = capsys.readouterr()
    return code, json.loads(said.out), said.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such-command"],
        ["plan", "--no-such-option"],
        ["run", "--yes", "surplus"],
        ["law"],
        ["import", "invoices"],
        ["send", "--connections", "many"],
    ],
)
def test_wrong_arguments_are_one_json_document_and_exit_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    code, document, err = _told(capsys, *arguments)
    assert code == 2
    assert document["error"] == "wrong_use"
    assert document["message"] in err
    assert "--help" in err


def test_without_a_home_every_command_says_how_to_get_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DUEWELL_HOME", raising=False)
    code, document, _ = _told(capsys, "doctor")
    assert code == 2
    assert "duewell init" in document["message"]


def _raising(monkeypatch: pytest.MonkeyPatch, problem: BaseException, *, after_result: bool = False) -> None:
    def run(args: object, out: Out) -> int:
        if after_result:
            out.result({"accepted": 3}, "3 accepted")
        raise problem

    monkeypatch.setattr(house, "_doctor", run)


def test_a_failure_after_the_result_leaves_stdout_as_one_document(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _raising(monkeypatch, WorldFailed("the mail server went away"), after_result=True)
    code, document, err = _told(capsys, "doctor")
    assert (code, document) == (3, {"accepted": 3})
    assert "the mail server went away" in err


def test_a_mistake_of_ours_shows_its_trace_and_never_exits_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _raising(monkeypatch, ZeroDivisionError("ours"))
    code, document, err = _told(capsys, "doctor")
    assert code == 3
    assert document["error"] == "defect"
    assert "Traceback" in err
    assert "please report it" in err


def test_an_interrupted_command_says_how_to_go_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _raising(monkeypatch, KeyboardInterrupt())
    code, document, err = _told(capsys, "doctor")
    assert (code, document["error"]) == (3, "stopped")
    assert "run the command again" in err


def test_letters_of_another_locale_are_refused_before_they_reach_a_table(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, document, _ = _told(capsys, "halt", "--reason", b"M\xfcller".decode("utf-8", "surrogateescape"))
    assert code == 2
    assert "is not UTF-8" in document["message"]


def test_a_user_whom_no_list_knows_still_has_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 54321")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert session.person("anna") == "anna"
    assert session.person(None).startswith("user ")
