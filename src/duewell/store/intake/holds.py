"""Holds that a file asks for: disputed or blocked rows, and items that vanished from a complete list."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from duewell.core.evidence.rows import body
from duewell.core.intake import InvoiceRow
from duewell.store import facts, ids, posting, questions, sql
from duewell.store.intake.trace import Trace

HOLD = (
    "id creditor_id account_id receivable_id kind amount_minor starts_on until_on review_on reason recorded_at"
    " recorded_by"
).split()
HOLD_END = "id creditor_id hold_id ended_on reason recorded_at recorded_by".split()
REVIEW_AFTER = timedelta(days=14)
DISPUTED = "marked as disputed in the imported list"
BLOCKED = "the imported list says not to remind"
MISSING = "missing from a complete list"
BY = "import"


class Wanted(NamedTuple):
    """A hold to make."""

    account: int
    receivable: int | None
    kind: str
    amount_minor: int | None
    starts_on: date
    until_on: date | None
    review_on: date
    reason: str


class Holds:
    """Opens and ends the holds of one import."""

    def __init__(self, creditor: int, now: datetime, day: date, trace: Trace) -> None:
        self._creditor = creditor
        self._now = now
        self._day = day
        self._trace = trace

    def follow(
        self,
        rows: Sequence[InvoiceRow],
        receivables: Sequence[int],
        accounts: Sequence[int],
        sound: Sequence[int],
        fresh: Collection[int],
        silent: Collection[str],
    ) -> list[int]:
        """Hold what the rows mark and free what they no longer mark; the rows on which that changed something.

        Args:
            silent: reasons of holds that this file cannot end, because it says nothing about them.
        """
        asked = [index for index in sound if rows[index].disputed or rows[index].blocked]
        present = self._present([receivables[index] for index in sound if index not in fresh])
        changed = []
        open_now = self._open([receivables[index] for index in asked])
        made = []
        for index in asked:
            receivable = receivables[index]
            if receivable not in open_now:
                continue
            for wanted, kind, reason in (
                (rows[index].disputed, "dispute", DISPUTED),
                (rows[index].blocked and not rows[index].disputed, "other", BLOCKED),
            ):
                if wanted and reason not in present.get(receivable, {}):
                    # What a file marks is asked about after some days; what vanished from one, at once.
                    later = self._day + REVIEW_AFTER
                    made.append(Wanted(accounts[index], receivable, kind, None, self._day, None, later, reason))
                    changed.append(index)
        self._hold(made)
        ended = []
        for index in sound:
            for reason, hold in present.get(receivables[index], {}).items():
                kept = (reason == DISPUTED and rows[index].disputed) or (reason == BLOCKED and rows[index].blocked)
                # A file that tells only what was billed does not say that something is still open.
                kept = kept or (reason == MISSING and rows[index].open_minor is None)
                if not kept and reason not in silent:
                    ended.append((hold, accounts[index], self._day))
                    changed.append(index)
        self.end(ended, "the list no longer says so")
        return changed

    def missing(self, receivables: Sequence[tuple[int, int, str]]) -> int:
        """Hold items (account, receivable, number) that vanished from a complete list, and ask about each."""
        present = self._present([receivable for _, receivable, _ in receivables])
        new = [item for item in receivables if MISSING not in present.get(item[1], {})]
        day = self._day
        self._hold(
            [
                Wanted(account, receivable, "missing_from_export", None, day, None, day, MISSING)
                for account, receivable, _ in new
            ]
        )
        return len(receivables)

    def end(self, holds: Sequence[tuple[int, int, date]], reason: str) -> None:
        """End holds given as (hold, account, first free day)."""
        if not holds:
            return
        self._trace.freed += [hold for hold, _, _ in holds]
        now = sql.us(self._now)
        rows: dict[int, list[tuple[Any, ...]]] = {}
        for number, (hold, account, free) in zip(ids.allocate("hold_end", len(holds)), holds, strict=True):
            row = (number, self._creditor, hold, free.isoformat(), reason, now, BY)
            rows.setdefault(account, []).append(row)
        sql.insert("hold_end", HOLD_END, (row for mine in rows.values() for row in mine))
        within, params = sql.ids_in("subject", [str(hold) for hold, _, _ in holds])
        sql.execute(
            "update review_item set state = 'settled', decided_at = ?, decided_by = ?"
            f" where kind = 'hold' and {within} and state = 'open'",
            [now, BY, *params],
        )
        self._tell("hold_end", "agree.hold_ended", rows)

    def again(self, holds: Sequence[int]) -> list[tuple[int, int]]:
        """Hold once more what was freed, from the day on which it became free; the new holds and accounts."""
        within, params = sql.ids_in("h.id", holds)
        freed = sql.fetch(
            "select h.account_id, h.receivable_id, h.kind, h.amount_minor, e.ended_on, h.until_on, h.review_on,"
            f" h.reason from hold h join hold_end e on e.hold_id = h.id where {within} order by h.id",
            params,
        )
        wanted = []
        for account, receivable, kind, amount, ended, until, review, reason in freed:
            days = sql.day(ended), _day(until), _day(review) or self._day
            wanted.append(Wanted(account, receivable, kind, amount, *days, reason))
        return self._hold(wanted)

    def _hold(self, wanted: Sequence[Wanted]) -> list[tuple[int, int]]:
        if not wanted:
            return []
        now = sql.us(self._now)
        rows: dict[int, list[tuple[Any, ...]]] = {}
        asked: list[questions.Asked] = []
        made = []
        for number, one in zip(ids.allocate("hold", len(wanted)), wanted, strict=True):
            row = (
                number,
                self._creditor,
                one.account,
                one.receivable,
                one.kind,
                one.amount_minor,
                one.starts_on.isoformat(),
                None if one.until_on is None else one.until_on.isoformat(),
                one.review_on.isoformat(),
                one.reason,
                now,
                BY,
            )
            rows.setdefault(one.account, []).append(row)
            made.append((number, one.account))
            if one.reason == MISSING:
                text = "An item vanished from a complete list: was it paid, or cancelled?"
                asked.append(questions.Asked(one.account, "hold", str(number), text))
        self._trace.holds += [hold for hold, _ in made]
        sql.insert("hold", HOLD, (row for mine in rows.values() for row in mine))
        self._tell("hold", "agree.held", rows)
        questions.ask(self._creditor, asked, self._now)
        return made

    def _tell(self, table: str, kind: str, rows: dict[int, list[tuple[Any, ...]]]) -> None:
        # The accounts before their streams, as everybody else takes them.
        posting.bump(rows)
        facts.append(
            [
                facts.Draft(f"account:{account}", kind, self._day, self._now, body({table: mine}))
                for account, mine in rows.items()
            ]
        )

    def _present(self, receivables: Sequence[int]) -> dict[int, dict[str, int]]:
        """Living holds that imports made, by receivable and reason."""
        within, params = sql.ids_in("h.receivable_id", receivables)
        found: dict[int, dict[str, int]] = {}
        for receivable, reason, hold in sql.fetch(
            "select h.receivable_id, h.reason, h.id from hold h left join hold_end e on e.hold_id = h.id"
            f" where {within} and h.recorded_by = '{BY}' and e.id is null",
            params,
        ):
            found.setdefault(receivable, {})[reason] = hold
        return found

    def _open(self, receivables: Sequence[int]) -> set[int]:
        within, params = sql.ids_in("id", receivables)
        return {
            row[0] for row in sql.fetch(f"select id from receivable where {within} and open_minor > 0", params)
        }


def _day(value: Any) -> date | None:
    return None if value is None else sql.day(value)
