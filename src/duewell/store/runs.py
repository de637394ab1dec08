"""Plans and runs: what was promised, what was claimed, what was let go.

A claim is unique in the database, so a run that is repeated, doubled or killed claims nothing twice.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from duewell.core.decide.values import Rest
from duewell.core.evidence.canonical import canonical
from duewell.core.law.values import Refused, Review
from duewell.core.units.ids import AccountId, computed
from duewell.flows.decide_accounts import Held, PlanLine, Planned, decided_again
from duewell.flows.failpoints import hit
from duewell.flows.ports import CreditorView
from duewell.flows.run import Claimed
from duewell.store import facts, ids, locks, questions, sql, strategy_versions
from duewell.store.models import Plan, Run
from duewell.store.strategy_versions import TextOf

BATCH = 5000
MESSAGE = (
    "id creditor_id account_id person_id run_id point_id stage purpose channel language body recorded_at".split()
)
STATE = ["message_id", "creditor_id", "account_id", "state", "reason"]
CLAIM = "id creditor_id account_id receivable_id stage occurrence message_id freed".split()
ATTEMPT = (
    "id creditor_id message_id account_id person_id point_id channel ordinal state not_before token"
    " lease_until contacted_at"
).split()

Again = Callable[[Sequence[AccountId]], list[PlanLine | Held | Rest]]


class Runs:
    """Plans and runs of one creditor."""

    def __init__(
        self, creditor: CreditorView, now: datetime, by: str = "", text_of: TextOf = lambda key: None
    ) -> None:
        """`text_of` gives the strategies as their files are, so that what a run was made with is kept."""
        self._creditor = creditor
        self._now = now
        self._by = by
        self._text_of = text_of

    def keep_plan(self, planned: Planned) -> None:
        """Keep a plan so that a run can be held to it. The same plan twice is kept once."""
        if Plan.objects.filter(creditor_id=self._creditor.id, hash=planned.hash).exists():
            return
        packed = zlib.compress(b"\n".join(line.body for line in planned.lines), 6)
        with sql.transaction.atomic():
            Plan.objects.create(
                id=ids.allocate("plan")[0],
                creditor_id=self._creditor.id,
                hash=planned.hash,
                as_of=planned.as_of,
                counts=counts(planned),
                digests=planned.digests,
                lines=packed,
                recorded_at=self._now,
            )
            told = canonical(
                {"plan": planned.hash, "as_of": planned.as_of.isoformat(), "proposals": len(planned.lines)}
            )
            facts.append([(f"house:{self._creditor.id}", "decide.planned", planned.as_of, self._now, told)])

    def plan_lines(self, hash: str) -> dict[AccountId, bytes] | None:
        """The stored proposals of a plan by account, or None where there is no such plan."""
        kept = Plan.objects.filter(creditor_id=self._creditor.id, hash=hash).first()
        if kept is None:
            return None
        lines = zlib.decompress(bytes(kept.lines)).split(b"\n")
        return {AccountId(json.loads(line)["account"]): line for line in lines if line}

    def latest_sizes(self, count: int) -> list[int]:
        """How many messages the latest runs claimed, runs that claimed none left out."""
        rows = sql.fetch(
            "select proposals from run where creditor_id = ? and proposals > 0 order by id desc limit ?",
            [self._creditor.id, count],
        )
        return [row[0] for row in rows]

    def claim(self, planned: Planned, again: Again) -> Claimed:
        """Write run, messages, claims, attempts and facts in one transaction.

        Accounts whose version moved since they were read are decided again inside it, with their rows locked.
        """
        with sql.transaction.atomic():
            settled = self._settled(planned, again)
            lines = settled.lines
            if not lines and not settled.held:
                return Claimed(None, settled)
            run = ids.allocate("run")[0]
            Run.objects.create(
                id=run,
                creditor_id=self._creditor.id,
                as_of=settled.as_of,
                plan=settled.hash,
                state="waiting" if lines else "released",
                proposals=len(lines),
                counts=counts(settled),
                digests=settled.digests,
                recorded_at=self._now,
                recorded_by=self._by,
            )
            self._record_run(run, settled)
            strategy_versions.keep(self._creditor.id, settled.digests, self._text_of, self._now)
            for start in range(0, len(lines), BATCH):
                self._write(run, settled, lines[start : start + BATCH])
            self._refusals(settled, settled.held)
            hit("run.commit.before")
        hit("run.commit.after")
        return Claimed(run, settled)

    def _settled(self, planned: Planned, again: Again) -> Planned:
        """The plan as it stands now, with its accounts held until the commit."""
        read = {line.account: line.version for line in planned.lines}
        read |= {held.account: held.version for held in planned.held}
        moved: list[AccountId] = []
        accounts = sorted(read)
        for start in range(0, len(accounts), BATCH):
            some = accounts[start : start + BATCH]
            present = locks.accounts(some)
            moved += [account for account in some if present[account] != read[account]]
        return decided_again(planned, again(moved), self._creditor.key) if moved else planned

    def _record_run(self, run: int, planned: Planned) -> None:
        told = {
            "run": run,
            "plan": planned.hash,
            "as_of": planned.as_of.isoformat(),
            "proposals": len(planned.lines),
            "counts": counts(planned),
            "digests": planned.digests,
            "by": self._by,
        }
        facts.append([(f"house:{self._creditor.id}", "decide.run", planned.as_of, self._now, canonical(told))])

    def _write(self, run: int, planned: Planned, lines: list[PlanLine]) -> None:
        creditor, now = self._creditor.id, sql.us(self._now)
        freed = _freed(lines)
        attempts = ids.allocate("attempt", len(lines))
        messages: list[tuple[Any, ...]] = []
        claims: list[tuple[Any, ...]] = []
        outbox: list[tuple[Any, ...]] = []
        drafts: list[tuple[Any, ...]] = []
        for line, attempt in zip(lines, attempts, strict=True):
            mine = []
            for receivable, stage in line.advances:
                occurrence = freed.get((receivable, int(stage)), 0) + 1
                mine.append((computed(receivable, int(stage), occurrence), receivable, int(stage), occurrence))
            message = computed(creditor, line.account, *(claim[0] for claim in mine))
            row = (
                message,
                creditor,
                line.account,
                line.person,
                run,
                line.point,
                line.stage,
                line.purpose,
                line.channel,
                line.language,
                line.body.decode(),
                now,
            )
            messages.append(row)
            claims += [
                (claim, creditor, line.account, receivable, stage, occurrence, message, False)
                for claim, receivable, stage, occurrence in mine
            ]
            opens = sql.us(line.opens_at)
            outbox.append(
                (
                    attempt,
                    creditor,
                    message,
                    line.account,
                    line.person,
                    line.point,
                    line.channel,
                    1,
                    "planned",
                    opens,
                    0,
                    None,
                    None,
                )
            )
            told = {
                "rows": {"message": [row]},
                "attempt": attempt,
                "claims": [[claim[1], claim[2], claim[3]] for claim in mine],
                "closes_at": sql.us(line.closes_at),
                "opens_at": opens,
            }
            drafts.append(
                (f"account:{line.account}", "contact.claimed", planned.as_of, self._now, canonical(told))
            )
        sql.insert("message", MESSAGE, messages, dates_are_text=True)
        states = [(row[0], creditor, row[2], "planned", "") for row in messages]
        sql.insert("message_state", STATE, states, dates_are_text=True)
        sql.insert("claim", CLAIM, claims, dates_are_text=True)
        sql.insert("attempt", ATTEMPT, outbox, dates_are_text=True)
        facts.append(drafts)
        _bump([line.account for line in lines], refusal="")

    def _refusals(self, planned: Planned, held: list[Held]) -> None:
        """A refusal is a fact when its reason changes; a question to a person is asked once."""
        for start in range(0, len(held), BATCH):
            some = held[start : start + BATCH]
            within, params = sql.ids_in("id", [item.account for item in some])
            known = dict(sql.fetch(f"select id, refusal from account where {within}", params))
            changed = [(item, key) for item in some if known[item.account] != (key := _refusal_key(item.outcome))]
            facts.append(
                [
                    (
                        f"account:{item.account}",
                        "law.refused",
                        planned.as_of,
                        self._now,
                        canonical(_told(item.outcome)),
                    )
                    for item, _ in changed
                ]
            )
            sql.update_many(
                "update account set refusal = ? where id = ?", [(key, item.account) for item, key in changed]
            )
            asked = [item for item, _ in changed if isinstance(item.outcome, Review)]
            questions.ask(self._creditor.id, [_question(item) for item in asked], self._now)


def counts(planned: Planned) -> dict[str, Any]:
    """The four counts as they stand in JSON."""
    return {
        "accounts": planned.accounts,
        "proposals": planned.proposals,
        "rests": planned.rests,
        "refused": planned.refused,
        "review": planned.review,
    }


def _freed(lines: list[PlanLine]) -> dict[tuple[int, int], int]:
    # A claim that was freed leaves its number used: the next try of the same stage takes the next one.
    receivables = [advance.receivable for line in lines for advance in line.advances]
    within, params = sql.ids_in("receivable_id", receivables)
    rows = sql.fetch(
        f"select receivable_id, stage, max(occurrence) from claim where {within} group by receivable_id, stage",
        params,
    )
    return {(receivable, stage): latest for receivable, stage, latest in rows}


def _bump(accounts: list[int], refusal: str) -> None:
    within, params = sql.ids_in("id", accounts)
    sql.execute(f"update account set version = version + 1, refusal = ? where {within}", [refusal, *params])


def _question(item: Held) -> questions.Asked:
    assert isinstance(item.outcome, Review)
    question = item.outcome.questions[0]
    return questions.Asked(item.account, "law", f"{item.account}:{question.rule}", question.text)


def _refusal_key(outcome: Refused | Review) -> str:
    refusals = outcome.refusals if isinstance(outcome, Refused) else outcome.questions
    kind = "refused" if isinstance(outcome, Refused) else "review"
    return f"{kind}:" + ",".join(sorted(refusal.rule for refusal in refusals))


def _told(outcome: Refused | Review) -> dict[str, Any]:
    refusals = outcome.refusals if isinstance(outcome, Refused) else outcome.questions
    return {
        "outcome": "refused" if isinstance(outcome, Refused) else "review",
        "reasons": [
            {
                "rule": refusal.rule,
                "text": refusal.text,
                "source": refusal.source,
                "until": refusal.until and sql.us(refusal.until),
            }
            for refusal in refusals
        ],
    }
