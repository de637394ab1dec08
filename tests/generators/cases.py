"""Cases: accounts with receivables, holds of every kind, credits and all that can rest them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from hypothesis import strategies as st

from duewell.core.agree.holds import RESUMES_BY_ITSELF, Hold, HoldKind, check
from duewell.core.decide.stages import Stage
from duewell.core.decide.values import Calendar, Case, Item, Participant, Recipient
from duewell.core.units.ids import (
    AccountId,
    CreditorId,
    HoldId,
    MessageId,
    PartyId,
    PersonId,
    PointId,
    ReceivableId,
)
from tests.generators.draws import (
    AMOUNTS,
    CHANNEL_LISTS,
    COUNTRIES,
    CURRENCY,
    FLAGS,
    KINDS,
    PER_CURRENCY,
    REASONS,
    ROLES,
    SEGMENTS,
    day,
    else_,
    rarely,
    whole,
)

FIRST_DAY = date(2026, 2, 23)

_KIND = st.sampled_from(KINDS)
_COUNTRY = st.sampled_from(COUNTRIES)
_SEGMENT = st.sampled_from(SEGMENTS)
_DUE = st.sampled_from(((0, 0), (9, 3), (9, 3), (30, 12), (30, 12)))
"""Days before and after today within which the due date lies: on borders more often than chance would have it."""
_HOLD_KIND = st.sampled_from(HoldKind)
_REACHED = st.sampled_from((Stage.NONE, *Stage))
_STAGE = st.sampled_from([stage for stage in Stage if stage])
_WEEKENDS = st.sampled_from((frozenset({5, 6}), frozenset({4, 5}), frozenset({6}), frozenset()))
_ROLE = st.sampled_from(ROLES)
_GIVEN_BY_HAND = st.sampled_from(("drawn-0", "drawn-1", "gone"))


class Odds(NamedTuple):
    """One in so many has it; 0: none has."""

    account_hold: int = 6
    item_hold: int = 5
    claim: int = 8
    credit: int = 3
    gap: int = 3
    other: int = 20
    """Each of: a message under way, old books, an open question, a missing value."""
    no_address: int = 16
    channels: int = 4
    """Other channels than e-mail alone."""
    participants: int = 4
    """Others who stand on the account."""
    free_day: int = 3
    items_max: int = 4


ANYTHING = Odds()
LADDER = Odds(account_hold=0, item_hold=0, claim=0, gap=0, other=0, no_address=0, channels=0, participants=0)
"""Little but the ladder and credits counts."""
HELD = Odds(account_hold=3, item_hold=2, gap=0, other=0)
"""Many holds, so that several meet."""
GATES = Odds(
    account_hold=0,
    item_hold=0,
    claim=0,
    credit=0,
    gap=3,
    other=12,
    channels=2,
    participants=2,
    free_day=3,
    items_max=2,
)
"""Much that rests a message whose step has come."""


COPIED = GATES._replace(other=0, gap=0, free_day=0, no_address=0, channels=2, participants=1, items_max=1)
"""Nearly every message leaves, and many get a copy."""


@st.composite
def today(draw: st.DrawFn) -> date:
    """The day asked about: any weekday, on both sides of the end of a month."""
    return day(draw, FIRST_DAY, 0, 13)


@st.composite
def holds(draw: st.DrawFn, as_of: date, receivable: ReceivableId | None = None, open_minor: int = 0) -> Hold:
    """A hold of any kind, past, present or to come, of the account, a receivable or a part of one."""
    kind = draw(_HOLD_KIND)
    starts_on = day(draw, as_of, 12, 3)
    resumes = kind in RESUMES_BY_ITSELF
    ends = starts_on + timedelta(days=draw(whole(1, 16)))
    part = receivable is not None and draw(FLAGS)
    return check(
        Hold(
            id=HoldId(draw(whole(1, 99))),
            kind=kind,
            receivable=receivable,
            amount_minor=draw(whole(1, open_minor + 1)) if part else None,
            starts_on=starts_on,
            until_on=ends if resumes else None,
            review_on=None if resumes else ends,
            ended_on=day(draw, starts_on, 0, 14) if rarely(draw, 3) else None,
            reason=draw(REASONS),
        )
    )


@st.composite
def items(draw: st.DrawFn, as_of: date, id: int, odds: Odds = ANYTHING) -> Item:
    """A receivable that is overdue, due or not yet due, at any stage."""
    near, far = draw(_DUE)
    due_on = day(draw, as_of, near, far)
    open_minor = draw(AMOUNTS)
    reached = draw(_REACHED)
    held = draw(whole(1, 2)) if rarely(draw, odds.item_hold) else 0
    return Item(
        id=ReceivableId(id),
        number=f"INV-{id}",
        issued_on=due_on - timedelta(days=14),
        due_on=due_on,
        currency=else_(draw, 3, "EUR", CURRENCY),
        open_minor=open_minor,
        reached=reached,
        reached_on=None if reached is Stage.NONE or rarely(draw, 8) else day(draw, as_of, 20, 0),
        holds=tuple(
            draw(holds(as_of, ReceivableId(id), open_minor))._replace(id=HoldId(id * 10 + place))
            for place in range(held)
        ),
        claimed=draw(_STAGE) if rarely(draw, odds.claim) else None,
    )


@st.composite
def calendars(draw: st.DrawFn, as_of: date, odds: Odds = ANYTHING) -> Calendar:
    """Weekends of one or two days or none, and some holidays near the day."""
    free = draw(whole(1, 3)) if rarely(draw, odds.free_day) else 0
    return Calendar(draw(_WEEKENDS), frozenset(day(draw, as_of, 2, 4) for _ in range(free)))


@st.composite
def participants(draw: st.DrawFn, account: int) -> tuple[Participant, ...]:
    """Some who stand on the account, one of them perhaps in two roles, or the debtor."""
    found = []
    for place in range(draw(whole(1, 3))):
        party = account if rarely(draw, 6) else account + 1000 + draw(whole(1, 2))
        channels = draw(CHANNEL_LISTS)
        found.append(
            Participant(
                draw(_ROLE),
                tuple(
                    Recipient(
                        PartyId(party), PersonId(party), PointId(party * 100 + place * 10 + n), channel, "en"
                    )
                    for n, channel in enumerate(channels)
                ),
            )
        )
    return tuple(sorted(found))


@st.composite
def cases(draw: st.DrawFn, as_of: date, *, account: int = 1, odds: Odds = ANYTHING) -> Case:
    """An account with up to `odds.items_max` receivables, seldom with none."""
    count = draw(whole(0 if rarely(draw, 8) else 1, odds.items_max))
    held = draw(whole(1, 2)) if rarely(draw, odds.account_hold) else 0
    channels = () if rarely(draw, odds.no_address) else else_(draw, odds.channels, ("email",), CHANNEL_LISTS)
    return Case(
        account=AccountId(account),
        creditor=CreditorId(1),
        version=draw(whole(0, 3)),
        kind=draw(_KIND),
        country=draw(_COUNTRY),
        segment=draw(_SEGMENT),
        items=tuple(draw(items(as_of, account * 100 + place, odds)) for place in range(count)),
        credits=else_(draw, odds.credit, (), PER_CURRENCY),
        # Reasons are told apart by the hold they name, so no two have one id.
        holds=tuple(draw(holds(as_of))._replace(id=HoldId(1 + place)) for place in range(held)),
        recipients=tuple(
            Recipient(PartyId(account), PersonId(account), PointId(account * 10 + place), channel, "en")
            for place, channel in enumerate(channels)
        ),
        missing=("creditor.iban",) if rarely(draw, odds.other) else (),
        last_message_on=day(draw, as_of, 10, 0) if rarely(draw, odds.gap) else None,
        in_flight=MessageId("m" * 32) if rarely(draw, odds.other) else None,
        reviews=("address",) if rarely(draw, odds.other) else (),
        books_too_old=rarely(draw, odds.other),
        calendar=draw(calendars(as_of, odds)),
        strategy=draw(_GIVEN_BY_HAND) if rarely(draw, odds.other) else "",
        participants=draw(participants(account)) if rarely(draw, odds.participants) else (),
    )
