"""Backups on disk: a folder, or the same folder as one tar file, that appears whole or not at all.

manifest.json    what it is, with size and SHA-256 of every other file
duewell.db       the tables of a home on SQLite; or
tables/          one compressed file for each table of PostgreSQL
heads/           the signed heads up to the copy, and the public key
home/            what else the home holds: duewell.toml, strategies, texts, documents, letters
keys/            only where asked for
"""

from __future__ import annotations

import json
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path, PurePosixPath
from tempfile import mkdtemp
from typing import Any

from duewell.adapters.home import Home
from duewell.flows.backup import FORMAT, BackupFailed, BackupRefused, CopiedTables, Manifest, Tell

MANIFEST = "manifest.json"
LATEST = "latest-backup"
_NOT_OURS = {
    LATEST,
    "keys",
    "heads",
    "locks",
    "duewell.db",
    "duewell.db-wal",
    "duewell.db-shm",
    "duewell.db-journal",
}
_ROOM_BYTES = 50_000_000
_FORM = "it is no backup of Duewell"


@dataclass(frozen=True)
class NewBackup:
    """Keeps the promise of `flows.backup.Shelf`: the backup under its working name."""

    home: Home
    target: Path
    folder: Path
    """Where it is written until it is whole."""
    made_at: Callable[[], str]
    version: str

    @property
    def heads(self) -> Path:
        """The copy of the signed heads."""
        return self.folder / "heads" / "heads.jsonl"

    @property
    def public_key(self) -> Path:
        """The copy of the key they are signed with."""
        return self.folder / "heads" / "public.key"

    def reserve(self, bytes_wanted: int) -> None:
        """Ask the disk for room before anything is written."""
        files = sum(path.stat().st_size for path in _files(self.home.directory, self.folder, self.target))
        wanted = (bytes_wanted + files) * (2 if _is_tar(self.target) else 1) + _ROOM_BYTES
        _room(self.target.parent, wanted)

    def keep_heads(self) -> None:
        """Copy heads and public key. A head that is just being written is not in the copy."""
        (self.folder / "heads").mkdir()
        shutil.copyfile(self.home.directory / "heads" / "public.key", self.public_key)
        if self.home.heads_file.exists():
            whole, end, _ = self.home.heads_file.read_bytes().rpartition(b"\n")
            self.heads.write_bytes(whole + end)

    def keep_files(self) -> None:
        """Copy the other files of the home."""
        for path in _files(self.home.directory, self.folder, self.target):
            copy = self.folder / "home" / path.relative_to(self.home.directory)
            copy.parent.mkdir(parents=True, exist_ok=True)
            try:
                shutil.copyfile(path, copy)
            except FileNotFoundError:
                # Somebody cleaned up meanwhile; nothing that the tables name goes this way.
                continue

    def keep_keys(self) -> None:
        """Copy the keys; whoever has them can sign in this home's name."""
        (self.folder / "keys").mkdir(mode=0o700)
        for path in sorted((self.home.directory / "keys").iterdir()):
            copy = self.folder / "keys" / path.name
            shutil.copyfile(path, copy)
            copy.chmod(0o600)

    def describe(self, tables: CopiedTables, *, with_keys: bool) -> Manifest:
        """Write the manifest."""
        files = {
            path.relative_to(self.folder).as_posix(): (path.stat().st_size, _digest(path))
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        }
        made = Manifest(FORMAT, self.made_at(), self.version, self.home.test, with_keys, tables, files)
        text = json.dumps({**made._asdict(), "tables": tables._asdict()}, indent=1, sort_keys=True)
        (self.folder / MANIFEST).write_text(text + "\n")
        return made

    def check(self, manifest: Manifest, tell: Tell) -> list[str]:
        """Read everything back from the disk."""
        for path in self.folder.rglob("*"):
            if path.is_file():
                _sync(path)
        return changed(self.folder, manifest, tell)

    def publish(self) -> None:
        """Give it its name; where that is a tar file, write it first and read it back."""
        if not _is_tar(self.target):
            os.rename(self.folder, self.target)
        else:
            packed = self.folder.with_name(self.folder.name + ".tar")
            try:
                with tarfile.open(packed, "w") as archive:
                    archive.add(self.folder, arcname=".")
                packed.chmod(0o600)
                _sync(packed)
                os.link(packed, self.target)
            finally:
                packed.unlink(missing_ok=True)
                shutil.rmtree(self.folder, ignore_errors=True)
        _sync(self.target.parent)


@contextmanager
def new_backup(home: Home, target: Path, made_at: Callable[[], str], version: str) -> Iterator[NewBackup]:
    """A place for a backup beside `target`; what was not published is gone afterwards.

    Raises:
        BackupRefused: there is something under that name already, or its folder is missing.
    """
    if target.exists():
        raise BackupRefused(f"{target} exists already: a backup never overwrites, give another name")
    if not target.parent.is_dir():
        raise BackupRefused(f"there is no folder {target.parent}")
    folder = Path(mkdtemp(prefix=f".{target.name}.unfinished-", dir=target.parent))
    try:
        yield NewBackup(home, target, folder, made_at, version)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remember(home: Home, made_at: str) -> None:
    """Note in the home when it was last backed up, for `doctor`."""
    (home.directory / LATEST).write_text(made_at + "\n")


def latest(home: Home) -> datetime | None:
    """When the home was last backed up; None where it never was."""
    try:
        return datetime.fromisoformat((home.directory / LATEST).read_text().strip())
    except (FileNotFoundError, ValueError):
        return None


