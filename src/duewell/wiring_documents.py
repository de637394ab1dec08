"""Wiring of electronic invoices and of documents that belong to invoices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes
from typing import TYPE_CHECKING

from duewell import wiring, wiring_intake
from duewell.adapters.home import Home
from duewell.flows.ports import Clock, CreditorView

if TYPE_CHECKING:
    from duewell.adapters.files.pile import PileOnDisk
    from duewell.core.intake import Mapping, Rejected
    from duewell.core.intake.e_invoice_look import Pile
    from duewell.flows.import_file import Outcome
    from duewell.flows.tie_documents import Tied
    from duewell.store.intake.documents import Kept

_FIRST_BYTES = 4_096
Tell = Callable[[str, int, int], None]


def is_pile(source: Path) -> bool:
    """Whether a path is a folder, or a file that is XML or a PDF. Raises `OSError`."""
    from duewell.adapters.files import e_invoice

    if source.is_dir():
        return True
    if not source.is_file():
        return False  # Whoever reads tables says what is wrong with the path.
    with source.open("rb") as opened:
        return e_invoice.is_one(opened.read(_FIRST_BYTES))


def look(
    home: Home, source: Path, said: Mapping, creditor: CreditorView, sellers: Sequence[str], tell: Tell
) -> tuple[PileOnDisk, Pile]:
    """Look at every document of a file or folder.

    Raises:
        FileRefused: there is nothing in it to look at. `OSError`: it cannot be opened.
    """
    from duewell.adapters.files.pile import PileOnDisk
    from duewell.adapters.files.places import places
    from duewell.core.intake.e_invoice_look import look as look_at
    from duewell.core.intake.e_invoice_rows import Rules
    from duewell.core.intake.sellers import Us
    from duewell.store import creditors

    details = creditors.details(creditor.id)
    us = Us((details["name"], *sellers), tuple(filter(None, (details["iban"],))))
    rules = Rules(us, said.terms_days, said.rounded, said.constants, places(), tests_taken=home.test)
    on_disk = PileOnDisk(source)
    total = len(on_disk.files)
    return on_disk, look_at(on_disk.papers(), rules, lambda done: tell("reading", done, total))


def import_pile(
    home: Home,
    creditor: CreditorView,
    clock: Clock,
    on_disk: PileOnDisk,
    pile: Pile,
    source: Path,
    *,
    dry_run: bool,
    by: str,
    tell: Tell,
    then: Callable[[], None] = lambda: None,
) -> tuple[Outcome, int]:
    """Write what the documents say, and keep them; the outcome, and how many documents are new.

    `then` is called when they are written: in a dry run before they are taken away again.
    """
    from duewell.flows import import_file as flow
    from duewell.store import sql
    from duewell.store.intake.pile import StoredPile

    sources = pile.sources()
    digest = sha256("\n".join(sorted(one.digest for one in sources.values())).encode()).hexdigest()
    now = clock.now()
    options = flow.ImportOptions("documents", source.name, digest, False, now, by)
    book = StoredPile(
        creditor.id,
        wiring_intake.policy(creditor),
        now,
        wiring.day_of(creditor),
        lambda: token_bytes(16),
        sources,
        lambda number: on_disk.content(number, sources[number].digest),
    )
    if not dry_run:
        outcome = flow.import_file(pile, book, options, {}, tell)
        then()
        wiring.seal(home, clock)
        return outcome, book.kept
    with sql.transaction.atomic():
        outcome = flow.import_file(pile, book, options, {}, tell)
        then()
        sql.transaction.set_rollback(True)
    return outcome, book.kept


def write_rejected(rejected: Sequence[Rejected], file: Path) -> Path:
    """Write a table of the documents that were not taken. Raises `OSError`."""
    from duewell.adapters.files.error_file import ErrorFile

    with ErrorFile(file, ("file", "element", "value"), ",") as errors:
        errors.write(bad._replace(cells=(*bad.cells[:1], bad.column, bad.value), column="") for bad in rejected)
    return file


def tie(creditor: CreditorView, clock: Clock, folder: Path, *, by: str, tell: Tell) -> tuple[Tied, int | None]:
    """Tie the PDFs of a folder to the invoices of a creditor; what became of them, and the number of the import.

    Raises:
        NotADirectoryError: it is no folder.
    """
    from duewell.adapters.files.pdf_folder import PdfFolder
    from duewell.flows.tie_documents import tie_documents
    from duewell.store.intake.document_book import StoredDocuments

    papers = PdfFolder(folder)
    book = StoredDocuments(creditor.id, folder.name, clock.now(), by, lambda: token_bytes(16), papers.content)
    tied = tie_documents(papers, book, tell)
    book.end(len(tied.left))
    return tied, book.batch


def tie_alone(
    home: Home, creditor: CreditorView, clock: Clock, folder: Path, *, dry_run: bool, by: str, tell: Tell
) -> tuple[Tied, int | None]:
    """The same as an import of its own; with `dry_run` everything is tried and nothing is kept."""
    from duewell.store import sql

    if not dry_run:
        done = tie(creditor, clock, folder, by=by, tell=tell)
        wiring.seal(home, clock)
        return done
    with sql.transaction.atomic():
        done = tie(creditor, clock, folder, by=by, tell=tell)
        sql.transaction.set_rollback(True)
    return done


def documents_of(creditor: CreditorView, account: int, receivable: int | None) -> list[Kept]:
    """The documents of an account, or of one of its invoices."""
    from duewell.store.intake import documents

    return documents.listed(creditor.id, account, receivable)


def content_of(creditor: CreditorView, document: int) -> bytes | None:
    """The bytes of a document; None where they were erased. Raises `ValueError` where they were changed."""
    from duewell.store.intake import documents

    return documents.content(creditor.id, document)
