"""Narrow: by columns over all accounts, the few on which something may be due, and why the others rest.

The core decides; this only spares it the accounts of which it would say `Rest` anyway. Whatever is left out here
(calendars, gaps between messages, addresses, conditions, holds of single receivables) only postpones, so no
account is lost: an account that `decide` would act on is a candidate, under every strategy at once.
Page: docs/algorithms/stages.md, "Narrowing".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

import polars as pl

from duewell.core.decide import rules
from duewell.core.decide.netting import minimum
from duewell.core.decide.stages import Stage
from duewell.core.decide.values import Strategy
from duewell.core.units.ids import AccountId
from duewell.flows.ports import Narrowed

Frame = pl.DataFrame | pl.LazyFrame

# What may be said of one receivable, the most urgent first; an account is as urgent as its most urgent one.
_COME: Final = 0
"""A step may have fallen due, and the receivable alone reaches the minimum."""
_COME_SMALL: Final = 1
"""A step may have fallen due, but only the sum can tell whether enough is due."""
_WORDS: Final = {2: rules.GRACE, 3: rules.NOT_YET, 4: rules.UPCOMING_PASSED, 5: rules.LADDER_DONE}
_GRACE, _NOT_YET, _PASSED, _DONE = _WORDS

_NEVER: Final = 1 << 30
_STAGES: Final = max(Stage) + 1


class Book(NamedTuple):
    """The columns of one creditor's accounts as they stand on the day. Other columns are ignored."""

    accounts: Frame
    """`id` Int64: every account once."""
    receivables: Frame
    """`account_id` Int64, `due_on` Date, `currency` String or Categorical, `open_minor` Int64, `reached` Int16
    (number of the stage, 0 for none), `reached_on` Date or null. Every receivable with something open."""
    holds: Frame
    """`account_id` Int64, `kind` String: holds of whole accounts that are active on the day."""
    in_flight: Frame
    """`account_id` Int64: accounts with a message that waits, is on its way or is unknown."""
    credits: Frame
    """`account_id` Int64, `currency` like that of the receivables, `minor` Int64: unapplied money above zero."""


def narrow(book: Book, strategies: Sequence[Strategy], as_of: date) -> Narrowed:
    """The accounts on which `decide` may act on a day, and how many others rest under which word.

    Args:
        strategies: every strategy that an account of the book may have; with none every open account is a
            candidate, and the core says why it rests.
    """
    sifted = sift(book, strategies, as_of)
    counted = sifted.drop_nulls("rule").group_by("rule").len()
    return Narrowed(
        candidates=[AccountId(account) for account in sifted.filter(pl.col("rule").is_null())["account_id"]],
        rests={str(rule): int(count) for rule, count in counted.sort("rule").iter_rows()},
    )


def narrow_either(
    book: Book, first: Sequence[Strategy], second: Sequence[Strategy], as_of: date
) -> list[AccountId]:
    """The accounts on which two choices of strategies may say something different, ascending.

    Left out are those that rest under the same word with both. An account whose words differ is not: with several
    strategies the word is that of the most urgent one, and the core must say which is meant.
    """
    other = sift(book, second, as_of).rename({"rule": "other"})
    both = sift(book, first, as_of).join(other, on="account_id")
    alike = (pl.col("rule") == pl.col("other")).fill_null(False)
    return [AccountId(account) for account in both.filter(~alike)["account_id"].sort()]


