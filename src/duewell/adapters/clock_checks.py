"""Is the clock of this machine right, as far as something else here knows the time?"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from duewell.adapters import zones
from duewell.flows.doctor import Answer

APART_MAX: Final = timedelta(minutes=5)
_ZONES_OLD: Final = 2
"""Years after which the zones of the world have most likely changed."""
_DATE: Final = re.compile(r"(?:\w{3}, )?\d{1,2} \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}")
_SET_IT: Final = "set the clock, best by a time server (timedatectl set-ntp true)"


def clock(now: datetime, newest_fact: datetime | None, greeting: str) -> Answer:
    """The machine's clock beside the newest fact and beside what the mail server said when it greeted.

    Args:
        now: what this machine takes for now.
        newest_fact: the latest instant among the newest facts.
        greeting: of the mail server; many say the time in it. Empty where it was not reached.
    """
    if newest_fact is not None and newest_fact > now + APART_MAX:
        text = f"the newest fact is from {_spelled(newest_fact)}, and here it is {_spelled(now)}"
        return Answer(False, text, f"{_SET_IT}; if the clock was ahead once, wait until it has caught up")
    theirs = _date_in(greeting)
    if theirs is not None and abs(theirs - now) > APART_MAX:
        text = f"the mail server's clock shows {_spelled(theirs)}, and here it is {_spelled(now)}"
        return Answer(False, text, _SET_IT)
    beside = "the newest fact and the mail server" if theirs else "the newest fact"
    return Answer(True, f"{_spelled(now)}, and {beside} {'agree' if theirs else 'agrees'}", "")


def zone_data(today: datetime) -> Answer:
    """Whether the zone database is old enough to be wrong somewhere."""
    version = zones.version().split()[0]
    year = re.match(r"\d{4}", version)
    if year is None or int(year[0]) + _ZONES_OLD <= today.year:
        return Answer(
            False, f"the time zones are those of {version}", "pip install --upgrade tzdata, then start again"
        )
    return Answer(True, f"time zones of {version}", "")


def _date_in(greeting: str) -> datetime | None:
    found = _DATE.search(greeting)
    if found is None:
        return None
    try:
        return parsedate_to_datetime(found[0])
    except ValueError:
        return None


def _spelled(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
