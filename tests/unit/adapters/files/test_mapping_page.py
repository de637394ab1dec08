"""The page on mapping files names every part, field and meaning there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from duewell.adapters.files import mapping_file
from duewell.core.intake import fields, words

PAGE = (Path(__file__).resolve().parents[4] / "docs/reference/mapping-file.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([a-z_0-9]+)`", PAGE))


def test_every_part_of_a_mapping_is_on_its_page():
    assert set(mapping_file.SCHEMA["properties"]) <= NAMED


@pytest.mark.parametrize("kind", fields.KINDS)
def test_every_field_is_on_the_page(kind):
    assert fields.of(kind).fields <= NAMED


@pytest.mark.parametrize("field", fields.WORDS)
def test_every_meaning_of_a_word_is_on_the_page(field):
    assert set(words.meanings(field)) <= NAMED


def test_the_example_of_the_page_is_a_mapping():
    example = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert example is not None
    said = mapping_file.parse(example[1].encode(), "page", "invoices")
    assert said.words == {"status": {"in Prüfung": "draft"}}
