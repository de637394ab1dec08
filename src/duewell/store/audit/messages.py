"""Messages: one for each claim, one for each account at a time, none lost, and stages in their order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from duewell.flows.audit import Tally
from duewell.flows.decide_accounts import plan_hash
from duewell.store import sql
from duewell.store.audit.reading import DayOf, Read, as_json, as_text, in_batches

_Moves = set[tuple[int, int]]
"""Receivables and the stages they are taken to."""
_MOVES_AT_ONCE = 5_000


def one_message_for_each_claim(read: Read, tally: Tally) -> None:
    """No message arrived twice, and no invoice reached the same stage by two messages."""
    arrived: set[str] = set()
    carried: dict[tuple[int, int], str] = {}
    for message, advances in _arrived(read):
        tally.look()
        if message in arrived:
            tally.find(f"message {message} arrived twice")
        arrived.add(message)
        for receivable, stage in advances:
            earlier = carried.setdefault((receivable, stage), message)
            if earlier != message:
                tally.find(f"invoice {receivable} reached stage {stage} by message {earlier} and by {message}")


def no_message_is_lost(read: Read, tally: Tally) -> None:
    """A message on its way has a living attempt; one that ended has the mark that ended it."""
    for message, state, living, ended, claims in read(
        "select s.message_id, s.state,"
        " (select count(*) from attempt a where a.message_id = s.message_id and a.role = ''"
        "  and a.state in ('planned', 'released', 'started', 'closing')),"
        # By way of the attempts: marks are found by those, and by nothing else.
        " (select count(*) from attempt a join mark k on k.attempt_id = a.id where a.message_id = s.message_id"
        "  and a.role = '' and a.state = 'accepted' and k.kind in ('accepted', 'settled')),"
        " (select count(*) from claim c where c.message_id = s.message_id)"
        " from message_state s"
    ):
        tally.look()
        if claims == 0:
            tally.find(f"message {message} holds no claim")
        if state in ("planned", "released") and living != 1:
            tally.find(f"message {message} is {state} and has {living} attempts that could carry it")
        if state not in ("planned", "released") and living:
            tally.find(f"message {message} is {state}, yet an attempt could still carry it")
        if state == "accepted" and not ended:
            tally.find(f"message {message} counts as accepted, but no mark says so")


def one_message_for_each_account(read: Read, day_of: DayOf, tally: Tally) -> None:
    """An account never has two messages on their way, nor two that arrived on one civil day."""
    for account, count in read(
        "select account_id, count(*) from message_state where state in ('planned', 'released', 'unknown')"
        " group by account_id having count(*) > 1"
    ):
        tally.find(f"account {account} has {count} messages on their way")
    days: dict[tuple[int, object], str] = {}
    for message, account, creditor, at in read(
        "select m.id, m.account_id, m.creditor_id, k.at from mark k join message m on m.id = k.message_id"
        " join attempt a on a.id = k.attempt_id and a.role = '' and a.state = 'accepted'"
        " where k.kind = 'accepted' and m.purpose = 'demand' order by k.id"
    ):
        tally.look()
        on = day_of(creditor, at)
        if days.setdefault((account, on), message) != message:
            tally.find(f"account {account} got two messages on {on}")


def stages_ascend(read: Read, tally: Tally) -> None:
    """Each message that arrived moved its invoices up, and they still remember how far they came."""
    latest: dict[int, int] = {}
    for message, advances in _arrived(read):
        for receivable, stage in advances:
            tally.look()
            if stage <= latest.get(receivable, 0):
                tally.find(f"invoice {receivable} went from stage {latest[receivable]} to {stage} by {message}")
            latest[receivable] = max(stage, latest.get(receivable, 0))
    for receivable, reached in read("select id, reached from receivable"):
        if reached < latest.get(receivable, 0):
            tally.find(f"invoice {receivable} stands at {reached}, but came as far as {latest[receivable]}")


def the_preview_is_the_run(read: Read, tally: Tally) -> None:
    """What a run claimed has the hash that the run was given, and what left is what was claimed or less."""
    # Both ask for the same runs in the same order, so that no message is kept longer than it takes to hash it.
    runs = read(
        "select r.id, c.key, r.as_of, r.plan, r.proposals, (select count(*) from message m where m.run_id = r.id)"
        " from run r join creditor c on c.id = r.creditor_id order by r.id"
    )
    claimed = groupby(
        read(
            # A cross join keeps SQLite to this order of the tables: it then sorts run by run and not all at once.
            "select r.id, m.body from run r cross join message m join creditor c on c.id = r.creditor_id"
            " where m.run_id = r.id order by r.id, m.account_id"
        ),
        key=itemgetter(0),
    )
    for run, creditor, as_of, plan, proposals, kept in runs:
        tally.look()
        bodies = (body.encode() for _, body in next(claimed)[1]) if kept else iter(())
        if kept != proposals:
            tally.find(f"run {run} claimed {proposals} messages, {kept} are kept")
        elif kept and plan_hash(creditor, sql.day(as_of), bodies) != plan:
            tally.find(f"run {run} of {as_text(as_of)}: its messages are not those of plan {plan[:12]}")
    for some in in_batches(_moved(read), lambda moved: len(moved[1]), _MOVES_AT_ONCE):
        claims = _claims(sorted({message for message, _ in some}))
        for message, moves in some:
            others = moves - claims.get(message, set())
            if others:
                tally.find(f"message {message} moved what its plan did not claim: {sorted(others)}")


def _moved(read: Read) -> Iterator[tuple[str, _Moves]]:
    """Messages that started, and what each was to move."""
    for message, body in read("select message_id, body from mark where kind = 'started' order by id"):
        yield message, {(receivable, stage) for receivable, stage in json.loads(body).get("advances", ())}


def _claims(messages: list[str]) -> dict[str, _Moves]:
    """What each of the messages claimed."""
    # Claims are only ever added or freed, so they need not come from the one state the marks come from.
    within, params = sql.ids_in("message_id", messages)
    claims: dict[str, _Moves] = {}
    for message, receivable, stage in sql.fetch(
        f"select message_id, receivable_id, stage from claim where {within}", params
    ):
        claims.setdefault(message, set()).add((receivable, stage))
    return claims


def every_account_is_counted(read: Read, tally: Tally) -> None:
    """Every account of a run got a proposal, a rest, a refusal or a question, and each has its reason."""
    for table in ("run", "plan"):
        for number, stored in read(f'select id, counts from "{table}"'):
            tally.look()
            counts = as_json(stored)
            parts = [counts[part] for part in ("proposals", "rests", "refused", "review")]
            if counts["accounts"] != sum(sum(part.values()) for part in parts):
                tally.find(f"{table} {number}: not every account has an outcome")
            if any(not key for part in parts for key in part):
                tally.find(f"{table} {number}: an outcome has no reason")


def _arrived(read: Read) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """Messages that arrived or count as arrived, in that order, and what they moved: receivable and stage."""
    for message, kind, end, start in read(
        "select k.message_id, k.kind, k.body, s.body from mark k"
        " join mark s on s.attempt_id = k.attempt_id and s.kind = 'started'"
        # A copy moves nothing, and what came back did not arrive.
        " join attempt a on a.id = k.attempt_id and a.role = '' and a.state <> 'returned'"
        " where k.kind in ('accepted', 'settled') order by k.id"
    ):
        if kind == "accepted" or json.loads(end)["as_sent"]:
            yield message, [(receivable, stage) for receivable, stage in json.loads(start)["advances"]]
