"""Tie the PDFs of invoices to the invoices that they are, and keep them beside these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Protocol

from duewell.core.intake import ties
from duewell.core.intake.ties import Invoice, Tie

GROUP = 200
"""Documents whose texts are held against the invoices at a time, and are kept in one transaction."""
_NO_PDF = "Put the invoice itself there, as a PDF of at most 64 MB."
_DAMAGED = "Open it, and save it as PDF again; or put the number into its name."


class Pdf(NamedTuple):
    """A document that may be an invoice's."""

    name: str
    stem: str
    """The name of the file without folder and ending."""


class Papers(Protocol):
    """PDFs on disk."""

    def all(self) -> Sequence[Pdf]:
        """Every PDF, in the order of the names."""
        ...

    def is_pdf(self, pdf: Pdf) -> bool:
        """Whether one can be read, begins as a PDF does and is not too large, whatever its name says."""
        ...

    def text(self, pdf: Pdf) -> str | None:
        """The text of one; None if it cannot be read."""
        ...


class DocumentBook(Protocol):
    """Where invoices are looked up and documents are kept."""

    def invoices(self) -> Iterable[Invoice]:
        """Every invoice of the creditor."""
        ...

    def keep(self, tied: Sequence[Tie]) -> int:
        """Keep the documents that are tied, in one transaction; how many of them are new."""
        ...


class Tied(NamedTuple):
    """What became of a folder of PDFs."""

    ties: list[Tie]
    new: int

    @property
    def left(self) -> list[Tie]:
        """Those that are tied to nothing, and why."""
        return [tie for tie in self.ties if tie.invoice is None]


def tie_documents(papers: Papers, book: DocumentBook, tell: Callable[[str, int, int], None]) -> Tied:
    """Tie every PDF that names one invoice; the others are left, with the reason."""
    pdfs = papers.all()
    known = ties.wanted(book.invoices(), set(ties.keys_of(pdf.stem for pdf in pdfs)))
    found: dict[str, Tie] = {}
    unnamed = []
    for pdf in pdfs:
        tie = ties.by_name(pdf.name, pdf.stem, known)
        if tie is None:
            unnamed.append(pdf)
        elif tie.invoice is not None and not papers.is_pdf(pdf):
            # It would go out beside the invoice, and it may be anything: a page of an error, a link to elsewhere.
            found[pdf.name] = Tie(pdf.name, None, "", "it is no PDF, cannot be read, or is too large", _NO_PDF)
        else:
            found[pdf.name] = tie
    done = len(found)
    for start in range(0, len(unnamed), GROUP):
        some = unnamed[start : start + GROUP]
        texts = {}
        for pdf in some:
            texts[pdf.name] = papers.text(pdf)
            done += 1
            tell("reading", done, len(pdfs))
        keys = {key for text in texts.values() for key in ties.in_text(text or "")}
        inside = ties.wanted(book.invoices(), keys) if keys else {}
        for name, text in texts.items():
            found[name] = (
                ties.by_text(name, text, inside)
                if text is not None
                else Tie(name, None, "", "its name holds no known number, and the PDF cannot be read", _DAMAGED)
            )
    ordered = [found[pdf.name] for pdf in pdfs]
    tied = [tie for tie in ordered if tie.invoice is not None]
    new = 0
    for start in range(0, len(tied), GROUP):
        new += book.keep(tied[start : start + GROUP])
        tell("keeping", min(start + GROUP, len(tied)), len(tied))
    return Tied(ordered, new)
