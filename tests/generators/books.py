"""Books: the same accounts as columns, as the portfolio reads them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from duewell.core.decide.values import Case
from duewell.portfolio.narrow import Book


def book(cases: Sequence[Case], as_of: date) -> Book:
    """The columns of these accounts on a day."""
    return Book(
        accounts=pl.DataFrame({"id": [case.account for case in cases]}, schema={"id": pl.Int64}),
        receivables=pl.DataFrame(
            [
                (
                    item.id,
                    case.account,
                    item.due_on,
                    item.currency,
                    item.open_minor,
                    int(item.reached),
                    item.reached_on,
                )
                for case in cases
                for item in case.items
            ],
            schema={
                "id": pl.Int64,
                "account_id": pl.Int64,
                "due_on": pl.Date,
                "currency": pl.String,
                "open_minor": pl.Int64,
                "reached": pl.Int16,
                "reached_on": pl.Date,
            },
            orient="row",
        ),
        holds=pl.DataFrame(
            [(case.account, str(hold.kind)) for case in cases for hold in case.holds if hold.active_on(as_of)],
            schema={"account_id": pl.Int64, "kind": pl.String},
            orient="row",
        ),
        in_flight=pl.DataFrame(
            {"account_id": [case.account for case in cases if case.in_flight]}, schema={"account_id": pl.Int64}
        ),
        credits=pl.DataFrame(
            [(case.account, currency, minor) for case in cases for currency, minor in case.credits],
            schema={"account_id": pl.Int64, "currency": pl.String, "minor": pl.Int64},
            orient="row",
        ),
    )
