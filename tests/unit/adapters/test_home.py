"""A home: made once, of one kind, and never mistaken for an empty one."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from duewell.adapters.home import HomeProblem, make_home, open_home


def test_a_home_is_made_once_and_stays_of_its_kind(tmp_path: Path) -> None:
    made = make_home(tmp_path / "home", test=True)
    key = made.signing_key().private_bytes_raw()
    assert make_home(tmp_path / "home", test=True).signing_key().private_bytes_raw() == key
    assert open_home(tmp_path / "home").test
    with pytest.raises(HomeProblem, match="already a test home"):
        make_home(tmp_path / "home", test=False)


def test_only_the_owner_reads_the_keys(tmp_path: Path) -> None:
    make_home(tmp_path, test=False)
    for name in ("signing.key", "salt.key"):
        assert stat.S_IMODE((tmp_path / "keys" / name).stat().st_mode) == 0o600


def test_a_folder_with_other_things_is_no_place_for_a_home(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(HomeProblem, match="not empty"):
        make_home(tmp_path, test=True)
    with pytest.raises(HomeProblem, match="duewell init"):
        open_home(tmp_path)


def test_a_home_on_postgresql_refuses_to_look_for_its_tables_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://us@db.example/duewell")
    make_home(tmp_path, test=False)
    assert open_home(tmp_path).database_file() is None
    monkeypatch.delenv("DATABASE_URL")
    with pytest.raises(HomeProblem, match="set DATABASE_URL"):
        open_home(tmp_path)


def test_a_home_with_a_file_of_its_own_does_not_seem_empty_in_postgresql(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_home(tmp_path, test=False)
    monkeypatch.setenv("DATABASE_URL", "postgresql://us@db.example/duewell")
    with pytest.raises(HomeProblem, match="unset it"):
        open_home(tmp_path)


def test_a_lost_key_is_told_with_its_path(tmp_path: Path) -> None:
    home = make_home(tmp_path, test=False)
    (tmp_path / "keys" / "signing.key").unlink()
    with pytest.raises(HomeProblem, match=r"signing\.key cannot be read .* backup"):
        home.signing_key()


def test_a_home_that_is_made_is_read_by_its_owner_alone_and_a_given_folder_keeps_its_access(tmp_path):
    make_home(tmp_path / "deep" / "home", test=False)
    assert stat.S_IMODE((tmp_path / "deep" / "home").stat().st_mode) == 0o700
    given = tmp_path / "given"
    given.mkdir()
    given.chmod(0o750)
    make_home(given, test=False)
    assert stat.S_IMODE(given.stat().st_mode) == 0o750
