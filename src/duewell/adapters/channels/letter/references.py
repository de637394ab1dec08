"""Structured payment references, with their check digits."""

from __future__ import annotations

import re
from typing import Final

QR_LENGTH: Final = 27
_CREDITOR: Final = re.compile(r"RF[0-9]{2}[0-9A-Z]{1,21}")
_CARRIES: Final = (0, 9, 4, 6, 8, 2, 7, 1, 3, 5)


def qr_reference(digits: str) -> str:
    """The 27 digits of a QR reference: zeros, the digits, and the check digit.

    Args:
        digits: one to twenty-six.

    Raises:
        ValueError: something else than digits, none, or too many.

    Source: Swiss Implementation Guidelines QR-bill, annex B: modulo 10, recursive.
    """
    if not (digits.isascii() and digits.isdigit()) or len(digits) >= QR_LENGTH:
        raise ValueError("a QR reference is made from one to 26 digits")
    return digits.zfill(QR_LENGTH - 1) + check_digit(digits)


def is_qr_reference(text: str) -> bool:
    """Twenty-seven digits of which the last checks the others, and not all of them zero."""
    return (
        len(text) == QR_LENGTH
        and text.isascii()
        and text.isdigit()
        and text.strip("0") != ""
        and check_digit(text[:-1]) == text[-1]
    )


def check_digit(digits: str) -> str:
    """Modulo 10, recursive: each digit leads to the next row of one table."""
    carry = 0
    for digit in digits:
        carry = _CARRIES[(carry + int(digit)) % 10]
    return str((10 - carry) % 10)


def creditor_reference(text: str) -> str:
    """The ISO 11649 reference of up to 21 letters and digits: `RF`, two check digits, and the text.

    Raises:
        ValueError: something else than letters and digits, none, or too many.
    """
    body = text.upper()
    if not re.fullmatch(r"[0-9A-Z]{1,21}", body):
        raise ValueError("a creditor reference is made from one to 21 letters and digits")
    return f"RF{98 - _modulo_97(body + 'RF00'):02d}{body}"


def is_creditor_reference(text: str) -> bool:
    """An ISO 11649 reference whose check digits agree."""
    return _CREDITOR.fullmatch(text) is not None and _modulo_97(text[4:] + text[:4]) == 1


def _modulo_97(text: str) -> int:
    return int("".join(str(int(character, 36)) for character in text)) % 97


def grouped(reference: str) -> str:
    """As it stands on paper: a QR reference as 2 and five times 5 digits, others in fours."""
    if is_qr_reference(reference):
        return " ".join([reference[:2], *(reference[start : start + 5] for start in range(2, QR_LENGTH, 5))])
    if is_creditor_reference(reference):
        return " ".join(reference[start : start + 4] for start in range(0, len(reference), 4))
    return reference
