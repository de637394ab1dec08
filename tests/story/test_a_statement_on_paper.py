"""A customer asks what she owes: she gets it on paper, and every sum on it is that of the books."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from tests import paper
from tests.town import Town

pytestmark = pytest.mark.usefixtures("anna_owes_a_hundred")


def test_the_paper_says_what_the_books_say(either_town: Town, tmp_path: Path) -> None:
    town = either_town
    town.pays("INV-1", "40.00 EUR", on="2026-03-05", at="2026-03-06T08:00Z")
    file = tmp_path / "statement.pdf"
    # 10 March: the statement is written, and once more it is the same file
    told = town.command("statement", "C-1", "--pdf", str(file), at="2026-03-10T09:00Z")
    first = file.read_bytes()
    assert told["sha256"] == sha256(first).hexdigest()
    town.command("statement", "C-1", "--pdf", str(file), at="2026-03-10T15:00Z")
    assert file.read_bytes() == first
    # What stands on it is what the terminal shows
    shown = town.command("statement", "C-1", at="2026-03-10T09:00Z")
    assert told["lines"] == shown["lines"]
    assert shown["balances"] == {"EUR": 60_00}
    (page,) = paper.text(first)
    assert "INV-1" in page
    assert "60.00" in page or "60,00" in page


def test_a_file_that_cannot_be_written_is_said_and_nothing_is_left(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "nowhere" / "statement.pdf"
    assert "cannot be written" in town.command("statement", "C-1", "--pdf", str(file), fails=2)["message"]
    assert list(tmp_path.glob("*.pdf*")) == []
