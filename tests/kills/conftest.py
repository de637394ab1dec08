"""The ground on either database, one for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kills.ground import Ground, broken


@pytest.fixture(scope="package", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def ground(request: pytest.FixtureRequest) -> Iterator[Ground]:
    """A home with its database, its mail server and a warm process; checked as a whole at the end."""
    if request.param == "sqlite":
        with broken("") as ground:
            yield ground
    else:
        with request.getfixturevalue("postgres_server").database() as url, broken(url) as ground:
            yield ground
