"""The office on either database, one for each file of tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sending.office import Office, office


@pytest.fixture(
    scope="module", name="office", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def _office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One installation for a file of tests; each test has a house of its own."""
    folder = tmp_path_factory.mktemp("office")
    if request.param == "sqlite":
        with office(folder) as found:
            yield found
    else:
        with request.getfixturevalue("postgres_server").database() as url, office(folder, url) as found:
            yield found