def sift(book: Book, strategies: Sequence[Strategy], as_of: date) -> pl.DataFrame:
    """Every account with the word under which it rests, or null where the core must decide.

    Returns:
        `account_id` Int64, ascending; `rule` String or null.
    """
    rows = (
        book.receivables.lazy()
        .filter(pl.col("open_minor") > 0)
        .select(
            "account_id",
            "currency",
            "open_minor",
            _age(as_of).alias("age"),
            _urgency(strategies, as_of).alias("urgency"),
        )
    )
    urgency = rows.group_by("account_id").agg(pl.col("urgency").min()).collect(engine="streaming")
    low = _too_low(book, rows, urgency, strategies)
    gravity = pl.col("kind").cast(pl.String).replace_strict(_GRAVITY, return_dtype=pl.Int8)
    held = book.holds.lazy().group_by("account_id").agg(gravity.min().alias("held"))
    in_flight = book.in_flight.lazy().select("account_id", pl.lit(True).alias("in_flight")).unique()
    return (
        book.accounts.lazy()
        .select(pl.col("id").alias("account_id"))
        .join(urgency.lazy(), on="account_id", how="left")
        .join(held, on="account_id", how="left")
        .join(in_flight, on="account_id", how="left")
        .join(low.lazy(), on="account_id", how="left")
        .select("account_id", _word().alias("rule"))
        .sort("account_id")
        .collect()
    )


_GRAVITY: Final = {str(kind): place for place, kind in enumerate(rules.OF_HOLD)}


def _word() -> pl.Expr:
    """The deciding word, in the order of the core: paid, held, in flight, the ladder, the sums."""
    of_place = dict(enumerate(rules.OF_HOLD.values()))
    return (
        pl.when(pl.col("urgency").is_null())
        .then(pl.lit(rules.PAID))
        .when(pl.col("held").is_not_null())
        .then(pl.col("held").replace_strict(of_place, return_dtype=pl.String))
        .when(pl.col("in_flight").is_not_null())
        .then(pl.lit(rules.IN_FLIGHT))
        .when(pl.col("urgency") > _COME_SMALL)
        .then(pl.col("urgency").replace_strict(_WORDS, default=None, return_dtype=pl.String))
        .otherwise(pl.col("low"))
    )


def _age(as_of: date) -> pl.Expr:
    """Days since the due date; below zero before it."""
    return pl.lit(_days(as_of), pl.Int32) - pl.col("due_on").cast(pl.Int32)


def _days(day: date) -> int:
    """Days since 1970, as Polars counts them."""
    return day.toordinal() - date(1970, 1, 1).toordinal()


class _Climb(NamedTuple):
    """The ladder of one strategy as tables: by stage reached, first for days up to the due date, then after it."""

    least_age: pl.Series
    """Days since the due date from which the next step may have fallen due, grace considered."""
    offset: pl.Series
    """The same without grace."""
    least_distance: pl.Series
    """Days since the stage was reached from which it may."""
    passed: pl.Series
    """No step is left, but one before the due date was dropped."""
    grace_days: int


def _climb(strategy: Strategy) -> _Climb:
    least_age, offsets, distances, passed = [], [], [], []
    for after_due_date in (False, True):
        for reached in range(_STAGES):
            above = [step for step in strategy.steps if step.stage > reached]
            # After the due date the steps before it are dropped. A step whose condition fails only makes way
            # for a later one, and later steps never fall due earlier.
            left = [step for step in above if step.offset_days >= 0] if after_due_date else above
            before = [step.offset_days for step in strategy.steps if step.stage <= reached]
            offset = left[0].offset_days if left else _NEVER
            offsets.append(offset)
            least_age.append(max(offset, strategy.grace_days + 1) if offset >= 1 else offset)
            distances.append(offset - before[-1] if before and left else -_NEVER)
            passed.append(bool(above) and not left)
    return _Climb(
        pl.Series(least_age, dtype=pl.Int32),
        pl.Series(offsets, dtype=pl.Int32),
        pl.Series(distances, dtype=pl.Int32),
        pl.Series(passed, dtype=pl.Boolean),
        strategy.grace_days,
    )


