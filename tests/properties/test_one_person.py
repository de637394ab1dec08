"""Whatever is joined, parted and taken back: nobody's wish is lost, and the tables are what the facts tell."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests import ledger_tables
from tests.installation import installation

START = datetime(2026, 4, 1, 8, tzinfo=UTC)
COUNT = 4
WHO = st.integers(0, COUNT - 1)
ACTS = st.one_of(
    st.tuples(st.just("merge"), WHO, WHO),
    st.tuples(st.just("split"), WHO),
    st.tuples(st.just("undo"), st.integers(0, 5)),
    st.tuples(st.just("stop"), WHO, st.sampled_from(["", "email"])),
    st.tuples(st.just("resume"), WHO),
    st.tuples(st.just("flag"), WHO, st.sampled_from(["minor", "vulnerable"])),
    st.tuples(st.just("unflag"), WHO, st.sampled_from(["minor", "vulnerable"])),
    st.tuples(st.just("contact"), WHO),
)


class Plain:
    """The same acts on sets: persons are numbers, and each keeps what was ever said of those it was one with."""

    def __init__(self) -> None:
        self.person = list(range(COUNT))
        self.kept: dict[int, set[str]] = {number: set() for number in range(COUNT)}
        self.contacts: dict[int, set[int]] = {number: set() for number in range(COUNT)}
        self.acts: list[list[tuple[int, int, int]]] = []
        self.undone: set[int] = set()
        self._new = itertools.count(COUNT)

    def merge(self, one: int, other: int) -> bool:
        stays, comes = self.person[one], self.person[other]
        if stays == comes:
            return False
        self._move([(who, comes, stays) for who in range(COUNT) if self.person[who] == comes])
        return True

    def split(self, who: int) -> bool:
        if self.person.count(self.person[who]) == 1:
            return False
        person = next(self._new)
        self.kept[person], self.contacts[person] = set(), set()
        self._move([(who, self.person[who], person)])
        return True

    def undo(self, act: int) -> bool:
        if act >= len(self.acts) or act in self.undone:
            return False
        moves = self.acts[act]
        if any(self.person[who] != to for who, _, to in moves):
            return False
        self.undone.add(act)
        self._move([(who, to, came) for who, came, to in moves])
        return True

    def _move(self, moves: list[tuple[int, int, int]]) -> None:
        for who, came, to in moves:
            self.person[who] = to
            self.kept[to] |= self.kept[came]
            self.contacts[to] |= self.contacts[came]
        self.acts.append(moves)


def play(acts: list[tuple[Any, ...]], number: int) -> None:
    from duewell.flows.audit import Tally
    from duewell.flows.customer import BadCustomer
    from duewell.store import cases, moves, sql
    from duewell.store.agreements import Stops
    from duewell.store.audit.persons import persons_are_what_the_facts_tell
    from duewell.store.audit.reading import reader
    from duewell.store.flags import Flags
    from duewell.store.snapshot import snapshot

    creditor = ledger_tables.add_creditor(f"c{number}")
    first = 1000 * number + 1
    ledger_tables.add_accounts(creditor, range(first, first + COUNT))
    sql.execute("update sequence set next = ? where name = 'person' and next <= ?", [first + 500, first + 500])
    plain, done = Plain(), []
    name = [f"C-{first + who}" for who in range(COUNT)]

    def now() -> datetime:
        return START + timedelta(minutes=len(done))

    numbers: list[int] = []
    for act in acts:
        done.append(act)
        verb, *told = act
        try:
            with sql.transaction.atomic():
                if verb == "merge":
                    made = moves.merge(creditor, name[told[0]], name[told[1]], "", now(), "robin", "same")
                elif verb == "split":
                    made = moves.split(creditor, name[told[0]], now(), "robin", "two")
                elif verb == "undo":
                    wanted = numbers[told[0]] if told[0] < len(numbers) else 10**9
                    made = moves.undo(creditor, wanted, now(), "robin", "no")
        except BadCustomer:
            assert not getattr(plain, verb)(*told), act
            continue
        if verb in ("merge", "split", "undo"):
            assert getattr(plain, verb)(*told), act
            numbers.append(made.act)
            continue
        person = Stops(creditor, now(), "robin").person(name[told[0]])
        assert person is not None
        kept = plain.kept[plain.person[told[0]]]
        if verb == "stop":
            if f"stop {told[1]}" not in kept:
                Stops(creditor, now(), "robin").add(person, told[1], "asked", everybody=True)
                kept.add(f"stop {told[1]}")
        elif verb == "resume":
            living = [stop.id for stop in Stops(creditor, now(), "robin").living(person)]
            Stops(creditor, now(), "robin").end(person, living, "again")
            kept -= {each for each in kept if each.startswith("stop")}
        elif verb == "flag":
            Flags(creditor, now(), "robin").add(person, told[1], "known")
            kept.add(told[1])
        elif verb == "unflag":
            Flags(creditor, now(), "robin").end(person, told[1], "no longer")
            kept.discard(told[1])
        elif verb == "contact":
            plain.contacts[plain.person[told[0]]].add(len(done))
            contacted(creditor, first + told[0], int(person), 1000 * number + len(done), now())
    for who in range(COUNT):
        person = Stops(creditor, now(), "robin").person(name[who])
        assert person is not None
        found = moves.kept(person)
        said = {f"stop {wish.channel}" for wish in found.wishes} | set(found.flags)
        assert said == plain.kept[plain.person[who]], (done, who)
        same = {other for other in range(COUNT) if plain.person[other] == plain.person[who]}
        assert same == {
            other for other in range(COUNT) if Stops(creditor, now(), "").person(name[other]) == person
        }
        counted = cases.contacts([int(person)], START - timedelta(days=1)).get(int(person), [])
        assert len(counted) == len(plain.contacts[plain.person[who]]), (done, who)
    with snapshot() as cursor:
        tally = Tally()
        persons_are_what_the_facts_tell(reader(cursor), tally)
    assert tally.findings == []


def contacted(creditor: int, account: int, person: int, number: int, at: datetime) -> None:
    """A message that reached somebody, as far as counting goes."""
    from duewell.store import sql

    columns = (
        "id creditor_id message_id account_id person_id point_id channel ordinal state not_before token"
        " contacted_at"
    ).split()
    message = "id creditor_id account_id person_id run_id point_id stage purpose channel language body recorded_at"
    with sql.transaction.atomic():
        row = (f"m{number}", creditor, account, person, 1, 1, 20, "demand", "email", "en", "{}", sql.us(at))
        sql.insert("message", message.split(), [row])
        attempt = (number, creditor, f"m{number}", account, person, 1, "email", 1, "accepted", sql.us(at), 0)
        sql.insert("attempt", columns, [(*attempt, sql.us(at))])


def test_nobodys_wish_is_lost_and_the_tables_are_what_the_facts_tell(tmp_path):
    numbers = itertools.count(1)

    @settings(max_examples=100)
    @given(st.lists(ACTS, min_size=1, max_size=9))
    def kept(acts: list[tuple[Any, ...]]) -> None:
        play(acts, next(numbers))

    with installation(tmp_path / "home"):
        from duewell.store import sql

        # Contacts are counted here without the runs and addresses that they came by.
        sql.execute("pragma foreign_keys = off")
        kept()
