"""Towns for the stories, on SQLite or, as `either_town`, on both databases; and commands without a town."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from duewell.cli import main
from tests.installation import installation
from tests.town import Town, founded

Call = Callable[..., dict[str, Any]]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A new town on SQLite."""
    with founded(tmp_path) as opened:
        yield opened


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def either_town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    """A new town, once on SQLite and once on PostgreSQL."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    with founded(tmp_path, url) as opened:
        yield opened


@pytest.fixture
def anna_owes_a_hundred(request: pytest.FixtureRequest) -> None:
    """One customer with one invoice over 100.00 EUR, due on 1 March 2026, in the town of the story."""
    name = "either_town" if "either_town" in request.fixturenames else "town"
    town: Town = request.getfixturevalue(name)
    town.customers(
        """
        number  name       email              country  zone
        C-1     Anna Berg  anna@berg.example  DE       Europe/Berlin
        """,
        at="2026-02-02T08:00Z",
    )
    town.invoices(
        """
        number  customer  issued      due         amount
        INV-1   C-1       2026-02-01  2026-03-01  100.00 EUR
        """
    )


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def call(request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Call]:
    """A test home with one creditor, on either database; calls a command with `--json`, gives what it printed."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None

    def command(*words: str, exits: int = 0) -> dict[str, Any]:
        code = main(["--home", str(tmp_path / "home"), "--json", *words])
        printed = capsys.readouterr()
        assert code == exits, printed.err
        told: dict[str, Any] = json.loads(printed.out)
        return told

    with installation(tmp_path / "home", url):
        command("creditor", "add", "acme", "--name", "Acme", "--country", "US", "--zone", "America/New_York")
        yield command
