"""Strategies: every field, with stages and offsets in order."""

from __future__ import annotations

from hypothesis import strategies as st

from duewell.core.decide.stages import Stage
from duewell.core.decide.values import Condition, Step, Strategy
from tests.generators.draws import (
    CHANNEL_LISTS,
    COUNTRIES,
    FLAGS,
    KINDS,
    PER_CURRENCY,
    ROLE_LISTS,
    SEGMENTS,
    else_,
    rarely,
    whole,
)

STAGES = tuple(stage for stage in Stage if stage is not Stage.NONE)

_STAGE_SETS = st.sets(st.sampled_from(STAGES), min_size=1).map(sorted)
_KINDS = st.frozensets(st.sampled_from(KINDS), min_size=1)
_COUNTRIES = st.frozensets(st.sampled_from(COUNTRIES), min_size=1)
_SEGMENTS = st.frozensets(st.sampled_from(SEGMENTS), min_size=1)
_TONES = st.sampled_from(("kind", "formal"))
_GRACE_DAYS = st.sampled_from((0, 0, 1, 3, 7, 10))
_GAP_DAYS = st.sampled_from((0, 1, 3, 7))


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    """Any part given or not, balances over any currency."""
    return Condition(
        kinds=else_(draw, 4, None, _KINDS),
        countries=else_(draw, 4, None, _COUNTRIES),
        segments=else_(draw, 4, None, _SEGMENTS),
        balance_at_least=else_(draw, 4, (), PER_CURRENCY),
        balance_below=else_(draw, 5, (), PER_CURRENCY),
    )


@st.composite
def steps(draw: st.DrawFn) -> tuple[Step, ...]:
    """One to all stages in order; offsets rise, some of them before the due date."""
    made = []
    offset = draw(whole(-8, 6))
    for stage in draw(_STAGE_SETS):
        made.append(
            Step(
                stage=stage,
                offset_days=offset,
                channels=else_(draw, 4, ("email",), CHANNEL_LISTS),
                tone=draw(_TONES),
                business_days_only=rarely(draw, 4),
                condition=else_(draw, 6, None, _CONDITIONS),
                wait_days=draw(whole(0, 4)),
                copies=else_(draw, 4, (), ROLE_LISTS),
            )
        )
        offset += draw(whole(1, 9))
    return tuple(made)


@st.composite
def strategies(draw: st.DrawFn, key: str = "drawn", *, for_all: bool = True, minimum: int = 3) -> Strategy:
    """A strategy of any shape. `for_all` leaves its condition empty; one in `minimum` names a least amount."""
    return Strategy(
        key=key,
        digest="0" * 64,
        title=key.title(),
        condition=Condition() if for_all else draw(_CONDITIONS),
        grace_days=draw(_GRACE_DAYS),
        minimum_minor=else_(draw, minimum, (), PER_CURRENCY),
        least_gap_days=draw(_GAP_DAYS),
        steps=draw(_STEPS),
    )


@st.composite
def choices(draw: st.DrawFn, minimum: int = 3, most: int = 3) -> tuple[Strategy, ...]:
    """The strategies of a creditor, `drawn-0` and so on, each with its own condition."""
    return tuple(
        draw(strategies(f"drawn-{place}", for_all=draw(FLAGS), minimum=minimum))
        for place in range(draw(whole(1, most)))
    )


_CONDITIONS = conditions()
_STEPS = steps()
