"""Text cells made fit to keep: names, numbers, addresses.

What a cell may not hold is refused rather than repaired: characters that nobody sees, that turn the direction of
writing or that break a line elsewhere, formulas, damage from earlier conversions. Only blanks are made uniform.
"""

from __future__ import annotations

import re
from unicodedata import normalize

from duewell.core.intake.findings import Bad
from duewell.core.intake.table import CHARACTERS_MAX, Cell, Formula, as_text

_SUSPECT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|[^\x00-\x7f]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_DIRECTION = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile(
    r"[\u00ad\u034f\u115f\u1160\u180b-\u180e\u200b\u2028\u2029\u2060-\u2064\u206a-\u206f\u2800\u3164\ufeff\uffa0\ufe00-\ufe0f\U000e0000-\U000e01ef]"
)
_JOINERS = re.compile(r"[\u200c\u200d]")
_DAMAGED = re.compile(r"[\ufffd\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff]")
_NON_LATIN = re.compile(r"[\u0590-\u0dff\u1780-\u18af\U0001f300-\U0001faff]")
_FORMULA_START = frozenset("=+-@\t\r")
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9][0-9.,]*")
_PHONE = re.compile(r"\+[0-9][0-9 ()/.x-]{4,30}")
_COMPUTES = re.compile(r"[=(|!<>^*]|[+-]\s*[0-9(]|\$[A-Z]|[A-Z]{1,3}[0-9]+\b")
_SHEET_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|NV|BEZUG!|WERT!|ZAHL!|SPILL!)")
_LETTER = r"A-Za-z0-9\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017f"
PLAIN = re.compile(
    rf"(?!(?:null|NULL|None|nan|NaN|n/a|N/A|[0-9.,]+[eE])$|[0-9][0-9.,]*[eE])"
    rf"[{_LETTER}][{_LETTER}._/&]{{0,60}}(?:[ -](?:[&+] )?[{_LETTER}._/&]{{1,60}}){{0,3}}"
)
"""What nearly every cell is: words that begin with a letter or figure, divided by single blanks or hyphens."""
PLAIN_EMAIL = re.compile(
    r"[A-Za-z0-9_][A-Za-z0-9_-]*(?:[.+][A-Za-z0-9_-]+){0,4}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+){1,5}", re.ASCII
)
_ONE_LINE = frozenset(("number", "customer_number", "payment_id"))
_LINE_BREAK = Bad("holds a line break", "Write it on one line; a quote before it may not be closed.")
_BLANK = frozenset(("", "-", "--", "–", "—", "n/a", "N/A", "null", "NULL", "None", "(blank)", "nan", "NaN"))
_SHORTENED = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+[0-9]{1,3}")
_EMAIL = re.compile(r"[^\s@,;<>()\[\]\"\\]+@[^\s@,;<>()\[\]\"\\.]+(?:\.[^\s@,;<>()\[\]\"\\.]+)+")
_NAMED_EMAIL = re.compile(r"[^<>@]*<([^<>]+)>")

LENGTHS = {
    "number": 100,
    "customer_number": 100,
    "invoice": 2_000,
    "payment_id": 200,
    "email": 500,
    "reference": 500,
}
_LENGTH = 300

_HIDDEN = Bad("holds characters that nobody sees", "Type the text anew, without copying it from elsewhere.")
_TURNED = Bad("holds characters that turn the direction of writing", "Type the text anew, without copying it.")
_CONTROL = Bad("holds control characters", "Type the text anew, or correct the export.")
_BROKEN_TEXT = Bad("letters were lost in an earlier conversion", "Export again as UTF-8, or correct the text.")
_FORMULA = Bad("text that a spreadsheet would run as a formula", "Write the text without =, +, - or @ in front.")
_COMPUTED = Bad("the cell is a formula", "Copy the column and paste it as values, then import it again.")
_ERROR = Bad("the cell holds an error of a spreadsheet", "Correct the cell, and import the row again.")
_TOO_LONG = Bad(f"longer than {CHARACTERS_MAX:,} characters", "Shorten the cell, or leave the column out.")
_CUT_SHORT = Bad("a spreadsheet has shortened this number", "Format the column as text, and export it again.")
_LOST = Bad(
    "a spreadsheet keeps only 15 figures, and this number has more",
    "Format the column as text, and export it again.",
)


