"""The rules the gate can apply, and the dated values each of them reads from a book."""

from __future__ import annotations

from duewell.core.law import days, frequency, hours, stops

VALUES_READ: dict[str, tuple[str, ...]] = {
    hours.KEY: (hours.OPENS, hours.CLOSES),
    days.WEEKDAY: (days.CLOSED_WEEKDAYS,),
    days.HOLIDAY: (days.CLOSED_HOLIDAYS,),
    frequency.KEY: (frequency.CONTACTS_MAX, frequency.DAYS),
    stops.OPT_OUT: (stops.PURPOSES,),
    stops.FLAG: (stops.FLAGS_REFUSED, stops.FLAGS_REVIEWED),
}
"""By rule key. A book that switches a rule on must carry these; a rule that is not here would do nothing."""

ANSWERS: dict[str, str] = {
    **{rule: rule for rule in VALUES_READ if rule != stops.FLAG},
    hours.NEVER: hours.KEY,
    **{f"stops.{flag}": stops.FLAG for flag in stops.SAYS},
}
"""By the key that a refusal or a question carries: the rule that gave it."""

UNITS: dict[str, str] = {
    hours.OPENS: "local_time",
    hours.CLOSES: "local_time",
    days.CLOSED_WEEKDAYS: "iso_weekday",
    days.CLOSED_HOLIDAYS: "holiday_category",
    frequency.CONTACTS_MAX: "contacts",
    frequency.DAYS: "local_dates",
    stops.PURPOSES: "purpose",
    stops.FLAGS_REFUSED: "flag",
    stops.FLAGS_REVIEWED: "flag",
}
"""By value name: what the number or word counts."""
