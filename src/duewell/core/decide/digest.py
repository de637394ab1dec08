"""The digest of a proposal: it ties a permit to what exactly was permitted."""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256

from duewell.core.decide.values import Proposal


def digest(proposal: Proposal) -> str:
    """SHA-256, hexadecimal, over every value of the proposal in the order of its fields."""
    return sha256(_encode(proposal).encode("ascii")).hexdigest()


def _day(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a proposal holds no {type(value).__name__}")


# Made once: the gate asks for every proposal of a night. Named tuples hold no circles.
_encode = json.JSONEncoder(default=_day, separators=(",", ":"), check_circular=False).encode
