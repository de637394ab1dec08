"""Questions put to a person: listed, answered, and opened when a hold comes to its review."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from duewell.core.agree.holds import RESUMES_BY_ITSELF
from duewell.core.evidence.canonical import canonical
from duewell.core.units.ids import AccountId, HoldId
from duewell.flows.failpoints import hit
from duewell.flows.ports import CreditorView
from duewell.flows.review import ANSWERS, QuestionView
from duewell.store import calls, facts, locks, questions, recovery, sql
from duewell.store.agreements import Holds

BATCH = 1000
_NO_WORKER = 0


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
        row = sql.one(
            "select r.account_id, a.person_id from review_item r join account a on a.id = r.account_id"
            " where r.id = ?",
            [question.id],
        )
        assert row is not None
        account, person = row
        with sql.transaction.atomic():
            locks.persons([person])
            locks.accounts([account])
            moved = sql.execute(
                "update review_item set state = ?, decided_at = ?, decided_by = ? where id = ? and state = 'open'",
                ["allowed" if allow else "denied", sql.us(self._now), by, question.id],
            )
            if not moved:
                return False
            told = {
                "question": question.id,
                "kind": question.kind,
                "subject": question.subject,
                "allowed": allow,
                "by": by,
                "reason": reason,
            }
            facts.append([(f"account:{account}", "review.decided", None, self._now, canonical(told))])
            self._follow(question, account, allow=allow, by=by, reason=reason)
            locks.bump_accounts([account])
        return True

    def open_due(self, today: date) -> int:
        """Ask about every hold whose review has come and about which nobody was asked today, and about every call
        of an earlier day whose outcome nobody told. Returns how many."""
        forgotten = calls.forgotten(self._creditor.id, _NO_WORKER, self._now, self._day_of)
        due = self._holds_due(today)
        for start in range(0, len(due), BATCH):
            some = due[start : start + BATCH]
            with sql.transaction.atomic():
                locks.accounts({asked.account for asked in some})
                questions.ask(self._creditor.id, some, self._now)
                hit("review.open.commit.before")
            hit("review.open.commit.after")
        return len(due) + forgotten

    def _holds_due(self, today: date) -> list[questions.Asked]:
        by_itself = ", ".join(f"'{kind}'" for kind in sorted(RESUMES_BY_ITSELF))
        asked: dict[str, bool] = {}
        # No civil day began longer ago than this, wherever the creditor is.
        lately_at = sql.us(self._now - timedelta(days=2))
        for subject, state, decided_at in sql.fetch(
            "select subject, state, decided_at from review_item where creditor_id = ? and kind = 'hold'"
            " and (state = 'open' or decided_at >= ?)",
            [self._creditor.id, lately_at],
        ):
            # Whoever said to keep waiting is not asked again before tomorrow.
            lately = decided_at is not None and self._day_of(sql.instant(decided_at)) >= today
            asked[subject] = asked.get(subject, False) or state == "open" or lately
        rows = sql.fetch(
            "select h.account_id, h.id, h.kind, h.reason from hold h left join hold_end e on e.hold_id = h.id"
            " where h.creditor_id = ? and e.id is null and h.review_on <= ?"
            f" and h.kind not in ({by_itself}) order by h.account_id, h.id",
            [self._creditor.id, today],
        )
        return [
            questions.Asked(
                account, "hold", str(hold), f"A hold for {kind.replace('_', ' ')} has come to its review: {reason}"
            )
            for account, hold, kind, reason in rows
            if not asked.get(str(hold))
        ]

    def _follow(self, question: QuestionView, account: int, *, allow: bool, by: str, reason: str) -> None:
        if question.kind == "unknown":
            attempt = int(question.subject)
            recovery.settle(
                self._creditor.id,
                _NO_WORKER,
                [attempt],
                self._now,
                self._day_of,
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
            holds = Holds(self._creditor.id, self._now, by)
            holds.end(
                AccountId(account), HoldId(int(question.subject)), self._day_of(self._now), reason or "review"
            )

    def _views(self, condition: str, params: list[Any], limit: int) -> list[QuestionView]:
        rows = sql.fetch(
            "select r.id, r.kind, a.number, r.subject, r.text, r.state, r.opened_at from review_item r"
            f" left join account a on a.id = r.account_id where r.creditor_id = ? and {condition}"
            " order by r.id limit ?",
            [self._creditor.id, *params, limit],
        )
        return [
            QuestionView(
                number, kind, account or "", subject, text, state, sql.instant(at).isoformat(), *ANSWERS[kind]
            )
            for number, kind, account, subject, text, state, at in rows
        ]