@contextmanager
def opened(backup: Path, beside: Path) -> Iterator[tuple[Path, Manifest]]:
    """A backup as a folder with its manifest; a tar file is unpacked beside the home that it is for.

    Raises:
        BackupRefused: it is none, or of a form that this version does not know.
    """
    if backup.is_dir():
        yield backup, _manifest(backup)
        return
    if not backup.is_file() or not tarfile.is_tarfile(backup):
        raise BackupRefused(f"{backup}: {_FORM}: give the folder or the .tar file that `duewell backup` made")
    beside.mkdir(parents=True, exist_ok=True)
    _room(beside, backup.stat().st_size * 2 + _ROOM_BYTES)
    folder = Path(mkdtemp(prefix=".unpacked-", dir=beside))
    try:
        _unpack(backup, folder)
        yield folder, _manifest(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def changed(folder: Path, manifest: Manifest, tell: Tell) -> list[str]:
    """Files that are missing, changed or foreign."""
    found = []
    for done, (name, (size, digest)) in enumerate(manifest.files.items(), 1):
        path = folder / name
        if not path.is_file():
            found.append(f"{name} is missing")
        elif path.stat().st_size != size or _digest(path) != digest:
            found.append(f"{name} was changed")
        tell("reading files back", done, len(manifest.files))
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return found + [f"{name} was added" for name in sorted(there - manifest.files.keys() - {MANIFEST})]


def _manifest(folder: Path) -> Manifest:
    try:
        told: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
        if told["format"] != FORMAT:
            raise BackupRefused(f"{folder}: a backup of format {told['format']}, this version knows {FORMAT}")
        files = {name: (int(size), str(digest)) for name, (size, digest) in told.pop("files").items()}
        tables = CopiedTables(**told.pop("tables"))
        made = Manifest(**told, tables=tables, files=files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise BackupRefused(f"{folder}: {_FORM}, or its {MANIFEST} is damaged ({problem})") from problem
    strange = [name for name in files if not _is_inside(name)]
    if strange:
        raise BackupRefused(f"{folder}: its {MANIFEST} names {strange[0]!r}, which lies outside of it")
    return made


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def _unpack(backup: Path, folder: Path) -> None:
    with tarfile.open(backup) as archive:
        for member in archive:
            if member.isdir():
                continue
            content = archive.extractfile(member) if member.isfile() else None
            if content is None or not _is_inside(member.name):
                raise BackupRefused(f"{backup}: it holds {member.name!r}, which no backup holds")
            path = folder / member.name
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with path.open("wb") as file:
                shutil.copyfileobj(content, file)


def put_into(folder: Path, manifest: Manifest, home: Path, keys: Path | None) -> None:
    """Lay out a home from a backup, without its tables.

    Raises:
        BackupRefused: the keys are missing, or are not those of the backup.
    """
    chosen = folder / "keys" if manifest.with_keys else keys
    if chosen is None:
        raise BackupRefused(
            "this backup was made without keys: give --keys DIR with the folder `keys` of the home as it was"
        )
    missing = [name for name in ("signing.key", "salt.key") if not (chosen / name).is_file()]
    if missing:
        raise BackupRefused(f"{chosen} has no {' and no '.join(missing)}: give the folder `keys` of the home")
    (home / "keys").mkdir(mode=0o700)
    for path in sorted(chosen.iterdir()):
        if path.is_file():
            shutil.copyfile(path, home / "keys" / path.name)
            (home / "keys" / path.name).chmod(0o600)
    for name in manifest.files:
        top, _, rest = name.partition("/")
        if top in ("home", "heads"):
            target = home / (rest if top == "home" else name)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / name, target)
    made = Home(home, manifest.test).signing_key().public_key().public_bytes_raw().hex()
    if made != (home / "heads" / "public.key").read_text().strip():
        raise BackupRefused(f"the signing key in {chosen} is not the one whose heads are in the backup")


@contextmanager
def new_home(target: Path) -> Iterator[Path]:
    """A folder beside `target` in which a home is put together; it takes that name at the end of the block.

    Raises:
        BackupRefused: there is something under that name.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise BackupRefused(f"{target} is not empty: restore into a new folder, nothing is ever overwritten")
    target.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(mkdtemp(prefix=f".{target.name}.restoring-", dir=target.parent))
    try:
        yield folder
        for path in folder.rglob("*"):
            if path.is_file():
                _sync(path)
        # Onto an empty folder a rename goes through, onto a full one it fails.
        os.rename(folder, target)
        _sync(target.parent)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def room_for(manifest: Manifest, folder: Path) -> None:
    """Raises `BackupFailed` where a backup would not fit beside `folder`."""
    _room(folder, sum(size for size, _ in manifest.files.values()) + _ROOM_BYTES)


def _room(folder: Path, wanted: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < wanted:
        raise BackupFailed(
            f"{folder} has {free // 1_000_000:,} MB free, about {wanted // 1_000_000:,} MB are needed: make room"
        )


def _files(home: Path, *apart_from: Path) -> Iterator[Path]:
    """The files of a home that are neither tables, keys, heads nor locks, nor the backup itself."""
    apart = {path.resolve() for path in apart_from}
    for top in sorted(home.iterdir()):
        if top.name in _NOT_OURS or ".unfinished" in top.name or top.name.startswith(".unpacked-"):
            continue
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            inside_a_backup = any(parent in apart or (parent / MANIFEST).exists() for parent in path.parents)
            if path.is_file() and not path.is_symlink() and not inside_a_backup and path.suffix != ".tar":
                yield path


def _is_tar(path: Path) -> bool:
    return path.suffix == ".tar"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
