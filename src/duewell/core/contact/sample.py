"""A sample: what a message would look like, of a customer and invoices that do not exist.

It is no message to a customer and needs no permit; whoever sends it sends it to the creditor's own people, marked.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from duewell.core.contact.values import Content, Row, Table, Words
from duewell.core.contact.view import Addressee, Sender
from duewell.core.decide.stages import Stage
from duewell.core.units.ids import AccountId
from duewell.core.units.money import Money

NOBODY: Final = AccountId(0)
_NUMBERS: Final = ("INV-2026-0417", "INV-2026-0431")
_OPEN_MINOR: Final = (119_00, 46_80)
_ANSWER_DAYS: Final = 7
_PARTY: Final = {"given_name": "Maria", "family_name": "Sample", "name": "Maria Sample", "kind": "person"}


def sample(
    sender: Sender,
    address: str,
    stage: Stage,
    offset_days: int,
    tone: str,
    language: str,
    currency: str,
    as_of: date,
) -> Content:
    """The content of one step, as a made-up customer with two open invoices would get it.

    Args:
        sender: the creditor as it is.
        address: of the creditor's own people, who will read it.
        stage: of the step.
        offset_days: of the step; the invoices fell due so long before `as_of`.
        tone: of the step.
        language: of the words.
        currency: of the sums.
        as_of: the day on which it would be sent.
    """
    due_on = as_of - timedelta(days=offset_days)
    rows = tuple(
        Row(number, due_on - timedelta(days=14), due_on, open_minor, 0)
        for number, open_minor in zip(_NUMBERS, _OPEN_MINOR, strict=True)
    )
    total = sum(_OPEN_MINOR)
    return Content(
        account=NOBODY,
        purpose="demand",
        words=Words(language, tone, stage),
        country="",
        as_of=as_of,
        sums=(Money(total, currency),),
        open_items=len(rows),
        invoice="",
        earliest_due_on=due_on,
        latest_due_on=due_on,
        answer_by=max(as_of + timedelta(days=_ANSWER_DAYS), due_on),
        reference="SAMPLE-0815",
        tables=(Table(currency, rows, 0, 0, total, 0, 0, total),),
        sender=sender,
        addressee=Addressee(address, **_PARTY),
    )
