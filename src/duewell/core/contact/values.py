"""Content: what a message says, as values. The words and the bytes are the channel's business."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from duewell.core.contact.view import Addressee, Sender
from duewell.core.decide.stages import Stage
from duewell.core.units.ids import AccountId
from duewell.core.units.money import Money


class Words(NamedTuple):
    """Which text: the adapter of the channel finds it under these keys."""

    language: str
    tone: str
    stage: Stage


class Row(NamedTuple):
    """One item: what is open on it, and the part of that which is held back and not asked for."""

    number: str
    issued_on: date | None
    due_on: date
    open_minor: int
    held_minor: int


class Table(NamedTuple):
    """All items of one currency. `open_minor - held_minor - credit_minor` is `pay_minor`, never below 0."""

    currency: str
    rows: tuple[Row, ...]
    """The items shown, oldest due first."""
    more_count: int
    more_minor: int
    """How many items are not shown, and what is open on them."""
    open_minor: int
    held_minor: int
    credit_minor: int
    """Credits used here, at most what is asked for."""
    pay_minor: int


class Content(NamedTuple):
    """One message to one customer, before any word is chosen."""

    account: AccountId
    purpose: str
    words: Words
    country: str
    """The addressee's country: with the language it decides how dates and sums are written."""
    as_of: date
    sums: tuple[Money, ...]
    """What we ask to be paid, by currency; all above zero, never empty."""
    open_items: int
    """Items of which something is asked for after credits; at least 1."""
    invoice: str
    """The number of the only such item; empty where there are several."""
    earliest_due_on: date
    latest_due_on: date
    """Due dates of those items."""
    answer_by: date
    """The day by which the later texts ask for payment or an answer."""
    reference: str
    """What the payer types."""
    tables: tuple[Table, ...]
    """By currency code."""
    sender: Sender
    addressee: Addressee
    copy_of: str = ""
    """Of a copy: the customer who owes it, for whom the addressee stands on the account."""
