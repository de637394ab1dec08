"""Whatever the bytes are: a document says something, or why it says nothing; nothing else ever happens."""

from __future__ import annotations

from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from duewell.adapters.files import e_invoice
from duewell.adapters.files.e_invoice import pdf
from duewell.adapters.files.places import places
from duewell.core.intake.e_invoice import EInvoice, Fault
from duewell.core.intake.e_invoice_rows import NoDueDate, Rules, Taken, row_of
from duewell.core.intake.sellers import Us
from tests import documents


@cache
def sound() -> tuple[bytes, ...]:
    """Documents without a fault."""
    xml = documents.cii("B-2", "12.50")
    return (documents.ubl("A-1", "10.00", terms="Payable within 10 days"), xml, documents.pdf("B-2", factur_x=xml))


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A sound document with some of it cut out, doubled or written over."""
    content = bytearray(draw(st.sampled_from(sound())))
    for _ in range(draw(st.integers(1, 6))):
        at, length = draw(st.integers(0, len(content))), draw(st.integers(0, 120))
        how = draw(st.sampled_from(["cut", "double", "write"]))
        if how == "cut":
            del content[at : at + length]
        elif how == "double":
            content[at:at] = content[at : at + length]
        else:
            content[at : at + 4] = draw(st.binary(max_size=4))
    return bytes(content)


@given(st.one_of(damaged(), st.binary(max_size=200), st.text(max_size=100).map(str.encode)))
def test_any_bytes_are_an_invoice_or_a_fault(content: bytes) -> None:
    told = e_invoice.read("x", content).told
    if isinstance(told, Fault):
        assert told.reason and told.remedy
        return
    assert isinstance(told, EInvoice)
    found = row_of(told, 1, Rules(Us(("Acme",)), None, False, {}, places(), tests_taken=True))
    assert isinstance(found, Taken | Fault | NoDueDate)


@given(damaged())
def test_the_text_of_any_pdf_is_read_or_it_is_said_why_not(content: bytes) -> None:
    try:
        assert isinstance(pdf.text(content), str)
    except pdf.BadPdf as problem:
        assert str(problem)
