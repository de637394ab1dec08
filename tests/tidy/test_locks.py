"""The lock files: everything pinned and hashed, nothing that pyproject.toml asks for left out."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.tidy.repository import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-postgres.lock")
_PIN = re.compile(r"^([a-z0-9][a-z0-9.-]*)==\S+")


def _pins(lock: str) -> dict[str, list[str]]:
    """Package and the hashes that stand under it."""
    pins: dict[str, list[str]] = {}
    hashes: list[str] = []
    for line in (ROOT / lock).read_text().splitlines():
        if found := _PIN.match(line):
            hashes = pins.setdefault(found[1], [])
        elif line.strip().startswith("--hash=sha256:"):
            hashes.append(line.strip())
        else:
            # Nothing but comments otherwise: no option, and above all no address.
            assert line.strip().startswith("#"), line
    return pins


def _names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=~!; ]", text, maxsplit=1)[0].lower().replace("_", "-") for text in requirements}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_with_hashes(lock: str):
    pins = _pins(lock)
    assert pins
    assert [name for name, hashes in pins.items() if not hashes] == []


def test_the_locks_hold_what_the_project_asks_for():
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runtime = _names(asked["project"]["dependencies"]) | _names(asked["dependency-groups"]["build"])
    extras = asked["project"]["optional-dependencies"]
    assert runtime <= set(_pins("requirements.lock"))
    assert runtime | _names(extras["dev"]) <= set(_pins("requirements-dev.lock"))
    assert _names(extras["embedded-postgres"]) == set(_pins("requirements-postgres.lock"))


def test_running_and_developing_use_the_same_versions():
    def versions(lock: str) -> set[str]:
        return {found[0] for line in (ROOT / lock).read_text().splitlines() if (found := _PIN.match(line))}

    assert versions("requirements.lock") <= versions("requirements-dev.lock")
