"""Decide for many accounts: narrow by columns, then the one copy of strategy and law for what is left.

Plan, run and what-if all go through here, so the preview is the run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import NamedTuple

from duewell.core.decide.decide import decide_among, proposal_body
from duewell.core.decide.stages import STAGE_KEYS
from duewell.core.decide.values import Advance, Forecast, Proposal, Rest, Strategy
from duewell.core.evidence.canonical import canonical
from duewell.core.law import channels
from duewell.core.law.gate import gate_on
from duewell.core.law.library import Law
from duewell.core.law.timetable import Windows
from duewell.core.law.values import Permit, Refusal, Refused, Review
from duewell.core.units.ids import AccountId
from duewell.flows.ports import CaseReader, CreditorView, Known, Narrow

NOTHING_KNOWN = Forecast()
EARLIEST = datetime.min.replace(tzinfo=UTC)


class World(NamedTuple):
    """What deciding needs from the edge, for one creditor and one civil date."""

    creditor: CreditorView
    as_of: date
    now: datetime
    day_start: datetime
    """First instant of the civil date where the creditor is."""
    day_end: datetime
    narrow: Narrow
    cases: CaseReader
    strategies: Sequence[Strategy]
    """In the order in which their conditions are tried."""
    law: Law
    windows: Windows
    """Contact windows already worked out for other persons of the same places."""
    template_digest: Callable[[str, str, str], str]
    """From language, tone and stage key to the digest of the words."""
    digests: Mapping[str, str]
    """Of rule books, calendars, zone data: kept with the run so that it can be recomputed."""


class PlanLine(NamedTuple):
    """One message that would go out. `body` is canonical JSON: what the hash of the plan covers."""

    account: AccountId
    version: int
    person: int
    point: int
    channel: str
    language: str
    stage: int
    purpose: str
    advances: tuple[Advance, ...]
    opens_at: datetime
    closes_at: datetime
    body: bytes


class Held(NamedTuple):
    """The law said no, or asks a person: kept so that a change of reason becomes a fact."""

    account: AccountId
    version: int
    outcome: Refused | Review


class Planned(NamedTuple):
    """What a run would do. Every account of the creditor is counted in exactly one of the four."""

    as_of: date
    hash: str
    lines: list[PlanLine]
    held: list[Held]
    proposals: dict[str, int]
    rests: dict[str, int]
    refused: dict[str, int]
    review: dict[str, int]
    digests: dict[str, str]

    @property
    def accounts(self) -> int:
        """How many accounts were looked at: all of the creditor's."""
        return sum(sum(counts.values()) for counts in (self.proposals, self.rests, self.refused, self.review))


def judge(world: World, known: Known) -> Proposal | Rest:
    """Ask the strategy that is for this account."""
    return decide_among(known.case, world.strategies, NOTHING_KNOWN, world.as_of)


def decide_accounts(
    world: World, accounts: Sequence[AccountId], tell: Callable[[int], None] = lambda done: None
) -> Iterator[PlanLine | Held | Rest]:
    """The outcome of each account, in the order given."""
    for done, known in enumerate(world.cases(accounts, world.as_of, world.now), 1):
        yield outcome_of(world, known)
        if not done % 1000:
            tell(done)


def outcome_of(world: World, known: Known) -> PlanLine | Held | Rest:
    """What strategy and law say of one account on the day of the world."""
    outcome = judge(world, known)
    return outcome if isinstance(outcome, Rest) else _ask_the_law(world, known, outcome)


def plan(world: World, tell: Callable[[str, int, int], None] = lambda what, done, total: None) -> Planned:
    """Decide for every account of the creditor. Writes nothing."""
    narrowed = world.narrow(world.as_of, world.strategies)
    total = len(narrowed.candidates)
    outcomes = decide_accounts(world, narrowed.candidates, lambda done: tell("deciding", done, total))
    found = collect(world, outcomes, narrowed.rests)
    tell("deciding", total, total)
    return found


def collect(world: World, outcomes: Iterable[PlanLine | Held | Rest], rests: Mapping[str, int]) -> Planned:
    """Count the outcomes and hash the proposals, which come by ascending account."""
    counts: dict[str, Counter[str]] = {
        "proposals": Counter(),
        "rests": Counter(rests),
        "refused": Counter(),
        "review": Counter(),
    }
    lines: list[PlanLine] = []
    held: list[Held] = []
    for outcome in outcomes:
        part, key = counted(outcome)
        counts[part][key] += 1
        if isinstance(outcome, PlanLine):
            lines.append(outcome)
        elif isinstance(outcome, Held):
            held.append(outcome)
    return Planned(
        as_of=world.as_of,
        hash=plan_hash(world.creditor.key, world.as_of, (line.body for line in lines)),
        lines=lines,
        held=held,
        proposals=dict(counts["proposals"]),
        rests=_above_zero(counts["rests"]),
        refused=dict(counts["refused"]),
        review=dict(counts["review"]),
        digests={**world.digests, **{f"strategy:{item.key}": item.digest for item in world.strategies}},
    )


