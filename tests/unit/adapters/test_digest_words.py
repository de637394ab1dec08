"""The digest says everything in its reader's language."""

from __future__ import annotations

from duewell.adapters import digest_words


def test_what_has_a_name_in_english_has_one_in_german_too() -> None:
    named = digest_words._NAMES
    assert set(named["en"]) <= set(named["de"])
    assert "unknown" in named["de"], "a kind of question is never told by its key"
