"""Acts: what was done to an account, one line for each fact, in words that a letter could use.

Every line names its fact, so that what it says can be looked up and proven.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from duewell.core.agree.holds import RESUMES_BY_ITSELF, HoldKind
from duewell.core.decide.stages import STAGE_KEYS
from duewell.core.decide.wording import amount, and_more, day
from duewell.core.evidence.kinds import KINDS
from duewell.core.ledger import statement
from duewell.core.ledger.entries import Entry
from duewell.flows.past import Learned, rows_of

STEPS = frozenset({"contact.started", "contact.closing"})
"""Steps on the way of an attempt, told for completeness: what came of it is told by a later fact."""


class Names(NamedTuple):
    """What facts name by number: invoices, and of messages their stage and run."""

    receivables: Mapping[int, str]
    messages: Mapping[str, tuple[int, int]]


class Act(NamedTuple):
    """One thing that was done, and the fact that proves it."""

    at: datetime
    effective_on: date | None
    kind: str
    text: str
    stage: str | None
    message: str | None
    run: int | None
    stream: str
    sequence: int
    hash: str


def act(fact: Learned, names: Names) -> Act:
    """Tell one fact."""
    message = message_of(fact)
    stage, run = names.messages.get(message, (0, 0)) if message is not None else (0, 0)
    tell = _TELL.get(fact.kind)
    text = KINDS[fact.kind] if tell is None else tell(fact, STAGE_KEYS.get(stage, "of unknown stage"), names)
    return Act(
        at=fact.recorded_at,
        effective_on=fact.effective_on,
        kind=fact.kind,
        text=text,
        stage=STAGE_KEYS.get(stage) if stage else None,
        message=message,
        run=run or None,
        stream=fact.stream,
        sequence=fact.sequence,
        hash=fact.hash,
    )


def message_of(fact: Learned) -> str | None:
    """The message that a fact is about, if any."""
    for row in rows_of(fact, "message"):
        return str(row["id"])
    for row in rows_of(fact, "mark"):
        return str(row["message_id"])
    found = fact.body.get("message") if fact.kind.startswith("contact.") else None
    return found if isinstance(found, str) else None


def named_by(fact: Learned) -> list[int]:
    """The invoices that the line of a fact names: the first of each sort."""
    found = [row["receivable_id"] for row in rows_of(fact, "hold")]
    found += [entries[0][1] for entries in _sorted(fact).values()]
    found += [days[0] for days in fact.body.get("due_on", ())[:1]]
    return [receivable for receivable in found if receivable is not None]


def _sorted(fact: Learned) -> dict[tuple[str, str, bool], list[tuple[int, int | None]]]:
    """Amount and invoice of the entries of a fact, by what they were, by currency, and those of no invoice apart.

    A payment that is taken back is two entries, itself and what it paid: their sum would be twice the payment.
    """
    found: dict[tuple[str, str, bool], list[tuple[int, int | None]]] = {}
    for row in rows_of(fact, "entry"):
        kind = statement.kind(_entry(row, fact.recorded_at))
        receivable = row["to_receivable_id"] if row["to_receivable_id"] is not None else row["from_receivable_id"]
        key = (kind, row["currency"], receivable is None)
        found.setdefault(key, []).append((row["amount_minor"], receivable))
    return found


def _entry(row: Mapping[str, Any], recorded_at: datetime) -> Entry:
    return Entry(
        row["id"],
        row["creditor_id"],
        row["account_id"],
        row["currency"],
        row["amount_minor"],
        row["from_place"],
        row["from_receivable_id"],
        row["to_place"],
        row["to_receivable_id"],
        date.fromisoformat(row["effective_on"]),
        recorded_at,
        row["cause"],
    )


_ENTRIES = {
    "invoice": "{what} entered, {sum} in all",
    "lowered": "{what} lowered by {sum}",
    "payment": "a payment of {sum} arrived",
    "credit_note": "a credit note of {sum} arrived",
    "applied": "{sum} put against {what}",
    "released": "{sum} taken back from {what}",
    "refund": "{sum} paid back",
    "discount": "a discount of {sum} granted on {what}",
    "write_off": "{sum} of {what} written off",
    "reversal": "an earlier entry of {sum} taken back{on_what}",
    "list": "a list of open items changed {what} by {sum}",
    "seen": "a list of open items shows the payment of {sum}{on_what}",
    "in_list": "a list of open items already counts {sum}{on_what}",
    "moved": "{sum} moved{on_what}",
}


def _posted(fact: Learned, stage: str, names: Names) -> str:
    parts = []
    for (kind, currency, _), entries in _sorted(fact).items():
        first = entries[0][1]
        what = "" if first is None else names.receivables.get(first, f"invoice {first}")
        what += and_more(len(entries) - 1) if what else ""
        total = amount(sum(minor for minor, _ in entries), currency)
        parts.append(_ENTRIES[kind].format(what=what, sum=total, on_what=f" on {what}" if what else ""))
    if not parts:
        return KINDS[fact.kind]
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


def _held(fact: Learned, stage: str, names: Names) -> str:
    parts = []
    for row in rows_of(fact, "hold"):
        receivable = row["receivable_id"]
        what = "the whole account" if receivable is None else names.receivables.get(receivable, "an invoice")
        part = "" if row["amount_minor"] is None else "a part of "
        resumes = HoldKind(row["kind"]) in RESUMES_BY_ITSELF
        ends = (row["until_on"] if resumes else row["review_on"]) or row["starts_on"]
        until = (
            f"until {day(date.fromisoformat(ends))}" if resumes else f"review on {day(date.fromisoformat(ends))}"
        )
        kind = row["kind"].replace("_", " ")
        parts.append(f"Hold {row['id']} ({kind}) on {part}{what}, {until}{_words(row['reason'])}")
    return _listed(parts, fact)


def _hold_ended(fact: Learned, stage: str, names: Names) -> str:
    parts = [
        f"Hold {row['hold_id']} ended on {day(date.fromisoformat(row['ended_on']))}{_words(row['reason'])}"
        for row in rows_of(fact, "hold_end")
    ]
    return _listed(parts, fact)


def _words(reason: object) -> str:
    """The reason where the fact has it; words of people stand beside the chain, and the fact has their digest."""
    return f": {reason}" if isinstance(reason, str) else "."


def _listed(parts: Sequence[str], fact: Learned) -> str:
    if not parts:
        return KINDS[fact.kind]
    return parts[0] + (f" (and {len(parts) - 1} more)" if len(parts) > 1 else "")


def _law(fact: Learned, stage: str, names: Names) -> str:
    says = "asks a person" if fact.body.get("outcome") == "review" else "refuses"
    return f"The law {says}: " + " ".join(reason["text"] for reason in fact.body.get("reasons", ()))


def _marked(sentence: str) -> Callable[[Learned, str, Names], str]:
    def tell(fact: Learned, stage: str, names: Names) -> str:
        told: dict[str, Any] = {}
        for row in rows_of(fact, "mark"):
            told = json.loads(row["body"])
        if told.get("outcome") or (fact.kind in _CALLED and told.get("by")):
            return _called(fact.kind, told, stage)
        if fact.kind == "contact.accepted" and "batch" in told:
            return f"The message {stage} was put in the post (print batch {told['batch']})."
        reply = " ".join(str(told[name]) for name in ("code", "text") if told.get(name))
        if fact.kind == "contact.deferred" and told.get("counts") is False:
            # No server had it: a worker died, or a letter was not posted after all.
            return f"The message {stage} did not leave{f' ({reply})' if reply else ''}; it is decided again."
        return sentence.format(
            stage=stage, reply=f" ({reply})" if reply else "", by=told.get("by") or "nobody named"
        )

    return tell


_CALLED = {"contact.started": "calls about", "contact.deferred": "gave back the call about"}


def _called(kind: str, told: Mapping[str, Any], stage: str) -> str:
    """A call, in words: who called, and what came of it."""
    by = told["by"]
    if not told.get("outcome"):
        return f"{by} {_CALLED[kind]} the message {stage}."
    ends = {
        "contact.accepted": "The stage is reached.",
        "contact.deferred": "It is called again." if told.get("next") else "It is not called again.",
        "contact.refused": "It goes on another way." if told.get("next") else "No way was left.",
    }[kind]
    return f"{by} called about the message {stage}: {told['text']}. {ends}"


def _withheld(fact: Learned, stage: str, names: Names) -> str:
    for row in rows_of(fact, "mark"):
        told = json.loads(row["body"])
        return f"The message {stage} was withheld: {told.get('text') or told.get('reason')}"
    return KINDS[fact.kind]


def _settled(fact: Learned, stage: str, names: Names) -> str:
    for row in rows_of(fact, "mark"):
        told = json.loads(row["body"])
        how = "it counts as sent" if told.get("as_sent") else "it did not arrive"
        return f"The message {stage} of unknown fate was settled by {told.get('by') or 'nobody named'}: {how}."
    return KINDS[fact.kind]


def _claimed(fact: Learned, stage: str, names: Names) -> str:
    count = len(fact.body.get("claims", ()))
    invoices = "1 invoice" if count == 1 else f"{count:,} invoices"
    run = next((row["run_id"] for row in rows_of(fact, "message")), None)
    return f"Run {run} decided on the message {stage}, for {invoices}."


_FREED = {"withdrawn": "taken back", "withheld": "withheld", "refused": "given up"}


def _freed(fact: Learned, stage: str, names: Names) -> str:
    how = _FREED.get(fact.body["state"], "ended")
    reason = fact.body.get("reason")
    return f"The message {stage} was {how}" + (f": {reason}." if reason else ".")


def _decided(fact: Learned, stage: str, names: Names) -> str:
    told = fact.body
    said = "yes" if told.get("allowed") else "no"
    why = f": {told['reason']}" if told.get("reason") else "."
    who = told.get("by") or "Somebody"
    return f"{who} answered question {told.get('question')} ({told.get('kind')}) with {said}{why}"


def _flagged(fact: Learned, stage: str, names: Names) -> str:
    flags = [row["flag"] for row in rows_of(fact, "person_flag")]
    return f"The person was noted as {' and '.join(flags)}." if flags else KINDS[fact.kind]


def _account(fact: Learned, stage: str, names: Names) -> str:
    told = fact.body
    before, after = told.get("before") or "none", told.get("after") or "none"
    return f"{told.get('by') or 'Somebody'} set the {told.get('what')} of the account from {before} to {after}."


def _stopped(fact: Learned, stage: str, names: Names) -> str:
    parts = [
        f"The person asked for no more {row['channel'] or 'contact'}"
        + ("" if row["creditor_id"] is None else " from this creditor")
        for row in rows_of(fact, "stop")
    ]
    return _listed(parts, fact) + ("." if parts else "")


def _rescheduled(fact: Learned, stage: str, names: Names) -> str:
    days = fact.body.get("due_on")
    if not days:
        return KINDS[fact.kind]
    receivable, before, now = days[0]
    what = names.receivables.get(receivable, f"invoice {receivable}") + and_more(len(days) - 1)
    due, before = (day(date.fromisoformat(told)) for told in (now, before))
    return f"The due date of {what} was moved from {before} to {due}."


_TELL: dict[str, Callable[[Learned, str, Names], str]] = {
    "ledger.posted": _posted,
    "ledger.allocated": _posted,
    "ledger.rescheduled": _rescheduled,
    "agree.held": _held,
    "agree.hold_ended": _hold_ended,
    "law.refused": _law,
    "contact.claimed": _claimed,
    "contact.freed": _freed,
    "contact.started": _marked("An attempt at the message {stage} began; nothing had been sent yet."),
    "contact.closing": _marked("The message {stage} was handed over up to the sign that ends it."),
    "contact.accepted": _marked("The message {stage} was sent and accepted{reply}."),
    "contact.refused": _marked("The message {stage} was refused{reply}."),
    "contact.deferred": _marked("The message {stage} was put off by the server{reply}; it is tried again."),
    "contact.unknown": _marked("Nobody can tell whether the message {stage} arrived{reply}."),
    "contact.returned": _marked("The message {stage} came back: it was no notice."),
    "contact.restored": _marked("The message {stage} had arrived after all."),
    "contact.came_in": lambda fact, stage, names: (
        f"The customer called and spoke to {fact.body.get('by') or 'somebody here'}."
    ),
    "contact.withheld": _withheld,
    "contact.settled": _settled,
    "review.decided": _decided,
    "party.account": _account,
    "party.flagged": _flagged,
    "party.stopped": _stopped,
    "party.stop_ended": lambda fact, stage, names: "The person may be contacted again.",
}


def acts(facts: Iterable[Learned], names: Names) -> list[Act]:
    """Every fact told, in the order given."""
    return [act(fact, names) for fact in facts]
