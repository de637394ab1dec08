"""What a message needs besides the proposal: who writes, to whom, and what the invoices are called."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date
from typing import NamedTuple

from duewell.core.units.ids import ReceivableId


class Sender(NamedTuple):
    """The creditor as a customer sees it. Empty text means: not given."""

    name: str
    email_from: str
    reply_to: str = ""
    address: tuple[str, ...] = ()
    """Postal address, line by line, without the name."""
    phone: str = ""
    account_holder: str = ""
    """Empty: the creditor itself holds the account."""
    iban: str = ""
    bic: str = ""
    payment_note: str = ""
    """How to pay in the creditor's own words, such as a page or an account outside the IBAN countries."""
    language: str = "en"


class Addressee(NamedTuple):
    """The customer as the message addresses it. Empty text means: not known."""

    address: str
    """The e-mail address."""
    kind: str = "unknown"
    """`person`, `business` or `unknown`."""
    name: str = ""
    """The whole name, of a person or a firm."""
    given_name: str = ""
    family_name: str = ""
    salutation: str = ""
    """`ms`, `mr` or empty for neither."""
    country: str = ""
    """ISO 3166 alpha-2; decides how dates and sums are written."""


class Document(NamedTuple):
    """A receivable as the customer knows it."""

    number: str
    issued_on: date | None
    """None where nobody told it: then the message does not claim one."""


class View(NamedTuple):
    """Everything a message shows that the decision did not need."""

    sender: Sender
    addressee: Addressee
    account_number: str
    """The customer number on the creditor's invoices; empty where there is none."""
    documents: Mapping[ReceivableId, Document]
    languages: Set[str]
    """Languages for which there are texts, such as `{"en", "de"}`."""
    copy_of: str = ""
    """Of a copy: the name of the customer who owes it; empty for the message itself."""
