"""Fresh PostgreSQL databases for tests, benchmarks and trying things out.

In tests, take the fixture `postgres_url`. Elsewhere::

    with postgres.server() as server, server.database() as url: ...

    python -m tests.postgres -- COMMAND ...     runs COMMAND with DATABASE_URL set to a fresh database
    python -m tests.postgres --set shared_buffers=1GB -- COMMAND ...
    python -m tests.postgres --collation bytes -- COMMAND ...
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from psycopg import sql

from tests import postgres_server
from tests.postgres_server import NoPostgres

__all__ = ["Collation", "NoPostgres", "Server", "server"]

# `language` sorts text as people do, as most installations are set up: code that mixes up the order of Python
# (or SQLite) with that of the database shows it. `bytes` is PostgreSQL's fastest. The embedded wheel is built
# without ICU and knows `bytes` alone.
Collation = Literal["language", "bytes"]


@dataclass(frozen=True)
class Server:
    """A running server: `address` is `postgresql://user@host:port`, `home` a database that always exists.

    Names of databases start with `prefix`, so that several sessions can share one server.
    """

    address: str
    home: str
    prefix: str

    def url(self, name: str) -> str:
        return f"{self.address}/{name}"

    def create(
        self, name: str | None = None, *, template: str | None = None, collation: Collation = "language"
    ) -> str:
        """Create a database and return its address.

        Args:
            name: by default one that nobody has.
            template: a name that `template` returned; the new database is its copy, with its collation.
            collation: how a database without a template sorts text.
        """
        name = name or f"{self.prefix}_{uuid4().hex[:12]}"
        like = sql.Identifier(template or "template0")
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), like)
        if not template:
            by_language = collation == "language" and self.knows_languages()
            kind = "ICU_LOCALE 'und' LOCALE_PROVIDER icu" if by_language else "LOCALE_PROVIDER libc"
            command += sql.SQL(f" ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' {kind}")
        self._execute(command)
        return self.url(name)

    def knows_languages(self) -> bool:
        """Whether the server can sort text as people do."""
        with self._connect() as connection:
            query = "SELECT 1 FROM pg_collation WHERE collname = 'und-x-icu'"
            return connection.execute(query).fetchone() is not None

    def drop(self, name: str) -> None:
        """Remove a database and cut whatever is still connected to it."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def drop_all(self) -> None:
        """Remove every database of this session, templates too."""
        with self._connect() as connection:
            found = connection.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"{self.prefix}_"]
            ).fetchall()
        for (name,) in found:
            self.drop(name)

    def template(self, name: str, build: Callable[[str], None]) -> str:
        """Return the name of a database that `build` filled once, for all processes that share the server.

        Args:
            build: is given the address of an empty database; it must leave no connection open.
        """
        full = f"{self.prefix}_template_{name}"
        with self._connect() as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", [zlib.crc32(full.encode())])
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [full]).fetchone():
                unfinished = f"{full}_unfinished"
                self.drop(unfinished)
                build(self.create(unfinished))
                # Only what was filled to its end gets the name under which it is looked for.
                rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
                connection.execute(rename.format(sql.Identifier(unfinished), sql.Identifier(full)))
        return full

    @contextmanager
    def database(self, *, template: str | None = None, collation: Collation = "language") -> Iterator[str]:
        """Give the address of a fresh database and remove it afterwards."""
        url = self.create(template=template, collation=collation)
        try:
            yield url
        finally:
            self.drop(url.rpartition("/")[2])

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(self.url(self.home), autocommit=True)

    def _execute(self, command: sql.Composable) -> None:
        with self._connect() as connection:
            connection.execute(command)


@contextmanager
def server(shared: Path | None = None, settings: Sequence[str] = ()) -> Iterator[Server]:
    """Give a server: the one that DUEWELL_TEST_DATABASE_URL names, else a throw-away one.

    Args:
        shared: a directory that all processes that shall share the server name; by default it is ours alone.
        settings: of a throw-away one, such as `shared_buffers=1GB`; whoever comes first decides.

    Raises:
        NoPostgres: there is no server to be had.
    """
    with tempfile.TemporaryDirectory(prefix="duewell-") as alone:
        shared = shared or Path(alone)
        given = os.environ.get("DUEWELL_TEST_DATABASE_URL")
        if given:
            parts = urlsplit(given)
            prefix = f"duewell_{zlib.crc32(bytes(shared)):08x}"
            lent = Server(f"{parts.scheme}://{parts.netloc}", parts.path.strip("/") or "postgres", prefix)
            with postgres_server.shared_by_all(shared, lent.drop_all):
                yield lent
        else:
            if settings:
                shared.mkdir(parents=True, exist_ok=True)
                (shared / "settings").write_text("\n".join(settings))
            with postgres_server.running(shared) as address:
                yield Server(address, "postgres", "duewell")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.postgres", description=__doc__)
    parser.add_argument("--collation", choices=("language", "bytes"), default="language")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="of a throw-away server")
    parser.add_argument("command", nargs="+", metavar="COMMAND")
    options = parser.parse_args(arguments)
    print(postgres_server.describe(), file=sys.stderr)
    with server(settings=options.set) as running, running.database(collation=options.collation) as url:
        return subprocess.run(options.command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
