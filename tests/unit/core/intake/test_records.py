"""Cutting lines into records, broken quotes above all."""

from __future__ import annotations

import pytest

from duewell.core.intake import records as module
from duewell.core.intake.dialect import Dialect
from duewell.core.intake.findings import FileRefused
from duewell.core.intake.records import look, records


def cut(text: str, block: int = 20_000) -> tuple[dict[int, list[str]], dict[int, str]]:
    """Rows by line, and reasons by line of what is broken; the first line is the header."""
    all_lines = text.splitlines(keepends=True)
    blocks = [all_lines[at : at + block] for at in range(0, len(all_lines), block)]
    shape = look(all_lines, Dialect(";"), all_lines[0].rstrip("\n").split(";"))
    rows: dict[int, list[str]] = {}
    broken: dict[int, str] = {}
    for chunk in records(blocks, Dialect(";"), shape):
        rows.update({line: list(row) for row, line in zip(chunk.rows, chunk.lines, strict=True)})
        broken.update({each.line: each.reason for each in chunk.broken})
    return rows, broken


@pytest.mark.parametrize("block", [1, 2, 3, 100])
def test_a_cell_may_hold_line_breaks_wherever_blocks_end(block):
    rows, broken = cut('a;b\n1;"x\n\ny;z"\n3;z\n', block)
    assert rows == {1: ["a", "b"], 2: ["1", "x\n\ny;z"], 5: ["3", "z"]}
    assert not broken


@pytest.mark.parametrize("block", [1, 2, 3, 100])
def test_a_quote_that_never_closes_costs_its_own_line_only(block):
    rows, broken = cut('a;b\n1;"x\n2;y\n3;z\n4;w\n', block)
    assert {3: ["2", "y"], 4: ["3", "z"], 5: ["4", "w"]}.items() <= rows.items()
    assert broken == {2: "a quote is opened here and never closed"}


def test_a_quote_closed_by_a_later_cell_costs_its_own_line_only():
    rows, broken = cut('a;b\n1;"x\n2;y\n3;"z"\n4;w\n')
    assert {3: ["2", "y"], 4: ["3", "z"], 5: ["4", "w"]}.items() <= rows.items()
    assert list(broken) == [2]


def test_a_stray_quote_that_swallows_whole_records_is_found_although_the_width_is_right():
    rows, broken = cut('a;b\n1;"x\n2;y\n3;z\n4;"\n5;v\n')
    assert rows[3] == ["2", "y"]
    assert rows[4] == ["3", "z"]
    assert 2 in broken


def test_text_after_a_closing_quote_is_named():
    rows, broken = cut('a;b\n1;"x" y\n2;z\n')
    assert broken == {2: "text follows a closing quote"}
    assert rows[3] == ["2", "z"]


def test_a_cell_beyond_all_measure_is_named_and_the_next_line_is_read():
    rows, broken = cut("a;b\n1;" + '"' + "x" * 200_000 + '"\n2;z\n')
    assert "longer than" in broken[2]
    assert rows[3] == ["2", "z"]


def test_a_file_full_of_unbalanced_quotes_is_refused(monkeypatch):
    monkeypatch.setattr(module, "_BROKEN_QUOTES_MAX", 5)
    with pytest.raises(FileRefused, match="unbalanced quotes"):
        cut("a;b\n" + '1;"x" y\n' * 10)


def test_blank_lines_are_empty_records():
    rows, _ = cut('a;b\n\n1;"x"\n')
    assert rows[3] == ["1", "x"]
    assert rows[2] in ([], [""])


GOOD = ["7;Ada;2024-01-31;5.00", "8;Bo;2024-02-29;6.00"]


@pytest.mark.parametrize("block", [1, 2, 3, 100])
@pytest.mark.parametrize(
    ("opens", "closes"),
    [
        ('1;"Kim;2024-01-31;1.00', '"'),
        ('1;"Kim;2024-01-31;1.00', '9;Lee";2024-03-31;2.00'),
        ('1;Kim;2024-01-31;"1.00', '9;Lee;2024-03-31"'),
        ('1;Kim;2024-01-31;"1.00', '9;Lee;2024-03-31;2.00"'),
        ('"1;Kim;2024-01-31;1.00', '";Lee;2024-03-31;2.00'),
        ('"', '"'),
    ],
)
def test_good_rows_between_two_stray_quotes_are_read(opens, closes, block):
    text = "\n".join(["No;Name;Due;Sum", "2;too few", opens, *GOOD, closes, *GOOD, ""])
    rows, broken = cut(text, block)
    assert broken[3] == "a quote is opened here and never closed"
    assert [rows[line] for line in (4, 5, 7, 8)] == [line.split(";") for line in (*GOOD, *GOOD)]


@pytest.mark.parametrize("block", [1, 2, 3, 100])
@pytest.mark.parametrize(
    "address", ["5 Main St;2nd floor;Rome;Italy", "a;b;c;d\ne;f;g;h", ";;;", '""x"";1;y;z\n', "Rome;00100;IT;5"]
)
def test_a_cell_may_hold_lines_with_as_many_separators_as_a_row(address, block):
    text = "\n".join(["No;Name;Due;Sum", *GOOD, f'1;"Kim\n{address}\nend";2024-01-31;1.00', *GOOD, ""])
    rows, broken = cut(text, block)
    assert not broken
    assert rows[4] == ["1", "Kim\n" + address.replace('""', '"') + "\nend", "2024-01-31", "1.00"]
    assert len(rows) == 6


def test_the_cell_at_fault_is_named():
    lines = ["No;Name;Due;Sum\n", '1;"Kim;2024;5\n', '2;Lee;"20" 24;5\n', f"3;{GOOD[0]}\n"]
    (chunk,) = records([lines], Dialect(";"), look(lines, Dialect(";"), ["No", "Name", "Due", "Sum"]))
    assert [(each.line, each.cell) for each in chunk.broken] == [(2, 1), (3, 2)]
