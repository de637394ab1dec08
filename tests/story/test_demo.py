"""The demo tells what it promises: every part of the loop, on any seed, and it leaves mails one can open."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

CUSTOMERS = 16
"""The fewest: everybody who has a part in the story, and five others."""


def _demo(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    # Somebody's own installation must not matter to it.
    environment = {**os.environ, "DUEWELL_HOME": "/nowhere", "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/no"}
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "duewell",
            "demo",
            "--keep",
            str(folder),
            "--story",
            "--customers",
            str(CUSTOMERS),
            *options,
        ],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("demo") / "kept"
    done = _demo(folder, "--seed", "7", "--no-serve")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    return folder, done.stdout


@pytest.mark.parametrize(
    "sentence",
    [
        "encoding: cp1252",
        "row 2",
        "would get a message",
        "and it is the first run",
        "message(s) released",
        "waits for dispute",
        "waits for promise",
        "1 stops.opt_out",
        "1 missing from the list and held",
        "1 withheld: paid",
        "taken back",
        "books_too_old",
        "give the same totals",
        "everything is as it was written",
        "was changed: its hash does not fit",
        "What to try next",
    ],
)
def test_every_part_of_the_loop_is_told(told: tuple[Path, str], sentence: str) -> None:
    assert sentence in " ".join(told[1].split())


def test_the_mails_can_be_opened_and_ask_for_what_is_due(told: tuple[Path, str]) -> None:
    mails = [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in sorted((told[0] / "mails").iterdir())
    ]
    assert len(mails) > CUSTOMERS / 2
    for mail in mails:
        assert mail["From"] == "Kornblum Bio-Großhandel GmbH <rechnung@kornblum.example>"
        body = mail.get_body(("plain",))
        assert body is not None
        assert "DE89 3704 0044 0532 0130 00" in body.get_content()


def test_the_summary_is_one_json_document_and_a_short_story_ends_well(tmp_path: Path) -> None:
    done = _demo(tmp_path / "kept", "--days", "2", "--json")
    assert done.returncode == 0, done.stderr
    data: dict[str, Any] = json.loads(done.stdout)
    assert (data["customers"], data["days"], data["from"], data["to"]) == (16, 2, "2026-03-02", "2026-03-03")
    assert data["ok"] is data["aging_equals_statements"] is data["audit_ok"] is data["changed_byte_found"] is True
    assert data["verified"]["facts"] == data["verified"]["sealed"] > 0
    assert len(list((tmp_path / "kept" / "mails").iterdir())) == data["sent"]["accepted"] > 0


@pytest.mark.parametrize("options", [["--customers", "3"], ["--days", "0"], ["--keep", "."]])
def test_what_the_demo_cannot_tell_is_refused(tmp_path: Path, options: list[str]) -> None:
    done = _demo(tmp_path / "kept", *options)
    assert done.returncode == 2
    assert done.stderr.startswith("duewell: --")
