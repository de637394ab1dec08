"""What all tests share: Hypothesis profiles, PostgreSQL databases and the browser.

Profiles: `fast` is the default and draws the same examples every time, so that a red run is red for everybody;
`balanced` draws new ones; `expensive` draws many (`make test-slow`), new ones each time unless CI is set.
Choose with `--hypothesis-profile`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import postgres

_PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("fast", max_examples=60, derandomize=True, **_PATIENT)
settings.register_profile("balanced", max_examples=200, print_blob=True, **_PATIENT)
settings.register_profile(
    "expensive", max_examples=1000, print_blob=True, derandomize=bool(os.environ.get("CI")), **_PATIENT
)
settings.load_profile("fast")

# What a shell says about somebody's real installation is no business of the tests.
for _name in [name for name in os.environ if name.startswith("DUEWELL_") or name == "DATABASE_URL"]:
    if _name not in {"DUEWELL_TEST_DATABASE_URL", "DUEWELL_SHARED"}:
        del os.environ[_name]

_POSTGRES_FIXTURES = {"postgres_server", "postgres_url"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs PostgreSQL or a browser, so that `-m "not postgres and not browser"` leaves it out."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & _POSTGRES_FIXTURES:
            item.add_marker(pytest.mark.postgres)
        if "chromium_path" in fixtures:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.Server]:
    """The PostgreSQL server of this session. The worker processes of one session share it."""
    session = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        session = session.parent
    with postgres.server(session / "postgres") as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: postgres.Server) -> Iterator[str]:
    """The address of a fresh, empty PostgreSQL database: `postgresql://user@host:port/name`."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """Debian's Chromium, for Playwright's `executable_path`. Skips where it is not installed."""
    found = shutil.which("chromium")
    if not found:
        pytest.skip("Chromium is not installed (as root, `make setup` installs Debian's)")
    return Path(found)
