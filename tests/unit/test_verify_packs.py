"""A pack holds what is proven about one account, and verifies alone."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from duewell import verify
from duewell.adapters.packs import new_pack
from duewell.flows.pack import TooEarly
from tests.small_book import MESSAGE, PIECES, small_book

EML = f"messages/{MESSAGE}-1.eml"


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("pack")
    with small_book(folder / "home") as home:
        from duewell import wiring_evidence
        from duewell.store import creditors

        creditor = creditors.all_views()[0]
        told = wiring_evidence.evidence_pack(home, creditor, "C1", folder / "pack.zip")
        assert told == ({"facts": 12, "sealed": 12, "messages": 1}, True)
        with pytest.raises(LookupError):
            wiring_evidence.evidence_pack(home, creditor, "C2", folder / "other.zip")
        assert not (folder / "other.zip").exists()
        shutil.copy(home.directory / "heads" / "public.key", folder / "trusted.key")
        shutil.copy(home.heads_file, folder / "kept.jsonl")
    return folder / "pack.zip"


def changed(made: Path, name: str, content: bytes | None, folder: Path) -> Path:
    """A copy of the pack in which one file has other content, is new, or is gone."""
    path = folder / "changed.zip"
    with zipfile.ZipFile(made) as archive, zipfile.ZipFile(path, "w") as copy:
        for entry in archive.namelist():
            if entry != name:
                copy.writestr(entry, archive.read(entry))
        if content is not None:
            copy.writestr(name, content)
    return path


def read(made: Path, name: str) -> bytes:
    with zipfile.ZipFile(made) as archive:
        return archive.read(name)


def test_a_pack_verifies_with_the_key_inside_and_with_a_trusted_one(made):
    for heads, keys in ([], []), ([made.with_name("kept.jsonl")], [made.with_name("trusted.key")]):
        report = verify.verify_file(made, heads, keys)
        assert (report.facts, report.sealed, report.heads, report.findings) == (12, 12, 1, [])


def test_the_message_in_it_is_the_one_that_left_byte_for_byte(made):
    assert read(made, EML) == b"".join(PIECES)


def test_the_verifier_inside_checks_the_pack_it_came_in(made, tmp_path):
    (tmp_path / "verify.py").write_bytes(read(made, "verify.py"))
    run = [sys.executable, "-I", "-S", "verify.py", str(made), "--json"]
    done = subprocess.run(run, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, json.loads(done.stdout)["ok"]) == (0, True), done.stderr


def test_every_flipped_byte_of_the_facts_is_found(made, tmp_path):
    facts = read(made, "facts.jsonl")
    # One bit of each seventh byte: the whole is done by the flips in the database.
    for at in range(0, len(facts), 7):
        flipped = facts[:at] + bytes([facts[at] ^ 1]) + facts[at + 1 :]
        report = verify.verify_file(changed(made, "facts.jsonl", flipped, tmp_path), [], [])
        assert report.found or _means_the_same(facts, flipped), (at, facts[at - 20 : at + 20])


def _means_the_same(one: bytes, other: bytes) -> bool:
    """A flip may only change how a value is spelled in JSON, such as the case of a hex digit."""

    def values(lines: bytes) -> list[object]:
        return [json.loads(line.lower()) for line in lines.splitlines()]

    return values(one) == values(other)


@pytest.mark.parametrize("name", ["facts.jsonl", "heads.jsonl", "public.key", "messages.jsonl"])
def test_a_pack_without_one_of_its_files_is_refused(made, tmp_path, name):
    with pytest.raises(verify.WrongUse):
        verify.verify_file(changed(made, name, None, tmp_path), [], [])


def test_a_lost_fact_a_changed_message_and_an_added_one_are_found(made, tmp_path):
    lines = read(made, "facts.jsonl").splitlines(keepends=True)
    without = verify.verify_file(changed(made, "facts.jsonl", b"".join(lines[:3] + lines[4:]), tmp_path), [], [])
    assert without.findings[0] == "fact account:1 5 follows number 3: facts were lost, added or moved"
    other = verify.verify_file(changed(made, EML, b"".join(PIECES) + b"!", tmp_path), [], [])
    assert other.findings == [f"{EML} is not the message that left with attempt 1"]
    more = verify.verify_file(changed(made, "messages/more.eml", b"hello", tmp_path), [], [])
    assert more.findings == ["messages/more.eml was added: no mark tells it"]
    gone = verify.verify_file(changed(made, EML, None, tmp_path), [], [])
    assert gone.findings[0].startswith("a message cannot be checked")


def test_a_pack_signed_by_somebody_else_does_not_pass_with_the_trusted_key(made, tmp_path):
    stranger = tmp_path / "stranger.key"
    stranger.write_text("03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8\n")
    report = verify.verify_file(made, [], [stranger])
    assert "is signed with a key that was not given" in report.findings[0]
    assert report.sealed == 0


def test_the_same_evidence_gives_the_same_archive(tmp_path):
    for name in ("one.zip", "two.zip"):
        with new_pack(tmp_path / name) as write:
            write("facts.jsonl", b"{}")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_a_pack_that_fails_leaves_nothing_behind(tmp_path):
    with pytest.raises(TooEarly), new_pack(tmp_path / "pack.zip") as write:
        write("facts.jsonl", b"{}")
        raise TooEarly("nothing has been sealed yet")
    assert list(tmp_path.iterdir()) == []
