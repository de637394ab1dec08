"""Where the window is: by country of the sender's post, as data."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

_FILE: Final = Path(__file__).with_name("layouts.yaml")


@cache
def _told() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(_FILE.read_text("utf-8"))
    return found


def layout(country: str) -> dict[str, Any]:
    """Positions in millimetres for letters posted in a country (ISO 3166 alpha-2, or empty).

    Keys are those of `layouts.yaml`, with `paper` as `width` and `height`.
    """
    told = _told()
    place = dict(told["layouts"][told["countries"].get(country.upper(), told["default"])])
    width, height = place.pop("paper")
    return {"width": width, "height": height, **place}


def names() -> tuple[str, ...]:
    """Every layout there is."""
    return tuple(_told()["layouts"])
