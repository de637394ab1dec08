"""Files of a home in which somebody stands."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest

from duewell.adapters import erased_files
from duewell.core.party.mentions import mentions

NAMED = mentions(["C-1", "Anna Berg", "anna@berg.example"])


@pytest.mark.parametrize(
    ("name", "content", "left"),
    [
        ("errors/a.csv", "number,why\nC-1,bad\nC-10,bad\n", "number,why\nC-10,bad\n"),
        ("errors/b.csv", 'number;why\nC-2;"two\nlines"\n"C-1";"two\nlines"\n', 'number;why\nC-2;"two\nlines"\n'),
        ("errors/c.tsv", "C-1\tx\r\nC-2\tx\r\n", "C-2\tx\r\n"),
        ("logs/d.log", "sent to anna@berg.example\nsent to bela@kosch.example\n", "sent to bela@kosch.example\n"),
        ("letters/e.json", '{"to": "Anna Berg"}', None),
        ("letters/f.html", "<p>Bela Kosch</p>", "<p>Bela Kosch</p>"),
        ("strategies/own.yaml", "# asked for by Anna Berg", "# asked for by Anna Berg"),
        ("errors/broken.csv", 'C-2,"never closed\nC-1,x', None),
    ],
)
def test_lines_go_out_of_lists_and_other_files_go_whole(
    tmp_path: Path, name: str, content: str, left: str | None
) -> None:
    path = tmp_path / name
    path.parent.mkdir()
    path.write_bytes(content.encode())
    changed = erased_files.erase(tmp_path, NAMED, dry_run=False)
    if name == "errors/broken.csv":
        # One record that never ends names the person, so all of it goes.
        assert (changed, path.read_bytes()) == ([name], b"")
        return
    assert changed == ([] if left == content else [name])
    assert (path.read_bytes().decode() if path.exists() else None) == left


def test_a_mail_is_read_as_people_read_it(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["To"] = "somebody@example.org"
    mail.set_content("Dear Anna Berg, grüße", cte="base64")
    (tmp_path / "sent").mkdir()
    (tmp_path / "sent" / "1.eml").write_bytes(mail.as_bytes())
    assert b"Anna" not in mail.as_bytes()
    assert erased_files.erase(tmp_path, NAMED, dry_run=True) == ["sent/1.eml"]
    assert (tmp_path / "sent" / "1.eml").exists()
    erased_files.erase(tmp_path, NAMED, dry_run=False)
    assert not (tmp_path / "sent" / "1.eml").exists()


def test_a_print_batch_with_a_letter_to_the_person_goes_whole(tmp_path: Path) -> None:
    shelf = tmp_path / "print" / "acme"
    shelf.mkdir(parents=True)
    for batch, account in ((1, "C-1"), (2, "C-10")):
        (shelf / f"batch-{batch}.pdf").write_bytes(b"pages that nobody can read")
        (shelf / f"batch-{batch}.json").write_text(f'{{"letters": [{{"account": "{account}"}}]}}')
        (shelf / f"batch-{batch}.csv").write_text(f"attempt,account\n7,{account}\n")
    changed = erased_files.erase(tmp_path, NAMED, dry_run=True)
    assert changed == [f"print/acme/batch-1.{kind}" for kind in ("csv", "json", "pdf")]
    assert erased_files.erase(tmp_path, NAMED, dry_run=False) == changed
    assert sorted(path.name for path in shelf.iterdir()) == [f"batch-2.{kind}" for kind in ("csv", "json", "pdf")]
