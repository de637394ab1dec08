"""The list of fact kinds and its page."""

from __future__ import annotations

import re
from pathlib import Path

from duewell.core import evidence

PAGE = Path(__file__).parents[4] / "docs" / "reference" / "facts.md"


def test_every_kind_has_one_plain_sentence():
    for kind, sentence in evidence.KINDS.items():
        assert re.fullmatch(r"[a-z]+\.[a-z_]+", kind)
        assert re.fullmatch(r"[A-Z][^.]+\.", sentence), sentence


def test_every_kind_has_its_section_with_that_sentence_and_no_section_is_left_over():
    page = PAGE.read_text()
    sections = dict(re.findall(r"^### `([^`]+)`\n\n(.+)$", page, re.MULTILINE))
    assert sections == evidence.KINDS
