"""A house that came back from a backup says nothing twice, and a backup is whole or it is none."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack, closing
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from tests.town import Town, founded

CUSTOMERS = "number  name  email  country  zone\n" + "\n".join(
    f"C-{number}  Person {number}  p{number}@people.example  DE  Europe/Berlin" for number in (1, 2, 3)
)
INVOICES = "number  customer  issued  due  amount\n" + "\n".join(
    f"INV-{number}  C-{number}  2026-02-01  2026-03-01  {number}0.00 EUR" for number in (1, 2, 3)
)

House = Callable[..., dict[str, Any]]


def house(home: Path, url: str | None) -> House:
    """Commands for another home, each in a process of its own, as on another machine."""
    settings = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    if url:
        settings["DATABASE_URL"] = url

    def command(*words: str, fails: int = 0) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-m", "duewell", "--home", str(home), "--json", *words],
            env=settings,
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == fails, done.stderr
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    return command


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_what_left_after_the_backup_does_not_leave_again(
    tmp_path: Path, database: str, request: pytest.FixtureRequest
) -> None:
    with ExitStack() as stack:
        urls: list[str | None] = [None, None]
        if database == "postgresql":
            server = request.getfixturevalue("postgres_server")
            urls = [stack.enter_context(server.database()) for _ in range(2)]
        town = stack.enter_context(founded(tmp_path, urls[0]))
        town.customers(CUSTOMERS, at="2026-02-02T08:00Z")
        town.invoices(INVOICES)
        # 10 March, night: three reminders are released, and then the backup is made
        town.night("2026-03-10")
        made = town.command("backup", str(tmp_path / "backup"), at="2026-03-10T02:00Z")
        assert made["database"] == database
        # 10 March, noon: two of the three leave, and then the machine burns
        town.command("hold", "add", "C-3", "--kind", "promise", "--reason", "called", "--until", "2026-03-12")
        town.send(at="2026-03-10T11:00Z")
        assert len(town.received()) == 2
        ids = [message_from_bytes(raw)["Message-ID"] for raw in town.sink.messages()]
        # 11 March: a new machine, and the keys from the safe
        again = house(tmp_path / "again", urls[1])
        restored = again(
            "restore", str(tmp_path / "backup"), "--keys", str(town.home / "keys"), "--now", "2026-03-11T08:00Z"
        )
        assert (restored["halted"], restored["unknown"]) == (1, 3)
        # somebody starts the sender: the house is halted
        assert again("send", "--now", "2026-03-11T09:00Z")["accepted"] == 0
        # and even when the switch is lifted without looking, nothing leaves that may have left before
        again("resume", "--now", "2026-03-11T09:01Z")
        assert again("send", "--now", "2026-03-11T09:02Z")["accepted"] == 0
        ran = again("run", "--as-of", "2026-03-11", "--yes", "--now", "2026-03-11T09:03Z")
        assert (ran["proposals"], ran["rests"]) == ({}, {"in_flight": 3})
        # the mail server's log knows two of the three
        (tmp_path / "mail.log").write_text("".join(f"Mar 10 12:00 smtpd: message-id={mid} sent\n" for mid in ids))
        assert again("restored", "--now", "2026-03-11T09:59Z", fails=1)["unknown"] == 3
        told = again("restored", "--left", str(tmp_path / "mail.log"), "--now", "2026-03-11T10:00Z")
        assert told == {"creditor": "light", "arrived": 2, "not_sent": 1}
        # the third is planned anew and leaves; nobody has got anything twice
        ran = again("run", "--as-of", "2026-03-11", "--yes", "--now", "2026-03-11T10:01Z")
        assert ran["proposals"] == {"first": 1}
        again("release", str(ran["run"]), "--by", "robin", "--now", "2026-03-11T10:02Z")
        assert again("send", "--now", "2026-03-11T11:00Z")["accepted"] == 1
        assert sorted(mail.to for mail in town.received()) == [f"p{number}@people.example" for number in (1, 2, 3)]
        assert again("restored", "--now", "2026-03-11T11:01Z")["unknown"] == 0
        assert again("audit", "--now", "2026-03-11T11:02Z")["ok"]


def test_a_backup_is_made_while_a_writer_is_in_the_middle_of_something(town: Town, tmp_path: Path) -> None:
    town.customers(CUSTOMERS, at="2026-02-02T08:00Z")
    with closing(sqlite3.connect(town.home / "duewell.db", isolation_level=None)) as writer:
        # another process writes and has not committed
        writer.execute("begin immediate")
        writer.execute("update party set name = 'half done'")
        town.command("backup", str(tmp_path / "backup.tar"))
        writer.execute("rollback")
    again = house(tmp_path / "again", None)
    again("restore", str(tmp_path / "backup.tar"), "--keys", str(town.home / "keys"))
    with closing(sqlite3.connect(tmp_path / "again" / "duewell.db")) as database:
        assert database.execute("select count(*) from party where name like 'Person%'").fetchone() == (3,)


def test_strategies_texts_and_other_files_of_the_home_come_back_and_keys_only_where_asked(
    town: Town, tmp_path: Path
) -> None:
    for name in ("strategies/own.yaml", "texts/en.yaml", "letters/batch-1/1.pdf", "logo.png"):
        (town.home / name).parent.mkdir(parents=True, exist_ok=True)
        (town.home / name).write_text(name)
    # texts that cannot be read stop no backup
    town.command("backup", str(town.home / "backups.tar"), "--with-keys")
    town.command("backup", str(tmp_path / "without"))
    assert not list((tmp_path / "without").rglob("*.key")) or [
        path.name for path in (tmp_path / "without").rglob("*.key")
    ] == ["public.key"]
    house(tmp_path / "again", None)("restore", str(town.home / "backups.tar"))
    for name in ("strategies/own.yaml", "texts/en.yaml", "letters/batch-1/1.pdf", "logo.png"):
        assert (tmp_path / "again" / name).read_text() == name
    assert (tmp_path / "again" / "keys" / "signing.key").stat().st_mode & 0o077 == 0


def _lose(folder: Path) -> None:
    (folder / "heads" / "heads.jsonl").unlink()


def _change(folder: Path) -> None:
    path = folder / "duewell.db"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def _rewrite(folder: Path) -> None:
    """Somebody changes the tables and mends the manifest as well."""
    path = folder / "duewell.db"
    with closing(sqlite3.connect(path)) as database:
        for (trigger,) in database.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            database.execute(f'drop trigger "{trigger}"')
        database.execute("update entry set amount_minor = 1")
        database.commit()
    from duewell.adapters.backups import _digest

    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["duewell.db"] = [path.stat().st_size, _digest(path)]
    (folder / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    ("damage", "says"), [(_lose, "is missing"), (_change, "was changed"), (_rewrite, "not what was signed")]
)
def test_a_damaged_backup_is_found_before_anything_is_restored(
    town: Town, tmp_path: Path, damage: Callable[[Path], None], says: str
) -> None:
    town.customers(CUSTOMERS, at="2026-02-02T08:00Z")
    town.invoices(INVOICES)
    town.command("backup", str(tmp_path / "backup"), "--with-keys")
    damage(tmp_path / "backup")
    answer = house(tmp_path / "again", None)("restore", str(tmp_path / "backup"), fails=3)
    assert says in answer["message"]
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["restore", "backup"], "--keys"),
        (["restore", "home"], "it is no backup"),
        (["restore", "nothing"], "it is no backup"),
    ],
)
def test_what_cannot_be_restored_is_refused_and_says_what_to_give(
    town: Town, tmp_path: Path, words: list[str], says: str
) -> None:
    town.command("backup", str(tmp_path / "backup"))
    answer = house(tmp_path / "again", None)(words[0], str(tmp_path / words[1]), fails=2)
    assert says in answer["message"]
    assert not (tmp_path / "again").exists()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_home_is_never_overwritten_and_neither_is_a_backup(town: Town, tmp_path: Path) -> None:
    town.command("backup", str(tmp_path / "backup"), "--with-keys")
    answer = town.command("backup", str(tmp_path / "backup"), fails=2)
    assert "never overwrites" in answer["message"]
    answer = house(town.home, None)("restore", str(tmp_path / "backup"), fails=2)
    assert "is not empty" in answer["message"]


def test_a_backup_of_one_database_is_not_brought_into_another(town: Town, tmp_path: Path) -> None:
    town.command("backup", str(tmp_path / "backup"), "--with-keys")
    elsewhere = house(tmp_path / "again", "postgresql://nobody@127.0.0.1:1/none")
    answer = elsewhere("restore", str(tmp_path / "backup"), fails=2)
    assert "unset DATABASE_URL" in answer["message"]


def test_keys_of_another_home_are_not_taken(town: Town, tmp_path: Path) -> None:
    town.command("backup", str(tmp_path / "backup"))
    shutil.copytree(town.home / "keys", tmp_path / "keys")
    (tmp_path / "keys" / "signing.key").write_bytes(bytes(range(32)))
    words = ["restore", str(tmp_path / "backup"), "--keys", str(tmp_path / "keys")]
    assert "is not the one" in house(tmp_path / "again", None)(*words, fails=2)["message"]


def test_doctor_asks_for_a_backup_of_a_real_home(tmp_path: Path) -> None:
    home = house(tmp_path / "home", None)
    home("init")

    def backup() -> dict[str, Any]:
        (found,) = [check for check in home("doctor", fails=1)["checks"] if check["check"] == "backup"]
        return dict(found)

    assert not backup()["ok"]
    home("backup", str(tmp_path / "backup"))
    assert backup()["ok"]
    (tmp_path / "home" / "latest-backup").write_text("2026-01-01T00:00:00+00:00\n")
    assert (backup()["ok"], backup()["text"]) == (False, "last backed up at 2026-01-01 00:00 UTC")
