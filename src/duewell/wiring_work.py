"""Wiring of `work`: who does which duty, and who watches the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from duewell import wiring, wiring_archive, wiring_digest, wiring_person
from duewell.adapters import work_settings
from duewell.adapters.home import Home
from duewell.core.units.ids import CreditorId
from duewell.flows.ports import Clock, CreditorView
from duewell.flows.work.janitors import Broom, sweep
from duewell.flows.work.loop import Problem, Shift, Ticker
from duewell.flows.work.night import WORKER, night
from duewell.flows.work.rota import DIGEST, JANITORS, NIGHT, Rota

if TYPE_CHECKING:
    from duewell.store.duties import Duties

LOCKS = "locks"


@contextmanager
def shift(home: Home, ticker: Ticker, log: Callable[..., None], stopping: Callable[[], bool]) -> Iterator[Shift]:
    """The one process that works for this home.

    Raises:
        AtWork: another is at work for it.
        HomeProblem: the schedule in duewell.toml cannot be read.
    """
    from duewell.adapters.tickers import Walls
    from duewell.store.duties import Duties
    from duewell.store.shift import shift as alone

    work_settings.read_work_settings(home.directory)
    duties = Duties(ticker.now)
    with alone(home.directory / LOCKS):
        yield Shift(_Hands(home, ticker, duties, stopping), duties, Walls(), ticker, log, stopping)


class _Hands:
    """Keeps the promise of `flows.work.loop.Hands`."""

    def __init__(self, home: Home, clock: Clock, duties: Duties, stopping: Callable[[], bool]) -> None:
        self._home = home
        self._clock = clock
        self._duties = duties
        self._stopping = stopping
        self._settings = work_settings.WorkSettings()

    def creditors(self) -> Sequence[CreditorView]:
        """Every creditor as it is now; settings that were changed meanwhile count from here."""
        from duewell.store import creditors
        from duewell.store.shift import keep_database

        keep_database()
        self._settings = work_settings.read_work_settings(self._home.directory)
        return creditors.all_views()

    def rota(self, key: str) -> Rota:
        """The rota of a creditor."""
        return self._settings.rota_of(key)

    def duty(self, kind: str, creditor: CreditorView, day: date) -> Mapping[str, int]:
        """Do a duty of the day."""
        acts: dict[str, Callable[[CreditorView, date], Mapping[str, int]]] = {
            NIGHT: self._night,
            JANITORS: self._janitors,
            DIGEST: self._digest,
        }
        return acts[kind](creditor, day)

    def send(self, creditor: CreditorView) -> Mapping[str, int]:
        """Deliver what is released, then the copies for the archive."""
        try:
            connections = self._settings.connections
            sent, recovered = wiring.send(
                self._home, creditor, self._clock, connections, lambda done: None, self._stopping
            )
            counts = {
                "accepted": sent.accepted,
                "deferred": sent.deferred,
                "refused": sent.refused,
                "unknown": sent.unknown + recovered.unknown,
                "withheld": sum(sent.withheld.values()),
            }
            if sent.server_problem:
                raise Problem("mail_server")
            if not sent.halted and not self._stopping():
                copied = wiring_archive.copies(self._home, creditor, self._clock, connections)
                counts |= {"archived": copied.sent, "archive_refused": copied.refused}
        except wiring.BadMailSetting as problem:
            raise Problem("mail_setting") from problem
        return counts

    def seal(self) -> int:
        """Seal what is committed; how many facts."""
        return wiring.seal(self._home, self._clock).new

    def tell_alarms(self, late: Callable[[CreditorView, date], bool]) -> int:
        """Tell the operator of nights that did not happen."""
        from duewell.store import creditors

        views = {view.id: view for view in creditors.all_views()}
        nights = [
            night
            for night in self._duties.untold()
            if night.creditor in views
            and (night.state == "missed" or late(views[CreditorId(night.creditor)], night.on_day))
        ]
        if not nights or not self._settings.alarm_to:
            return 0
        self._mail_alarm([(views[CreditorId(night.creditor)], night) for night in nights])
        self._duties.told(nights)
        return len(nights)

    def forget(self) -> None:
        """Leave a connection that may be broken."""
        from django.db import connection

        connection.close_if_unusable_or_obsolete()

    def _night(self, creditor: CreditorView, day: date) -> Mapping[str, int]:
        from duewell.adapters import strategies
        from duewell.store.duties import NightRuns

        store = NightRuns(
            wiring.releases(creditor, self._clock), day, creditor, self._clock.now(), WORKER, strategies.content
        )
        told = night(creditor, wiring.world(self._home, creditor, day, self._clock), store)
        wiring.seal(self._home, self._clock)
        return {key: value for key, value in told._asdict().items() if value is not None}

    def _janitors(self, creditor: CreditorView, day: date) -> Mapping[str, int]:
        return sweep(_Janitors(self._home, creditor, self._clock, day, self._settings), self._stopping)

    def _digest(self, creditor: CreditorView, day: date) -> Mapping[str, int]:
        try:
            return wiring_digest.duty(self._home, creditor, day, self._clock)
        except wiring.BadMailSetting as problem:
            raise Problem("mail_setting") from problem
        except wiring_digest.CannotSend as problem:
            raise Problem("digest_not_sent") from problem

    def _mail_alarm(self, nights: Sequence[tuple[CreditorView, Any]]) -> None:
        from duewell.adapters.alarm_words import LostNight, alarm
        from duewell.adapters.channels.email.notice import Notice, NotTaken, deliver
        from duewell.store import creditors

        subject, text = alarm(
            [LostNight(view.key, night.on_day, night.state, night.problem) for view, night in nights]
        )
        sender = self._settings.alarm_from or creditors.sender(nights[0][0].id).email_from
        if not sender:
            raise Problem("alarm_without_sender")
        key = f"alarm.{nights[0][1].id}.{nights[-1][1].id}"
        notice = Notice("Duewell", sender, self._settings.alarm_to, subject, text, "en", key)
        try:
            deliver(wiring.mail_server(self._home), notice, self._clock.now())
        except wiring.BadMailSetting as problem:
            raise Problem("mail_setting") from problem
        except NotTaken as problem:
            raise Problem(problem.word) from problem


class _Janitors:
    """The janitors of one creditor on one day."""

    def __init__(
        self, home: Home, creditor: CreditorView, clock: Clock, day: date, settings: work_settings.WorkSettings
    ) -> None:
        self._home = home
        self._creditor = creditor
        self._clock = clock
        self._day = day
        self._settings = settings

    def brooms(self) -> Mapping[str, Broom]:
        """By name, in the order in which they work."""
        return {"settled": self._settle, "asked": self._ask, "plans": self._plans, "erased": self._erase}

    def _erase(self) -> int:
        return len(wiring_person.erase_due(self._home, self._creditor, self._clock))

    def _settle(self) -> int:
        from duewell.store.outbox import worker_token
        from duewell.store.recovery import settle_by_rule

        creditor = self._creditor
        return settle_by_rule(
            creditor.id,
            worker_token(),
            creditor.unknown_settles_days,
            self._clock.now(),
            wiring.day_of(creditor),
        )

    def _ask(self) -> int:
        return wiring.reviews(self._creditor, self._clock).open_due(self._day)

    def _plans(self) -> int:
        from duewell.store import plans

        before = self._clock.now() - timedelta(days=self._settings.plans_kept_days)
        return plans.forget_old(self._creditor.id, before)
