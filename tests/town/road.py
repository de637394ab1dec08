"""A town on a bad road: any of its commands can be given to a process of its own, to be doubled or killed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.town.nursery import Workers
from tests.town.town import Town, founded


class Road(NamedTuple):
    """The town, whose commands run in this process, and workers that give commands to processes of their own."""

    town: Town
    workers: Workers


@contextmanager
def road(
    directory: Path, url: str | None = None, *, strategy: Path | None = None, **creditor: str
) -> Iterator[Road]:
    """A new town, on SQLite or in the empty PostgreSQL database of `url`.

    Args:
        strategy: a file that takes the place of the default one.
        creditor: as in `founded`.
    """
    with founded(directory, url, **creditor) as town:
        environment = {"DUEWELL_SMTP_URL": os.environ["DUEWELL_SMTP_URL"]}
        if url:
            environment["DATABASE_URL"] = url
        if strategy is not None:
            (town.home / "strategies").mkdir()
            (town.home / "strategies" / strategy.name).write_bytes(strategy.read_bytes())
            town.command("creditor", "edit", "light", "--strategy", strategy.stem)
        yield Road(town, Workers(town.home, environment))
