"""How table rows stand in the body of a fact."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from duewell.core import evidence
from duewell.core.evidence import NotCanonical


def test_a_row_stands_in_the_body_with_every_column_spelled():
    row = (81, "EUR", None, True, date(2026, 3, 10), datetime(2026, 3, 10, 7, 30, tzinfo=UTC), b"\x00\xff")
    assert evidence.body({"entry": [row]}, batch=7) == (
        b'{"batch":7,"rows":{"entry":[[81,"EUR",null,true,"2026-03-10",1773127800000000,"00ff"]]}}'
    )


def test_tables_without_rows_are_left_out():
    assert evidence.body({"entry": [], "mark": [(1,)]}) == b'{"rows":{"mark":[[1]]}}'
    assert evidence.body({"entry": []}, reason="paid") == b'{"reason":"paid"}'
    assert evidence.body() == b"{}"


def test_other_fields_cannot_pass_for_rows():
    with pytest.raises(ValueError, match="place of table rows"):
        evidence.body(rows={})


@pytest.mark.parametrize("value", [1.5, Decimal("1.50"), [1], object()])
def test_a_column_of_another_type_is_refused(value):
    with pytest.raises(NotCanonical):
        evidence.body({"entry": [(1, value)]})
