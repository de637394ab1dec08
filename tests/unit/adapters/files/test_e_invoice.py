"""Electronic invoices as files: what is let in, and what each says."""

from __future__ import annotations

import io
import zlib

import pytest

from duewell.adapters.files import e_invoice
from duewell.adapters.files.e_invoice import pdf, tree
from duewell.core.intake.e_invoice import EInvoice, Fault
from tests import documents

BOMB = b"""<?xml version="1.0"?><!DOCTYPE Invoice [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"><ID>&b;</ID></Invoice>"""
OUTSIDE = b"""<!DOCTYPE Invoice [<!ENTITY x SYSTEM "file:///etc/passwd">]><Invoice><ID>&x;</ID></Invoice>"""


def told(content: bytes) -> EInvoice:
    found = e_invoice.read("x", content).told
    assert isinstance(found, EInvoice)
    return found


def fault(content: bytes) -> Fault:
    found = e_invoice.read("x", content).told
    assert isinstance(found, Fault)
    return found


@pytest.mark.parametrize("content", [BOMB, OUTSIDE])
def test_a_document_type_is_refused_before_anything_in_it_is_read(content):
    assert "document type" in fault(content).reason


def test_elements_in_one_another_without_end_are_refused():
    deep = b"<a>" * 5_000 + b"</a>" * 5_000
    assert "deep" in fault(deep).reason


def test_more_elements_than_any_invoice_has_are_refused(monkeypatch):
    monkeypatch.setattr(tree, "ELEMENTS_MAX", 10)
    assert "more than 10 elements" in fault(b"<a>" + b"<b/>" * 20 + b"</a>").reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<Invoice>", "line 1"),
        (b"<a/><b/>", "line 1"),
        (b'<?xml version="1.0" encoding="nonsense"?><a/>', "encoding"),
        (b"<Order xmlns='urn:oasis:names:specification:ubl:schema:xsd:Order-2'/>", "an order and no invoice"),
        (b"<SCRDMCCBDACIOMessageStructure/>", "an order (Order-X)"),
        (b"<Invoice xmlns='urn:something:else'/>", "no electronic invoice"),
        (b"<FatturaElettronica/>", "FatturaPA"),
        (b"%PDF-1.7 and nothing more", "the PDF cannot be read"),
    ],
)
def test_what_is_no_invoice_says_what_it_is(content, reason):
    found = fault(content)
    assert reason in found.reason and found.remedy


def test_an_envelope_of_a_network_is_opened():
    inside = documents.ubl("A-1", "10.00").split(b"\n", 1)[1]
    wrapped = b"<StandardBusinessDocument xmlns='urn:sbdh'><StandardBusinessDocumentHeader/>" + inside
    assert told(wrapped + b"</StandardBusinessDocument>").number.text == "A-1"


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "utf-8-sig"])
def test_other_encodings_are_read(encoding):
    name = "ascii" if encoding == "utf-8-sig" else encoding
    text = documents.ubl("Ä-1" if name != "ascii" else "A-1", "10.00").decode()
    content = text.replace('encoding="UTF-8"', f'encoding="{name}"').encode(encoding)
    assert told(content).number.text == ("Ä-1" if name != "ascii" else "A-1")


@pytest.mark.parametrize("name", ["factur_x", "zugferd_invoice", "xrechnung", "some_other"])
def test_the_data_inside_a_pdf_are_read(name):
    found = told(documents.pdf(**{name: documents.cii("B-2", "12.50")}))
    assert (found.syntax, found.number.text, found.payable.text) == ("CII", "B-2", "12.50")


def test_of_several_attachments_the_one_with_the_known_name_counts_and_else_none():
    invoice, other = documents.cii("B-2", "12.50"), b"<notes/>"
    assert told(documents.pdf(notes=other, factur_x=invoice)).number.text == "B-2"
    assert "several XML files" in fault(documents.pdf(notes=other, more=invoice)).reason


def test_data_that_are_only_associated_with_the_document_are_read():
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import ArrayObject, NameObject

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(documents.pdf(factur_x=documents.cii("B-2", "12.50")))))
    tree_of_names = writer.root_object["/Names"]["/EmbeddedFiles"]["/Names"]
    writer.root_object[NameObject("/AF")] = ArrayObject([tree_of_names[1]])
    del writer.root_object["/Names"]
    out = io.BytesIO()
    writer.write(out)
    assert told(out.getvalue()).number.text == "B-2"


def test_a_pdf_without_data_is_no_electronic_invoice():
    assert "without invoice data" in fault(documents.pdf()).reason


def test_a_stream_that_unpacks_without_end_is_refused():
    from pypdf import PdfWriter
    from pypdf.generic import NameObject, StreamObject

    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_attachment("factur-x.xml", b"placeholder")
    for entry in writer._objects:
        if isinstance(entry, StreamObject) and entry.get("/Type") == "/EmbeddedFile":
            entry._data = zlib.compress(b" " * (pdf.STREAM_MAX * 3))
            entry[NameObject("/Filter")] = NameObject("/FlateDecode")
    out = io.BytesIO()
    writer.write(out)
    assert len(out.getvalue()) < 1_000_000
    assert "cannot be read" in fault(out.getvalue()).reason


def test_a_password_is_said(monkeypatch):
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(documents.pdf(factur_x=documents.cii("B-2", "1.00")))))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    assert "password" in fault(out.getvalue()).reason


def test_the_text_of_a_pdf_is_read():
    assert "RE-2026-120" in pdf.text(documents.pdf("Invoice RE-2026-120"))


def test_tables_are_told_from_documents_by_how_they_begin():
    assert e_invoice.is_one(b"\xef\xbb\xbf<?xml version='1.0'?>")
    assert e_invoice.is_one(b"%PDF-1.7")
    assert not e_invoice.is_one(b"<html><table>")
    assert not e_invoice.is_one(b"Invoice,Amount\n")