_SAFE = bytes(
    code
    for code in range(256)
    if chr(code) in "\n ._/&,;:()'-"
    or (chr(code).isalnum() and chr(code) not in "ªº²³¹µ¼½¾" and chr(code).isprintable())
)


def plain_column(joined: str) -> bool:
    """Whether cells joined by line feeds are all plain text: safe signs, single blanks, none at the ends."""
    try:
        data = joined.encode("latin-1")
    except UnicodeEncodeError:
        return False
    framed = f"\n{joined}\n"
    return (
        not data.translate(None, _SAFE)
        and "  " not in joined
        and " \n" not in framed
        and "\n " not in framed
        and "\n-" not in framed
        and not any(f"\n{blank}\n" in framed for blank in _BLANK if blank)
        and max(map(len, joined.split("\n"))) <= 100
    )


_EMAIL_SAFE = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-"
_EMAIL_FRAME = re.compile(rb"(?:\.*@\.+\n)*\.*@\.+")


def plain_emails(joined: str) -> bool:
    """Whether cells joined by line feeds are all plain addresses: one @, a dot after it, no empty part."""
    if not joined.isascii():
        return False
    framed = f"\n{joined}\n"
    return _EMAIL_FRAME.fullmatch(joined.encode().translate(None, _EMAIL_SAFE)) is not None and not any(
        pair in framed for pair in ("..", ".@", "@.", "\n.", ".\n", "\n@", "@\n", "\n-", "\n+", "@-", "@+")
    )


def hostile(text: str) -> Bad | None:
    """What makes the text unfit for any cell, used or not: zero bytes, or far too long."""
    if "\x00" in text:
        return Bad("holds zero bytes", "Export the file again, or correct the text.")
    return _TOO_LONG if len(text) > CHARACTERS_MAX else None


def read(cell: Cell, field: str) -> str | Bad:
    """The text of a cell for this field, or why it cannot stand. A blank cell is `""`."""
    if isinstance(cell, Formula):
        return _COMPUTED
    text = as_text(cell)
    if not isinstance(cell, str) and field in ("number", "customer_number", "reference") and len(text) > 15:
        return _LOST
    if len(text) > CHARACTERS_MAX:
        return _TOO_LONG
    if _SUSPECT.search(text):
        found = _fault(text, field)
        if found is not None:
            return found
        text = normalize("NFC", text)
    if field in _ONE_LINE and "\n" in text.strip():
        return _LINE_BREAK
    text = " ".join(text.split())
    if text in _BLANK:
        return ""
    fault = _meant_for_a_spreadsheet(text, field)
    if fault is not None:
        return fault
    longest = LENGTHS.get(field, _LENGTH)
    if len(text) > longest:
        return Bad(f"longer than {longest} characters", "Shorten the text.")
    return text


def _fault(text: str, field: str) -> Bad | None:
    if _CONTROLS.search(text):
        return _CONTROL
    if _DAMAGED.search(text):
        return _BROKEN_TEXT
    if _DIRECTION.search(text):
        return _TURNED
    # Persian, Indian scripts and emoji need joiners between letters; in numbers and addresses they only hide.
    joined = _JOINERS.search(text) is not None
    if _INVISIBLE.search(text) or (joined and (field in LENGTHS or not _NON_LATIN.search(text))):
        return _HIDDEN
    return None


def _meant_for_a_spreadsheet(text: str, field: str) -> Bad | None:
    if text[0] == "#" and _SHEET_ERROR.fullmatch(text):
        return _ERROR
    if field in ("number", "customer_number") and _SHORTENED.fullmatch(text):
        return _CUT_SHORT
    if text[0] not in _FORMULA_START or _PLAIN_NUMBER.fullmatch(text) or _PHONE.fullmatch(text):
        return None
    return _FORMULA if text[0] == "=" or _COMPUTES.search(text[1:]) else None


def emails(text: str) -> tuple[str, ...] | Bad:
    """The addresses of a cell that may name several; each is checked for its form only."""
    found = []
    for part in re.split(r"[,;\s]\s*(?![^<]*>)", text) if "<" not in text else re.split(r"[,;]\s*", text):
        if not part:
            continue
        address = part.removeprefix("mailto:")
        named = _NAMED_EMAIL.fullmatch(address)
        if named:
            address = named[1]
        if not _EMAIL.fullmatch(address) or ".." in address or len(address) > 254:
            return Bad("not an e-mail address", "Write it as name@example.org; several are divided by semicolons.")
        found.append(address)
    return tuple(found)
