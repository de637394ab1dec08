"""Customer data made safe to show."""

from __future__ import annotations

from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duewell.core.contact import clean, sendable


@pytest.mark.parametrize(
    ("given_value", "shown"),
    [
        ("Jana Müller", "Jana Müller"),
        ("  Jana \t Müller ", "Jana Müller"),
        ("Jana\r\nBcc: x@example.org", "Jana Bcc: x@example.org"),
        ("INV\u200b-1\u200d\ufeff", "INV-1"),
        ("100\u202e00.1\u202c", "10000.1"),
        ("a\u2066b\u2069c\u061c", "abc"),
        ("Kim\u2028Alex\u0085Lee", "Kim Alex Lee"),
        ("soft\u00adhyphen", "softhyphen"),
        ("\U000e0041tag", "tag"),
        ("bad\ud800end", "badend"),
        ("nul\x00", "nul"),
        ("1\u00a0234\u202f5", "1 234 5"),
        ("\u3164\u2800\uffa0", ""),
        ("שלום עולם", "שלום עולם"),
        ("Nguyễn Thị", "Nguyễn Thị"),
        ("Z" + "\u0301" * 50, "Z" + "\u0301" * 4),
        ("李小龍 👋", "李小龍 👋"),
    ],
)
def test_hidden_characters_go_and_visible_ones_stay(given_value, shown):
    assert clean(given_value) == shown


def test_a_long_value_is_cut_only_where_asked():
    assert clean("x" * 300) == "x" * 300
    assert clean("word " * 30, 20) == "word word word word…"


@given(st.text(st.characters(), max_size=60))
def test_whatever_comes_in_one_clean_line_comes_out(value):
    shown = clean(value)
    assert clean(shown) == shown
    assert shown == shown.strip()
    assert not any(category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for character in shown)
    assert shown.splitlines() in ([], [shown])
    shown.encode("utf-8")


@pytest.mark.parametrize(
    ("address", "route"),
    [
        ("a.b+c@example.org", "a.b+c@example.org"),
        ("x@bücher.example", "x@xn--bcher-kva.example"),
        ("x@sub.example.co", "x@sub.example.co"),
        ("", None),
        ("nobody", None),
        ("a@localhost", None),
        ("müller@example.org", None),
        ("a b@example.org", None),
        ("a@example.org\r\nBcc: b@example.org", None),
        ("a@example.org, b@example.org", None),
        ("<a@example.org>", None),
        ("a@b@example.org", None),
        (".a@example.org", None),
        ("a@-example.org", None),
        ("a@example..org", None),
        ("a" * 65 + "@example.org", None),
        ("a@" + "b" * 64 + ".org", None),
        ("a@" + "bcd." * 70 + "org", None),
        ("a@ex\u200bample.org\n", None),
        ("a@\u0080.example", None),
    ],
)
def test_only_one_ascii_address_can_be_sent_to(address, route):
    assert sendable(address) == route
