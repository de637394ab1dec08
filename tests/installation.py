"""A small installation for tests, on SQLite or on PostgreSQL: a test home with its tables, in this process."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import django


def use(database: dict[str, Any]) -> None:
    """Point Django at this database, an entry of its `DATABASES`."""
    from django.conf import settings
    from django.db import connections

    connections["default"].close()
    del connections["default"]
    complete = connections.configure_settings({"default": database})["default"]
    connections.settings["default"] = settings.DATABASES["default"] = complete


@cache
def _empty_tables() -> bytes:
    """A SQLite file with the tables and nothing else: made once, for migrating takes longer than most tests."""
    from django.db import connections

    from duewell import wiring
    from duewell.web import settings

    with TemporaryDirectory() as directory:
        path = Path(directory) / "empty.db"
        use(settings._sqlite(str(path)))
        wiring.migrate()
        # Leaving WAL mode brings everything into the one file.
        with connections["default"].cursor() as cursor:
            cursor.execute("pragma journal_mode=delete")
        connections["default"].close()
        return path.read_bytes()


def empty_home(directory: Path, *, with_tables: bool) -> Any:
    """A fresh test home that nobody has opened, with empty tables in its SQLite file where wanted."""
    from duewell.adapters.home import make_home

    name_settings()
    home = make_home(directory, test=True)
    if with_tables:
        (directory / "duewell.db").write_bytes(_empty_tables())
    return home


def name_settings() -> None:
    """Set Django up, so that the tables can be imported before a home is open."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "duewell.web.settings"
    django.setup()


@contextmanager
def shell(values: Mapping[str, str | None]) -> Iterator[None]:
    """What a shell would have set, for the length of a block; None takes a name away."""
    before = {name: os.environ.get(name) for name in values}
    _set(values)
    try:
        yield
    finally:
        _set(before)


def _set(values: Mapping[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


@contextmanager
def installation(directory: Path, url: str | None = None) -> Iterator[Any]:
    """A fresh test home in `directory`; its tables are in `url` (an empty PostgreSQL database) or in its file.

    Yields the `Home`. Afterwards Django is back on a SQLite database, whichever test comes next.
    """
    from duewell import wiring
    from duewell.web import settings

    with shell({"DATABASE_URL": url or None}):
        home = empty_home(directory, with_tables=not url)
        use(settings._postgres(url) if url else settings._sqlite(str(directory / "duewell.db")))
        try:
            if url:
                wiring.migrate()
            yield home
        finally:
            use(settings._sqlite(":memory:"))
