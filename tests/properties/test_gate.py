"""The gate against a second, plain reading of the same law: instant by instant, with zoneinfo itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from duewell.adapters.files.rulebook_file import shipped_book
from duewell.adapters.zones import zone_value
from duewell.core.law.gate import gate_at, gate_on, next_permitted
from duewell.core.law.timetable import Windows
from duewell.core.law.values import Contact, Permit, Refused, Review, Standing, Stop
from duewell.core.units.zones import Zone
from tests.law.cases import clock_of, proposal

BOOK = shipped_book()
MINUTE = timedelta(minutes=1)
NAMES = (
    "Europe/Berlin Europe/London America/New_York America/Los_Angeles America/St_Johns Pacific/Honolulu"
    " Pacific/Auckland Pacific/Chatham Australia/Lord_Howe Australia/Eucla Asia/Kathmandu Asia/Kolkata Asia/Tokyo"
    " Africa/Cairo Africa/Casablanca Asia/Beirut America/Santiago America/Havana Asia/Jerusalem UTC"
).split()
FIRST, LAST = date(2026, 1, 20), date(2027, 12, 31)

# Around the dates on which clocks change somewhere, more often than elsewhere.
CHANGES = [date(2026, 3, 8), date(2026, 3, 27), date(2026, 3, 29), date(2026, 4, 5), date(2026, 4, 24)]
CHANGES += [date(2026, 9, 27), date(2026, 10, 4), date(2026, 10, 25), date(2026, 10, 30), date(2026, 11, 1)]
DAYS = st.one_of(
    st.dates(date(2026, 2, 5), date(2026, 12, 28)),
    st.builds(lambda day, more: day + timedelta(days=more), st.sampled_from(CHANGES), st.integers(-2, 2)),
)
INSTANTS = st.builds(
    lambda day, minutes, more: datetime(day.year, day.month, day.day, tzinfo=UTC) + minutes * MINUTE + more,
    DAYS,
    st.integers(0, 1439),
    st.sampled_from(
        [timedelta(0), timedelta(0), timedelta(microseconds=1), timedelta(seconds=59, microseconds=999_999)]
    ),
)
ZONES = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True)


def _value(name: str) -> Zone:
    return zone_value(name, FIRST, LAST)


PLACES = ZONES.map(lambda names: tuple(_value(name) for name in names))


@st.composite
def standings(draw, zones=PLACES):
    """A person somewhere, contacted before an instant that comes with them."""
    now = draw(INSTANTS)
    near = st.integers(-3, 9).map(lambda days: now.date() + timedelta(days=days))
    ago = st.integers(1, 9 * 1440).map(lambda minutes: now - minutes * MINUTE)
    standing = Standing(
        person=1,
        version=1,
        zones=draw(zones),
        holidays=frozenset(draw(st.lists(near, max_size=3))),
        contacts=tuple(Contact(at, "email") for at in draw(st.lists(ago, max_size=5))),
        stops=(),
        flags=frozenset(),
    )
    return standing, now


def local_times(standing: Standing, instants: list[datetime]) -> list[list[datetime]]:
    """The wall clock of each zone at each instant, by zoneinfo; by the value itself for made-up zones."""
    return [
        [
            instant.astimezone(clock_of(zone.name)).replace(tzinfo=None)
            if zone.name in NAMES
            else zone.local(instant)
            for instant in instants
        ]
        for zone in standing.zones
    ]


def plainly(standing: Standing, instants: list[datetime]) -> list[bool]:
    """Is contact permitted at each instant? The law once more, without stretches, windows or boundaries."""
    verdicts = [True] * len(instants)
    contacted = local_times(standing, [contact.at for contact in standing.contacts])
    for clocks, dates in zip(local_times(standing, instants), contacted, strict=True):
        for index, clock in enumerate(clocks):
            day = clock.date()
            counted = sum(1 for one in dates if timedelta(0) <= day - one.date() <= timedelta(days=6))
            if not 8 <= clock.hour < 20 or clock.weekday() == 6 or day in standing.holidays or counted >= 3:
                verdicts[index] = False
    return verdicts


def steps(since: datetime, until: datetime, step: timedelta = MINUTE) -> list[datetime]:
    """The first of two instants, and the start of every step between them; none where they are not in order."""
    found = [since] if since < until else []
    at = since.replace(second=0, microsecond=0) + step
    while at < until:
        found.append(at)
        at += step
    return found


def ask(standing: Standing, now: datetime):
    return gate_at(proposal({}, now.date()), standing, BOOK, now)


@given(standings())
def test_at_every_instant_the_gate_agrees_with_the_plain_reading(given_standing):
    standing, now = given_standing
    answer = ask(standing, now)
    assert isinstance(answer, Permit) == plainly(standing, [now])[0]


@given(standings())
def test_a_permit_closes_at_the_first_instant_that_is_not_permitted(given_standing):
    standing, now = given_standing
    now = next_permitted(standing, BOOK, now)
    assume(now is not None)
    answer = ask(standing, now)
    assert isinstance(answer, Permit)
    assert answer.opens_at == now
    assert all(plainly(standing, steps(now, answer.closes_at)))
    assert not plainly(standing, [answer.closes_at])[0]


@given(standings())
def test_a_refusal_ends_at_the_first_instant_that_is_permitted(given_standing):
    standing, now = given_standing
    answer = ask(standing, now)
    assume(isinstance(answer, Refused))
    assert answer.until == next_permitted(standing, BOOK, now)
    assert plainly(standing, [answer.until])[0]
    # Offsets are quarters of an hour, so nothing can change between them; the last day is read by the minute.
    grid = timedelta(minutes=15)
    early = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    assert not any(plainly(standing, steps(early + grid, min(answer.until, now + timedelta(days=60)), grid)))
    assert not any(plainly(standing, steps(max(now, answer.until - timedelta(days=1)), answer.until)))


@given(standings(), st.sampled_from(NAMES))
def test_a_planned_window_is_the_longest_permitted_stretch_of_the_day(given_standing, home):
    standing, now = given_standing
    day = now.date()
    start, end = (
        datetime(one.year, one.month, one.day, tzinfo=clock_of(home)).astimezone(UTC)
        for one in (day, day + timedelta(days=1))
    )
    answer = gate_on(proposal({}, day), standing, BOOK, start, end)
    minutes = steps(start, end)
    stretches: list[list[datetime]] = []
    for minute, permitted in zip(minutes, plainly(standing, minutes), strict=True):
        if permitted and stretches and stretches[-1][1] == minute:
            stretches[-1][1] = minute + MINUTE
        elif permitted:
            stretches.append([minute, minute + MINUTE])
    if not stretches:
        assert not isinstance(answer, Permit)
        assert isinstance(answer, Review) or answer.until == next_permitted(standing, BOOK, start) >= end
    else:
        longest = max(stretches, key=lambda stretch: (stretch[1] - stretch[0], start - stretch[0]))
        assert isinstance(answer, Permit)
        assert [answer.opens_at, answer.closes_at] == longest


@st.composite
def made_up_zones(draw):
    """A zone whose clocks jump at any minute, by any number of minutes: gaps, repeats, dates visited twice."""
    count = draw(st.integers(0, 6))
    since = datetime(2026, 1, 20, tzinfo=UTC)
    jumps = sorted(draw(st.lists(st.integers(20 * 1440, 340 * 1440), min_size=count, max_size=count, unique=True)))
    offsets = draw(st.lists(st.integers(-14 * 60, 14 * 60), min_size=count + 1, max_size=count + 1))
    return Zone(
        f"Made/Up{draw(st.integers(0, 9))}",
        (since, *(since + jump * MINUTE for jump in jumps)),
        tuple(offset * 60 for offset in offsets),
        datetime(2027, 12, 31, tzinfo=UTC),
    )


@given(standings(zones=st.lists(made_up_zones(), min_size=1, max_size=2).map(tuple)))
def test_clocks_that_jump_at_any_minute_are_read_right(given_standing):
    standing, now = given_standing
    answer = ask(standing, now)
    assert isinstance(answer, Permit) == plainly(standing, [now])[0]
    if isinstance(answer, Permit):
        assert all(plainly(standing, steps(now, answer.closes_at)))
        assert not plainly(standing, [answer.closes_at])[0]
    elif isinstance(answer, Refused):
        assert plainly(standing, [answer.until])[0]
        assert not any(plainly(standing, steps(max(now, answer.until - timedelta(days=2)), answer.until)))


STOP = Stop(None, "", None, datetime(2026, 1, 1, tzinfo=UTC), "asked")


@st.composite
def grounds(draw):
    """One ground for refusal more, as a change of the standing."""
    kind = draw(st.sampled_from(["zone", "holiday", "contact", "stop", "flag"]))
    if kind == "zone":
        zone = _value(draw(st.sampled_from(NAMES)))
        return lambda standing, now: standing._replace(zones=(*standing.zones, zone))
    if kind == "holiday":
        days = draw(st.integers(-1, 2))
        return lambda standing, now: standing._replace(
            holidays=standing.holidays | {now.date() + timedelta(days=days)}
        )
    if kind == "contact":
        minutes = draw(st.integers(1, 9 * 1440))
        return lambda standing, now: standing._replace(
            contacts=(*standing.contacts, Contact(now - minutes * MINUTE, "call"))
        )
    if kind == "stop":
        stop = STOP._replace(
            creditor=draw(st.sampled_from([None, 1, 2])),
            channel=draw(st.sampled_from(["", "email", "sms"])),
            point=draw(st.sampled_from([None, 1, 2])),
        )
        return lambda standing, now: standing._replace(stops=(*standing.stops, stop))
    flag = draw(st.sampled_from(["vulnerable", "represented", "deceased", "insolvent", "minor"]))
    return lambda standing, now: standing._replace(flags=standing.flags | {flag})


@given(standings(), st.lists(grounds(), min_size=1, max_size=3), st.sampled_from(["demand", "service", "notice"]))
def test_a_ground_for_refusal_more_never_permits_more(given_standing, more, purpose):
    standing, now = given_standing
    wish = proposal({"purpose": purpose}, now.date())
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for change in more:
        stricter = change(standing, now)
        before, after = (gate_at(wish, one, BOOK, now) for one in (standing, stricter))
        assert isinstance(before, Permit) or not isinstance(after, Permit)
        if isinstance(after, Permit):
            assert after.closes_at <= before.closes_at
        if isinstance(before, Refused) and before.until is None and isinstance(after, Refused):
            assert after.until is None
        if isinstance(before, Refused) and isinstance(after, Refused) and before.until and after.until:
            assert before.until <= after.until
        before, after = (gate_on(wish, one, BOOK, day, day + timedelta(days=1)) for one in (standing, stricter))
        assert isinstance(before, Permit) or not isinstance(after, Permit)
        if isinstance(after, Permit):
            assert after.closes_at - after.opens_at <= before.closes_at - before.opens_at
        standing = stricter


@given(st.lists(standings(), min_size=2, max_size=6))
def test_what_was_worked_out_for_others_changes_no_answer(given_standings):
    windows = Windows(places_max=2)
    for standing, now in given_standings * 2:
        wish = proposal({}, now.date())
        alone, shared = (gate_at(wish, standing, BOOK, now, held) for held in (None, windows))
        assert _told(alone) == _told(shared)
        day = now.replace(hour=0, minute=0, second=0, microsecond=0)
        alone, shared = (
            gate_on(wish, standing, BOOK, day, day + timedelta(days=1), held) for held in (None, windows)
        )
        assert _told(alone) == _told(shared)


def _told(answer):
    return (answer.opens_at, answer.closes_at) if isinstance(answer, Permit) else answer


@given(standings(), st.sampled_from(["deceased", "represented", "insolvent", "minor"]))
def test_nothing_is_ever_demanded_of_a_flagged_person(given_standing, flag):
    standing, now = given_standing
    answer = ask(standing._replace(flags=frozenset({flag})), now)
    assert not isinstance(answer, Permit)
    if isinstance(answer, Refused):
        assert answer.until is None
