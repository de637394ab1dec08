"""Flags of persons, kept with their facts; `person.flags` repeats those that stand."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from duewell.core.evidence.rows import body
from duewell.core.units.ids import PersonId
from duewell.flows.person import FlagView
from duewell.flows.stop import since
from duewell.store import facts, ids, locks, sql, words

FLAG = "id person_id flag reason recorded_at recorded_by".split()
FLAG_END = "id flag_id reason recorded_at recorded_by".split()


class Flags:
    """The flags of the persons behind one creditor's customers."""

    def __init__(self, creditor: int, now: datetime, by: str = "") -> None:
        self._creditor = creditor
        self._now = now
        self._by = by

    def person(self, party: str) -> PersonId | None:
        """The person behind the customer with this number, or None."""
        row = sql.one("select person_id from party where creditor_id = ? and number = ?", [self._creditor, party])
        return None if row is None else PersonId(row[0])

    def living(self, person: PersonId) -> list[FlagView]:
        """Flags of a person that have not ended, oldest first."""
        return [
            FlagView(number, flag, reason, since(sql.instant(at)))
            for number, flag, reason, at in sql.fetch(
                "select f.id, f.flag, f.reason, f.recorded_at from person_flag f"
                " left join person_flag_end e on e.flag_id = f.id where f.person_id = ? and e.id is null"
                " order by f.id",
                [person],
            )
        ]

    def add(self, person: PersonId, flag: str, reason: str) -> int | None:
        """Keep a flag with its fact; None where it stands already."""
        with sql.transaction.atomic():
            locks.persons([person])
            if any(known.flag == flag for known in self.living(person)):
                return None
            (number,) = keep(person, [flag], reason, self._now, self._by)
            locks.bump_persons([person])
        return number

    def end(self, person: PersonId, flag: str, reason: str) -> int:
        """Keep the ends of a flag with one fact."""
        with sql.transaction.atomic():
            locks.persons([person])
            ending = [known.id for known in self.living(person) if known.flag == flag]
            if ending:
                now = sql.us(self._now)
                rows = [
                    (number, flagged, reason, now, self._by)
                    for number, flagged in zip(ids.allocate("person_flag_end", len(ending)), ending, strict=True)
                ]
                told = words.insert("person_flag_end", FLAG_END, rows)
                _record(person, "party.flag_ended", {"person_flag_end": told}, self._now)
                locks.bump_persons([person])
        return len(ending)


def keep(person: int, flags: Collection[str], reason: str, now: datetime, by: str) -> list[int]:
    """Insert flags that a person does not have yet, with their fact; hold the person, and move its version on."""
    at = sql.us(now)
    rows = [
        (number, person, flag, reason, at, by)
        for number, flag in zip(ids.allocate("person_flag", len(flags)), sorted(flags), strict=True)
    ]
    if rows:
        told = words.insert("person_flag", FLAG, rows)
        _record(person, "party.flagged", {"person_flag": told}, now)
    return [row[0] for row in rows]


def _record(person: int, kind: str, rows: dict[str, list[list[Any]]], now: datetime) -> None:
    standing = sorted(
        {
            row[0]
            for row in sql.fetch(
                "select f.flag from person_flag f left join person_flag_end e on e.flag_id = f.id"
                " where f.person_id = ? and e.id is null",
                [person],
            )
        }
    )
    sql.execute("update person set flags = ? where id = ?", [json.dumps(standing), person])
    facts.append([facts.Draft(f"person:{person}", kind, None, now, body(rows))])
