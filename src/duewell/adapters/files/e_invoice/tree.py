"""An XML document as a tree of plain nodes: no document type, no entities, no network, and limits on everything.

Read with the parser of the standard library (expat). A document type declaration is refused before anything in
it is read, so there is nothing to expand and nothing to fetch.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.parsers import expat

BYTES_MAX = 64 * 1024 * 1024
DEPTH_MAX = 100
ELEMENTS_MAX = 500_000


class BadXml(Exception):
    """The document cannot be read, or is not let in; the text says why and where."""


class Node:
    """One element: its local name, its text, its attributes by local name, and the elements in it."""

    __slots__ = ("attributes", "children", "name", "parent", "space", "text")

    def __init__(self, space: str, name: str, attributes: dict[str, str], parent: Node | None) -> None:
        self.space = space
        self.name = name
        self.attributes = attributes
        self.parent = parent
        self.text = ""
        self.children: list[Node] = []

    @property
    def place(self) -> str:
        """The path of the element from the root."""
        return f"{self.parent.place if self.parent else ''}/{self.name}"

    def all(self, path: str) -> Iterator[Node]:
        """Every element at a path of local names below this one, in the order of the document."""
        first, _, rest = path.partition("/")
        for child in self.children:
            if child.name == first:
                if rest:
                    yield from child.all(rest)
                else:
                    yield child

    def first(self, path: str) -> Node | None:
        """The first element at a path, or None."""
        return next(self.all(path), None)

    def says(self, path: str) -> str:
        """The text of the first element at a path, or nothing."""
        found = self.first(path)
        return found.text if found is not None else ""


def read(content: bytes) -> Node:
    """The root of a document.

    Raises:
        BadXml: it is no well-formed XML, has a document type or is larger than any invoice.
    """
    if len(content) > BYTES_MAX:
        raise BadXml(f"it is larger than {BYTES_MAX // 1024 // 1024} MB")
    maker = _Maker()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = maker.start
    parser.EndElementHandler = maker.end
    parser.CharacterDataHandler = maker.data
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.EntityDeclHandler = _refuse_document_type
    try:
        parser.Parse(content, True)
    except expat.ExpatError as problem:
        raise BadXml(
            f"line {problem.lineno}, column {problem.offset + 1}: {expat.ErrorString(problem.code)}"
        ) from None
    except (LookupError, UnicodeError, ValueError) as problem:
        raise BadXml(f"its encoding cannot be read: {problem}") from None
    assert maker.root is not None
    return maker.root


def _refuse_document_type(*_: object) -> None:
    raise BadXml("it has a document type declaration, which invoices have not")


class _Maker:
    def __init__(self) -> None:
        self.root: Node | None = None
        self._open: Node | None = None
        self._texts: list[str] = []
        self._depth = self._count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._count += 1
        if self._depth > DEPTH_MAX:
            raise BadXml(f"its elements stand in one another more than {DEPTH_MAX} deep")
        if self._count > ELEMENTS_MAX:
            raise BadXml(f"it has more than {ELEMENTS_MAX:,} elements")
        space, _, local = name.rpartition(" ")
        plain = {key.rpartition(" ")[2]: value for key, value in attributes.items()} if attributes else attributes
        node = Node(space, local, plain, self._open)
        if self._open is None:
            self.root = node
        else:
            self._open.children.append(node)
        self._open = node
        self._texts = []

    def end(self, _: str) -> None:
        node = self._open
        assert node is not None
        if not node.children:
            node.text = "".join(self._texts).strip()
        self._texts = []
        self._depth -= 1
        self._open = node.parent

    def data(self, text: str) -> None:
        self._texts.append(text)
