"""work: nights, sending, sealing and janitors on one schedule, until it is stopped."""

from __future__ import annotations

import argparse
import signal
import threading
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any

from duewell.cli.output import Out, WorldFailed, WrongUse

_LAPSE_STEP_MINUTES = 5


def add(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Declare work."""
    from duewell.cli import command

    work = command(commands, "work", "nights, sender, sealer and janitors on one schedule, until stopped", _work)
    work.add_argument("--metrics", metavar="HOST:PORT", help="answer Prometheus at /metrics, on this machine only")
    work.add_argument("--once", action="store_true", help="do what is due now, then end")
    work.add_argument(
        "--until", metavar="T", help="in a test home, with --now: go through the time until T at once"
    )


def _serving(args: argparse.Namespace, session: Any) -> AbstractContextManager[Any]:
    from duewell import wiring_watch
    from duewell.adapters import prometheus

    if args.metrics is None:
        return nullcontext()
    try:
        where = prometheus.address(args.metrics)
    except prometheus.BadAddress as problem:
        raise WrongUse(f"--metrics: {problem}") from problem
    return prometheus.served(where, lambda: wiring_watch.text(session.home, session.clock))


def _work(args: argparse.Namespace, out: Out) -> int:
    from duewell.adapters import event_log
    from duewell.cli.session import Session

    session = Session(args)
    from duewell import wiring_work
    from duewell.adapters.home import HomeProblem
    from duewell.store.shift import AtWork

    try:
        stop = threading.Event()
        ticker, until = _time(args, session, stop)
        log = event_log.opened(session.home.directory, "stderr", ticker.now)
        told = _Told(log)
        serving = _serving(args, session)
        with wiring_work.shift(session.home, ticker, told, stop.is_set) as shift, _Signals(stop), serving as port:
            log("work.started")
            if port:
                log("metrics.served", port=port)
            if args.once:
                shift.turn()
            else:
                shift.work(until, _rest(args))
            log("work.stopped")
    except AtWork as problem:
        raise WorldFailed(str(problem)) from problem
    except (event_log.BadLogSetting, HomeProblem) as problem:
        raise WrongUse(str(problem)) from problem
    text = "\n".join(f"{count:>8,}  {event}" for event, count in sorted(told.counts.items())) or "nothing was due"
    out.result({"events": told.counts}, text)
    return 1 if told.findings else 0


def _time(args: argparse.Namespace, session: Any, stop: threading.Event) -> tuple[Any, Any]:
    from duewell.adapters.tickers import RealTicker, TimeLapse
    from duewell.cli.session import instant

    if args.now is None:
        if args.until:
            raise WrongUse("--until goes with --now, in a test home: real time cannot be gone through at once")
        return RealTicker(stop), None
    # Session has refused --now outside a test home.
    if not args.until and not args.once:
        raise WrongUse("--now stands still: add --until T to go through the time until then, or --once")
    return TimeLapse(session.clock.now()), instant(args.until) if args.until else None


def _rest(args: argparse.Namespace) -> Any:
    from datetime import timedelta

    from duewell.flows.work.loop import REST

    return timedelta(minutes=_LAPSE_STEP_MINUTES) if args.until else REST


class _Signals:
    """SIGTERM and Ctrl-C ask to stop; what is on its way is finished first."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._before: dict[int, Any] = {}

    def __enter__(self) -> None:
        with suppress(ValueError):  # not in the main thread, as in some tests: then nobody sends signals here
            for name in (signal.SIGTERM, signal.SIGINT):
                self._before[name] = signal.signal(name, lambda *_: self._stop.set())

    def __exit__(self, *_: object) -> None:
        for name, handler in self._before.items():
            signal.signal(name, handler)


class _Told:
    """Counts the events on their way to the log."""

    def __init__(self, log: Any) -> None:
        self.counts: dict[str, int] = {}
        self._log = log

    def __call__(self, event: str, **fields: Any) -> None:
        self.counts[event] = self.counts.get(event, 0) + 1
        self._log(event, **fields)

    @property
    def findings(self) -> bool:
        """Whether somebody should look."""
        return any(event.endswith((".failed", ".missed", ".jumped")) for event in self.counts)
