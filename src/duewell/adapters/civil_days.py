"""The creditor's civil dates and clock, for flows that look ahead or back."""

from __future__ import annotations

from functools import partial

from duewell.adapters import zones
from duewell.flows.coming import Days


def days_of(zone: str) -> Days:
    """Days of a zone of the IANA table. Its functions raise `UnknownZone` where there is no such zone."""
    return Days(bounds=partial(zones.civil_day, zone), local=partial(zones.civil_time, zone), zone=zone)
