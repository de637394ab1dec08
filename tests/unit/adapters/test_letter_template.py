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
    assert template._shipped.__wrapped__() != before
    (tmp_path / name).write_bytes((template.Path(template.__file__).parent / name).read_bytes())
    assert template._shipped.__wrapped__() == before


def test_fonts_of_an_installation_change_the_digest_and_no_folder_does_not(tmp_path: Path):
    fonts = tmp_path / "fonts"
    assert template.design(fonts) == template.design()
    fonts.mkdir()
    assert template.design(fonts) == template.design()
    (fonts / "Other.ttf").write_bytes(b"one")
    one = template.design(fonts)
    (fonts / "Other.ttf").write_bytes(b"another")
    assert len({template.design(), one, template.design(fonts)}) == 3


def test_the_plan_carries_the_design_of_letters_too():
    ours = texts.shipped()
    assert digests(ours)("en", "kind", "first") != digests(ours, template.design())("en", "kind", "first")
