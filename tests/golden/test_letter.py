"""Every letter in every language as reviewed, and the same bytes each time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.golden.letter_golden import ROOT, golden_letters

WANTED = dict(golden_letters())
AGAIN = "run `python -m tests.golden.regenerate` and review what changed"


@pytest.mark.parametrize("path", sorted(WANTED), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_letter_is_as_reviewed(path: Path):
    assert path.exists(), AGAIN
    assert path.read_text("utf-8") == WANTED[path].decode("utf-8"), AGAIN


def test_no_golden_letter_is_left_over():
    assert {path for path in ROOT.rglob("*") if path.is_file()} == set(WANTED), AGAIN
