"""When hours and days leave contact open, worked out once for all persons who share zones and holidays.

Most persons of a creditor live in the same few places, so the gate keeps one `Timetable` per place in a `Windows`,
which its caller holds for a run. A timetable is worked out week by week as it is asked; forgetting it is harmless.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from duewell.core.law import days, hours
from duewell.core.law.book import Book
from duewell.core.law.library import Books
from duewell.core.law.stretches import Stretch, Stretches, both, local_days, merged
from duewell.core.law.values import Refusal
from duewell.core.units.zones import OutsideZone, Zone

_EPOCH = datetime(1970, 1, 5, tzinfo=UTC)
_WEEK = timedelta(days=7)
# Days before hours: where both refuse until the same instant, the day says more.
RULES = (days.WEEKDAY, days.HOLIDAY, hours.KEY)

Kept = tuple[tuple[str, Book], ...]
"""Rules, each with the book that has it."""


class Timetable:
    """The open stretches of one set of zones and holidays under the books that apply there."""

    def __init__(self, zones: tuple[Zone, ...], holidays: frozenset[date], books: Books) -> None:
        assert zones, "a person is always somewhere"
        self.zones = _distinct(zones)
        self.holidays = holidays
        self.books = books
        self.rules: Kept = tuple((rule, book) for rule in RULES for book in books.books if rule in book.rules)
        self.known_from = max(zone.starts[0] for zone in zones)
        self.horizon = min(zone.ends for zone in zones)
        self._weeks: dict[int, Stretches] = {}
        self._spans: dict[tuple[datetime, datetime], Stretches] = {}
        self._said: dict[tuple[datetime, datetime], tuple[Refusal, ...]] = {}

    def open_from(self, after: datetime) -> Iterator[Stretch]:
        """The open stretches from an instant until nothing is known any more; the first is cut at the instant."""
        pending: Stretch | None = None
        week = (after - _EPOCH) // _WEEK
        while _EPOCH + week * _WEEK < self.horizon:
            for stretch in self._week(week):
                if stretch.until <= after:
                    continue
                if pending is not None and pending.until == stretch.since:
                    pending = Stretch(pending.since, stretch.until)
                    continue
                if pending is not None:
                    yield pending
                pending = stretch if stretch.since >= after else Stretch(after, stretch.until)
            # What ends with its week may go on in the next.
            if pending is not None and pending.until < _EPOCH + (week + 1) * _WEEK:
                yield pending
                pending = None
            week += 1
        if pending is not None:
            yield pending

    def open_within(self, since: datetime, until: datetime) -> Stretches:
        """The open stretches between two instants.

        Raises:
            OutsideZone: the offsets of a zone are not known for all of it.
        """
        found = self._spans.get((since, until))
        if found is None:
            self.check_known(since, until)
            found = self.allowed(self.rules, since, until)
            self._spans[since, until] = found
        return found

    def allowed(self, rules: Kept, since: datetime, until: datetime) -> Stretches:
        """What these rules alone leave open between two instants."""
        found: Stretches = (Stretch(since, until),)
        for zone in self.zones:
            found = both(found, self._in_zone(zone, rules, since, until))
        return found

    def refusals(self, since: datetime, until: datetime, *, instant: bool) -> tuple[Refusal, ...]:
        """Why hours and days shut the stretch, or some of it where no rule alone shuts it all.

        `instant` says that the stretch stands for its first instant, which the text then names.
        """
        said = None if instant else self._said.get((since, until))
        if said is None:
            said = self._refusals(since, until, instant)
            if not instant:
                self._said[since, until] = said
        return said

    def check_known(self, since: datetime, until: datetime) -> None:
        """Raises `OutsideZone` where the offsets of a zone are not known for all of the stretch."""
        if since < self.known_from or until > self.horizon:
            names = ", ".join(zone.name for zone in self.zones)
            raise OutsideZone(f"offsets of {names} are not known from {since.isoformat()} to {until.isoformat()}")

    def _refusals(self, since: datetime, until: datetime, instant: bool) -> tuple[Refusal, ...]:
        left = {kept: self.allowed((kept,), since, until) for kept in self.rules}
        shutting = [kept for kept in self.rules if not left[kept]]
        if not shutting:
            shutting = [kept for kept in self.rules if left[kept] != (Stretch(since, until),)]
        ends = next(self.open_from(since), None)
        again = ends.since if ends is not None else None
        said = []
        for rule, book in shutting:
            if rule == hours.KEY:
                say = hours.refusal_at if instant else hours.refusal_on
                said.append(say(self.zones, book, since, again))
            else:
                said.append(days.refusals(self.zones, self.holidays, book, since, until, again)[rule])
        return tuple(said)

    def _week(self, week: int) -> Stretches:
        found = self._weeks.get(week)
        if found is None:
            since = _EPOCH + week * _WEEK
            found = self.allowed(self.rules, since, min(since + _WEEK, self.horizon))
            self._weeks[week] = found
        return found

    def _in_zone(self, zone: Zone, rules: Kept, since: datetime, until: datetime) -> Stretches:
        """What the rules leave open between two instants by the clock and calendar of one zone."""
        pieces = []
        for piece in local_days(zone, since, until):
            opens_at, closes_at = piece.since, piece.until
            for rule, book in rules:
                if rule == hours.KEY:
                    opens, closes = hours.open_minutes(book, piece.day)
                    opens_at = max(opens_at, piece.midnight + timedelta(minutes=opens))
                    closes_at = min(closes_at, piece.midnight + timedelta(minutes=closes))
                elif self._closed(rule, book, piece.day):
                    break
            else:
                pieces.append((opens_at, closes_at))
        return merged(pieces)

    def _closed(self, rule: str, book: Book, day: date) -> bool:
        if rule == days.WEEKDAY:
            return days.closed_weekday(book, day)
        return days.closed_holiday(book, self.holidays, day)


class Windows:
    """Timetables by place. Held by the caller of the gate for as long as it likes, such as one run.

    Persons who share the very same `zones` and `holidays` objects share a timetable at the price of a look-up;
    equal ones that are other objects cost a comparison more. At `places_max` places it forgets and starts again.
    """

    def __init__(self, places_max: int = 4096) -> None:
        self._places_max = places_max
        # Keyed by identity: hashing long tuples of offsets would cost more than all the rest. The objects are
        # kept alive beside their timetable, so that an identity cannot pass on to another object.
        self._by_identity: dict[tuple[int, int, int], tuple[Timetable, object, object, object]] = {}
        self._by_value: dict[tuple[tuple[Zone, ...], frozenset[date], Books], Timetable] = {}

    def of(self, zones: tuple[Zone, ...], holidays: frozenset[date], books: Books) -> Timetable:
        """The timetable of these zones and holidays under these books."""
        identity = (id(zones), id(holidays), id(books))
        known = self._by_identity.get(identity)
        if known is not None:
            return known[0]
        value = (zones, holidays, books)
        table = self._by_value.get(value)
        if table is None:
            if len(self._by_value) >= self._places_max:
                self._by_value.clear()
            table = self._by_value[value] = Timetable(zones, holidays, books)
        if len(self._by_identity) >= self._places_max:
            self._by_identity.clear()
        self._by_identity[identity] = (table, zones, holidays, books)
        return table


def _distinct(zones: tuple[Zone, ...]) -> tuple[Zone, ...]:
    """One zone for each way the clocks run in the stretch asked about: many names share the same offsets."""
    found: dict[tuple[tuple[datetime, ...], tuple[int, ...]], Zone] = {}
    for zone in zones:
        found.setdefault((zone.starts, zone.offsets), zone)
    return tuple(found.values())
