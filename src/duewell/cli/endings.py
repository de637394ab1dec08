"""How a command ends when something is raised: one table from exceptions to exit codes.

Exceptions are named, not imported, so that nothing heavy is loaded for a table; a test finds each name. What is
not in the table is a mistake of ours: it ends with the trace, and never with 1, which means findings.
"""

from __future__ import annotations

from typing import Final, NamedTuple

WRONG_USE: Final = 2
WORLD_FAILED: Final = 3


class Ending(NamedTuple):
    """An exit code, the word that stands as `error` in JSON, and what to say."""

    code: int
    kind: str
    text: str


_DATABASE = "the database cannot be used: {line}. Nothing half done is left; see `duewell doctor`, then try again"
TABLE: Final = {
    "duewell.cli.output.WrongUse": (WRONG_USE, "wrong_use", "{text}"),
    "duewell.cli.output.WorldFailed": (WORLD_FAILED, "world_failed", "{text}"),
    "duewell.adapters.home.HomeProblem": (WRONG_USE, "bad_home", "{text}"),
    "duewell.web.settings.BadSetting": (WRONG_USE, "bad_setting", "{text}"),
    "duewell.adapters.event_log.BadLogSetting": (WRONG_USE, "bad_setting", "{text}"),
    "duewell.flows.failpoints.BadFailpoint": (WRONG_USE, "bad_setting", "{text}"),
    "duewell.wiring.BadMailSetting": (WRONG_USE, "bad_setting", "{text}"),
    "duewell.adapters.strategies.NoSuchStrategy": (WRONG_USE, "bad_strategy", "{text}"),
    "duewell.adapters.files.marked_yaml.BadYaml": (WRONG_USE, "bad_file", "{text}"),
    "duewell.adapters.texts.errors.TextError": (WRONG_USE, "bad_text", "{text}"),
    "duewell.adapters.texts.errors.Untranslated": (WRONG_USE, "untranslated", "{text}"),
    "duewell.adapters.channels.letter.press.CannotBeSet": (WRONG_USE, "cannot_be_set", "{text}"),
    "duewell.store.upgrade.NewerTables": (WRONG_USE, "newer_tables", "{text}"),
    "duewell.store.upgrade.TablesBusy": (WORLD_FAILED, "tables_busy", "{text}"),
    "duewell.store.erasure.pages.LogHeld": (WORLD_FAILED, "log_held", "{text}"),
    "duewell.core.intake.findings.FileRefused": (WRONG_USE, "bad_file", "{text}"),
    "duewell.core.units.money.UnknownCurrency": (WRONG_USE, "wrong_use", "{text}"),
    "django.db.utils.OperationalError": (WORLD_FAILED, "database", _DATABASE),
    "django.db.utils.InterfaceError": (WORLD_FAILED, "database", _DATABASE),
    "django.db.utils.DatabaseError": (WORLD_FAILED, "database", _DATABASE),
    "sqlite3.OperationalError": (WORLD_FAILED, "database", _DATABASE),
    "sqlite3.DatabaseError": (WORLD_FAILED, "database", _DATABASE),
    "psycopg.OperationalError": (WORLD_FAILED, "database", _DATABASE),
    "psycopg.InterfaceError": (WORLD_FAILED, "database", _DATABASE),
    "psycopg.errors.InsufficientPrivilege": (WORLD_FAILED, "database", _DATABASE),
    "builtins.MemoryError": (WORLD_FAILED, "memory", "this machine has not enough memory for that"),
    "builtins.OSError": (WORLD_FAILED, "world_failed", "{text}"),
}
"""Exception, by the name of its class: exit code, word, sentence. The nearest class of an exception counts."""

# Of a database, these say that our own statement was wrong.
_OURS = {"IntegrityError", "ProgrammingError", "DataError", "InternalError", "NotSupportedError"}


def ending(problem: BaseException) -> Ending | None:
    """How the command ends for this exception; None where it is a mistake of ours."""
    for each in (problem, problem.__cause__):
        # Django wraps what the driver raised; the driver knows better what it was.
        found = None if each is None else _of_class(type(each))
        if found is not None:
            code, kind, sentence = found
            return Ending(code, kind, sentence.format(text=_text(problem), line=_line(problem)))
    return None


def _of_class(kind: type[BaseException]) -> tuple[int, str, str] | None:
    for base in kind.__mro__:
        found = TABLE.get(f"{base.__module__}.{base.__qualname__}")
        if found is not None or base.__name__ in _OURS:
            return found
    return None


def _text(problem: BaseException) -> str:
    if isinstance(problem, OSError) and problem.strerror:
        return f"{problem.filename}: {problem.strerror}" if problem.filename else problem.strerror
    return str(problem) or type(problem).__name__


def _line(problem: BaseException) -> str:
    """What drivers say in several lines, as a part of a sentence."""
    return " ".join(_text(problem).split()).rstrip(".?")
