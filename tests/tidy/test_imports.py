"""Imports run one way, as `.importlinter` draws it; and the contract notices when they do not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tidy.repository import ROOT, SOURCE


def _lint(source: Path) -> subprocess.CompletedProcess[str]:
    linter = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", linter, "--config", str(ROOT / ".importlinter"), "--no-cache"],
        cwd=source,
        env={**os.environ, "PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_contracts_are_kept():
    done = _lint(SOURCE.parent)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("core/units", "import duewell.core.ledger", "A later step of the loop"),
        ("core/decide", "import duewell.flows", "Imports run one way"),
        ("flows", "import duewell.store", "Imports run one way"),
        ("flows", "import polars", "Core and flows know no framework"),
        ("store", "import duewell.portfolio", "Adapters, store and portfolio"),
        ("portfolio", "import connectorx", "Python's own SQLite driver"),
        ("web", "import duewell.cli", "The pages do not call the terminal"),
    ],
)
def test_a_wrong_import_breaks_its_contract(tmp_path: Path, module: str, line: str, contract: str):
    shutil.copytree(SOURCE, tmp_path / "duewell", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "duewell" / module / "wrong.py").write_text(line + "\n")
    done = _lint(tmp_path)
    broken = [text for text in done.stdout.splitlines() if text.rstrip().endswith("BROKEN")]
    assert done.returncode == 1
    assert any(text.startswith(contract) for text in broken), done.stdout + done.stderr


def test_a_new_room_must_be_given_its_place(tmp_path: Path):
    shutil.copytree(SOURCE, tmp_path / "duewell", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "duewell" / "annexe.py").write_text("")
    assert "duewell.annexe" in _lint(tmp_path).stdout
