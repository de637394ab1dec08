"""The one place where adapters are chosen: it opens a home, sets Django up and hands out what flows need."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from duewell.adapters.home import Home, open_home
from duewell.flows.creditor import CreditorBook, CreditorChecks
from duewell.flows.doctor import Check
from duewell.flows.ports import Clock


def start(directory: Path | str | None = None) -> Home:
    """Open the home, point Django at its database and set Django up. Safe to call twice for the same home.

    Raises:
        HomeProblem: there is no home there, or another home is open in this process.
    """
    home = open_home(directory)
    os.environ["DUEWELL_HOME"] = str(home.directory)
    os.environ["DJANGO_SETTINGS_MODULE"] = "duewell.web.settings"
    import django
    from django.conf import settings
    from django.db import connections

    django.setup()
    # A second home in the same process (tests) moves the connection along.
    wanted = home.database_file()
    present = settings.DATABASES["default"]
    if wanted is not None and present["NAME"] != str(wanted):
        connections["default"].close()
        present["NAME"] = str(wanted)
        connections["default"].settings_dict["NAME"] = str(wanted)
    return home


def migrate() -> None:
    """Bring the tables of the open home to the present version."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def check_tables() -> None:
    """Bring the tables up to date where a newer version of the program finds an older home."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    wanted = set(loader.graph.leaf_nodes("store"))
    if not wanted <= set(loader.applied_migrations):
        migrate()


class _CreditorBook:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def add(self, key: str, given: Mapping[str, Any]) -> int:
        from duewell.store import creditors

        return creditors.add(key, given, self._clock.now())

    def edit(self, creditor: int, given: Mapping[str, Any]) -> None:
        from duewell.store import creditors

        creditors.edit(creditor, given, self._clock.now())


def creditor_book(clock: Clock) -> CreditorBook:
    """Where creditors are kept, with the clock that dates their facts."""
    return _CreditorBook(clock)


def creditor_checks() -> CreditorChecks:
    """What a creditor's values are checked against."""
    from duewell.adapters import world_checks

    return CreditorChecks(
        iban=world_checks.iban,
        bic=world_checks.bic,
        email=world_checks.email,
        country=world_checks.country,
        zone=world_checks.zone,
        strategy=world_checks.strategy,
    )


def checks(home: Home) -> list[Check]:
    """What `doctor` asks, in order."""
    from duewell.adapters.doctor_checks import all_checks

    return all_checks(home)
