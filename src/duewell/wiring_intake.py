"""Wiring of what reads files of other programs and writes what they say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from secrets import token_bytes
from typing import TYPE_CHECKING, Any

from duewell import wiring
from duewell.adapters.home import Home
from duewell.flows.ports import Clock, CreditorView

if TYPE_CHECKING:
    from duewell.core.intake import Mapping as Mapping_
    from duewell.core.intake import Reading, Rejected
    from duewell.core.ledger.allocate import Policy
    from duewell.flows.import_file import Outcome


def reading(file: Path, kind: str, said: Mapping_, creditor: CreditorView, books_as_of: datetime) -> Reading:
    """Look at a file: what it is, what it leaves open, and its rows.

    Raises:
        FileRefused: nothing in it can be read.
        ValueError: what was said about it cannot be.
    """
    from duewell.adapters.files.places import places
    from duewell.adapters.files.source import open_table
    from duewell.adapters.memory import seldom_collected
    from duewell.core.intake import read

    with seldom_collected():
        table = open_table(file, kind, said)
        return read(table, kind, said, as_of=wiring.day_of(creditor)(books_as_of), places=places())


def import_file(
    home: Home,
    creditor: CreditorView,
    clock: Clock,
    read: Reading,
    file: Path,
    books_as_of: datetime,
    *,
    full: bool,
    dry_run: bool,
    by: str,
    tell: Callable[[str, int, int], None],
    then: Callable[[], None] = lambda: None,
) -> Outcome:
    """Write what a file says; with `dry_run` everything is tried and nothing is kept.

    `then` is called when the rows are written: in a dry run before they are taken away again.
    """
    from duewell.adapters.memory import seldom_collected
    from duewell.flows import import_file as flow
    from duewell.store import sql
    from duewell.store.intake.book import StoredImport

    with open(file, "rb") as opened:
        digest = file_digest(opened, "sha256").hexdigest()
    options = flow.ImportOptions(read.kind, file.name, digest, full, books_as_of, by)
    now, day_of = clock.now(), wiring.day_of(creditor)
    book = StoredImport(
        creditor.id, policy(creditor), now, day_of, lambda: token_bytes(16), creditor.country, _numbers
    )
    mapping = mapping_values(read.mapping)
    if not dry_run:
        with seldom_collected():
            outcome = flow.import_file(read, book, options, mapping, tell)
        then()
        wiring.seal(home, clock)
        return outcome
    with seldom_collected(), sql.transaction.atomic():
        outcome = flow.import_file(read, book, options, mapping, tell)
        then()
        sql.transaction.set_rollback(True)
    return outcome


def load_mapping(file: Path, kind: str) -> Mapping_:
    """A saved mapping for files of a kind.

    Raises:
        BadYaml: it is no such file; with line numbers. `OSError`: it cannot be opened.
    """
    from duewell.adapters.files import mapping_file

    return mapping_file.load(file, kind)


def save_mapping(said: Mapping_, kind: str, file: Path) -> None:
    """Save a mapping where `load_mapping` finds it. Raises `OSError`."""
    from duewell.adapters.files import mapping_file

    mapping_file.save(said, kind, file)


def write_rejected(read: Reading, rejected: Sequence[Rejected], file: Path) -> Path:
    """Write the rows that were not taken, with reason and remedy, as a file of the same form. Raises `OSError`."""
    from duewell.adapters.files.error_file import ErrorFile

    with ErrorFile(file, read.header, read.table.separator) as errors:
        errors.write(sorted(rejected, key=lambda row: row.row))
    return file


def mapping_values(mapping: Mapping_) -> dict[str, object]:
    """A mapping as plain values: what a file of it holds, and what a batch keeps."""
    plain: dict[str, object] = {}
    for name, value in vars(mapping).items():
        # No days and no header are zero, and said.
        if value is None or value is False or value == () or (isinstance(value, Mapping) and not value):
            continue
        plain[name] = _plain(value)
    return plain


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, tuple) else value


def undo_import(creditor: CreditorView, clock: Clock, batch: int, by: str) -> dict[str, Any]:
    """Take an import back."""
    from duewell.store.intake.undo import undo

    return undo(creditor.id, batch, clock.now(), policy(creditor), wiring.day_of(creditor), by)


def policy(creditor: CreditorView) -> Policy:
    from duewell.core.ledger.allocate import Policy
    from duewell.store import creditors

    return Policy(creditors.details(creditor.id)["policy"]["allocation"])


def _numbers(cell: str, country: str) -> tuple[str, ...]:
    """The telephone numbers of a cell; countries may be names, as a creditor's is."""
    from duewell.adapters import phones
    from duewell.adapters.countries import country_code

    return phones.read_all(cell, country_code(country) or "")[0]
