"""The digest of what papers are made from: every file of it counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from duewell.adapters import texts
from duewell.adapters.channels.email.template import digests
from duewell.adapters.channels.letter import template


@pytest.mark.parametrize(
    "name", ["templates/letter.typ", "templates/slip.typ", "fonts/NotoSans-Bold.ttf", "layouts.yaml"]
)
def test_each_file_that_a_letter_is_made_from_changes_its_digest(name: str, tmp_path: Path, monkeypatch):
    before = template.design()
    for path in (path for pattern in template._MADE_FROM for path in template._HERE.glob(pattern)):
        copy = tmp_path / path.relative_to(template._HERE)
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(path.read_bytes() + (b" " if path == template._HERE / name else b""))
    monkeypatch.setattr(template, "_HERE", tmp_path)
    assert template.design.__wrapped__() != before
    (tmp_path / name).write_bytes((template.Path(template.__file__).parent / name).read_bytes())
    assert template.design.__wrapped__() == before


def test_the_plan_carries_the_design_of_letters_too():
    ours = texts.shipped()
    assert digests(ours)("en", "kind", "first") != digests(ours, template.design())("en", "kind", "first")
