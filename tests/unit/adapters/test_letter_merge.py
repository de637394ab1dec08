"""One file for the printer, and the list of what is in it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from hashlib import sha256

import pytest

from duewell.adapters.channels.letter.merge import Printed, manifest_csv, manifest_json, merge
from duewell.adapters.channels.letter.press import Press
from duewell.adapters.channels.letter.render import job
from tests import paper
from tests.golden.letter_samples import letter_sample


@pytest.fixture(scope="module")
def letters() -> Iterator[list[Printed]]:
    """Three letters of which the second has two pages."""
    with Press(1) as press:
        made = []
        for row, (stage, country) in enumerate((("first", "DE"), ("final", "AT"), ("due", "US")), start=1):
            content, post = letter_sample("en", "kind", stage)
            made.append(Printed(70 + row, f"C-{row}", country, press.set(job(content, post))))
        yield made


def test_every_page_lies_where_the_list_says(letters: list[Printed]):
    merged = merge(letters, "Batch 7")
    pages = paper.text(merged.pdf)
    assert [(line.pages_from, line.pages_to, line.sheets) for line in merged.listed] == [
        (1, 1, 1),
        (2, 3, 2),
        (4, 4, 1),
    ]
    assert len(pages) == merged.pages == 4
    for letter, line in zip(letters, merged.listed, strict=True):
        assert paper.text(letter.pdf) == pages[line.pages_from - 1 : line.pages_to]
        assert line.sha256 == sha256(letter.pdf).hexdigest()
    # Codes are still read from the merged pages.
    assert len(paper.codes(merged.pdf)) == 3


def test_merged_again_it_is_the_same_file(letters: list[Printed]):
    assert merge(letters, "Batch 7").pdf == merge(iter(letters), "Batch 7").pdf


def test_both_lists_say_the_same(letters: list[Printed]):
    merged = merge(letters, "Batch 7")
    rows = list(csv.DictReader(io.StringIO(manifest_csv(merged.listed).decode("utf-8-sig"))))
    told = json.loads(manifest_json(7, merged.pdf, merged.listed))
    assert (told["batch"], told["letters"], told["pages"], told["sheets"]) == (7, 3, 4, 4)
    assert told["sha256"] == sha256(merged.pdf).hexdigest()
    assert [{key: str(value) for key, value in line.items()} for line in told["listed"]] == rows


def test_a_number_that_looks_like_a_formula_stays_text(letters: list[Printed]):
    merged = merge([letters[0]._replace(account="=1+1")], "Batch 7")
    assert "'=1+1" in manifest_csv(merged.listed).decode("utf-8-sig")


def test_a_batch_without_letters_is_none():
    with pytest.raises(ValueError, match="at least one letter"):
        merge([], "Batch 7")
