"""What a type code (BT-3) means for what is owed.

Source: the codes of UNTDID 1001 that EN 16931 allows for invoices and credit notes; 326, 384, 389 as in XRechnung.
"""

from __future__ import annotations

CLAIM, CREDIT, CORRECTION = "claim", "credit", "correction"

_CREDITS = frozenset("81 83 261 262 296 308 381 420 458 532".split())
_CLAIMS = frozenset(
    "80 82 84 130 202 203 204 211 218 219 295 326 331 380 382 383 385 386 387 388 389 390 394 395 456 457 527 553"
    " 575 623 633 751 780 817 870 875 876 877 935".split()
)
REFUSED = {
    "325": ("a pro forma invoice asks for no money", "Import the invoice that follows it."),
    "393": ("a factored invoice is owed to the factor, no longer to the seller", "Leave it out."),
    "396": ("a factored credit note is settled with the factor", "Leave it out."),
}
REMARKS = {
    "326": "a partial invoice: a claim of its own beside the other parts",
    "386": "an invoice for payment in advance",
    "389": "self-billed: the buyer wrote it in the seller's name",
    "751": "made for bookkeeping alone, without all that an invoice must say",
}


def meaning(code: str) -> str | None:
    """`claim`, `credit` or `correction`; None for a code that is refused or unknown."""
    if code == "384":
        return CORRECTION
    return CREDIT if code in _CREDITS else CLAIM if code in _CLAIMS else None
