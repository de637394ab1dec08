"""Properties of reading: what is written in any style reads back the same, and bad rows touch no good one."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from duewell.core.intake import amounts, date_text, texts
from duewell.core.intake.amounts import Amount
from duewell.core.intake.dialect import Dialect
from duewell.core.intake.findings import Bad
from duewell.core.intake.records import look, records
from duewell.core.units import money
from tests.readings import reading, taken

CURRENCIES = st.sampled_from(["EUR", "USD", "CHF", "JPY", "KWD"])
MINORS = st.integers(-(10**12), 10**12)
GROUPS = {amounts.POINT: ["", ",", " ", "'", "\u202f", "’"], amounts.COMMA: ["", ".", " ", "'", "\u00a0"]}
AROUND = ["{}", "{} {code}", "{code} {}", " {} "]


def written(minor: int, currency: str, decimal: str, group: str, around: str, negative: str) -> str:
    """An amount in one of the ways in which people write it."""
    places = money.exponent(currency)
    digits = str(abs(minor)).zfill(places + 1)
    whole, rest = (digits[:-places], digits[-places:]) if places else (digits, "")
    if group:
        parts = []
        while len(whole) > 3:
            whole, last = whole[:-3], whole[-3:]
            parts.insert(0, last)
        whole = group.join([whole, *parts])
    sign = "." if decimal == amounts.POINT else ","
    body = around.format(whole + (sign + rest if rest else ""), code=currency)
    if minor >= 0:
        return body
    return {"before": f"-{body.strip()}", "after": f"{body.rstrip()}-", "brackets": f"({body.strip()})"}[negative]


@given(data=st.data(), minor=MINORS, currency=CURRENCIES, decimal=st.sampled_from(sorted(GROUPS)))
def test_an_amount_reads_back_however_it_was_written(data, minor, currency, decimal):
    group = data.draw(st.sampled_from(GROUPS[decimal]))
    around = data.draw(st.sampled_from(AROUND))
    negative = data.draw(st.sampled_from(["before", "after", "brackets"]))
    text = written(minor, currency, decimal, group, around, negative)
    found = amounts.parse(text, decimal)
    assert isinstance(found, Amount), text
    assert amounts.minor(found, money.exponent(currency)) == minor, text
    assert found.currency in ("", currency)


@given(values=st.lists(MINORS, min_size=1, max_size=20), decimal=st.sampled_from(sorted(GROUPS)), data=st.data())
def test_a_column_decides_the_sign_it_was_written_with_or_asks_and_never_the_other(values, decimal, data):
    group = data.draw(st.sampled_from(GROUPS[decimal]))
    cells = [written(value, "EUR", decimal, group, "{}", "before") for value in values]
    column = amounts.AmountColumn("Amount")
    column.look(cells, range(len(cells)))
    assert column.decide(None).value == decimal, "two decimals always prove their sign"


@given(values=st.lists(st.integers(1, 10**7), min_size=1, max_size=20))
def test_a_column_of_whole_thousands_is_asked_wherever_the_reading_would_matter(values):
    cells = [f"{value:,}".replace(",", ".") for value in values]
    column = amounts.AmountColumn("Amount")
    column.look(cells, range(len(cells)))
    found = column.decide(None)
    readings = {
        decimal: [
            amounts.minor(parsed, 3) if isinstance(parsed := amounts.parse(cell, decimal), Amount) else None
            for cell in cells
        ]
        for decimal in (amounts.POINT, amounts.COMMA)
    }
    if hasattr(found, "options"):
        assert readings[amounts.POINT] != readings[amounts.COMMA]
    else:
        assert readings[found.value] == [value * 1000 for value in values]


DAYS = st.dates(date(1990, 1, 1), date(2040, 12, 31))
STYLES = {
    "dmy": ["%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d.%m.%Y 13:45", "%d%m%Y"],
    "mdy": ["%m/%d/%Y", "%m-%d-%Y", "%m/%d/%Y 1:45:00 PM", "%m%d%Y"],
    "ymd": ["%Y%m%d"],
    None: ["%Y-%m-%d", "%Y/%m/%d", "%d %b %Y", "%B %d, %Y", "%Y-%m-%dT%H:%M:%S", "%d-%b-%Y"],
}


@given(day=DAYS, data=st.data(), order=st.sampled_from(list(STYLES)))
def test_a_day_reads_back_however_it_was_written(day, data, order):
    style = data.draw(st.sampled_from(STYLES[order]))
    assert date_text.parse(day.strftime(style), order, 2030) == day


@given(
    days=st.lists(DAYS, min_size=1, max_size=20), order=st.sampled_from(["dmy", "mdy"]), sign=st.sampled_from("/-")
)
def test_days_decide_the_order_they_were_written_in_or_it_is_asked(days, order, sign):
    from duewell.core.intake.dates import DateLook

    style = sign.join(["%d", "%m", "%Y"] if order == "dmy" else ["%m", "%d", "%Y"])
    cells = [day.strftime(style) for day in days]
    look = DateLook(2030)
    look.look("Due", cells, range(len(cells)))
    found = look.decide(None)
    if any(day.day > 12 for day in days):
        assert found.value == order
    elif any(day.day != day.month for day in days):
        assert order in found.options
    else:
        assert found.value == "plain"
        assert [date_text.parse(cell, None, 2030) for cell in cells] == days


PLAIN = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=20)


@given(
    rows=st.lists(
        st.lists(st.one_of(PLAIN, st.text('a;",\n\r', max_size=6)), min_size=2, max_size=4),
        min_size=1,
        max_size=12,
    ),
    separator=st.sampled_from(",;\t|"),
    block=st.integers(1, 5),
)
def test_whatever_a_sound_writer_wrote_is_cut_into_the_same_cells(rows, separator, block):
    width = len(rows[0])
    rows = [(row * 2)[:width] for row in rows]
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    lines = list(io.StringIO(file.getvalue(), newline=""))
    chunks = list(records([lines[at : at + block] for at in range(0, len(lines), block)], Dialect(separator)))
    broken = [each for chunk in chunks for each in chunk.broken]
    # A cell whose inner lines look like whole records is taken for a stray quote: refused, never misread.
    found = [list(row) for chunk in chunks for row in chunk.rows]
    if not broken:
        assert found == rows


HEADER = "Number,Customer,Email,Due Date,Invoice Amount,Currency\n"
BAD = st.sampled_from(
    [
        'X1,"open quote,x@example.org,2024-01-31,5.00,EUR',
        "X2,too,few",
        "X3,Foo,x@example.org,2024-01-31,5.00,EUR,too,many",
        "X4,=cmd|x,x@example.org,2024-01-31,5.00,EUR",
        "X5,Foo,x@example.org,2024-02-31,5.00,EUR",
        "X6,Foo,x@example.org,2024-01-31,five,EUR",
        "X7,Foo,x@example.org,2024-01-31,5.001,EUR",
        "X8,Foo,x@example.org,2024-01-31,5.00,QQQ",
        "X9,Foo,nobody,2024-01-31,5.00,EUR",
        "X10,F\x00o,x@example.org,2024-01-31,5.00,EUR",
        "X11,A\u202eB,x@example.org,2024-01-31,5.00,EUR",
        'X12,"a" b,x@example.org,2024-01-31,5.00,EUR',
        "X13," + "y" * 33_000 + ",x@example.org,2024-01-31,5.00,EUR",
        ",Foo,x@example.org,2024-01-31,5.00,EUR",
        '"',
    ]
)
NAMES = st.sampled_from(["Ada", "Müller & Söhne", "O'Neill", "Two, Names", 'The "Best"', "李明", "Total Energies"])


@given(
    good=st.lists(st.tuples(NAMES, st.integers(1, 10**9)), min_size=8, max_size=30),
    bad=st.lists(st.tuples(BAD, st.integers(0, 30)), max_size=8),
)
def test_bad_rows_never_touch_good_ones_and_every_record_is_counted_once(good, bad):
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    for number, (name, minor) in enumerate(good):
        writer.writerow(
            [f"G{number}", name, f"g{number}@example.org", "2024-01-31", str(Decimal(minor) / 100), "EUR"]
        )
    rows = file.getvalue().splitlines()
    for row, place in bad:
        rows.insert(min(place, len(rows)), row)
    found = taken(HEADER + "\n".join(rows) + "\n")
    invoices = {row.number: (row.customer.name, row.amount_minor) for row in found.invoices}
    assert invoices == {f"G{number}": each for number, each in enumerate(good)}
    assert len(found.rejected) <= len(bad)
    assert all(row.reason and row.remedy for row in found.rejected)
    # A bad row may be one with the bad row after it; whatever is bad stands in the list to be corrected.
    told = "\n".join(["", *(",".join(each.cells) for each in found.rejected)])
    for row, count in Counter(row for row, _ in bad if row != '"').items():
        assert told.count("\n" + row.partition(",")[0] + ",") >= count, row[:20]


@given(
    cells=st.lists(st.text('ab,;" \n', max_size=30), min_size=1, max_size=8),
    good=st.integers(0, 12),
    data=st.data(),
)
def test_whatever_lines_a_cell_holds_it_is_read_as_one_and_costs_no_other_row(cells, good, data):
    rows = [[f"G{number}", "Ada", f"g{number}@example.org", "2024-01-31", "5.00", "EUR"] for number in range(good)]
    for number, cell in enumerate(cells):
        place = data.draw(st.integers(0, len(rows)))
        rows.insert(place, [f"M{number}", cell, "m@example.org", "2024-01-31", "5.00", "EUR"])
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows([HEADER.strip().split(","), *rows])
    lines = file.getvalue().splitlines(keepends=True)
    shape = look(lines, Dialect(","), HEADER.strip().split(","))
    (chunk,) = records([lines], Dialect(","), shape)
    assert not chunk.broken
    assert list(chunk.rows)[1:] == rows


@given(text=st.text(max_size=60))
def test_no_text_breaks_a_reader_and_what_is_kept_is_one_clean_line(text):
    found = texts.read(text, "customer_name")
    if not isinstance(found, Bad):
        assert "\n" not in found
        assert found == " ".join(found.split())
        assert texts.read(found, "customer_name") == found
    amounts.parse(text, amounts.COMMA)
    date_text.parse(text, "dmy", 2030)
    texts.emails(text)


@given(content=st.binary(max_size=400))
def test_no_bytes_break_the_intake(content):
    from duewell.core.intake import FileRefused

    try:
        found = reading(content)
    except FileRefused as refused:
        assert refused.reason
        assert refused.remedy
        return
    assert found.questions or sum(batch.records for batch in found.batches()) == found.records


@given(tail=st.binary(max_size=200))
def test_no_bytes_after_a_good_start_break_the_intake(tail):
    from duewell.core.intake import FileRefused

    content = (HEADER + "G1,Ada,a@example.org,2024-01-31,5.00,EUR\n").encode() + tail
    try:
        found = reading(content)
    except FileRefused:
        return
    assert found.questions or sum(batch.records for batch in found.batches()) == found.records
