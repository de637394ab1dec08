"""The one place where adapters are chosen: it opens a home, sets Django up and hands out what flows need."""

from __future__ import annotations

import os
from pathlib import Path

from duewell.adapters.home import Home, open_home


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
