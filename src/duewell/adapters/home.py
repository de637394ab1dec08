"""A home: the folder an installation lives in. It holds the database file, the keys and the lodged heads.

duewell.toml    whether it is a test home, and whether its tables are in PostgreSQL
duewell.db      the tables, unless DATABASE_URL points to PostgreSQL
keys/           the signing key of the heads and the key behind the salts, readable by the owner alone
heads/          signed heads of the evidence tree, one per line; copy them elsewhere
"""

from __future__ import annotations

import os
import secrets
import tomllib
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class HomeProblem(Exception):
    """The home cannot be used; the message says what to do."""


@dataclass(frozen=True)
class Home:
    """One installation on disk. `test` allows a clock other than the real one, and only a mail sink."""

    directory: Path
    test: bool

    def database_file(self) -> Path | None:
        """The SQLite file, or None where DATABASE_URL points elsewhere."""
        return None if os.environ.get("DATABASE_URL") else self.directory / "duewell.db"

    def signing_key(self) -> Ed25519PrivateKey:
        """The key that signs the heads. Raises `HomeProblem` where the file is gone or unreadable."""
        return Ed25519PrivateKey.from_private_bytes(self._secret("signing.key"))

    def salt_key(self) -> bytes:
        """The key behind the salts of message parts and personal data."""
        return self._secret("salt.key")

    @property
    def heads_file(self) -> Path:
        """Where the sealer lodges signed heads; DUEWELL_HEADS moves it, best onto another disk or machine."""
        given = os.environ.get("DUEWELL_HEADS", "")
        return Path(given) if given else self.directory / "heads" / "heads.jsonl"

    def _secret(self, name: str) -> bytes:
        path = self.directory / "keys" / name
        try:
            return path.read_bytes()
        except OSError as problem:
            raise HomeProblem(
                f"the key {path} cannot be read ({problem.strerror}): restore it from your backup; "
                "without it nothing new can be signed, and nothing old is lost"
            ) from problem


def where(directory: Path | str | None) -> Path:
    """The folder meant: what was given, else DUEWELL_HOME. Raises `HomeProblem` where neither says."""
    given = directory or os.environ.get("DUEWELL_HOME", "")
    if not given:
        raise HomeProblem("which home? give --home DIR or set DUEWELL_HOME; `duewell init --home DIR` makes one")
    return Path(given).expanduser().resolve()


def open_home(directory: Path | str | None) -> Home:
    """Read an existing home.

    Raises:
        HomeProblem: nothing there, its duewell.toml cannot be read, or DATABASE_URL went missing or was added.
    """
    folder = where(directory)
    try:
        told = tomllib.loads((folder / "duewell.toml").read_text())
    except FileNotFoundError:
        raise HomeProblem(
            f"{folder} is no home of Duewell: make one with `duewell init --home {folder}`"
        ) from None
    except (OSError, tomllib.TOMLDecodeError) as problem:
        raise HomeProblem(f"{folder / 'duewell.toml'} cannot be read: {problem}") from problem
    if told.get("database") == "postgresql" and not in_postgres():
        # Without it the home would seem empty, and what is told to it would land in a file nobody looks at.
        raise HomeProblem(f"the tables of {folder} are in PostgreSQL: set DATABASE_URL, as when it was made")
    if told.get("database") != "postgresql" and in_postgres():
        raise HomeProblem(
            f"the tables of {folder} are in its own file, and DATABASE_URL names a PostgreSQL database: unset it, "
            "or make a new home while it is set"
        )
    return Home(folder, test=told.get("test") is True)


def in_postgres() -> bool:
    """Does DATABASE_URL name a PostgreSQL database?"""
    return os.environ.get("DATABASE_URL", "").startswith(("postgresql://", "postgres://"))


def make_home(directory: Path | str | None, *, test: bool) -> Home:
    """Make a home with keys of its own; an existing one stays as it is and is returned.

    Raises:
        HomeProblem: the folder holds other things, or is a home of the other kind.
    """
    folder = where(directory)
    if (folder / "duewell.toml").exists():
        home = open_home(folder)
        if home.test != test:
            kind = "a test home" if home.test else "a real home"
            raise HomeProblem(f"{folder} is already {kind}: choose another folder")
        return home
    if folder.exists() and any(folder.iterdir()):
        raise HomeProblem(f"{folder} is not empty and no home: choose a new or an empty folder")
    # The tables and everything that is put there later name people: nobody else on the machine needs to read them.
    # A folder that somebody made for us keeps the access that it was given.
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / "keys").mkdir(mode=0o700)
    (folder / "heads").mkdir()
    key = Ed25519PrivateKey.generate()
    _write_secret(
        folder / "keys" / "signing.key",
        key.private_bytes(
            serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption()
        ),
    )
    _write_secret(folder / "keys" / "salt.key", secrets.token_bytes(32))
    public = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    (folder / "heads" / "public.key").write_text(public.hex() + "\n")
    database = 'database = "postgresql"\n' if in_postgres() else ""
    (folder / "duewell.toml").write_text(f"test = {'true' if test else 'false'}\n{database}")
    return Home(folder, test)


def _write_secret(path: Path, value: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(value)
