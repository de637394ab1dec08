"""Wiring of what is watched from outside: metrics."""

from __future__ import annotations

from duewell.adapters.home import Home
from duewell.flows.metrics import Metric, Seen, metrics
from duewell.flows.ports import Clock


def collected(home: Home, clock: Clock) -> list[Metric]:
    """Every metric, as things are now.

    Raises:
        HomeProblem: the schedule in duewell.toml cannot be read.
    """
    from duewell import __version__
    from duewell.adapters.tickers import latest_nights_missing
    from duewell.adapters.work_settings import read_work_settings
    from duewell.store import creditors
    from duewell.store.counts import StoredCounts
    from duewell.store.duties import Duties
    from duewell.store.shift import somebody

    now = clock.now()
    views = creditors.all_views()
    settings = read_work_settings(home.directory)
    duties = Duties(clock.now)
    missing = latest_nights_missing(views, settings.rota_of, now, duties)
    seen = Seen(
        version=__version__,
        now=now,
        working=somebody(home.directory / "locks"),
        keys={view.id: view.key for view in views},
        halted=frozenset(view.id for view in views if view.halted),
        missing={view.id: day for view, day, _ in missing},
    )
    return metrics(StoredCounts(), seen)


def text(home: Home, clock: Clock) -> str:
    """Every metric in the text format of Prometheus."""
    from duewell.adapters import prometheus

    return prometheus.text(collected(home, clock))
