"""Whoever else stands on an account, in whatever role: its message is the same, and goes to the debtor alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duewell.core.party.roles import Role
from tests.installation import installation, shell
from tests.kills.house import NAMES, NOW, PLANNED, House, found, town_clock

AT = datetime(2026, 3, 9, 9, tzinfo=UTC)


class Other(NamedTuple):
    """Somebody who stands on an account beside its debtor."""

    account: int
    role: Role
    language: str
    country: str
    zone: str
    reachable: bool
    stopped: bool


OTHERS = st.lists(
    st.builds(
        Other,
        account=st.integers(0, len(NAMES) - 1),
        role=st.sampled_from(Role),
        language=st.sampled_from(["en", "de", ""]),
        country=st.sampled_from(["DE", "US", "JP", ""]),
        zone=st.sampled_from(["", "Asia/Tokyo", "America/New_York"]),
        reachable=st.booleans(),
        stopped=st.booleans(),
    ),
    min_size=1,
    max_size=6,
)
_number = iter(range(1, 1_000_000))


@pytest.fixture(scope="module", autouse=True)
def _home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    home = tmp_path_factory.mktemp("roles") / "home"
    with shell({"DUEWELL_HOME": str(home)}), installation(home):
        yield


@settings(max_examples=25)
@given(others=OTHERS)
def test_the_message_of_an_account_is_the_debtors(others: list[Other]) -> None:
    house = found("roles", next(_number))
    alone = _planned(house)
    assert len(alone) == len(PLANNED)
    _stand_beside(house, others)
    assert _planned(house) == alone


def test_a_reader_that_takes_anybody_on_the_account_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    from duewell.store import cases, sql

    points = cases._points

    def of_anybody(parties: Any, channels: Any) -> Any:
        within, params = sql.ids_in("a.party_id", parties)
        query = (
            f"select a.party_id, r.party_id from account a join party_role r on r.account_id = a.id where {within}"
        )
        pairs = sql.fetch(query, params)
        read = points([other for _, other in pairs] + list(parties), channels)
        return {party: read.get(party, []) + read.get(other, []) for party, other in pairs} | read

    monkeypatch.setattr(cases, "_points", of_anybody)
    house = found("roles", next(_number))
    alone = _planned(house)
    from duewell.store import sql as tables

    tables.execute("update contact_point set state = 'refused' where creditor_id = ?", [house.view.id])
    _stand_beside(house, [Other(0, Role.GUARANTOR, "en", "DE", "", True, False)])
    assert set(_planned(house)) - set(alone), "the guarantor would be written to in the debtor's stead"


def _planned(house: House) -> list[bytes]:
    """What a run would do, message by message, with recipients."""
    from duewell import wiring
    from duewell.adapters.home import open_home
    from duewell.flows.decide_accounts import plan

    lines = plan(wiring.world(open_home(None), house.view, house.day, town_clock(NOW))).lines
    return [repr(line).encode() for line in lines]


def _stand_beside(house: House, others: list[Other]) -> None:
    """Write these people, their roles, addresses, wishes and contacts into the tables."""
    from duewell.store import ids, sql

    creditor, now, count = house.view.id, sql.us(AT), len(others)
    with sql.transaction.atomic():
        persons, parties = ids.allocate("person", count), ids.allocate("party", count)
        roles, points, stops = (ids.allocate(table, count) for table in ("party_role", "contact_point", "stop"))
        for place, other in enumerate(others):
            account, salt = house.accounts[other.account], b"s" * 16
            rows: dict[str, dict[str, Any]] = {
                "person": {"id": persons[place], "version": 0, "flags": "[]"},
                "party": {
                    **{"id": parties[place], "creditor_id": creditor, "person_id": persons[place]},
                    **{"number": f"other{parties[place]}", "name": "Somebody Else", "kind": "person"},
                    **{"given_name": "", "family_name": "", "salutation": "", "region": "", "salt": salt},
                    **{"language": other.language, "country": other.country, "zone": other.zone},
                },
                "party_role": {
                    **{"id": roles[place], "creditor_id": creditor, "account_id": account},
                    **{"party_id": parties[place], "role": other.role},
                },
            }
            if other.reachable:
                rows["contact_point"] = {
                    **{"id": points[place], "creditor_id": creditor, "party_id": parties[place], "rank": 0},
                    **{"channel": "email", "value": f"other{place}@else.example", "state": "usable", "salt": salt},
                }
            if other.stopped:
                rows["stop"] = {
                    **{"id": stops[place], "creditor_id": creditor, "person_id": persons[place], "channel": ""},
                    **{"point_id": None, "starts_at": now, "reason": "", "recorded_by": "test"},
                }
            for table, row in rows.items():
                sql.insert(table, [*row, "recorded_at"], [(*row.values(), now)])
