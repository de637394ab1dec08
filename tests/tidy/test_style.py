"""The formatter, the linter and the types have nothing to say."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.tidy.repository import ROOT


def _run(*command: str) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_linter_finds_nothing():
    _run("ruff", "check", ".")


def test_the_formatter_would_change_nothing():
    _run("ruff", "format", "--check", ".")


@pytest.mark.slow
def test_the_types_fit_together():
    _run("mypy")
