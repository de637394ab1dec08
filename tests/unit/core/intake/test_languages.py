"""Languages as lists of customers tell them."""

from __future__ import annotations

import pytest

from duewell.core.intake.languages import language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *[("fr", "fr"), ("FR", "fr"), ("fr-CH", "fr"), ("fr_BE", "fr"), ("fra", "fr"), ("FRE", "fr")],
        *[("Français", "fr"), ("Französisch", "fr"), ("Frans", "fr"), ("francese", "fr"), ("French", "fr")],
        *[("Español", "es"), ("Italiano", "it"), ("Nederlands", "nl"), ("Vlaams", "nl"), ("Deutsch", "de")],
        *[("العربية", "ar"), ("Arabisch", "ar"), ("English", "en"), ("inglés", "en"), ("Portugués", "pt")],
        # A code that nobody writes in is kept: the creditor's language stands in where there are no texts.
        ("fi", "fi"),
        *[("", None), ("7", None), ("klingon", None), ("f", None), ("12-3", None)],
    ],
)
def test_a_language_is_known_by_tag_code_or_name(text, code):
    assert language(text) == code
