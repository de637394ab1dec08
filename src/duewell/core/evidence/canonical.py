"""Canonical JSON: the one spelling of a fact's body.

The form is RFC 8785 narrowed to what Python's own C encoder spells the same way:
objects with ASCII keys, sorted; arrays; strings; whole numbers within ±(2^63 - 1); true, false, null;
UTF-8, no white space. There are no fractions, so no question of how to print one ever arises.
"""

from __future__ import annotations

import json
import re
from typing import NoReturn

INTEGER_MAX = 2**63 - 1


class NotCanonical(ValueError):
    """The value has no canonical spelling; the message says which part and why."""


def canonical(value: object) -> bytes:
    """Spell a value as canonical JSON.

    Args:
        value: `dict` with ASCII `str` keys, `list`, `tuple` (spelled as an array), `str`, `int`, `bool` or
            `None`, nested at will. A member of an `IntEnum` or `StrEnum` is spelled as the value it equals.

    Returns:
        UTF-8 bytes; equal values give equal bytes.

    Raises:
        NotCanonical: a float, a whole number beyond ±(2^63 - 1), a key that is no ASCII string, a lone
            surrogate, a circular or far too deep structure, or any other type.

    Source: RFC 8785 (JSON Canonicalization Scheme), sections 3.2.2 and 3.2.3.
    """
    try:
        text = _encode(value)
        encoded = text.encode()
    except UnicodeEncodeError as problem:
        raise NotCanonical(f"a lone surrogate has no UTF-8 form: {problem}") from problem
    except (TypeError, ValueError, RecursionError) as problem:
        raise NotCanonical(str(problem)) from problem
    _check(value, ascii_only=text.isascii(), short=_LONG.search(text) is None)
    return encoded


def _refuse(value: object) -> NoReturn:
    raise NotCanonical(f"{type(value).__name__} has no canonical spelling")


_encode = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_refuse
).encode


# Fewer digits than the largest number has, wherever they stand in the text.
_LONG = re.compile("[0-9]{19}")
_PLAIN = frozenset((str, int, type(None)))


def _check(value: object, *, ascii_only: bool, short: bool) -> None:
    # The C encoder spells fractions, turns keys such as 1 and None into text, and knows no largest number.
    # Reading its text back with a refusing `parse_float` finds the first two at C speed; but this flat loop,
    # one step per container and no call, finds all three in half the time on a usual body: most containers hold
    # plain values alone, and where no 19 digits stand together no number is too large.
    # It runs after the encoder, which has already refused circles, so it always ends.
    containers: list[object] = [(value,)]
    for container in containers:
        members: object = container
        if type(container) is dict:
            for key in container:
                if not isinstance(key, str):
                    raise NotCanonical(f"the key {key!r} is not a string")
                # Beyond ASCII the order of RFC 8785 (UTF-16 units) and of Python (code points) part ways.
                if not ascii_only and not key.isascii():
                    raise NotCanonical(f"the key {key!r} is not ASCII")
            members = container.values()
        if short and _PLAIN.issuperset(map(type, members)):  # type: ignore[call-overload]
            continue
        for member in members:  # type: ignore[attr-defined]
            kind = type(member)
            if kind is str:
                continue
            if kind is int:
                if not -INTEGER_MAX <= member <= INTEGER_MAX:
                    raise NotCanonical(f"the whole number {member} is beyond ±(2^63 - 1)")
            elif kind is dict or kind is list or kind is tuple:
                containers.append(member)
            elif isinstance(member, int):
                # True, or a member of an IntEnum.
                containers.append((int(member),))
            elif member is not None and not isinstance(member, str):
                raise NotCanonical(f"{kind.__name__} has no canonical spelling")
