"""Papers read back: their text, where each word stands in millimetres, and what their codes say."""

from __future__ import annotations

from typing import NamedTuple

import pypdfium2
import zxingcpp

MM = 72 / 25.4


class Place(NamedTuple):
    """Where words stand on a sheet, in millimetres from its upper left corner."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


def text(pdf: bytes) -> list[str]:
    """The text of each page, lines apart by line feeds; spaces that do not break are as others."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return [page.replace("\r\n", "\n").replace("\u00a0", " ") for page in pages]


def sizes(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of each page in millimetres."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [(page.get_width() / MM, page.get_height() / MM) for page in document]


def places(pdf: bytes, words: str) -> list[Place]:
    """Every place where the words stand, in the order of the pages; an empty list where they do not."""
    found = []
    with pypdfium2.PdfDocument(pdf) as document:
        for number, page in enumerate(document, start=1):
            height = page.get_height()
            within = page.get_textpage()
            searcher = within.search(words, match_case=True)
            while (hit := searcher.get_next()) is not None:
                start, count = hit
                boxes = [within.get_charbox(start + offset) for offset in range(count)]
                found.append(
                    Place(
                        number,
                        min(box[0] for box in boxes) / MM,
                        (height - max(box[3] for box in boxes)) / MM,
                        max(box[2] for box in boxes) / MM,
                        (height - min(box[1] for box in boxes)) / MM,
                    )
                )
    return found


def codes(pdf: bytes, dpi: int = 200) -> list[str]:
    """What the QR codes on the rendered pages say, as a camera would read them."""
    found = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            picture = page.render(scale=dpi / 72, grayscale=True).to_pil()
            found += [code.text for code in zxingcpp.read_barcodes(picture)]
    return found
