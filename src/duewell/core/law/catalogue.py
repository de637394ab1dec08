"""The rules the gate can apply, and the dated values each of them reads from a book."""

from __future__ import annotations

from duewell.core.law import calls, days, frequency, hours, inconvenient, recipients, stops

VALUES_READ: dict[str, tuple[str, ...]] = {
    hours.KEY: (hours.OPENS, hours.CLOSES),
    days.WEEKDAY: (days.CLOSED_WEEKDAYS,),
    days.HOLIDAY: (days.CLOSED_HOLIDAYS,),
    frequency.KEY: (frequency.CONTACTS_MAX, frequency.DAYS),
    calls.COUNT: (calls.COUNT_MAX, calls.COUNT_DAYS),
    calls.WAIT: (calls.WAIT_DAYS,),
    calls.CONSENT: (calls.CONSENT_DAYS,),
    calls.STATEMENT: (calls.STATED,),
    calls.CONCENTRATED: (calls.NEAR_CALLS, calls.NEAR_MINUTES),
    inconvenient.TIMES: (inconvenient.TIMES_CHANNELS,),
    inconvenient.PLACES: (inconvenient.PLACES_CHANNELS,),
    stops.OPT_OUT: (stops.PURPOSES,),
    stops.FLAG: (stops.FLAGS_REFUSED, stops.FLAGS_REVIEWED),
    stops.LAST_WORD: (stops.LAST_PURPOSES, stops.LAST_DAYS),
    recipients.KEY: (recipients.ROLES,),
}
"""By rule key. A book that switches a rule on must carry these; a rule that is not here would do nothing."""

NO_ANSWERS = frozenset({calls.CONSENT, calls.CONCENTRATED, calls.STATEMENT})
"""Rules that refuse nothing and ask nothing."""

ANSWERS: dict[str, str] = {
    **{rule: rule for rule in VALUES_READ if rule not in (stops.FLAG, *NO_ANSWERS)},
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
    calls.COUNT_MAX: "calls",
    calls.COUNT_DAYS: "local_dates",
    calls.WAIT_DAYS: "local_dates",
    calls.CONSENT_DAYS: "local_dates",
    calls.STATED: "statement",
    calls.NEAR_CALLS: "calls",
    calls.NEAR_MINUTES: "minutes",
    inconvenient.TIMES_CHANNELS: "channel",
    inconvenient.PLACES_CHANNELS: "channel",
    stops.PURPOSES: "purpose",
    stops.LAST_PURPOSES: "purpose",
    stops.LAST_DAYS: "local_dates",
    stops.FLAGS_REFUSED: "flag",
    stops.FLAGS_REVIEWED: "flag",
    recipients.ROLES: "role",
}
"""By value name: what the number or word counts."""
