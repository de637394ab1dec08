"""Is the seller of a document the creditor? Another seller's invoice is a bill we owe, not one we are owed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from unicodedata import normalize

from duewell.core.intake.e_invoice import Trader
from duewell.core.intake.findings import shown


class Us(NamedTuple):
    """How the creditor may be called in documents."""

    names: tuple[str, ...]
    """Its name, and names or identifiers that a person has said."""
    ibans: tuple[str, ...] = ()

    def named(self, text: str) -> bool:
        """Is this a name or identifier of the creditor?"""
        plain = _plain(text)
        return bool(plain) and plain in {_plain(name) for name in self.names}

    def paid_at(self, ibans: Sequence[str]) -> bool:
        """Is one of these accounts the creditor's?"""
        own = {_plain(iban) for iban in self.ibans} - {""}
        return bool(own & {_plain(iban) for iban in ibans})


def is_us(seller: Trader, ibans: Sequence[str], us: Us) -> bool:
    """By name, trading name or any identifier; or because the money is to go to the creditor's own account."""
    ours = {_plain(name) for name in us.names} - {""}
    theirs = {_plain(text) for text in (seller.name.text, seller.trading_name.text, *seller.ids)}
    return bool(ours & theirs) or us.paid_at(ibans)


def stranger(seller: Trader, buyer: Trader, us: Us) -> tuple[str, str]:
    """Reason and remedy for a document of another seller."""
    name = shown(seller.name.text or next(iter(seller.ids), ""))
    known = f"{name} ({shown(seller.vat_number)})" if seller.vat_number else name
    if us.named(buyer.name.text) or any(map(us.named, buyer.ids)):
        return f"we are the buyer, and owe it to {known}", "Leave it out: it is a bill to pay."
    reason = f"the seller is {known}, not {us.names[0]}: a bill of theirs is not owed to us"
    return reason, f"Leave it out; if that is what this creditor is called, say so: --seller '{name}'."


def _plain(text: str) -> str:
    """Small letters and figures alone: neither case, blanks nor points tell two firms apart."""
    return "".join(sign for sign in normalize("NFKC", text).casefold() if sign.isalnum())
