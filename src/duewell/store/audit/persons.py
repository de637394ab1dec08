"""Persons: who is one, and what is noted of them, is what the facts tell."""

from __future__ import annotations

import json
from typing import Any

from duewell.core.evidence.tables import TABLES
from duewell.flows.audit import Tally
from duewell.store.audit.reading import Read, as_json


def persons_are_what_the_facts_tell(read: Read, tally: Tally) -> None:
    """Each customer is where its latest move brought it, with its accounts, and flags stand until they end."""
    flags: dict[int, tuple[int, str]] = {}
    latest: dict[int, int] = {}
    for (body,) in read(
        "select body from fact where kind in ('party.flagged', 'party.flag_ended', 'party.merged', 'party.split',"
        " 'party.unmerged') order by id"
    ):
        rows = json.loads(bytes(body)).get("rows", {})
        for flag in _named(rows, "person_flag"):
            flags[flag["id"]] = flag["person_id"], flag["flag"]
        for end in _named(rows, "person_flag_end"):
            flags.pop(end["flag_id"], None)
        for move in _named(rows, "person_move"):
            latest[move["party_id"]] = move["to_person_id"]
    noted: dict[int, set[str]] = {}
    for person, word in flags.values():
        noted.setdefault(person, set()).add(word)
    for person, stored in read("select id, flags from person where cast(flags as text) <> '[]'"):
        tally.look()
        told = noted.pop(person, set())
        if set(as_json(stored)) != told:
            tally.find(f"person {person} is noted as {sorted(as_json(stored))}, the facts say {sorted(told)}")
    for person, told in noted.items():
        tally.find(f"person {person} is noted as nothing, the facts say {sorted(told)}")
    for party, person in read("select id, person_id from party where id in (select party_id from person_move)"):
        tally.look()
        if latest.get(party) != person:
            tally.find(f"customer {party} is person {person}, the facts say {latest.get(party)}")
    for account, kept, person in read(
        "select a.id, a.person_id, p.person_id from account a join party p on p.id = a.party_id"
        " where a.person_id <> p.person_id"
    ):
        tally.find(f"account {account} is asked of person {kept}, its customer is person {person}")


def _named(rows: dict[str, list[list[Any]]], table: str) -> list[dict[str, Any]]:
    return [dict(zip(TABLES[table], row, strict=False)) for row in rows.get(table, ())]
