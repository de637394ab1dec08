"""Electronic invoices read into rows, as XML and as PDFs with XML inside. Prints one JSON line.

    python -m benchmarks.e_invoices --size small|full

Reading only, on one core: opening, parsing, checking; writing is that of any import. The floor: the same bytes
hashed and given to the XML parser of the standard library, nothing in between.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from hashlib import sha256
from xml.parsers import expat

from duewell.adapters.files import e_invoice
from duewell.adapters.files.places import places
from duewell.core.intake.e_invoice import EInvoice
from duewell.core.intake.e_invoice_rows import Rules, Taken, row_of
from duewell.core.intake.sellers import Us
from tests import documents

SIZES = {"small": 200, "full": 5_000}
LINES = 40
"""Lines of an invoice: what makes a document as large as real ones."""


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--size", choices=SIZES, default="small")
    count = SIZES[options.parse_args().size]
    xml = [_longer(documents.cii(f"A-{number}", "119.00")) for number in range(50)]
    pdf = [documents.pdf("Invoice\n" * 40, factur_x=content) for content in xml[:10]]
    print(
        json.dumps(
            {
                "benchmark": "e_invoices",
                "documents": count,
                "xml_bytes": len(xml[0]),
                "pdf_bytes": len(pdf[0]),
                "xml_per_core_second": round(_rate(xml, count)),
                "pdf_per_core_second": round(_rate(pdf, max(count // 5, 50))),
                "floor_xml_per_core_second": round(_floor(xml, count)),
            }
        )
    )
    return 0


def _longer(content: bytes) -> bytes:
    line = (
        b"<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument><ram:LineID>1</ram:LineID>"
        b"</ram:AssociatedDocumentLineDocument><ram:SpecifiedTradeProduct><ram:Name>Something sold</ram:Name>"
        b"</ram:SpecifiedTradeProduct><ram:SpecifiedLineTradeSettlement>"
        b"<ram:LineTotalAmount>1.00</ram:LineTotalAmount></ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>"
    )
    return content.replace(
        b"<rsm:SupplyChainTradeTransaction>", b"<rsm:SupplyChainTradeTransaction>" + line * LINES, 1
    )


def _rate(contents: list[bytes], count: int) -> float:
    rules = Rules(Us(("Acme",)), None, False, {}, places())
    began = time.process_time()
    for number in range(count):
        told = e_invoice.read("x", contents[number % len(contents)]).told
        assert isinstance(told, EInvoice)
        assert isinstance(row_of(told, number + 1, rules), Taken)
    return count / (time.process_time() - began)


def _floor(contents: list[bytes], count: int) -> float:
    began = time.process_time()
    for number in range(count):
        content = contents[number % len(contents)]
        sha256(content).digest()
        expat.ParserCreate().Parse(content, True)
    return count / (time.process_time() - began)


if __name__ == "__main__":
    sys.exit(main())
