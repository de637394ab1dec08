"""What every message must be able to say, and which of it nobody gave.

Asked before planning for every account, so the creditor's part is worked out once and the recipient's part
is one look at the address. A name that comes back here becomes the `Rest` of the account.
"""

from __future__ import annotations

from collections.abc import Iterable

from duewell.core.contact.address import sendable
from duewell.core.contact.clean import clean
from duewell.core.contact.view import Sender

ADDRESS = "recipient.address"
_NO_ADDRESS = (ADDRESS,)

# What a text may ask of the creditor beyond the indispensable, and where it is found.
OF_CREDITOR = {"creditor.name": "name", "creditor.phone": "phone"}


def missing_of_creditor(sender: Sender, needed: Iterable[str] = ()) -> tuple[str, ...]:
    """Names that the creditor lacks, in a fixed order; worked out once for all its customers.

    Indispensable are a name, an address to send from, and a way to pay: an IBAN or a payment note.

    Args:
        sender: as the message would show it.
        needed: placeholders that the texts in use contain, such as `creditor.phone`.
    """
    missing = []
    if not clean(sender.name):
        missing.append("creditor.name")
    if sendable(sender.email_from) is None:
        missing.append("creditor.email_from")
    if not clean(sender.iban) and not clean(sender.payment_note):
        missing.append("creditor.iban")
    for name in sorted(needed):
        field = OF_CREDITOR.get(name)
        if field is not None and name not in missing and not clean(getattr(sender, field)):
            missing.append(name)
    if sender.reply_to and sendable(sender.reply_to) is None:
        missing.append("creditor.reply_to")
    return tuple(missing)


def missing(of_creditor: tuple[str, ...], address: str) -> tuple[str, ...]:
    """Names that the message to this address would lack: the creditor's, then the recipient's.

    A name of the recipient is never missing: the salutation does without.
    """
    if address and sendable(address) is not None:
        return of_creditor
    return of_creditor + _NO_ADDRESS
