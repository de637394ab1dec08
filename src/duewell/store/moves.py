"""Customers who are one person, or are not: each move from one person to another is a row that stays.

What the law keeps of either binds both from then on, after a merge and after a split; see `core.party.joining`.
Persons are held before accounts, and the versions of all of them move on: a message that is under way is decided
again, with everything that is counted together.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from duewell.core.evidence.rows import body
from duewell.core.party.joining import Kept, Wish, lacking
from duewell.flows.customer import BadCustomer
from duewell.store import facts, flags, ids, locks, sql, words
from duewell.store.agreements import STOP

MOVE = "id creditor_id party_id from_person_id to_person_id act kind reason recorded_at recorded_by".split()


class Found(NamedTuple):
    """A customer and its person."""

    party: int
    person: int
    creditor: int


class Made(NamedTuple):
    """An act: its number, the person it led to, and the creditors whose customers it moved."""

    act: int
    person: int
    creditors: frozenset[int]


class _Moving(NamedTuple):
    party: int
    creditor: int
    from_person: int
    to_person: int


def customer(creditor: int, number: str, other_creditor: str = "") -> Found | None:
    """A customer of a creditor, or of the one with another key. Raises `BadCustomer` where nobody has the key."""
    if other_creditor:
        row = sql.one("select id from creditor where key = ?", [other_creditor])
        if row is None:
            raise BadCustomer(f"there is no creditor {other_creditor!r}")
        creditor = row[0]
    row = sql.one(
        "select id, person_id, creditor_id from party where creditor_id = ? and number = ?", [creditor, number]
    )
    return None if row is None else Found._make(row)


def merge(
    creditor: int, number: str, other: str, other_creditor: str, now: datetime, by: str, reason: str
) -> Made:
    """Everybody who is the other customer's person becomes this customer's. Raises `BadCustomer`."""
    stays, comes = _both(creditor, number, other, other_creditor)
    while True:
        locks.persons({stays.person, comes.person})
        parties = sql.fetch("select id, creditor_id from party where person_id = ? order by id", [comes.person])
        again = _both(creditor, number, other, other_creditor)
        if again == (stays, comes):
            break
        stays, comes = again
    moving = [_Moving(party, of, comes.person, stays.person) for party, of in parties]
    return _move(moving, "merge", "party.merged", now, by, reason)


def split(creditor: int, number: str, now: datetime, by: str, reason: str) -> Made:
    """The customer becomes a person of its own. Raises `BadCustomer`."""
    found = customer(creditor, number)
    assert found is not None
    locks.persons({found.person})
    found = customer(creditor, number)
    assert found is not None
    if sql.one("select count(*) from party where person_id = ?", [found.person]) == (1,):
        raise BadCustomer(f"customer {number} is counted alone already: nobody else is the same person")
    person = ids.allocate("person")[0]
    sql.insert("person", ["id", "version", "flags", "recorded_at"], [(person, 0, "[]", sql.us(now))])
    moving = [_Moving(found.party, found.creditor, found.person, person)]
    return _move(moving, "split", "party.split", now, by, reason)


def undo(creditor: int, act: int, now: datetime, by: str, reason: str) -> Made:
    """Each customer that an act moved goes back to the person it came from. Raises `BadCustomer`."""
    # No database has a larger number.
    rows = (
        sql.fetch(
            "select party_id, creditor_id, from_person_id, to_person_id from person_move where act = ?"
            " order by id",
            [act],
        )
        if 0 < act < 2**63
        else []
    )
    if not any(row[1] == creditor for row in rows):
        raise BadCustomer(
            f"there is no merge and no split {act}: `duewell customer show` tells those of a customer"
        )
    taken_back = sql.one("select act from person_move where kind = ?", [f"undo:{act}"])
    if taken_back is not None:
        raise BadCustomer(f"act {act} was taken back before, by act {taken_back[0]}")
    locks.persons({person for row in rows for person in row[2:]})
    for party, _, _, to_person in rows:
        moved = sql.one(
            "select m.act from person_move m join party p on p.id = m.party_id where m.party_id = ?"
            " and p.person_id <> ? order by m.id desc limit 1",
            [party, to_person],
        )
        if moved is not None:
            raise BadCustomer(
                f"act {moved[0]} came after it: take that back first (duewell customer unmerge {moved[0]})"
            )
    moving = [_Moving(party, of, to_person, from_person) for party, of, from_person, to_person in rows]
    return _move(moving, f"undo:{act}", "party.unmerged", now, by, reason)


def acts(party: int) -> list[tuple[int, str, str, str]]:
    """Number, kind, reason and maker of each act that moved a customer, oldest first."""
    return sql.fetch(
        "select act, kind, reason, recorded_by from person_move where party_id = ? order by id", [party]
    )


def kept(person: int) -> Kept:
    """What the law keeps of a person: stops and flags that have not ended."""
    wishes = sql.fetch(
        "select s.creditor_id, s.channel, s.point_id, s.reason from stop s"
        " left join stop_end e on e.stop_id = s.id where s.person_id = ? and e.id is null order by s.id",
        [person],
    )
    flagged = sql.fetch(
        "select f.flag from person_flag f left join person_flag_end e on e.flag_id = f.id"
        " where f.person_id = ? and e.id is null",
        [person],
    )
    return Kept(tuple(Wish._make(row) for row in wishes), frozenset(row[0] for row in flagged))


def accounts_of(parties: Sequence[int]) -> list[int]:
    """Every account on which one of them stands, in whatever role."""
    within, params = sql.ids_in("party_id", parties)
    rows = sql.fetch(f"select id from account where {within}", params)
    rows += sql.fetch(f"select account_id from party_role where {within}", params)
    return sorted({row[0] for row in rows})


def _both(creditor: int, number: str, other: str, other_creditor: str) -> tuple[Found, Found]:
    found = customer(creditor, number), customer(creditor, other, other_creditor)
    if found[0] is None or found[1] is None:
        missing = number if found[0] is None else other
        raise BadCustomer(f"there is no customer {missing!r}: customers are known by the number of their import")
    if found[0].person == found[1].person:
        raise BadCustomer(f"customers {number} and {other} are one person already")
    return found[0], found[1]


def _move(moving: Sequence[_Moving], kind: str, fact: str, now: datetime, by: str, reason: str) -> Made:
    """The persons are held. Everything of the act is one transaction with its facts."""
    parties = [one.party for one in moving]
    accounts = accounts_of(parties)
    locks.accounts(accounts)
    sql.update_many("update party set person_id = ? where id = ?", [(one.to_person, one.party) for one in moving])
    sql.update_many(
        "update account set person_id = ? where party_id = ?", [(one.to_person, one.party) for one in moving]
    )
    numbers = ids.allocate("person_move", len(moving))
    act, at = numbers[0], sql.us(now)
    rows = [
        (number, one.creditor, one.party, one.from_person, one.to_person, act, kind, reason, at, by)
        for number, one in zip(numbers, moving, strict=True)
    ]
    told = words.insert("person_move", MOVE, rows)
    drafts = []
    for person in sorted({one.to_person for one in moving}):
        arrived = [row for row in told if row[4] == person]
        drafts.append(
            facts.Draft(f"person:{person}", fact, None, now, body({"person_move": arrived}, act=act, by=by))
        )
    for person in sorted({one.from_person for one in moving}):
        left = [one.party for one in moving if one.from_person == person]
        drafts.append(facts.Draft(f"person:{person}", fact, None, now, body(act=act, left=left, by=by)))
    facts.append(drafts)
    ends = {(one.from_person, one.to_person) for one in moving}
    for one, other in sorted(ends):
        said = f"act {act} ({kind})"
        # Only towards whom somebody came: who is left keeps its own, and what was ended there stays ended.
        _carry(one, other, said, now, by)
    persons = {person for pair in ends for person in pair}
    locks.bump_persons(persons)
    locks.bump_accounts(accounts)
    return Made(act, moving[0].to_person, frozenset(one.creditor for one in moving))


def _carry(from_person: int, to_person: int, said: str, now: datetime, by: str) -> None:
    """What is kept of one binds the other too; nothing is taken from anybody."""
    wishes, more_flags = lacking(kept(to_person), kept(from_person))
    at = sql.us(now)
    stops = [
        (number, to_person, wish.creditor, wish.channel, wish.point, wish.reason, at, at, by)
        for number, wish in zip(ids.allocate("stop", len(wishes)), wishes, strict=True)
    ]
    if stops:
        told = words.insert("stop", STOP, stops)
        facts.append(
            [facts.Draft(f"person:{to_person}", "party.stopped", None, now, body({"stop": told}, of=said))]
        )
    flags.keep(to_person, more_flags, said, now, by)
