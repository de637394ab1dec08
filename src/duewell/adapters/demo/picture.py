"""Two lines over time, as a picture in the terminal and as an SVG file that needs nothing to be looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from html import escape
from itertools import pairwise
from typing import Final, NamedTuple

ROWS: Final = 15
_WIDTH, _HEIGHT = 860, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 92, 24, 84, 52


class Curves(NamedTuple):
    """What is drawn: one amount a day in each of two worlds, in minor units of one currency."""

    title: str
    days: Sequence[date]
    kind: Sequence[int]
    """With Duewell."""
    silent: Sequence[int]
    """If nobody had said a word."""
    kind_name: str
    silent_name: str
    spelled: Callable[[int], str]
    """An amount in minor units as text, short enough for an axis."""


def terminal(curves: Curves, width: int) -> list[str]:
    """Lines of plain characters: `*` with Duewell, `o` without; `width` columns at most, at least 40."""
    columns = max(20, min(width, 100) - 14)
    top = _ceiling(max(*curves.kind, *curves.silent, 1))
    places = [round(number * (len(curves.days) - 1) / max(columns - 1, 1)) for number in range(columns)]
    grid = [[" "] * columns for _ in range(ROWS)]
    for values, mark in ((curves.silent, "o"), (curves.kind, "*")):
        for column, place in enumerate(places):
            grid[ROWS - 1 - min(ROWS - 1, values[place] * ROWS // top)][column] = mark
    drawn = [curves.title]
    for number, row in enumerate(grid):
        label = curves.spelled(top * (ROWS - number) // ROWS) if number % 3 == 0 else ""
        drawn.append(f"{label:>11} |{''.join(row)}".rstrip())
    drawn.append(f"{curves.spelled(0):>11} +{'-' * columns}")
    first, last = f"{curves.days[0]:%d.%m.}", f"{curves.days[-1]:%d.%m.}"
    drawn.append(" " * 13 + first + last.rjust(columns - len(first)))
    drawn.append(f"{'':13}* {curves.kind_name}   o {curves.silent_name}")
    return drawn


def svg(curves: Curves) -> str:
    """The same as an SVG document: letters of the system, no script, nothing loaded."""
    top = _ceiling(max(*curves.kind, *curves.silent, 1))
    steps = [top * number // 4 for number in range(5)]

    def across(place: int) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * place / max(len(curves.days) - 1, 1)

    def up(minor: int) -> float:
        return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * minor / top

    def line(values: Sequence[int]) -> str:
        return " ".join(f"{across(place):.1f},{up(minor):.1f}" for place, minor in enumerate(values))

    between = f"{line(curves.silent)} {' '.join(reversed(line(curves.kind).split()))}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img"'
        f' aria-label="{escape(curves.title, quote=True)}" font-family="system-ui, sans-serif" font-size="14">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
        f'<text x="{_LEFT}" y="30" font-size="18" font-weight="600" fill="#1f2933">{escape(curves.title)}</text>',
    ]
    for x, color, dashes, name in (
        (_LEFT, "#0f766e", "", curves.kind_name),
        (_LEFT + 330, "#b45309", ' stroke-dasharray="6 4"', curves.silent_name),
    ):
        parts.append(f'<line x1="{x}" y1="54" x2="{x + 28}" y2="54" stroke="{color}" stroke-width="3"{dashes}/>')
        parts.append(f'<text x="{x + 36}" y="59" fill="#1f2933">{escape(name)}</text>')
    for minor in steps:
        y = up(minor)
        parts.append(f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{_WIDTH - _RIGHT}" y2="{y:.1f}" stroke="#e4e7eb"/>')
        parts.append(
            f'<text x="{_LEFT - 10}" y="{y + 5:.1f}" text-anchor="end" fill="#52606d">'
            f"{escape(curves.spelled(minor))}</text>"
        )
    for place in _months(curves.days):
        day = curves.days[place]
        anchor = "end" if place == len(curves.days) - 1 else "middle"
        parts.append(
            f'<text x="{across(place):.1f}" y="{_HEIGHT - 20}" text-anchor="{anchor}" fill="#52606d">'
            f"{day.day} {day:%b}</text>"
        )
    parts.append(f'<polygon points="{between}" fill="#0f766e" fill-opacity="0.10"/>')
    parts.append(
        f'<polyline points="{line(curves.silent)}" fill="none" stroke="#b45309" stroke-width="3"'
        ' stroke-dasharray="6 4" stroke-linejoin="round"/>'
    )
    parts.append(
        f'<polyline points="{line(curves.kind)}" fill="none" stroke="#0f766e" stroke-width="3"'
        ' stroke-linejoin="round"/>'
    )
    return "\n".join([*parts, "</svg>", ""])


def _months(days: Sequence[date]) -> list[int]:
    """Where a date stands below: the first day, each first of a month, and the last day, at a distance."""
    found = [0]
    for place, (before, day) in enumerate(pairwise(days), start=1):
        if day.month != before.month and place - found[-1] > len(days) // 8:
            found.append(place)
    if len(days) - 1 - found[-1] > len(days) // 8:
        found.append(len(days) - 1)
    return found


def _ceiling(value: int) -> int:
    """The next number that is easy to read and divisible by four."""
    size: int = 10 ** max(len(str(value)) - 2, 1)
    return next(size * each for each in (10, 12, 16, 20, 24, 32, 40, 60, 80, 100) if size * each >= value)
