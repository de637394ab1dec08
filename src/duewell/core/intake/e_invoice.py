"""What an electronic invoice says, whatever its syntax: plain texts, each with the place where it stands.

The names follow the terms of EN 16931 (BT-1 and so on); nothing here is judged yet.
"""

from __future__ import annotations

from typing import NamedTuple


class Leaf(NamedTuple):
    """One text of the document; "" where the document does not have it."""

    text: str = ""
    place: str = ""
    """The path of the element, from the root."""
    unit: str = ""
    """The currency of an amount, the format of a date, the scheme of an identifier."""

    def __bool__(self) -> bool:
        return bool(self.text)


class Trader(NamedTuple):
    """Seller or buyer."""

    name: Leaf
    """BT-27, BT-44."""
    trading_name: Leaf = Leaf()
    """BT-28, BT-45."""
    number: Leaf = Leaf()
    """BT-46: how the seller knows the buyer."""
    ids: tuple[str, ...] = ()
    """Every identifier: of the party, of its tax, of its register, its electronic address."""
    vat_number: str = ""
    """BT-31, BT-48."""
    contact: str = ""
    """BT-56."""
    phone: str = ""
    """BT-57."""
    emails: tuple[Leaf, ...] = ()
    """BT-58, and BT-49 where it is an e-mail address."""
    street: str = ""
    street2: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""


class EInvoice(NamedTuple):
    """One invoice or credit note."""

    syntax: str
    """`UBL`, `CII` or `ZUGFeRD 1`."""
    is_credit_note: bool
    """The root element says so (UBL)."""
    number: Leaf
    """BT-1."""
    type_code: Leaf
    """BT-3."""
    currency: Leaf
    """BT-5."""
    issued_on: Leaf
    """BT-2."""
    due_on: tuple[Leaf, ...]
    """BT-9; several where it is to be paid in parts."""
    terms: tuple[Leaf, ...]
    """BT-20."""
    payable: Leaf
    """BT-115."""
    total: Leaf
    """BT-112."""
    prepaid: Leaf
    """BT-113."""
    rounding: Leaf
    """BT-114."""
    preceding: tuple[Leaf, ...]
    """BT-25."""
    order_reference: Leaf
    """BT-13."""
    buyer_reference: Leaf
    """BT-10."""
    seller: Trader
    buyer: Trader
    payee: Leaf
    """BT-59."""
    of_others: tuple[Leaf, ...] = ()
    """Claims of others that are to be paid with it (XRechnung extension, BT-DEX-002); part of what is payable."""
    ibans: tuple[str, ...] = ()
    """BT-84: accounts to be paid to."""
    means: tuple[str, ...] = ()
    """BT-81: how it is to be paid, codes of UNTDID 4461."""
    language: str = ""
    is_test: bool = False


class Fault(NamedTuple):
    """Why a document is not taken, and what to do about it."""

    place: str
    value: str
    reason: str
    remedy: str


class Paper(NamedTuple):
    """One file that was opened: what it says, or why it says nothing."""

    name: str
    """How it is called in messages: its path below what was named, and within an archive."""
    digest: str
    """SHA-256 of its bytes, in hexadecimal digits; "" where it could not be read."""
    told: EInvoice | Fault