def _urgency(strategies: Sequence[Strategy], as_of: date) -> pl.Expr:
    """How urgent a receivable is under its most urgent strategy."""
    age = _age(as_of)
    since = pl.lit(_days(as_of), pl.Int32) - pl.col("reached_on").cast(pl.Int32)
    place = pl.col("reached").cast(pl.Int32) + pl.when(age > 0).then(pl.lit(_STAGES, pl.Int32)).otherwise(0)
    small = pl.col("open_minor") < _least(strategies)
    come = pl.when(small).then(pl.lit(_COME_SMALL, pl.Int8)).otherwise(pl.lit(_COME, pl.Int8))
    found = [_urgency_under(_climb(strategy), age, since, place, come) for strategy in strategies]
    return pl.min_horizontal(found) if found else pl.lit(_COME, pl.Int8)


def _urgency_under(climb: _Climb, age: pl.Expr, since: pl.Expr, place: pl.Expr, come: pl.Expr) -> pl.Expr:
    least_age = pl.lit(climb.least_age).gather(place)
    distance = pl.lit(climb.least_distance).gather(place)
    offset = pl.lit(climb.offset).gather(place)
    far_enough = (since >= distance).fill_null(True)
    by_grace = (pl.lit(climb.grace_days + 1, pl.Int32) - age > distance - since).fill_null(True)
    return (
        pl.when((age >= least_age) & far_enough)
        .then(come)
        .when((offset >= 1) & (age >= offset) & (age <= climb.grace_days) & by_grace)
        .then(pl.lit(_GRACE, pl.Int8))
        .when(offset < _NEVER)
        .then(pl.lit(_NOT_YET, pl.Int8))
        .when(pl.lit(climb.passed).gather(place))
        .then(pl.lit(_PASSED, pl.Int8))
        .otherwise(pl.lit(_DONE, pl.Int8))
    )


def _least(strategies: Sequence[Strategy]) -> pl.Expr:
    """The smallest minimum of any strategy, for the currency of the row; 1 where one of them names none."""
    named = {currency for strategy in strategies for currency, _ in strategy.minimum_minor}
    least = {currency: min(minimum(strategy, currency) for strategy in strategies) for currency in sorted(named)}
    found = pl.lit(1, pl.Int64)
    for currency, minor in least.items():
        if minor > 1:
            found = pl.when(pl.col("currency") == currency).then(pl.lit(minor, pl.Int64)).otherwise(found)
    return found


def _too_low(
    book: Book, rows: pl.LazyFrame, urgency: pl.DataFrame, strategies: Sequence[Strategy]
) -> pl.DataFrame:
    """Accounts of which a step may have fallen due, and yet credit covers it or too little is due: why.

    What is due is taken at its largest, held receivables and parts included, and the minimum at its smallest.

    Returns:
        `account_id`, `low`: `credited` or `below_minimum`.
    """
    credits = book.credits.lazy().select("account_id", "currency", "minor")
    has_credit = pl.col("account_id").is_in(credits.select("account_id").collect()["account_id"].implode())
    # Where one receivable alone reaches the minimum and there is no credit, no sum is needed.
    doubtful = urgency.lazy().filter(
        (pl.col("urgency") == _COME_SMALL) | ((pl.col("urgency") == _COME) & has_credit)
    )
    may_come = pl.col("urgency") <= _COME_SMALL
    return (
        rows.join(doubtful.select("account_id"), on="account_id", how="semi")
        .filter(may_come | (pl.col("age") >= 0))
        .group_by("account_id", "currency")
        .agg(pl.col("open_minor").sum().alias("due"), may_come.any().alias("come"))
        .filter(pl.col("come"))
        .join(credits, on=["account_id", "currency"], how="left")
        .select(
            "account_id",
            (pl.col("due") - pl.col("minor").fill_null(0)).alias("net"),
            _least(strategies).alias("least"),
        )
        .group_by("account_id")
        .agg(
            (pl.col("net") >= pl.col("least")).any().alias("enough"),
            (pl.col("net") > 0).any().alias("something"),
        )
        .filter(~pl.col("enough"))
        .select(
            "account_id",
            pl.when("something").then(pl.lit(rules.BELOW_MINIMUM)).otherwise(pl.lit(rules.CREDITED)).alias("low"),
        )
        .collect()
    )
