"""Texts of a document with the place where they stand."""

from __future__ import annotations

from collections.abc import Iterator

from duewell.adapters.files.e_invoice.tree import Node
from duewell.core.intake.e_invoice import Leaf


def leaf(node: Node, path: str, unit: str = "") -> Leaf:
    """The first text at a path; without one, the place where it should stand.

    Args:
        unit: the attribute that holds the currency, format or scheme.
    """
    found = next(leaves(node, path, unit), None)
    return found if found is not None else Leaf("", f"{node.place}/{path}")


def leaves(node: Node, path: str, unit: str = "") -> Iterator[Leaf]:
    """Every text at a path."""
    for each in node.all(path):
        if each.text:
            yield Leaf(each.text, each.place, each.attributes.get(unit, "") if unit else "")
