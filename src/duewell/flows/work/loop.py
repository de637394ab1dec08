"""The loop: looks at the clock, does what is due, waits a little, until it is told to stop.

Nothing here remembers across a restart: what was done is kept with each duty, and doing one twice changes nothing.
A duty that fails is noted and tried again; it keeps no other creditor and no other duty waiting.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final, NamedTuple, Protocol

from duewell.flows.ports import CreditorView
from duewell.flows.work.rota import KINDS, NIGHT, Done, Rota, due, may_send, missed

CLOCK_MAY_DIFFER: Final = timedelta(minutes=5)
"""A clock that went on by so much more or less than the machine's steady one was set, and that is told."""
REST: Final = timedelta(seconds=15)
"""How long the loop waits at most before it looks again."""


class Problem(Exception):
    """What the world did to a task; `word` names it in a log and holds no data."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class Ticker(Protocol):
    """The clock on the wall and a steady one, and waiting."""

    def now(self) -> datetime:
        """The present instant."""
        ...

    def steady(self) -> float:
        """Seconds that only ever go forward, also while the machine sleeps."""
        ...

    def wait(self, seconds: float) -> None:
        """Wait, or less where somebody asks to stop."""
        ...


class Wall(Protocol):
    """Civil time where a creditor is."""

    def today(self, zone: str, now: datetime) -> date:
        """The civil day."""
        ...

    def clock(self, zone: str, now: datetime) -> time:
        """What a clock on the wall shows."""
        ...

    def first_at(self, zone: str, day: date, clock: time) -> datetime:
        """The first instant at which such a clock shows this time or later on that day."""
        ...


class Books(Protocol):
    """Where duties are kept."""

    def kept(self, since: date) -> Mapping[tuple[int, date, str], Done]:
        """The duties from a day on, by creditor, day and kind."""
        ...

    def latest_nights(self) -> Mapping[int, date]:
        """The latest day of which a night is kept, whatever became of it, by creditor."""
        ...

    def keep(self, creditor: int, kind: str, day: date, state: str, told: Mapping[str, Any], problem: str) -> None:
        """Note what became of a duty; one that is done stays done. Nights are facts too."""
        ...


class Hands(Protocol):
    """Who does the work."""

    def creditors(self) -> Sequence[CreditorView]:
        """Every creditor, as it is now."""
        ...

    def rota(self, key: str) -> Rota:
        """The rota of a creditor."""
        ...

    def duty(self, kind: str, creditor: CreditorView, day: date) -> Mapping[str, int]:
        """Do a duty; what it did, as counts."""
        ...

    def send(self, creditor: CreditorView) -> Mapping[str, int]:
        """Deliver what is released."""
        ...

    def seal(self) -> int:
        """Seal what is committed; how many facts."""
        ...

    def tell_alarms(self, late: Callable[[CreditorView, date], bool]) -> int:
        """Tell the operator of nights that did not happen and of which nothing was told yet; how many.

        Args:
            late: whether a night of that day that failed has failed for so long that it is an alarm.
        """
        ...

    def forget(self) -> None:
        """After a failure: leave nothing behind that was half read, such as a broken connection."""
        ...


class Turn(NamedTuple):
    """What one look at the clock led to."""

    failed: int
    """Tasks that failed in this turn."""
    missed: int
    """Nights that were found not to have happened."""


class Shift:
    """One process at work.

    Args:
        hands: does the work.
        books: keeps what was done.
        wall: civil times.
        ticker: the clocks.
        log: `log(event, **fields)`, with counts and words only.
        stopping: whether somebody asked to stop; looked at between tasks.
    """

    def __init__(
        self,
        hands: Hands,
        books: Books,
        wall: Wall,
        ticker: Ticker,
        log: Callable[..., None],
        stopping: Callable[[], bool],
    ) -> None:
        self._hands = hands
        self._books = books
        self._wall = wall
        self._ticker = ticker
        self._log = log
        self._stopping = stopping
        self._sent_at: dict[int, datetime] = {}
        self._sealed_at: datetime | None = None
        self._clocks = (ticker.now(), ticker.steady())

    def work(self, until: datetime | None = None, rest: timedelta = REST) -> None:
        """Turn after turn until somebody asks to stop, or until an instant."""
        while not self._stopping() and (until is None or self._ticker.now() < until):
            self.turn()
            if not self._stopping():
                self._ticker.wait(rest.total_seconds())

    def turn(self) -> Turn:
        """Do everything that is due now."""
        now = self._ticker.now()
        self._compare_clocks(now)
        failed = found = 0
        try:
            creditors = self._hands.creditors()
            kept = self._books.kept(now.date() - timedelta(days=2))
            nights = self._books.latest_nights()
        except Exception as problem:
            self._failed("work.looked", problem)
            return Turn(1, 0)
        for creditor in creditors:
            found += self._note_missed(creditor, now, nights.get(creditor.id))
        for creditor in creditors:
            failed += self._duties(creditor, now, kept)
        for creditor in creditors:
            failed += self._send(creditor)
        failed += self._seal()
        if not self._stopping():
            failed += self._attempt("alarm.raised", lambda: {"alarms": self._hands.tell_alarms(self._is_late)})
        return Turn(failed, found)

    def _note_missed(self, creditor: CreditorView, now: datetime, latest: date | None) -> int:
        days = list(missed(self._wall.today(creditor.zone, now), latest))
        for day in days:
            self._books.keep(creditor.id, NIGHT, day, "missed", {}, "")
            self._log("night.missed", creditor=creditor.id, day=day)
        return len(days)

    def _duties(self, creditor: CreditorView, now: datetime, kept: Mapping[tuple[int, date, str], Done]) -> int:
        rota = self._hands.rota(creditor.key)
        today = self._wall.today(creditor.zone, now)
        at = {kind: self._wall.first_at(creditor.zone, today, rota.at(kind)) for kind in KINDS}
        known = {kind: kept[creditor.id, today, kind] for kind in KINDS if (creditor.id, today, kind) in kept}
        failed = 0
        for kind in due(rota, today, now, at, known):
            if self._stopping():
                break
            failed += self._duty(creditor, kind, today, at[kind])
        return failed

    def _duty(self, creditor: CreditorView, kind: str, day: date, at: datetime) -> int:
        began = self._ticker.steady()
        late = int((self._ticker.now() - at).total_seconds())
        try:
            told = self._hands.duty(kind, creditor, day)
            self._books.keep(creditor.id, kind, day, "done", told, "")
        except Exception as problem:
            self._failed(f"{kind}.failed", problem, creditor=creditor.id, day=day)
            word = word_of(problem)
            self._attempt("", lambda: self._note_failure(creditor, kind, day, word))
            return 1
        seconds = round(self._ticker.steady() - began, 3)
        self._log(f"{kind}.done", creditor=creditor.id, day=day, late_seconds=late, seconds=seconds, **told)
        return 0

    def _note_failure(self, creditor: CreditorView, kind: str, day: date, word: str) -> dict[str, int]:
        self._books.keep(creditor.id, kind, day, "failed", {}, word)
        return {}

    def _send(self, creditor: CreditorView) -> int:
        # Tasks before this one may have taken a while.
        now = self._ticker.now()
        rota = self._hands.rota(creditor.key)
        before = self._sent_at.get(creditor.id)
        if (
            self._stopping()
            or creditor.halted
            or (before is not None and before <= now < before + rota.send_every)
            or not may_send(rota, self._wall.clock(creditor.zone, now))
        ):
            return 0
        self._sent_at[creditor.id] = now
        return self._attempt("send.done", lambda: self._hands.send(creditor), creditor=creditor.id)

    def _seal(self) -> int:
        now = self._ticker.now()
        if self._sealed_at is not None and self._sealed_at <= now < self._sealed_at + Rota().seal_every:
            return 0
        self._sealed_at = now
        return self._attempt("seal.done", lambda: {"facts": self._hands.seal()})

    def _is_late(self, creditor: CreditorView, day: date) -> bool:
        rota = self._hands.rota(creditor.key)
        at = self._wall.first_at(creditor.zone, day, rota.night)
        return self._ticker.now() >= at + rota.night_within

    def _attempt(self, event: str, act: Callable[[], Mapping[str, int]], **fields: int) -> int:
        """1 where it failed. An event that counts nothing is not worth a line."""
        try:
            told = act()
        except Exception as problem:
            self._failed((event or "duty.kept").partition(".")[0] + ".failed", problem, **fields)
            return 1
        if event and any(told.values()):
            self._log(event, **fields, **told)
        return 0

    def _failed(self, event: str, problem: Exception, **fields: Any) -> None:
        # The words of an error may hold data of customers; its kind and its place do not.
        trace = problem.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        line = trace.tb_lineno if trace is not None else 0
        file = trace.tb_frame.f_code.co_filename.rpartition("/")[2].removesuffix(".py") if trace else ""
        self._log(event, problem=word_of(problem), file=file, line=line, **fields)
        self._hands.forget()

    def _compare_clocks(self, now: datetime) -> None:
        wall, steady = self._clocks
        self._clocks = now, self._ticker.steady()
        jump = (now - wall) - timedelta(seconds=self._clocks[1] - steady)
        if abs(jump) > CLOCK_MAY_DIFFER:
            self._log("clock.jumped", seconds=int(jump.total_seconds()))


def word_of(problem: BaseException) -> str:
    """The kind of a problem as one word."""
    return problem.word if isinstance(problem, Problem) else type(problem).__name__
