"""Files are told by what is in them; what is no table is refused with what to do instead."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from duewell.adapters.files.source import open_table
from duewell.core.intake import FileRefused

TABLE = b"Number,Customer,Due Date,Open Amount\n1,A,2024-01-31,10.00\n"


def archive(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return file.getvalue()


NO_TABLES = {
    b"": "empty",
    b" \n\t\r\n": "empty",
    b"\xef\xbb\xbf": "empty",
    b"%PDF-1.7 ...": "PDF",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100: "old .xls",
    b"\x1f\x8b\x08\x00": "compressed",
    b"BZh9": "compressed",
    b"7z\xbc\xaf\x27\x1c": "compressed",
    b"Rar!\x1a": "compressed",
    b"SQLite format 3\x00": "database",
    b"PAR1....": "Parquet",
    b"<?xml version='1.0'?><a/>": "XML",
    b"\xef\xbb\xbf<?xml version='1.0'?><a/>": "XML",
    b"  <HTML><table>": "web page",
    b"<!DOCTYPE html><html>": "web page",
    b'{"invoices": []}': "JSON",
    b'[{"number": 1}]': "JSON",
    b"\x89PNG\r\n\x1a\n": "picture",
    bytes(range(1, 32)) * 20: "no text",
    archive("mimetype", "content.xml"): "OpenDocument",
    archive("word/document.xml"): "Word",
    archive("xl/workbook.bin"): "binary workbook",
    archive("invoices.csv"): "ZIP archive",
    b"PK\x03\x04 and nothing more": "damaged",
}


@pytest.mark.parametrize("content", NO_TABLES, ids=list(NO_TABLES.values()))
def test_what_is_no_table_is_refused_with_what_to_do(content):
    with pytest.raises(FileRefused, match=NO_TABLES[content]) as refused:
        open_table(content, "invoices")
    assert refused.value.remedy


def test_the_name_of_a_file_does_not_matter(tmp_path: Path):
    path = tmp_path / "list.xlsx"
    path.write_bytes(TABLE)
    assert open_table(path, "invoices").separator == ","


def test_paths_that_are_no_files_are_refused(tmp_path: Path):
    with pytest.raises(FileRefused, match="folder"):
        open_table(tmp_path, "invoices")
    with pytest.raises(FileRefused, match="no file"):
        open_table(tmp_path / "missing.csv", "invoices")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileRefused, match="ordinary"):
        open_table(tmp_path / "pipe", "invoices")


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path):
    path = tmp_path / "list.csv"
    path.write_bytes(TABLE)
    table = open_table(path, "invoices")
    path.write_bytes(TABLE * 2)
    with pytest.raises(FileRefused, match="changed"):
        list(table.chunks())
