"""seal, verify and evidence in the terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from duewell import cli
from tests.small_book import say, small_book


@pytest.fixture
def home(tmp_path):
    with small_book(tmp_path / "home") as home:
        yield home


def run(capsys, home, *words: str) -> tuple[int, dict]:
    code = cli.main(["--home", str(home.directory), "--json", *words])
    return code, json.loads(capsys.readouterr().out)


def test_verify_says_yes_and_then_names_what_was_changed(home, capsys):
    from duewell.store import sql

    code, told = run(capsys, home, "verify")
    assert (code, told["facts"], told["sealed"], told["ok"], told["first_bad"]) == (0, 13, 13, True, None)
    sql.execute("update receivable set open_minor = 1 where id = 1")
    code, told = run(capsys, home, "verify")
    assert (code, told["ok"]) == (1, False)
    assert told["first_bad"] == "receivable 1: open_minor is 1, its entries add up to 11900"


def test_verify_takes_heads_that_were_kept_elsewhere(home, capsys, tmp_path):
    kept = tmp_path / "kept.jsonl"
    kept.write_text(home.heads_file.read_text())
    home.heads_file.unlink()
    assert run(capsys, home, "verify")[0] == 1
    assert run(capsys, home, "verify", "--head", str(kept))[0] == 0
    assert run(capsys, home, "verify", "--head", str(tmp_path / "nowhere"))[0] == 2


def test_seal_seals_what_is_new_and_says_how_much(home, capsys):
    from django.db import transaction

    assert run(capsys, home, "seal") == (0, {"new": 0, "sealed": 13, "heads": str(home.heads_file)})
    with transaction.atomic():
        say("house:1", "house.kill_switch", {}, halted=False, reason="")
    assert run(capsys, home, "seal")[1]["new"] == 1
    assert len(home.heads_file.read_text().splitlines()) == 2


def test_seal_does_not_build_upon_heads_that_were_changed(home, capsys):
    home.heads_file.write_text("somebody was here\n")
    code, told = run(capsys, home, "seal")
    assert (code, told["error"]) == (3, "world_failed")


def test_evidence_writes_a_pack_that_verify_accepts(home, capsys, tmp_path):
    pack = tmp_path / "pack.zip"
    code, told = run(capsys, home, "evidence", "C1", "--out", str(pack))
    assert (code, told["facts"], told["sealed"], told["messages"]) == (0, 12, 12, 1)
    assert run(capsys, home, "verify", str(pack))[0] == 0
    pack.write_bytes(pack.read_bytes()[:-30])
    assert run(capsys, home, "verify", str(pack))[0] == 1


@pytest.mark.parametrize("words", [["evidence", "C9", "--out", "x.zip"], ["verify", "no-such-pack.zip"]])
def test_what_is_not_there_is_wrong_use(home, capsys, words):
    assert run(capsys, home, *words)[0] == 2


def test_verify_reads_postgresql_at_one_state(tmp_path: Path, postgres_url):
    with small_book(tmp_path / "home", postgres_url):
        pass
    words = [sys.executable, "-m", "duewell", "--home", str(tmp_path / "home"), "--json", "verify"]
    env = {**os.environ, "DATABASE_URL": postgres_url}
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=env)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["facts"], told["sealed"], told["ok"]) == (13, 13, True)
