"""The EPC QR code ("GiroCode"): a SEPA credit transfer that a banking app reads from paper.

Source: European Payments Council, EPC069-12, "Quick Response Code: Guidelines to Enable the Data Capture for the
Initiation of a SEPA Credit Transfer", version 3.1.
"""

from __future__ import annotations

from typing import Final

from duewell.adapters.channels.letter.references import is_creditor_reference
from duewell.core.units.money import Money

VERSION_MAX: Final = 13
NAME_MAX: Final = 70
REMITTANCE_MAX: Final = 140
MINOR_MAX: Final = 99_999_999_999
BYTES_MAX: Final = 331

# Countries whose accounts the SEPA schemes reach: EPC409-09, list of SEPA scheme countries.
SEPA: Final = frozenset(
    "AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO"
    " RS SE SI SK SM VA".split()
)


def epc_text(name: str, iban: str, bic: str, sum: Money, reference: str) -> str | None:
    """What the code says, lines apart by line feeds; None where the standard cannot carry this payment.

    Args:
        name: of the account holder; one longer than seventy characters is cut, for banks go by the IBAN.
        iban: without spaces.
        bic: may be empty.
        sum: from 0.01 to 999,999,999.99, in euros.
        reference: what the payer would type; a longer one than the standard allows makes no code.
    """
    if sum.currency != "EUR" or not 1 <= sum.minor <= MINOR_MAX:
        return None
    if iban[:2] not in SEPA or not name or not reference or len(reference) > REMITTANCE_MAX:
        return None
    structured = reference if is_creditor_reference(reference) else ""
    lines = [
        "BCD",
        "002",
        "1",
        "SCT",
        bic,
        name[:NAME_MAX].rstrip(),
        iban,
        f"EUR{sum.minor // 100}.{sum.minor % 100:02d}",
        "",
        structured,
        "" if structured else reference,
    ]
    text = "\n".join(lines).rstrip("\n")
    return text if len(text.encode("utf-8")) <= BYTES_MAX else None
