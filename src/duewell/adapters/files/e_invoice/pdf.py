"""What stands inside a PDF: the invoice data attached to it, and its text. With limits on every stream."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdf
from pypdf import apply_configuration
from pypdf.errors import PyPdfError

BYTES_MAX = 64 * 1024 * 1024
STREAM_MAX = 32 * 1024 * 1024
"""Bytes that one compressed stream may unpack to."""
ATTACHMENTS_MAX = 200
PAGES_MAX = 30
"""Pages of which the text is read."""
TEXT_MAX = 400_000
KNOWN_NAMES = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml", "order-x.xml")
"""Names that the profiles give to the invoice, in small letters, the likeliest first."""
# What is wrong with a file is told by its outcome, and a reader may write parts of it into a log.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


class BadPdf(Exception):
    """The file cannot be read as a PDF; the text says why."""


_LIMITS = pypdf.Configuration(
    maximum_declared_stream_length=STREAM_MAX,
    array_based_stream_maximum_output_length=STREAM_MAX,
    lzw_maximum_output_length=STREAM_MAX,
    run_length_maximum_output_length=STREAM_MAX,
    zlib_maximum_output_length=STREAM_MAX,
    brotli_maximum_output_length=STREAM_MAX,
    stream_decoding_work_maximum_length=4 * STREAM_MAX,
    stream_parsing_work_maximum_count=1_000_000,
    page_tree_maximum_entries=20_000,
    # No other program is started.
    jbig2dec_binary=None,
    disable_legacy_handling=True,
)
# What the reader raises on damaged files is not told apart by it.
_DAMAGED = (
    PyPdfError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RecursionError,
    OverflowError,
    IndexError,
    AssertionError,
    NotImplementedError,
)


@contextmanager
def _reading(content: bytes) -> Iterator[pypdf.PdfReader]:
    """The file, opened within the limits; whatever goes wrong inside is a `BadPdf`."""
    if len(content) > BYTES_MAX:
        raise BadPdf(f"it is larger than {BYTES_MAX // 1024 // 1024} MB")
    try:
        with apply_configuration(_LIMITS):
            reader = pypdf.PdfReader(io.BytesIO(content), strict=False)
            if reader.is_encrypted and not reader.decrypt(""):
                raise BadPdf("it is protected by a password")
            yield reader
    except _DAMAGED as problem:
        raise BadPdf(f"it is damaged, or no PDF ({type(problem).__name__})") from None


def invoice(content: bytes) -> bytes | None:
    """The invoice data attached to the PDF, or None if it has none.

    Raises:
        BadPdf: it is no PDF that can be read, or has several attachments of which any could be the invoice.
    """
    with _reading(content) as reader:
        found: dict[str, Any] = {}
        for count, (name, stream) in enumerate(_attached(reader)):
            if count >= ATTACHMENTS_MAX:
                raise BadPdf(f"it has more than {ATTACHMENTS_MAX} attachments")
            found.setdefault(name.lower(), stream)
        chosen = next((name for name in KNOWN_NAMES if name in found), None)
        if chosen is None:
            others = sorted(name for name in found if name.endswith(".xml"))
            if len(others) > 1:
                raise BadPdf(f"it has several XML files attached: {', '.join(others[:5])}")
            chosen = others[0] if others else None
        return None if chosen is None else bytes(found[chosen].get_data())


def _attached(reader: pypdf.PdfReader) -> Iterator[tuple[str, Any]]:
    """Names and streams: of the tree of names, and of the files that are only associated with the document."""
    specifications = [attachment.pdf_object for attachment in reader.attachment_list]
    associated = reader.root_object.get("/AF")
    if associated is not None:
        specifications += [each.get_object() for each in associated.get_object()]
    for specification in specifications:
        files = specification.get("/EF")
        if files is None:
            continue
        inside = files.get_object()
        stream = inside.get("/UF", inside.get("/F"))
        name = specification.get("/UF", specification.get("/F"))
        if stream is not None and name is not None:
            yield str(name.get_object()), stream.get_object()


def text(content: bytes) -> str:
    """The text of the first pages.

    Raises:
        BadPdf: it is no PDF that can be read.
    """
    with _reading(content) as reader:
        found: list[str] = []
        left = TEXT_MAX
        for number, page in enumerate(reader.pages):
            if number >= PAGES_MAX or left <= 0:
                break
            found.append(page.extract_text()[:left])
            left -= len(found[-1])
        return "\n".join(found)
