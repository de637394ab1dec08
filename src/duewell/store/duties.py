"""The duties of the schedule, and what the night of a creditor reads and releases."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from duewell.core.evidence.canonical import canonical
from duewell.flows.run import USUAL_RUNS
from duewell.flows.work.night import OwnRun
from duewell.flows.work.rota import NIGHT, Done
from duewell.store import facts, sql
from duewell.store.releases import Releases
from duewell.store.runs import Runs


class Missing(NamedTuple):
    """A night that failed or was missed, and of which the operator was not told."""

    id: int
    creditor: int
    on_day: date
    state: str
    problem: str


class Duties:
    """Keeps the promise of `flows.work.loop.Books`."""

    def __init__(self, now: Any) -> None:
        """`now` tells the present instant."""
        self._now = now

    def kept(self, since: date) -> Mapping[tuple[int, date, str], Done]:
        """The duties from a day on, by creditor, day and kind."""
        # By creditor and kind, so that the unique key finds them among the duties of years.
        rows = sql.fetch(
            "select creditor_id, on_day, kind, state, ended_at from duty"
            " where creditor_id in (select id from creditor)"
            " and kind in ('night', 'janitors', 'digest') and on_day >= ?",
            [since],
        )
        return {(row[0], sql.day(row[1]), row[2]): Done(row[3], sql.instant(row[4])) for row in rows}

    def latest_nights(self) -> Mapping[int, date]:
        """The latest day of which a night is kept, by creditor."""
        rows = sql.fetch(
            "select id, (select max(on_day) from duty where creditor_id = creditor.id and kind = 'night')"
            " from creditor"
        )
        return {row[0]: sql.day(row[1]) for row in rows if row[1] is not None}

    def keep(self, creditor: int, kind: str, day: date, state: str, told: Mapping[str, Any], problem: str) -> None:
        """Note what became of a duty; one that is done stays done."""
        now: datetime = self._now()
        text = json.dumps(dict(told))
        with sql.transaction.atomic():
            # Of two who keep the same duty at once, the second finds the row of the first.
            added = sql.execute(
                "insert into duty (creditor_id, kind, on_day, state, told, problem, tries, ended_at)"
                f" values (?, ?, ?, ?, {_json()}, ?, 1, ?) on conflict (creditor_id, kind, on_day) do nothing",
                [creditor, kind, day, state, text, problem, sql.us(now)],
            )
            changed = added or sql.execute(
                f"update duty set state = ?, told = {_json()}, problem = ?, tries = tries + 1, ended_at = ?"
                " where creditor_id = ? and kind = ? and on_day = ? and state <> 'done'",
                [state, text, problem, sql.us(now), creditor, kind, day],
            )
            if changed and kind == NIGHT:
                facts.append(
                    [
                        facts.Draft(
                            f"house:{creditor}",
                            "house.night",
                            day,
                            now,
                            canonical({"state": state, "problem": problem, "told": dict(told)}),
                        )
                    ]
                )

    def untold(self) -> list[Missing]:
        """Nights that failed or were missed and of which the operator was not told, oldest first."""
        rows = sql.fetch(
            "select id, creditor_id, on_day, state, problem from duty where kind = 'night'"
            " and state in ('failed', 'missed') and alarmed_at is null order by on_day, creditor_id"
        )
        return [Missing(row[0], row[1], sql.day(row[2]), row[3], row[4]) for row in rows]

    def told(self, nights: list[Missing]) -> None:
        """The operator was told of these."""
        with sql.transaction.atomic():
            within, params = sql.ids_in("id", [night.id for night in nights])
            sql.execute(f"update duty set alarmed_at = ? where {within}", [sql.us(self._now()), *params])


class NightRuns(Runs):
    """The runs of one creditor, as its night of one day needs them; keeps `flows.work.night.NightStore`."""

    def __init__(self, releases: Releases, day: date, *told: Any) -> None:
        super().__init__(*told)
        self._releases = releases
        self._day = day

    def own_waiting(self, by: str) -> list[OwnRun]:
        """Runs of the day that `by` made and that wait, each with the sizes of those before it."""
        rows = sql.fetch(
            "select id, proposals from run where creditor_id = ? and as_of = ? and state = 'waiting'"
            " and recorded_by = ? and proposals > 0 order by id",
            [self._creditor.id, self._day, by],
        )
        return [OwnRun(run, proposals, self._sizes_before(run)) for run, proposals in rows]

    def let_go(self, run: int, by: str) -> int:
        """From waiting to released, in one transaction."""
        return self._releases.let_go(run, by)

    def _sizes_before(self, run: int) -> tuple[int, ...]:
        rows = sql.fetch(
            "select proposals from run where creditor_id = ? and proposals > 0 and id < ?"
            " order by id desc limit ?",
            [self._creditor.id, run, USUAL_RUNS],
        )
        return tuple(row[0] for row in rows)


def _json() -> str:
    return "?::jsonb" if sql.postgres() else "?"
