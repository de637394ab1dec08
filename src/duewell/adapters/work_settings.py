"""How the schedule of a home is set: the table `work` of its duewell.toml.

    [work]
    night = "02:00"                 # times are those of a clock where the creditor is
    alarm_to = "operator@example.org"

    [work.creditors.acme]           # other values for one creditor
    night = "01:30"

Page: docs/reference/settings.md.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import time, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

from duewell.adapters.home import HomeProblem
from duewell.adapters.world_checks import email
from duewell.flows.work.rota import Rota

_TIMES: Final = ("night", "janitors", "digest", "send_from", "send_until")
_MINUTES: Final = {
    "send_every_minutes": ("send_every", 1, 24 * 60),
    "retry_after_minutes": ("retry_after", 1, 24 * 60),
    "night_within_minutes": ("night_within", 5, 24 * 60),
}
_HOUSE: Final = ("alarm_to", "alarm_from", "plans_kept_days", "connections", "creditors", "dkim_selectors")


class WorkSettings(NamedTuple):
    """The schedule of a home."""

    rota: Rota = Rota()
    of_creditor: Mapping[str, Rota] = {}
    """Rotas of creditors that differ, by key."""
    alarm_to: str = ""
    """Where alarms go; empty: only to the log, `doctor` and `metrics`."""
    alarm_from: str = ""
    """Sender of alarms; the creditor's own where it is empty."""
    plans_kept_days: int = 90
    connections: int = 16
    dkim_selectors: tuple[str, ...] = ()
    """Names under which keys for DKIM may be published."""

    def rota_of(self, key: str) -> Rota:
        """The rota of a creditor."""
        return self.of_creditor.get(key, self.rota)


def read_work_settings(home: Path) -> WorkSettings:
    """Read the table, strictly.

    Raises:
        HomeProblem: it cannot be read; says which value is wrong and how to write it.
    """
    file = home / "duewell.toml"
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8")).get("work", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise HomeProblem(f"{file} cannot be read: {problem}") from problem
    try:
        return _settings(told)
    except ValueError as problem:
        raise HomeProblem(f"{file}, table work: {problem}") from problem


def _settings(told: Any) -> WorkSettings:
    if not isinstance(told, dict):
        raise ValueError("write it as a table, [work]")
    _no_strangers(told, (*_TIMES, *_MINUTES, *_HOUSE))
    rota = _rota(Rota(), told)
    creditors = told.get("creditors", {})
    if not isinstance(creditors, dict) or not all(isinstance(one, dict) for one in creditors.values()):
        raise ValueError("write creditors as tables, [work.creditors.KEY]")
    of_creditor = {}
    for key, one in creditors.items():
        _no_strangers(one, (*_TIMES, *_MINUTES))
        of_creditor[key] = _rota(rota, one)
    selectors = told.get("dkim_selectors", [])
    if not isinstance(selectors, list) or not all(isinstance(one, str) and one for one in selectors):
        raise ValueError('dkim_selectors is a list of names, such as ["mail", "s1"]')
    return WorkSettings(
        rota,
        of_creditor,
        _address(told, "alarm_to"),
        _address(told, "alarm_from"),
        _number(told, "plans_kept_days", 90, 1, 3650),
        _number(told, "connections", 16, 1, 64),
        tuple(selectors),
    )


def _no_strangers(told: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for name in told:
        if name not in known:
            raise ValueError(f"{name} is not known here: one of {', '.join(known)}")


def _rota(base: Rota, told: Mapping[str, Any]) -> Rota:
    values: dict[str, Any] = {name: _time(name, told[name]) for name in _TIMES if name in told}
    for name, (field, least, most) in _MINUTES.items():
        if name in told:
            values[field] = timedelta(minutes=_number(told, name, least, least, most))
    return base._replace(**values)


def _time(name: str, value: Any) -> time:
    # TOML has times of its own, 02:00:00, beside the text that people write.
    if isinstance(value, time) and value.tzinfo is None:
        return value
    try:
        if not isinstance(value, str) or len(value) != 5:
            raise ValueError(value)
        return time.fromisoformat(value)
    except ValueError:
        raise ValueError(f'{name} is {value!r}: write it as "02:00", by the clock of the creditor') from None


def _number(told: Mapping[str, Any], name: str, default: int, least: int, most: int) -> int:
    value = told.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(f"{name} is {value!r}: write a whole number from {least} to {most}")
    return value


def _address(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name, "")
    if not isinstance(value, str):
        raise ValueError(f"{name} is {value!r}: write an e-mail address")
    return email(value) if value else ""
