"""Canonical JSON: one spelling for each value, and a clear refusal of everything else."""

from __future__ import annotations

from enum import IntEnum, StrEnum

import pytest

from duewell.core import evidence
from duewell.core.evidence import NotCanonical


class Colour(StrEnum):
    RED = "red"


class Level(IntEnum):
    ONE = 1
    HUGE = 2**63


@pytest.mark.parametrize(
    ("value", "spelled"),
    [
        ({}, b"{}"),
        ({"b": 1, "a": [True, False, None]}, b'{"a":[true,false,null],"b":1}'),
        ({"B": 1, "a": 2, "_": 3}, b'{"B":1,"_":3,"a":2}'),
        ({"name": "Jürgen € 😀"}, '{"name":"Jürgen € 😀"}'.encode()),
        ({"t": 'a"b\\c\n\t\x00\x1f\x7f/'}, b'{"t":"a\\"b\\\\c\\n\\t\\u0000\\u001f\x7f/"}'),
        ({"n": 2**63 - 1, "m": -(2**63 - 1)}, b'{"m":-9223372036854775807,"n":9223372036854775807}'),
        ({"1": 1, "true": 2, "1.5": 3}, b'{"1":1,"1.5":3,"true":2}'),
        ([("a", 1)], b'[["a",1]]'),
        ("1.5e+20", b'"1.5e+20"'),
        (7, b"7"),
        ({"a": Colour.RED, "b": Level.ONE}, b'{"a":"red","b":1}'),
        ({Colour.RED: [Level.ONE]}, b'{"red":[1]}'),
    ],
)
def test_a_value_is_spelled_in_one_way(value, spelled):
    assert evidence.canonical(value) == spelled


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        {"amount": 1.0},
        {"amount": [1e20]},
        {"amount": float("nan")},
        [float("inf")],
        {1: "a"},
        {True: "a"},
        {None: "a"},
        {1.5: "a"},
        {"a": {1: 2}, "b": "c"},
        {"schlüssel": 1},
        {"a": [{"ß": 1}]},
        2**63,
        [-(2**63)],
        {"n": 10**30},
        {"n": 10**5000},
        "\ud800",
        {"\udfff": 1},
        {"a": b"bytes"},
        {"a": {1, 2}},
        {Level.ONE: 1},
        {"a": Level.HUGE},
        {"a": object()},
    ],
)
def test_a_value_without_a_single_spelling_is_refused(value):
    with pytest.raises(NotCanonical):
        evidence.canonical(value)


def test_a_structure_that_contains_itself_is_refused():
    circle: list[object] = []
    circle.append({"again": circle})
    with pytest.raises(NotCanonical):
        evidence.canonical(circle)


def test_a_far_too_deep_structure_is_refused():
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(NotCanonical):
        evidence.canonical(deep)


def test_the_refusal_says_what_is_wrong():
    with pytest.raises(NotCanonical, match="float has no canonical spelling"):
        evidence.canonical({"rate": 0.5})
    with pytest.raises(NotCanonical, match="key 12 is not a string"):
        evidence.canonical({12: "EUR"})
