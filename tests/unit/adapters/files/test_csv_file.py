"""Text files at the edge: line ends, encodings, sizes."""

from __future__ import annotations

import pytest

from duewell.core.intake import FileRefused
from tests.readings import asked, reading, taken

CONTENT = (
    "Number,Customer,Due Date,Invoice Amount,Currency\n"
    "A1,Müller,2024-01-31,10.00,EUR\n"
    "A2,Groß,2024-01-31,5.00,EUR\n"
)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "cp850", "mac-roman"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_file_reads_the_same_in_every_encoding_and_with_every_line_end(encoding, end):
    found = taken(CONTENT.replace("\n", end).encode(encoding))
    assert [row.customer.name for row in found.invoices] == ["Müller", "Groß"]
    assert [row.row for row in found.invoices] == [2, 3]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_file_reads_the_same_with_every_separator(separator):
    assert len(taken(CONTENT.replace(",", separator)).invoices) == 2


def test_a_last_line_without_an_end_is_read():
    assert len(taken(CONTENT.rstrip("\n")).invoices) == 2


def test_bytes_that_are_no_text_cost_their_row_only():
    content = CONTENT.encode() + b"A3,M\xfcller,2024-01-31,10.00,EUR\n"
    found = taken(content)
    assert len(found.invoices) == 2
    assert found.why_rejected() == {4: ("Customer", "letters were lost in an earlier conversion")}


def test_an_encoding_can_be_named_and_is_doubted_where_the_bytes_prove_another():
    assert taken(CONTENT.encode("cp1250"), encoding="cp1250").invoices[0].customer.name == "Müller"
    assert asked(CONTENT, encoding="cp1252") == {"encoding": "--encoding utf-8"}
    with pytest.raises(FileRefused, match="no encoding"):
        reading(CONTENT, encoding="klingon")


def test_broken_utf16_is_refused():
    with pytest.raises(FileRefused, match="cannot be read as utf-16"):
        reading(CONTENT.encode("utf-16") + b"\x00")


def test_a_line_without_end_is_refused_before_it_fills_the_memory(monkeypatch):
    from duewell.adapters.files import csv_file

    monkeypatch.setattr(csv_file, "_LINE_MAX", 1 << 20)
    with pytest.raises(FileRefused, match="longer than"):
        reading(b"Number,Customer,Due Date,Invoice Amount,Currency\n" + b"x" * (4 << 20))


def test_blocks_may_end_anywhere(monkeypatch):
    from duewell.adapters.files import csv_file

    whole = taken(CONTENT.replace("\n", "\r\n")).rows
    for size in (1, 2, 3, 5, 64):
        monkeypatch.setattr(csv_file, "_BLOCK_BYTES", size)
        assert taken(CONTENT.replace("\n", "\r\n")).rows == whole
