"""Django's settings, read strictly from the environment; the defaults are the safe ones.

`duewell.wiring.start` sets what a home decides (its database file) before Django is set up.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


class BadSetting(ValueError):
    """A setting in the environment cannot be used; the message says which and how to mend it."""


def _postgres(url: str) -> dict[str, Any]:
    from psycopg import ProgrammingError
    from psycopg.conninfo import make_conninfo

    try:
        parts = urlsplit(url)
        port = parts.port
        make_conninfo("", **dict(parse_qsl(parts.query)))
    except (ValueError, ProgrammingError) as problem:
        raise BadSetting(f"DATABASE_URL cannot be read: {str(problem).strip()}") from problem
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise BadSetting("DATABASE_URL names no database: give postgresql://user@host:5432/NAME")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "OPTIONS": {**dict(parse_qsl(parts.query)), "application_name": "duewell"},
    }


def _sqlite(path: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            # A writer waits for its turn rather than fail; marks must survive a power cut.
            "transaction_mode": "IMMEDIATE",
            "timeout": 60,
            # Dates come as the text they are: turning each into an object in the driver costs more than the read.
            "detect_types": 0,
            "init_command": (
                "pragma journal_mode=wal; pragma synchronous=full; pragma foreign_keys=on;"
                "pragma cache_size=-65536; pragma temp_store=memory; pragma secure_delete=on;"
            ),
        },
    }


def _database() -> dict[str, Any]:
    url = os.environ.get("DATABASE_URL", "")
    if url.startswith(("postgresql://", "postgres://")):
        return _postgres(url)
    if url.startswith("sqlite:///"):
        path = url.removeprefix("sqlite:///")
        if not path:
            raise BadSetting("DATABASE_URL names no file: give sqlite:////srv/duewell/duewell.db")
        return _sqlite(path)
    if url:
        raise BadSetting("DATABASE_URL must start with postgresql:// or sqlite:///")
    home = os.environ.get("DUEWELL_HOME", "")
    return _sqlite(str(Path(home) / "duewell.db") if home else ":memory:")


DATABASES = {"default": _database()}
# No page is served from here yet; every command and test that needs it gets a key of the home.
SECRET_KEY = os.environ.get("DUEWELL_SECRET_KEY", "") or "not-for-sessions-there-are-no-pages-yet"
DEBUG = False
ALLOWED_HOSTS: list[str] = []
INSTALLED_APPS = ["duewell.store.apps.StoreConfig"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
LOGGING_CONFIG = None
