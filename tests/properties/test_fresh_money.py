"""Money that no list can contain yet goes where it went when each sum was put against everything anew."""

from __future__ import annotations

from random import Random
from typing import Any
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from duewell.core.ledger import entries as ledger
from duewell.core.ledger.allocate import Claim, Policy
from duewell.store import booking
from duewell.store.booking import Arrived
from duewell.store.books import Open
from tests.plain.allocation import allocate
from tests.properties.ledger_book import on


def account(chance: Random, id: int, known: Open) -> list[Arrived]:
    """Adds an account with invoices in two currencies to `known`; returns what arrives for it."""
    numbers = range(1, chance.randint(1, 6))
    for number in numbers:
        receivable, currency = id * 10 + number, chance.choice(["EUR", "EUR", "USD"])
        open_minor = chance.randint(1, 40)
        disputed = chance.choice([0, 0, 0, 5, 40])
        claim = Claim(receivable, on(chance.randint(0, 9)), currency, open_minor, min(disputed, open_minor))
        known.claims.setdefault((id, currency), {})[receivable] = claim
        known.issued_on[receivable] = on(chance.randint(-9, 9))
        known.numbers.setdefault(id, {})[f"INV-{number}"] = receivable
    known.numbers.setdefault(id, {})
    for currency in ("EUR", "USD"):
        known.claims.setdefault((id, currency), {})
    arrived = []
    for number in range(chance.randint(0, 5)):
        kind = chance.choice(["payment", "payment", "credit"])
        names = chance.sample(range(1, 8), chance.choice([0, 0, 1, 2, 3]))
        currency = chance.choice(["EUR", "EUR", "USD"])
        named = "\n".join(f"INV-{name}" for name in names)
        key = f"{kind}:{id * 10 + number}"
        arrived.append(Arrived(key, id, currency, chance.randint(1, 60), on(chance.randint(0, 9)), named))
    return arrived


def put_anew(sum_: Arrived, known: Open, policy: Policy) -> list[ledger.Move]:
    """One sum against all that is open, plainly; then what is left open is written down."""
    claims = known.claims[sum_.account, sum_.currency]
    numbers = known.numbers[sum_.account]
    named = [numbers[name] for name in sum_.named.split("\n") if name in numbers]
    by = policy if sum_.key.startswith("payment:") else None
    moves = []
    for receivable, part in allocate(sum_.amount_minor, list(claims.values()), named, by)[0]:
        left = claims[receivable].open_minor - part
        disputed = min(claims[receivable].disputed_minor, left)
        claims[receivable] = claims[receivable]._replace(open_minor=left, disputed_minor=disputed)
        if not left:
            del claims[receivable]
        day = max(sum_.paid_on, known.issued_on[receivable])
        moves.append(ledger.applied(sum_.account, receivable, sum_.currency, part, day, sum_.key))
    return moves


def copy(known: Open) -> Open:
    return known._replace(claims={key: dict(claims) for key, claims in known.claims.items()})


@given(st.integers(0, 2**32), st.sampled_from(list(Policy)))
def test_fresh_money_goes_where_each_sum_by_itself_goes(seed, policy):
    chance = Random(seed)
    for _ in range(20):
        known = Open({}, {}, {}, {})
        arrived = [sum_ for id in (1, 2) for sum_ in account(chance, id, known)]
        chance.shuffle(arrived)
        plainly = copy(known)
        expected = {sum_.key: put_anew(sum_, plainly, policy) for sum_ in arrived}
        found: dict[str, list[Any]] = {sum_.key: [] for sum_ in arrived}
        for move in _book(arrived, known, policy):
            if move.to_place is ledger.Place.CREDIT:
                found[move.cause].append(move)
        assert found == expected


def _book(arrived: list[Arrived], known: Open, policy: Policy) -> list[ledger.Move]:
    """What is booked where the database knows this; no list has shown anything."""
    with patch("duewell.store.books.open_claims", lambda accounts, as_of: known):
        return booking.money(arrived, policy, lambda at: at.date(), on(9)).moves
