"""Ids are distinct types; an invoice number or a bank reference is not an id.

What follows from others gets an id computed from them, so that doing it twice is the same act.
"""

from __future__ import annotations

from hashlib import sha256
from typing import NewType

CreditorId = NewType("CreditorId", int)
PersonId = NewType("PersonId", int)
PartyId = NewType("PartyId", int)
AccountId = NewType("AccountId", int)
ReceivableId = NewType("ReceivableId", int)
HoldId = NewType("HoldId", int)
PointId = NewType("PointId", int)
RunId = NewType("RunId", int)
MessageId = NewType("MessageId", str)
AttemptId = NewType("AttemptId", int)


def computed(*parts: object) -> str:
    """32 hexadecimal characters that follow from the parts and from nothing else."""
    text = "\x1f".join(map(str, parts))
    return sha256(text.encode()).hexdigest()[:32]
