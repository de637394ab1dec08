"""A diff of strategies names exactly the accounts of which two plans say something different."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from duewell.core.decide.values import Condition, Strategy
from duewell.core.units.ids import AccountId
from duewell.flows import strategy_diff as flow
from duewell.flows.decide_accounts import PlanLine, World, plan
from duewell.portfolio import narrow
from tests.generators import books, cases, strategies
from tests.properties.test_narrow import portfolios
from tests.town import Town, founded

DAY = date(2026, 3, 10)
NOW = datetime(2026, 3, 10, 8, tzinfo=UTC)


@given(portfolios(cases.LADDER, size=(1, 6)), st.data())
def test_whoever_is_left_out_is_a_candidate_of_neither_and_rests_under_one_word(situation, data):
    accounts, first, as_of = situation
    second = data.draw(strategies.choices())
    book = books.book(accounts, as_of)
    either = narrow.narrow_either(book, first, second, as_of)
    assert either == sorted(set(either))
    words = [dict(narrow.sift(book, choice, as_of).iter_rows()) for choice in (first, second)]
    for case in accounts:
        was, now = (of[case.account] for of in words)
        assert (case.account not in either) == (was is not None and was == now)


def _ages(town: Town) -> None:
    """Two dozen customers with one to three invoices between four days before and thirty after their due date."""
    people, invoices = [], ["number  customer  issued  due  amount"]
    for place in range(24):
        kind, country = ("business", "DE") if place % 3 else ("person", "AT")
        email = "" if place % 11 == 10 else f"c{place}@example.org"
        record = {"customer_number": f"C-{place:02}", "name": f"Customer {place}", "email": email}
        people.append({**record, "kind": kind, "country": country, "segment": "gold" if place % 4 else "new"})
        for each in range(place % 3 + 1):
            due = DAY - timedelta(days=(place * 7 + each * 11) % 35 - 4)
            invoices.append(f"I-{place}-{each}  C-{place:02}  2026-01-01  {due}  {10 + place * 7}.00 EUR")
    town.takes("customers", people, at="2026-03-09T08:00Z")
    town.invoices("\n".join(invoices))
    town.holds("C-03", "dispute", review="2026-05-01")
    town.promises("C-05", until="2026-03-12")
    town.pays_on_account("C-07", "30.00 EUR")


def _content(lines: Sequence[PlanLine]) -> dict[AccountId, dict[str, Any]]:
    told = {}
    for line in lines:
        body = json.loads(line.body)
        del body["strategy"], body["strategy_digest"]
        told[line.account] = body
    return told


def _world(town: Town) -> tuple[World, Any]:
    from duewell import wiring
    from duewell.adapters.clock import FixedClock
    from duewell.adapters.home import open_home
    from duewell.store import creditors

    (creditor,) = creditors.all_views()
    return wiring.world(open_home(town.home), creditor, DAY, FixedClock(NOW)), creditor


def test_the_diff_is_what_differs_between_the_two_plans(tmp_path):
    with founded(tmp_path) as town:
        from duewell import wiring_strategy

        _ages(town)
        world, creditor = _world(town)
        # Some stages have no words yet; the digest of words hangs on language, tone and stage alone.
        world = world._replace(template_digest=lambda *words: "/".join(words))

        def exact(present: Sequence[Strategy], changed: Sequence[Strategy]) -> set[str]:
            world_now, world_then = world._replace(strategies=present), world._replace(strategies=changed)
            was, now = _content(plan(world_now).lines), _content(plan(world_then).lines)
            differs = {account for account in was.keys() | now.keys() if was.get(account) != now.get(account)}
            accounts = wiring_strategy.either(creditor, DAY, present, changed)
            found = {one.account: one for one in flow.differences(world_now, changed, accounts)}
            messages = {account for account, one in found.items() if one.kind != flow.OTHER_REST}
            assert messages == differs
            for account in differs:
                kind = found[account].kind
                assert (kind == flow.NEW_MESSAGE) == (account not in was), kind
                assert (kind == flow.NO_MESSAGE) == (account not in now), kind
                if account in was and account in now:
                    same_stage = was[account]["stage"] == now[account]["stage"]
                    assert (kind == flow.OTHER_STAGE) == (not same_stage)
                    names = {name for name in was[account] if was[account][name] != now[account].get(name)}
                    names |= now[account].keys() - was[account].keys()
                    assert set(flow.differs_in(found[account].was, found[account].now)) == names != set()
            return {one.kind for one in found.values()}

        seen: set[str] = set()
        kinds = st.sampled_from([Condition(), Condition(kinds=frozenset({"business"}))])

        @settings(max_examples=40)
        @given(strategies.choices(), st.data())
        def agrees(present: Sequence[Strategy], data: st.DataObject) -> None:
            given_ = data.draw(strategies.strategies("other", minimum=9))._replace(condition=data.draw(kinds))
            changed = data.draw(st.sampled_from([(given_,), (given_, *present), (*present, given_)]))
            seen.update(exact(present, changed))
            assert exact(present, present) == set()

        agrees()
        assert {flow.NEW_MESSAGE, flow.NO_MESSAGE, flow.OTHER_STAGE, flow.OTHER_REST} <= seen

        # The key of a strategy is no difference.
        (gentle,) = world.strategies
        assert exact([gentle], [gentle._replace(key="other", digest="1" * 64)]) == set()
        warmer = gentle._replace(steps=tuple(step._replace(tone="formal") for step in gentle.steps))
        assert flow.OTHER_TONE in exact([gentle], [warmer])
