"""The loop over days, with hands that only write down what they were asked: changing clocks, absence, failure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from duewell.adapters.tickers import TimeLapse, Walls
from duewell.core.units.ids import CreditorId
from duewell.flows.ports import CreditorView
from duewell.flows.work.loop import Problem, Shift
from duewell.flows.work.rota import JANITORS, NIGHT, Done, Rota, may_send, missed

BERLIN = "Europe/Berlin"


def creditor(number: int = 1, zone: str = BERLIN, *, halted: bool = False) -> CreditorView:
    return CreditorView(
        CreditorId(number), f"c{number}", "C", "DE", zone, "de", ("gentle",), None, 3, False, 3, halted
    )


class Books:
    """Keeps duties in memory."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.rows: dict[tuple[int, date, str], Done] = {}
        self._now = now

    def kept(self, since: date) -> Mapping[tuple[int, date, str], Done]:
        return {key: done for key, done in self.rows.items() if key[1] >= since}

    def latest_nights(self) -> Mapping[int, date]:
        latest: dict[int, date] = {}
        for number, day, kind in self.rows:
            if kind == NIGHT:
                latest[number] = max(day, latest.get(number, day))
        return latest

    def keep(self, creditor: int, kind: str, day: date, state: str, told: Mapping[str, Any], problem: str) -> None:
        if self.rows.get((creditor, day, kind), Done("", self._now())).state != "done":
            self.rows[creditor, day, kind] = Done(state, self._now())


class Hands:
    """Writes down what it was asked to do, and fails where it is told to."""

    def __init__(self, creditors: Sequence[CreditorView], clock: TimeLapse, rota: Rota) -> None:
        self._creditors = creditors
        self._clock = clock
        self._rota = rota
        self.done: list[tuple[str, int, date, datetime]] = []
        self.fails: Callable[[str, int, datetime], bool] = lambda kind, number, now: False
        self.alarms = 0
        self.forgot = 0

    def creditors(self) -> Sequence[CreditorView]:
        return self._creditors

    def rota(self, key: str) -> Rota:
        return self._rota

    def duty(self, kind: str, creditor: CreditorView, day: date) -> Mapping[str, int]:
        self._act(kind, creditor.id, day)
        return {"counted": 1}

    def send(self, creditor: CreditorView) -> Mapping[str, int]:
        self._act("send", creditor.id, date.min)
        return {"accepted": 1}

    def seal(self) -> int:
        self._act("seal", 0, date.min)
        return 1

    def tell_alarms(self, late: Callable[[CreditorView, date], bool]) -> int:
        return 0

    def forget(self) -> None:
        self.forgot += 1

    def _act(self, kind: str, number: int, day: date) -> None:
        if self.fails(kind, number, self._clock.now()):
            raise Problem("broken")
        self.done.append((kind, number, day, self._clock.now()))


class Office:
    """A loop that goes through time at once."""

    def __init__(self, start: str, *creditors: CreditorView, rota: Rota = Rota()) -> None:  # noqa: B008
        self.clock = TimeLapse(datetime.fromisoformat(start))
        self.hands = Hands(creditors or [creditor()], self.clock, rota)
        self.books = Books(self.clock.now)
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.stop_at: datetime | None = None
        self.shift = self.start()

    def start(self) -> Shift:
        """A new process."""
        self.shift = Shift(
            self.hands,
            self.books,
            Walls(),
            self.clock,
            lambda event, **fields: self.events.append((event, fields)),
            lambda: self.stop_at is not None and self.clock.now() >= self.stop_at,
        )
        return self.shift

    def until(self, end: str) -> None:
        self.shift.work(datetime.fromisoformat(end), timedelta(minutes=5))

    def nights(self, number: int = 1) -> list[tuple[date, datetime]]:
        return [(day, at) for kind, who, day, at in self.hands.done if kind == NIGHT and who == number]


@pytest.mark.parametrize(
    ("zone", "start", "end", "clock", "on_the_day"),
    [
        # The clock jumps from 02:00 to 03:00: the end of the gap.
        (BERLIN, "2026-03-27T00:00Z", "2026-04-01T00:00Z", time(2, 30), "2026-03-29T01:00Z"),
        # The clock shows 02:30 twice: the first time counts, and the second does nothing.
        (BERLIN, "2026-10-23T00:00Z", "2026-10-28T00:00Z", time(2, 30), "2026-10-25T00:30Z"),
        ("America/New_York", "2026-03-06T12:00Z", "2026-03-11T12:00Z", time(2, 0), "2026-03-08T07:00Z"),
        ("America/New_York", "2026-10-30T12:00Z", "2026-11-04T12:00Z", time(1, 30), "2026-11-01T05:30Z"),
        # Half an hour, in the south, in the other direction.
        ("Australia/Lord_Howe", "2026-04-02T16:00Z", "2026-04-07T16:00Z", time(2, 0), "2026-04-04T15:30Z"),
    ],
)
def test_every_civil_day_has_one_night_whatever_its_clocks_do(
    zone: str, start: str, end: str, clock: time, on_the_day: str
):
    office = Office(start, creditor(zone=zone), rota=Rota(night=clock))
    office.until(end)
    days = Counter(day for day, _ in office.nights())
    assert len(days) in (5, 6)
    assert set(days.values()) == {1}
    assert datetime.fromisoformat(on_the_day) in [at for _, at in office.nights()]


