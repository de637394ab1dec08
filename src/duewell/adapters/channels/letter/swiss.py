"""The Swiss QR-bill: what its code says, and what stands beside it.

Source: Swiss Payment Standards, Swiss Implementation Guidelines QR-bill, version 2.3 (structured addresses only).
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from duewell.adapters.channels.letter.references import (
    creditor_reference,
    grouped,
    is_creditor_reference,
    is_qr_reference,
    qr_reference,
)
from duewell.core.party import postal
from duewell.core.party.postal import PostalAddress
from duewell.core.units.money import Money

VERSION_MAX: Final = 25
CURRENCIES: Final = frozenset({"CHF", "EUR"})
COUNTRIES: Final = frozenset({"CH", "LI"})
MINOR_MAX: Final = 99_999_999_999
_NAME_MAX, _STREET_MAX, _NUMBER_MAX, _POSTCODE_MAX, _CITY_MAX, _MESSAGE_MAX = 70, 70, 16, 16, 35, 140
_NUMBERED: Final = re.compile(r"(?P<road>.*\D)\s+(?P<number>\d+\s?[a-zA-Z]?)")
# Section 4.1.1: Latin letters up to Latin Extended-A and a few signs; what else is in a name has no place there.
_FOREIGN: Final = re.compile(r"[^\u0020-\u007e\u00a0-\u017f\u0218-\u021b\u20ac]")


class Ends(NamedTuple):
    """A name and a postal address, of the creditor or of the payer."""

    name: str
    address: PostalAddress


class Bill(NamedTuple):
    """One payment part."""

    text: str
    """What the code says."""
    iban: str
    """In groups of four."""
    reference: str
    """In groups; empty where there is only a message."""
    message: str
    amount: str
    """With a space between thousands and a point."""
    currency: str
    creditor: tuple[str, ...]
    debtor: tuple[str, ...]
    """Empty where the payer's address does not fit: then it is left open to be written in."""


def is_qr_iban(iban: str) -> bool:
    """A QR-IBAN has an institution number from 30000 to 31999; it takes QR references only."""
    return iban[:2] in COUNTRIES and len(iban) == 21 and iban[4:9].isdigit() and 30000 <= int(iban[4:9]) <= 31999


def bill(creditor: Ends, debtor: Ends, iban: str, sum: Money, reference: str) -> Bill | None:
    """The payment part for one sum; None where the standard cannot carry it.

    That is: another currency than francs and euros, an account elsewhere, a creditor without postcode and city, a
    QR-IBAN with a reference that is no number, or a name in another writing than Latin.
    """
    if sum.currency not in CURRENCIES or iban[:2] not in COUNTRIES or not 1 <= sum.minor <= MINOR_MAX:
        return None
    told = _reference(iban, reference)
    from_us = _address(creditor)
    if told is None or from_us is None:
        return None
    kind, structured = told
    message = "" if structured else reference
    if len(message) > _MESSAGE_MAX or _FOREIGN.search(message):
        return None
    payer = _address(debtor)
    amount = f"{sum.minor // 100}.{sum.minor % 100:02d}"
    lines = ["SPC", "0200", "1", iban, *from_us, *[""] * 7, amount, sum.currency]
    lines += [*(payer or [""] * 7), kind, structured, message, "EPD"]
    return Bill(
        text="\n".join(lines),
        iban=" ".join(iban[start : start + 4] for start in range(0, len(iban), 4)),
        reference=grouped(structured) if structured else "",
        message=message,
        amount=f"{sum.minor // 100:,}".replace(",", " ") + f".{sum.minor % 100:02d}",
        currency=sum.currency,
        creditor=_shown(from_us),
        debtor=_shown(payer) if payer else (),
    )


def _reference(iban: str, reference: str) -> tuple[str, str] | None:
    """Kind and structured reference; the kind NON has none, and the words of the reference become the message.

    A creditor reference keeps the characters that the customer knows: `INV7` with `RF` and two digits before it.
    """
    if is_qr_iban(iban):
        if is_qr_reference(reference):
            return "QRR", reference
        try:
            made = qr_reference(reference)
        except ValueError:
            return None
        return ("QRR", made) if is_qr_reference(made) else None
    if is_creditor_reference(reference):
        return "SCOR", reference
    if reference == reference.upper():
        try:
            return "SCOR", creditor_reference(reference)
        except ValueError:
            pass
    return "NON", ""


def _address(of: Ends) -> list[str] | None:
    """The seven lines of a structured address, or None where they cannot be filled."""
    address, name = of.address, of.name.strip()
    road, number = address.street.strip(), ""
    if (parts := _NUMBERED.fullmatch(road)) is not None:
        road, number = parts["road"].strip(), parts["number"]
    limits = (
        (name, _NAME_MAX),
        (road, _STREET_MAX),
        (number, _NUMBER_MAX),
        (address.postcode.strip(), _POSTCODE_MAX),
        (address.city.strip(), _CITY_MAX),
    )
    if not (name and address.postcode.strip() and address.city.strip()):
        return None
    if _FOREIGN.search("".join(text for text, _ in limits)):
        return None
    if any(len(text) > most for text, most in limits[1:]):
        return None
    return ["S", name[:_NAME_MAX].rstrip(), *(text for text, _ in limits[1:]), address.country]


def _shown(lines: list[str]) -> tuple[str, ...]:
    """Name, street, and postcode with city, as the standard has them printed."""
    _, name, road, number, postcode, city, country = lines
    place = f"{postcode} {city}" if country in COUNTRIES else f"{country} - {postcode} {city}"
    return tuple(line for line in (name, postal.street_line(road, number, "CH"), place) if line)
