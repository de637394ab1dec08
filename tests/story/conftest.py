"""Towns for the stories: on SQLite, and where a story asks for `either_town`, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.town import Town, founded


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A new town on SQLite."""
    with founded(tmp_path) as opened:
        yield opened


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def either_town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    """A new town, once on SQLite and once on PostgreSQL."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    with founded(tmp_path, url) as opened:
        yield opened
