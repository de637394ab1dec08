"""Every text in every language, as reviewed bytes; and the shipped page is the drawn one."""

from __future__ import annotations

from pathlib import Path

import pytest

from duewell.adapters.channels.email import design
from tests.golden.email_golden import ROOT, golden

WANTED = dict(golden())
AGAIN = "run `python -m tests.golden.regenerate` and review what changed"


@pytest.mark.parametrize("path", sorted(WANTED), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_message_is_as_reviewed(path: Path):
    assert path.exists(), AGAIN
    assert path.read_bytes() == WANTED[path], AGAIN


def test_no_golden_file_is_left_over():
    assert {path for path in ROOT.rglob("*") if path.is_file()} == set(WANTED), AGAIN


def test_the_shipped_page_is_compiled_from_the_drawing():
    assert design.COMPILED.read_text("utf-8") == design.compiled(), (
        "run `python -m duewell.adapters.channels.email.design`"
    )
