"""Electronic invoices: UBL, CII (XRechnung, Factur-X, ZUGFeRD 2), ZUGFeRD 1, as XML or attached to a PDF."""

from __future__ import annotations

from hashlib import sha256

from duewell.adapters.files.e_invoice import cii, pdf, tree, ubl
from duewell.core.intake.e_invoice import EInvoice, Fault, Paper

_READERS = {
    "Invoice": ubl.read,
    "CreditNote": ubl.read,
    "CrossIndustryInvoice": cii.read,
    "CrossIndustryDocument": cii.read,
}
_SPACES = {
    "Invoice": "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2",
    "CreditNote": "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2",
}
_ANOTHER = "Import invoices and credit notes only."
_OTHERS = {
    "SCRDMCCBDACIOMessageStructure": (
        "an order (Order-X) and no invoice",
        "Leave it out: nothing is owed by it yet.",
    ),
    "Order": ("an order and no invoice", "Leave it out: nothing is owed by it yet."),
    "OrderResponse": ("the answer to an order and no invoice", "Leave it out: nothing is owed by it yet."),
    "DespatchAdvice": ("a despatch advice and no invoice", "Leave it out: nothing is owed by it yet."),
    "Reminder": ("a reminder and no invoice", "Import the invoice that it reminds of."),
    "ApplicationResponse": ("an answer about a document and no invoice", "Leave it out."),
    "FatturaElettronica": (
        "a FatturaPA, which is not read yet",
        "Have it converted to UBL or CII, or import a list.",
    ),
    "Document": (
        "a message between banks (ISO 20022) and no invoice",
        "Bank statements have a command of their own.",
    ),
    "html": ("a web page and no invoice", _ANOTHER),
}


def is_one(first: bytes) -> bool:
    """Whether a file that begins like this is XML or a PDF, and so no table."""
    plain = first.lstrip(b"\xef\xbb\xbf \t\r\n")
    if plain[:9].lower().startswith((b"<html", b"<table", b"<!doctype")):
        # A list that a program calls a sheet, and is a web page: whoever reads tables says so.
        return False
    return plain.startswith((b"%PDF", b"<")) or first.startswith((b"\xff\xfe<\x00", b"\xfe\xff\x00<"))


def read(name: str, content: bytes) -> Paper:
    """One file.

    Args:
        name: how it is called in messages.
        content: its bytes, XML or PDF.
    """
    return Paper(name, sha256(content).hexdigest(), _told(content))


def _told(content: bytes) -> EInvoice | Fault:
    if content[:1024].lstrip().startswith(b"%PDF"):
        try:
            attached = pdf.invoice(content)
        except pdf.BadPdf as problem:
            return Fault("", "", f"the PDF cannot be read: {problem}", "Have it written again.")
        if attached is None:
            return Fault(
                "",
                "",
                "a PDF without invoice data inside",
                "Import the invoice from a list; --documents DIR then ties the PDF to it.",
            )
        content = attached
    try:
        root = tree.read(content)
    except tree.BadXml as problem:
        return Fault("", "", f"the XML cannot be read: {problem}", "Have the seller's program write it again.")
    return _of(root)


def _of(root: tree.Node) -> EInvoice | Fault:
    if root.name == "StandardBusinessDocument":
        # The envelope of a network around the document itself.
        inside = next((child for child in root.children if child.name in _READERS), None)
        if inside is not None:
            root = inside
    reader = _READERS.get(root.name)
    if reader is None or _SPACES.get(root.name, root.space) != root.space:
        reason, remedy = _OTHERS.get(root.name, ("no electronic invoice in UBL, CII or ZUGFeRD", _ANOTHER))
        return Fault(f"/{root.name}"[:100], root.space[:100], reason, remedy)
    return reader(root)
