"""Questions put to a person: listed, answered, and opened when a hold comes to its review."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from duewell.core.agree.holds import RESUMES_BY_ITSELF
from duewell.core.evidence.canonical import canonical
from duewell.flows.ports import CreditorView
from duewell.flows.review import ANSWERS, QuestionView
from duewell.store import facts, ids, outcomes, recovery, sql


class Reviews:
    """The questions of one creditor."""

    def __init__(self, creditor: CreditorView, now: datetime, day_of: Callable[[datetime], date]) -> None:
        self._creditor = creditor
        self._now = now
        self._day_of = day_of

    def open_questions(self, limit: int, after: int) -> list[QuestionView]:
        """Open questions above id `after`, oldest first."""
        return self._views("r.state = 'open' and r.id > ?", [after], limit)

    def find(self, question: int) -> QuestionView | None:
        """The question, or None where this creditor has none with that number."""
        rows = self._views("r.id = ?", [question], 1)
        return rows[0] if rows else None

    def answer(self, question: QuestionView, *, allow: bool, by: str, reason: str) -> bool:
        """Write the answer and what follows from it, in one transaction."""
        with sql.transaction.atomic():
            state = "allowed" if allow else "denied"
            moved = sql.execute(
                "update review_item set state = ?, decided_at = ?, decided_by = ? where id = ? and state = 'open'",
                [state, sql.us(self._now), by, question.id],
            )
            if not moved:
                return False
            row = sql.one("select account_id from review_item where id = ?", [question.id])
            assert row is not None
            account = row[0]
            self._follow(question, account, allow=allow, by=by, reason=reason)
            sql.execute("update account set version = version + 1 where id = ?", [account])
            told = {
                "question": question.id,
                "kind": question.kind,
                "subject": question.subject,
                "allowed": allow,
                "by": by,
                "reason": reason,
            }
            facts.append([(f"account:{account}", "review.decided", None, self._now, canonical(told))])
        return True

    def open_due(self, today: date) -> int:
        """Ask about every hold whose review has come and that nobody was asked about."""
        by_itself = ", ".join(f"'{kind}'" for kind in sorted(RESUMES_BY_ITSELF))
        rows = sql.fetch(
            "select h.id, h.account_id, h.kind, h.reason from hold h left join hold_end e on e.hold_id = h.id"
            " where h.creditor_id = ? and e.id is null and h.review_on <= ?"
            f" and h.kind not in ({by_itself}) and not exists (select 1 from review_item r"
            " where r.kind = 'hold' and r.creditor_id = h.creditor_id and r.subject = cast(h.id as text)"
            " and (r.state = 'open' or r.decided_at >= ?)) order by h.id",
            [self._creditor.id, today, self._day_start(today)],
        )
        with sql.transaction.atomic():
            for hold, account, kind, reason in rows:
                text = f"A hold for {kind} has come to its review: {reason}"
                outcomes.ask(self._creditor.id, account, "hold", str(hold), text, self._now)
        return len(rows)

    def _day_start(self, today: date) -> int:
        return sql.us(datetime(today.year, today.month, today.day, tzinfo=self._now.tzinfo))

    def _follow(self, question: QuestionView, account: int, *, allow: bool, by: str, reason: str) -> None:
        if question.kind == "unknown":
            attempt = int(question.subject)
            row = sql.one("select message_id, contacted_at, token from attempt where id = ?", [attempt])
            assert row is not None
            message, contacted_at, token = row
            recovery.settle(
                self._creditor.id,
                token,
                attempt,
                message,
                account,
                self._now,
                self._day_of(sql.instant(contacted_at)) if contacted_at else self._day_of(self._now),
                as_sent=not allow,
                by=by,
                reason=reason,
            )
        elif question.kind == "refused" and allow:
            # The address is tried again as it stands; a customer import may have brought another one meanwhile.
            sql.execute(
                "update contact_point set state = 'usable' where state = 'refused'"
                " and id = (select point_id from attempt where id = ?)",
                [int(question.subject)],
            )
        elif question.kind == "hold" and allow:
            self._end_hold(int(question.subject), account, by, reason)

    def _end_hold(self, hold: int, account: int, by: str, reason: str) -> None:
        today, now = self._day_of(self._now), sql.us(self._now)
        row: tuple[Any, ...] = (
            ids.allocate("hold_end")[0],
            self._creditor.id,
            hold,
            today.isoformat(),
            reason or "review",
            now,
            by,
        )
        if sql.one("select 1 from hold_end where hold_id = ?", [hold]):
            return
        sql.insert("hold_end", "id creditor_id hold_id ended_on reason recorded_at recorded_by".split(), [row])
        body = canonical({"rows": {"hold_end": [row]}})
        facts.append([(f"account:{account}", "agree.hold_ended", today, self._now, body)])

    def _views(self, condition: str, params: list[Any], limit: int) -> list[QuestionView]:
        rows = sql.fetch(
            "select r.id, r.kind, a.number, r.subject, r.text, r.state, r.opened_at from review_item r"
            f" left join account a on a.id = r.account_id where r.creditor_id = ? and {condition}"
            " order by r.id limit ?",
            [self._creditor.id, *params, limit],
        )
        return [
            QuestionView(
                row[0], row[1], row[2] or "", *row[3:6], sql.instant(row[6]).isoformat(), *ANSWERS[row[1]]
            )
            for row in rows
        ]
