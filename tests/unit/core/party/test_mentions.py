"""Whether a text names somebody."""

from __future__ import annotations

import pytest

from duewell.core.party.mentions import mentions


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ('"C-1";"Anna"', True),
        ("c-1 called", True),
        ("C-10 called", False),
        ("XC-1", False),
        ("to anna@berg.example, twice", True),
        ("hanna@berg.example", False),
        ("ANNA BERG", True),
        ("Anna", False),
        ("", False),
    ],
)
def test_a_name_stands_as_a_word_of_its_own_in_any_case(text: str, is_named: bool) -> None:
    assert mentions(["C-1", "anna@berg.example", "Anna Berg"])(text) is is_named


def test_whoever_has_no_name_is_named_nowhere() -> None:
    assert not mentions([])("anything")
    assert not mentions(["", ""])("anything")
