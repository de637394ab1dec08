"""Which way of paying a letter carries: a Swiss payment part, an EPC code, or the words alone."""

from __future__ import annotations

from typing import NamedTuple

from duewell.adapters.channels.letter import epc, swiss
from duewell.core.contact.post import Post
from duewell.core.contact.values import Content
from duewell.core.units.money import Money


class Code(NamedTuple):
    """An EPC code for one sum."""

    text: str
    sum: Money


class Slip(NamedTuple):
    """A Swiss payment part for one sum."""

    bill: swiss.Bill
    sum: Money


Way = Code | Slip


def ways(content: Content, post: Post) -> tuple[Way, ...]:
    """A code for each sum that one can carry, in the order of the sums; sums without one are paid by the words.

    An account in Switzerland or Liechtenstein gets a payment part for francs, and for euros where the customer
    lives there too or the account is a QR-IBAN; a customer elsewhere pays euros to it through SEPA.
    """
    found = (_way(content, post, sum) for sum in content.sums)
    return tuple(way for way in found if way is not None)


def _way(content: Content, post: Post, sum: Money) -> Way | None:
    sender = content.sender
    holder = sender.account_holder or sender.name
    if sender.iban[:2] in swiss.COUNTRIES and (
        sum.currency != "EUR" or post.address.country in swiss.COUNTRIES or swiss.is_qr_iban(sender.iban)
    ):
        bill = swiss.bill(
            swiss.Ends(holder, post.sender),
            swiss.Ends(post.name, post.address),
            sender.iban,
            sum,
            content.reference,
        )
        return None if bill is None else Slip(bill, sum)
    text = epc.epc_text(holder, sender.iban, sender.bic, sum, content.reference)
    return None if text is None else Code(text, sum)
