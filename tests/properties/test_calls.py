"""The count of calls and the wait after a conversation, against a slow reading of Regulation F, one by one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from duewell.adapters.files.rulebook_file import shipped_law
from duewell.adapters.zones import zone_value
from duewell.core.law.gate import gate_at, gate_on, next_permitted
from duewell.core.law.values import Consent, Contact, Permit, Refused, Standing
from tests.law.cases import clock_of, proposal

LAW = shipped_law("agency", (("US", "country"),))
BOTH = shipped_law("agency")
MINUTE, INSTANT = timedelta(minutes=1), timedelta(microseconds=1)
NAMES = ("America/New_York", "America/Los_Angeles", "Pacific/Honolulu", "America/Phoenix", "America/St_Johns")
FIRST, LAST = date(2026, 1, 20), date(2027, 12, 31)
INSTANTS = st.builds(
    lambda minutes, more: datetime(2026, 10, 20, tzinfo=UTC) + minutes * MINUTE + more,
    st.integers(0, 30 * 1440),
    st.sampled_from([timedelta(0), INSTANT, MINUTE - INSTANT]),
)
DEBTS = st.sampled_from([1, 1, 1, 2, None])


@st.composite
def histories(draw):
    """A person in one or two zones, called and calling in the sixteen days before an instant; some consented."""
    now = draw(INSTANTS)
    ago = st.integers(1, 16 * 1440).map(lambda minutes: now - minutes * MINUTE)
    # Some days of many calls, so that the count is often near its limit.
    near = st.builds(
        lambda days, minutes: now - timedelta(days=days) - minutes * MINUTE, st.integers(0, 7), st.integers(1, 400)
    )
    kinds = st.sampled_from(["attempt"] * 6 + ["conversation", "inbound", "busy"])
    quiet = draw(st.booleans())
    if quiet:
        kinds = st.sampled_from(["attempt"] * 5 + ["busy"])
    channels = st.sampled_from(["call"] * 6 + ["email", "sms"])
    contacts = draw(st.lists(st.builds(Contact, st.one_of(near, near, ago), channels, DEBTS, kinds), max_size=14))
    consents = draw(st.lists(st.builds(Consent, st.one_of(near, ago), DEBTS), max_size=2))
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True))
    standing = Standing(
        person=1,
        version=1,
        zones=tuple(zone_value(name, FIRST, LAST) for name in names),
        holidays=frozenset(),
        contacts=tuple(contacts),
        stops=(),
        flags=frozenset(),
        places=("US",),
        consents=tuple(consents),
    )
    return standing, now


def day_in(zone, at: datetime) -> date:
    """The local date by zoneinfo."""
    return at.astimezone(clock_of(zone.name)).date()


def covered(standing: Standing, debt: int, at: datetime) -> bool:
    """Did the person agree to a call at this instant?"""
    for consent in standing.consents:
        if consent.account not in (None, debt) or consent.at > at:
            continue
        spoken = any(
            consent.at < contact.at < at
            and contact.channel == "call"
            and contact.kind in ("conversation", "inbound")
            and contact.account in (None, debt)
            for contact in standing.contacts
        )
        days = [(day_in(zone, at) - day_in(zone, consent.at)).days for zone in standing.zones]
        if not spoken and all(0 <= day <= 6 for day in days):
            return True
    return False


def plainly(standing: Standing, debt: int, at: datetime) -> bool:
    """May this person be called about this debt at this instant? Every rule, one call after the other."""
    for zone in standing.zones:
        local = at.astimezone(clock_of(zone.name))
        if not 8 <= local.hour < 21:
            return False
        if covered(standing, debt, at):
            continue
        counted = 0
        for contact in standing.contacts:
            if contact.channel != "call" or contact.account not in (None, debt):
                continue
            days = (day_in(zone, at) - day_in(zone, contact.at)).days
            if not 0 <= days <= 6:
                continue
            if contact.kind in ("conversation", "inbound"):
                return False
            if contact.kind == "attempt" and not covered(standing, debt, contact.at):
                counted += 1
        if counted >= 7:
            return False
    return True


def call(now: datetime, debt: int = 1):
    return proposal({"channel": "call"}, now.date(), debt)


@given(histories(), st.sampled_from([1, 2]))
def test_at_every_instant_the_count_of_calls_agrees_with_the_slow_reading(history, debt):
    standing, now = history
    answer = gate_at(call(now, debt), standing, LAW, now)
    assert isinstance(answer, Permit) == plainly(standing, debt, now)
    if isinstance(answer, Permit):
        assert plainly(standing, debt, answer.closes_at - INSTANT)
        assert not plainly(standing, debt, answer.closes_at)


@given(histories())
def test_a_call_is_allowed_when_the_refusal_ends_and_not_one_microsecond_before(history):
    standing, now = history
    answer = gate_at(call(now), standing, LAW, now)
    assume(isinstance(answer, Refused))
    until = answer.until
    assert until == next_permitted(standing, LAW, now, proposal=call(now))
    assert plainly(standing, 1, until)
    assert not plainly(standing, 1, until - INSTANT)
    assert isinstance(gate_at(call(until), standing, LAW, until), Permit)
    assert isinstance(gate_at(call(until), standing, LAW, until - INSTANT), Refused)
    at = now
    while at < until:
        assert not plainly(standing, 1, at)
        at += timedelta(hours=1)


@given(histories())
def test_every_refusal_ends_when_its_own_rule_and_the_clock_permit(history):
    standing, now = history
    answer = gate_at(call(now), standing, LAW, now)
    assume(isinstance(answer, Refused))
    assert max(refusal.until for refusal in answer.refusals) == answer.until
    keys = [refusal.rule for refusal in answer.refusals]
    assert len(keys) == len(set(keys))


@given(histories())
def test_what_both_books_permit_each_of_them_permits(history):
    standing, now = history
    together = gate_at(call(now), standing, BOTH, now)
    alone = [gate_at(call(now), standing, book, now) for book in BOTH.books]
    assert isinstance(together, Permit) == all(isinstance(answer, Permit) for answer in alone)
    if isinstance(together, Refused):
        assert together.until >= max(answer.until for answer in alone if isinstance(answer, Refused))


@given(histories())
def test_a_planned_day_is_refused_only_if_no_instant_of_it_is_permitted(history):
    standing, now = history
    # The day after: nothing more happens on it, so what is permitted changes at quarters of an hour only.
    start = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    end = start + timedelta(days=1)
    answer = gate_on(call(now), standing, LAW, start, end)
    quarters = [start + timedelta(minutes=15 * index) for index in range(96)]
    permitted = [at for at in quarters if plainly(standing, 1, at)]
    if isinstance(answer, Permit):
        assert plainly(standing, 1, answer.opens_at)
        assert plainly(standing, 1, answer.closes_at - INSTANT)
        assert answer.opens_at in permitted
    else:
        assert permitted == []
