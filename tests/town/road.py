"""A town on a bad road: every command is a process of its own, so that any of them can be killed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests import installation
from tests.sink import Sink
from tests.town.nursery import Workers
from tests.town.records import Records
from tests.town.town import CREDITOR, Town


class Road(NamedTuple):
    """The town and what bears its workers."""

    town: Town
    workers: Workers


@contextmanager
def road(
    directory: Path, url: str | None = None, *, strategy: Path | None = None, books_max_age: int = 365
) -> Iterator[Road]:
    """A new town, on SQLite or in the empty PostgreSQL database of `url`.

    Args:
        strategy: a file that takes the place of the default one.
    """
    home = directory / "home"
    installation.empty_home(home, with_tables=not url)
    with Sink() as sink:
        environment = {"DUEWELL_SMTP_URL": f"{sink.url}?timeout=5&dot_timeout=1"}
        if url:
            environment["DATABASE_URL"] = url
        workers = Workers(home, environment)
        town = Town(home, workers, sink, Records(home, url))
        options = [word for name, value in CREDITOR.items() for word in (f"--{name}", value)]
        if strategy is not None:
            (home / "strategies").mkdir()
            (home / "strategies" / strategy.name).write_bytes(strategy.read_bytes())
            options += ["--strategy", strategy.stem]
        town.command("creditor", "add", "light", "--books-max-age", str(books_max_age), *options)
        yield Road(town, workers)
