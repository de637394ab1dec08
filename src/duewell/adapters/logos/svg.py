"""Is it a drawing and nothing else? Browsers show an SVG too: no program, no style from elsewhere, no link."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

_SVG: Final = "{http://www.w3.org/2000/svg}"
_DRAWN: Final = frozenset(
    "svg g defs title desc metadata symbol use path rect circle ellipse line polyline polygon text tspan style"
    " linearGradient radialGradient stop clipPath mask pattern marker filter feGaussianBlur feOffset feBlend"
    " feColorMatrix feFlood feComposite feMerge feMergeNode switch".split()
)
"""Elements that only draw. All else is refused: scripts, foreign content, pictures, links, animation."""
_TOLD: Final = (
    "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}",
    "{http://purl.org/dc/elements/1.1/}",
    "{http://creativecommons.org/ns#}",
    "{http://web.resource.org/cc/}",
    "{http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd}",
    "{http://www.inkscape.org/namespaces/inkscape}",
)
"""Remarks of drawing programs, which draw nothing."""
_ELEMENTS_MAX: Final = 20_000
_DEPTH_MAX: Final = 100
_ELSEWHERE: Final = re.compile(r"url\s*\(\s*[\"']?\s*(?!#)|@import|javascript:|expression\s*\(|\\", re.IGNORECASE)
_REMEDY: Final = "export it as plain SVG with texts as paths, or as PNG"


def check_svg(content: bytes) -> None:
    """Look at every element and attribute.

    Raises:
        ValueError: what is in it that a logo must not hold, and the remedy.
    """
    if b"<?xml-stylesheet" in content:
        raise ValueError(f"the SVG takes its style from elsewhere: {_REMEDY}")
    try:
        root = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as problem:
        raise ValueError(f"the SVG declares entities or a document type: {_REMEDY}") from problem
    except (ParseError, ValueError, LookupError) as problem:
        raise ValueError(f"the SVG cannot be read ({problem}): {_REMEDY}") from problem
    if root.tag != f"{_SVG}svg":
        raise ValueError(f"the drawing is no SVG but {_plain(root.tag)}: {_REMEDY}")
    for count, element in enumerate(_all(root)):
        if count >= _ELEMENTS_MAX:
            raise ValueError(f"the SVG has more than {_ELEMENTS_MAX:,} elements: simplify it, or save it as PNG")
        _check(element)


def _all(root: Element) -> Iterator[Element]:
    stack = [(root, 1)]
    while stack:
        element, depth = stack.pop()
        if depth > _DEPTH_MAX:
            raise ValueError(f"the SVG is nested more than {_DEPTH_MAX} deep: simplify it, or save it as PNG")
        yield element
        stack.extend((child, depth + 1) for child in element)


def _check(element: Element) -> None:
    tag = element.tag
    drawn = tag.startswith(_SVG) and tag.removeprefix(_SVG) in _DRAWN
    if not drawn and not tag.startswith(_TOLD):
        raise ValueError(f"the SVG holds <{_plain(tag)}>, which is no drawing: {_REMEDY}")
    for name, value in element.attrib.items():
        if name.startswith(_TOLD):
            continue
        plain = _plain(name).lower()
        if plain.startswith("on"):
            raise ValueError(f"the SVG holds a script ({plain}): {_REMEDY}")
        if plain in ("href", "src") and drawn and not value.strip().startswith("#"):
            raise ValueError(f"the SVG refers to something outside itself ({value[:60]}): {_REMEDY}")
        if _ELSEWHERE.search(value):
            raise ValueError(f"the SVG refers to something outside itself in {plain}: {_REMEDY}")
    if tag == f"{_SVG}style" and _ELSEWHERE.search("".join(element.itertext())):
        raise ValueError(f"the style of the SVG refers to something outside itself: {_REMEDY}")


def _plain(name: str) -> str:
    return name.rpartition("}")[2]