def test_each_creditor_has_its_night_by_its_own_clock_and_one_failure_stops_nobody():
    office = Office("2026-03-10T00:30Z", creditor(1), creditor(2, "America/New_York"))
    office.hands.fails = lambda kind, number, now: kind == NIGHT and number == 1 and now.minute < 40
    office.until("2026-03-11T00:00Z")
    assert office.nights(1) == [(date(2026, 3, 10), datetime(2026, 3, 10, 1, 45, tzinfo=UTC))]
    # Monday's night of New York was due before the start, Tuesday's came at two o'clock there.
    assert [day for day, _ in office.nights(2)] == [date(2026, 3, 9), date(2026, 3, 10)]
    assert office.books.rows[CreditorId(1), date(2026, 3, 10), NIGHT].state == "done"
    failed = [fields for event, fields in office.events if event == "night.failed"]
    assert {fields["problem"] for fields in failed} == {"broken"}
    assert office.hands.forgot == len(failed) == 3


def test_a_restart_repeats_nothing_and_days_of_absence_are_missed():
    office = Office("2026-03-10T00:00Z")
    office.until("2026-03-10T12:00Z")
    office.start()
    office.until("2026-03-10T18:00Z")
    assert len(office.nights()) == 1
    office.clock.wait(3 * 86_400)
    office.start()
    office.until("2026-03-13T20:00Z")
    states = [(day.day, done.state) for (_, day, kind), done in office.books.rows.items() if kind == NIGHT]
    assert sorted(states) == [(10, "done"), (11, "missed"), (12, "missed"), (13, "done")]
    assert [event for event, _ in office.events].count("night.missed") == 2
    assert [day.day for kind, _, day, _ in office.hands.done if kind == JANITORS] == [10, 13]


def test_a_long_absence_is_told_for_two_months_and_no_night_before_the_first_was_missed():
    assert list(missed(date(2026, 3, 10), None)) == []
    assert list(missed(date(2026, 3, 10), date(2026, 3, 9))) == []
    assert list(missed(date(2026, 3, 10), date(2026, 3, 8))) == [date(2026, 3, 9)]
    assert len(list(missed(date(2026, 3, 10), date(2020, 1, 1)))) == 60


def test_the_sender_works_within_its_hours_every_few_minutes_and_not_for_whoever_is_halted():
    office = Office("2026-03-10T00:00Z", creditor(1), creditor(2, halted=True))
    office.until("2026-03-11T00:00Z")
    sent = [at.astimezone(UTC) for kind, number, _, at in office.hands.done if kind == "send"]
    assert {number for kind, number, _, _ in office.hands.done if kind == "send"} == {1}
    # Seven in the morning until nine in the evening in Berlin, one hour ahead.
    assert (min(sent).hour, max(sent)) == (6, datetime(2026, 3, 10, 19, 55, tzinfo=UTC))
    assert len(sent) == 14 * 12
    assert not may_send(Rota(send_from=time(22), send_until=time(2)), time(12))
    assert may_send(Rota(send_from=time(22), send_until=time(2)), time(1))


def test_whoever_asks_to_stop_is_heard_between_two_tasks():
    office = Office("2026-03-10T01:00Z", creditor(1), creditor(2))
    office.stop_at = office.clock.now()
    office.shift.turn()
    # What is committed is sealed all the same; nothing else is begun.
    assert [kind for kind, *_ in office.hands.done] == ["seal"]
    office.shift.work()
    assert len(office.hands.done) == 1


def test_a_clock_that_was_set_is_told_and_one_that_goes_is_not():
    office = Office("2026-03-10T00:00Z")
    office.until("2026-03-10T06:00Z")
    assert not [event for event, _ in office.events if event == "clock.jumped"]
    office.clock._now += timedelta(hours=3)
    office.clock._start += timedelta(hours=3)
    office.shift.turn()
    assert [fields for event, fields in office.events if event == "clock.jumped"] == [{"seconds": 10_800}]


def test_a_database_that_is_away_costs_a_turn_and_no_more():
    office = Office("2026-03-10T00:00Z")
    whole = office.hands.creditors

    def away() -> Sequence[CreditorView]:
        raise ConnectionError("postgres at secret.example is away")

    office.hands.creditors = away  # type: ignore[method-assign]
    office.until("2026-03-10T02:00Z")
    assert office.hands.done == []
    assert {fields["problem"] for event, fields in office.events if event == "work.looked"} == {"ConnectionError"}
    assert "secret.example" not in str(office.events)
    office.hands.creditors = whole  # type: ignore[method-assign]
    office.until("2026-03-10T02:10Z")
    assert len(office.nights()) == 1