def decided_again(planned: Planned, outcomes: Sequence[PlanLine | Held | Rest], creditor: str) -> Planned:
    """The plan with these accounts decided anew: each is counted where it belongs now, and only there."""
    moved = {outcome.account for outcome in outcomes}
    counts = {
        "proposals": Counter(planned.proposals),
        "rests": Counter(planned.rests),
        "refused": Counter(planned.refused),
        "review": Counter(planned.review),
    }
    before: list[PlanLine | Held | Rest] = [line for line in planned.lines if line.account in moved]
    before += [item for item in planned.held if item.account in moved]
    for change, found in ((-1, before), (1, outcomes)):
        for outcome in found:
            part, key = counted(outcome)
            counts[part][key] += change
    lines = [line for line in planned.lines if line.account not in moved]
    lines += [outcome for outcome in outcomes if isinstance(outcome, PlanLine)]
    lines.sort(key=lambda line: line.account)
    held = [item for item in planned.held if item.account not in moved]
    held += [outcome for outcome in outcomes if isinstance(outcome, Held)]
    held.sort(key=lambda item: item.account)
    return planned._replace(
        hash=plan_hash(creditor, planned.as_of, (line.body for line in lines)),
        lines=lines,
        held=held,
        proposals=_above_zero(counts["proposals"]),
        rests=_above_zero(counts["rests"]),
        refused=_above_zero(counts["refused"]),
        review=_above_zero(counts["review"]),
    )


def _above_zero(counts: Mapping[str, int]) -> dict[str, int]:
    return {key: count for key, count in counts.items() if count}


def counted(outcome: PlanLine | Held | Rest) -> tuple[str, str]:
    """Where an account is counted: part of the plan, and stage or rule."""
    if isinstance(outcome, PlanLine):
        return "proposals", STAGE_KEYS[outcome.stage]
    if isinstance(outcome, Rest):
        return "rests", outcome.rule
    if isinstance(outcome.outcome, Refused):
        return "refused", latest_refusal(outcome.outcome).rule
    return "review", outcome.outcome.questions[0].rule


def plan_hash(creditor: str, as_of: date, bodies: Iterable[bytes]) -> str:
    """SHA-256, hexadecimal, over creditor, date and the stored proposals, one per line, by account."""
    total = sha256(f"duewell plan v1\n{creditor}\n{as_of.isoformat()}\n".encode())
    for body in bodies:
        total.update(body)
        total.update(b"\n")
    return total.hexdigest()


def _ask_the_law(world: World, known: Known, proposal: Proposal) -> PlanLine | Held:
    def law(tried: Proposal) -> channels.Answer:
        return gate_on(
            tried,
            known.standing,
            world.law,
            world.day_start,
            world.day_end,
            world.windows,
            allowed=known.allowed,
            # The permit of a plan opens nothing: the gate is asked again when the message leaves.
            digest="planned",
        )

    proposal, answer, passed, _ = channels.ask(proposal, law, world.day_end)
    if not isinstance(answer, Permit):
        return Held(proposal.account, known.case.version, answer)
    recipient = proposal.recipient
    told = proposal_body(proposal)
    if passed:
        told["passed"] = [[channel, refusal.rule] for channel, refusal in passed]
    told["template"] = world.template_digest(recipient.language, proposal.tone, proposal.stage.key)
    return PlanLine(
        account=proposal.account,
        version=known.case.version,
        person=recipient.person,
        point=recipient.point,
        channel=recipient.channel,
        language=recipient.language,
        stage=int(proposal.stage),
        purpose=proposal.purpose,
        advances=proposal.advances,
        opens_at=answer.opens_at,
        closes_at=answer.closes_at,
        body=canonical(told),
    )


def latest_refusal(refused: Refused) -> Refusal:
    """The refusal under which an account is counted: the one that lasts longest, the first named if equal."""
    endless = [refusal for refusal in refused.refusals if refusal.until is None]
    if endless:
        return endless[0]
    return max(refused.refusals, key=lambda refusal: refusal.until or EARLIEST)
