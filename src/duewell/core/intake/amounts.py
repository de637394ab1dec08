"""Amounts as people and programs write them: which sign stands before the decimals, and the exact value.

`1.234,56`, `1,234.56`, `1 234,56`, `1'234.56`, `$-142.85`, `(12.00)`, `12.00-`, `EUR 12`, `12,-`, `12.00 CR`.
A column decides its own decimal sign by the cells that can be read in one way only: two different signs, a sign
that appears twice, or one not followed by exactly three digits. `1.234` alone decides nothing. Values are exact
decimals from the first to the last step.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from duewell.core.intake.findings import AS_SAID, Bad, Decision, Evidence, Undecided, shown
from duewell.core.intake.table import Cell, Formula, as_text
from duewell.core.units import money

POINT, COMMA = "point", "comma"
CONTRADICTED_PERCENT = 10
"""More cells than this share against what a person said, and the answer was for another file."""
ANSWER = "--decimal point|comma"
_MINOR_MAX = 10**15
_BLANK = frozenset(("", "-", "–", "—", "--", "n/a", "N/A", "null", "NULL", "None", "-   "))
_SPACES = dict.fromkeys(map(ord, " \u00a0\u202f\u2009\u2007"), " ")
_SIGNS = {"€": "EUR", "£": "GBP", "₹": "INR", "₺": "TRY", "zł": "PLN", "US$": "USD", "R$": "BRL", "A$": "AUD"}
_SIGNS |= {
    "C$": "CAD",
    "CA$": "CAD",
    "NZ$": "NZD",
    "HK$": "HKD",
    "Fr.": "CHF",
    "Kč": "CZK",
    "Ft": "HUF",
    "₪": "ILS",
}
_SIGNS |= {"$": "$", "¥": "¥", "kr": "kr", "kr.": "kr", "Rs": "Rs", "Rs.": "Rs", "R": "R"}
_CODE = r"(?:[A-Za-z]{3}|[A-Z]{0,3}[$€£¥₹₺₪]|zł|kr\.?|Fr\.|Kč|Ft|Rs\.?|R)"
_TAKEN_APART = re.compile(
    rf"""(?P<open>\()?\s*
    (?:(?P<before>[-+])\s*)?
    (?:(?P<code1>{_CODE})\s*)?
    (?:(?P<inner>[-+])\s*)?
    (?P<inneropen>\()?
    (?P<body>[0-9][0-9., '’]*|[.,][0-9]+)
    (?P<even>(?<=[.,])(?:-{{1,2}}|–|—))?
    (?P<close1>\))?\s*
    (?:(?P<code2>{_CODE}))?\s*
    (?P<after>[-+])?\s*
    (?P<close>\))?\s*
    (?P<side>CR|Cr\.?|cr|DR|Dr\.?|dr|[SHDC])?""",
    re.VERBOSE,
)  # fmt: skip
DIGITS = str.maketrans("012345678", "999999999")
_SCIENTIFIC = re.compile(r"[-+]?[0-9][0-9.,]*[eE][-+]?[0-9]+")
_NO_NUMBER = Bad("not an amount", "Write a plain number such as 1234.56.")
_CUT_SHORT = Bad("a spreadsheet has shortened this number", "Format the column as a number, and export it again.")
_COMPUTED = Bad("the cell is a formula", "Copy the column and paste it as values, then import it again.")
_SHEET_ERROR = Bad("the cell holds an error of a spreadsheet", "Correct the cell, and import the row again.")


class Amount(NamedTuple):
    """An exact amount: `digits` × 10^-`places`."""

    digits: int
    places: int
    currency: str = ""
    """The code or sign written beside it."""
    side: str = ""
    """`S` for debit, `H` for credit, where the cell says so."""


def minor(amount: Amount, exponent: int, rounded: bool = False) -> int | Bad:
    """The amount in minor units of a currency with that many decimals.

    More decimals than the currency has are refused unless they are zeros or `rounded`: then half is rounded
    away from zero, as tradesmen do.
    """
    digits, places = amount.digits, amount.places
    while places > exponent and digits % 10 == 0:
        digits, places = digits // 10, places - 1
    if places > exponent:
        if not rounded:
            return Bad(
                f"more decimals than the currency has ({places} instead of {exponent})",
                "Correct the amount, or let it be rounded with --round.",
            )
        whole, rest = divmod(abs(digits), 10 ** (places - exponent))
        whole += 2 * rest >= 10 ** (places - exponent)
        digits, places = whole if digits > 0 else -whole, exponent
    value: int = digits * 10 ** (exponent - places)
    if abs(value) > _MINOR_MAX:
        return Bad(
            "larger than any amount that can be", "Correct the amount, or check the decimal sign (--decimal)."
        )
    return value


_PLAIN = {
    POINT: re.compile(r"(-?[0-9]{1,15})(?:\.([0-9]{1,6}))?"),
    COMMA: re.compile(r"(-?[0-9]{1,15})(?:,([0-9]{1,6}))?"),
}


def parse(cell: Cell, decimal: str) -> Amount | Bad | None:
    """One cell; None if it is blank.

    Args:
        decimal: `point` or `comma`: which sign stands before the decimals.
    """
    if not isinstance(cell, str):
        return _typed(cell)
    plain = _PLAIN[decimal].fullmatch(cell)
    if plain is not None:
        # Nearly every cell is like this, and a million of them are read at a time.
        whole, places = plain.groups(default="")
        return Amount(int(whole + places), len(places))
    text = cell.translate(_SPACES).strip().replace("−", "-") if not cell.isascii() else cell.strip()
    if text in _BLANK:
        return None
    if text[0] == "#":
        return _SHEET_ERROR
    if text[0] == "=":
        return _COMPUTED
    match = _TAKEN_APART.fullmatch(text) if len(text) <= 60 else None
    if match is None:
        return _CUT_SHORT if _SCIENTIFIC.fullmatch(text) else _NO_NUMBER
    return _value(match, decimal)


def _typed(cell: Decimal | object) -> Amount | Bad | None:
    if isinstance(cell, Decimal):
        sign, figures, power = cell.as_tuple()
        if not isinstance(power, int) or abs(power) > 30:
            return _NO_NUMBER
        digits = int("".join(map(str, figures)) or "0") * (10 ** max(power, 0))
        return Amount(-digits if sign else digits, max(-power, 0))
    return _COMPUTED if isinstance(cell, Formula) else _NO_NUMBER


def _value(match: re.Match[str], decimal: str) -> Amount | Bad:
    body = match["body"].rstrip(" '’")
    brackets = [match["open"], match["inneropen"]], [match["close"], match["close1"]]
    opened, closed = (sum(part is not None for part in parts) for parts in brackets)
    signs = [sign for sign in (match["before"], match["inner"], match["after"]) if sign]
    if opened != closed or opened + len(signs) > 1 or len(body) > 30:
        return _NO_NUMBER
    code = match["code1"] or match["code2"] or ""
    if match["code1"] and match["code2"]:
        return _NO_NUMBER
    split = _split(body.rstrip(".,") if match["even"] else body, decimal)
    if split is None:
        other = "comma" if decimal == POINT else "point"
        return Bad(
            f"not an amount with a decimal {decimal}",
            f"Write it like the others of the column, or read all with --decimal {other}.",
        )
    whole, places = split
    digits = int(whole + places)
    negative = opened == 1 or signs == ["-"]
    side = {"C": "H", "D": "S", "H": "H", "S": "S"}[match["side"][0].upper()] if match["side"] else ""
    currency = _SIGNS.get(code) or code.upper()
    return Amount(-digits if negative else digits, len(places), currency, side)


_GROUPED = re.compile(
    r"[0-9]{1,3}(?P<sign>[., '’])[0-9]{3}(?:(?P=sign)[0-9]{3})*|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}"
)


def _split(body: str, decimal: str) -> tuple[str, str] | None:
    """Digits before and after the decimal sign; None if the body cannot be read with this sign."""
    sign = "." if decimal == POINT else ","
    whole, found, places = body.partition(sign)
    if found and not (places.isdigit() or (places == "" and whole)):
        return None
    if whole.isdigit() or not whole:
        return whole or "0", places
    if not _GROUPED.fullmatch(whole):
        return None
    return "".join(character for character in whole if character.isdigit()), places


# What a shape (all digits written as 9) proves about the column it stands in.
_NOT_ZERO = re.compile("[1-9]")
_ZERO_FIRST = re.compile(r"[^0-9]*0[.,]")
_AMBIGUOUS = re.compile(r"9{1,3}([.,])999")


def proof(shape: str) -> str:
    """`point`, `comma`, `` (any reading gives the same) or `either` for a body of digits and signs."""
    for sign in (POINT, COMMA):
        other = COMMA if sign == POINT else POINT
        if _split(shape, sign) is not None and _split(shape, other) is None:
            return sign
    if not any(character in shape for character in ".,"):
        return ""
    return "either" if _AMBIGUOUS.fullmatch(shape) else ""


class AmountColumn:
    """Looks at a whole column, chunk by chunk, for cells that decide how its amounts are written."""

    def __init__(self, column: str) -> None:
        self.column = column
        self.proofs: dict[str, list[Evidence]] = {POINT: [], COMMA: [], "either": []}
        self.counts: Counter[str] = Counter()
        self.currencies: dict[str, Evidence] = {}
        self.filled = 0
        self.negatives = 0
        self.above_zero = False
        self._shapes: dict[str, tuple[str, bool]] = {}

    def look(self, cells: Sequence[Cell], lines: Sequence[int]) -> None:
        """The next cells of the column and their lines."""
        texts = [cell if isinstance(cell, str) else "" for cell in cells]
        shapes = "\n".join(texts).translate(DIGITS).split("\n")
        if len(shapes) != len(cells):
            shapes = [text.translate(DIGITS) for text in texts]
        if not self.above_zero:
            self.above_zero = any(map(_NOT_ZERO.search, map(as_text, cells)))
        for cell in cells:
            if isinstance(cell, Decimal):
                self.filled += 1
                self.negatives += cell < 0
        for shape, count in Counter(shapes).items():
            verdict, negative = self._shapes.get(shape) or self._new(shape, cells, lines, shapes)
            if verdict == "blank":
                continue
            self.filled += count
            self.negatives += count * negative
            if verdict == "either":
                self.counts[verdict] += self._zeros(shape, cells, lines, shapes)
            else:
                self.counts[verdict] += count

    def _new(
        self, shape: str, cells: Sequence[Cell], lines: Sequence[int], shapes: Sequence[str]
    ) -> tuple[str, bool]:
        index = shapes.index(shape)
        evidence = Evidence(lines[index], self.column, shown(as_text(cells[index])))
        text = shape.translate(_SPACES).strip().replace("−", "-")
        verdict, negative = "blank" if text in _BLANK else "bad", False
        match = _TAKEN_APART.fullmatch(text) if len(text) <= 60 else None
        if match is not None:
            body = match["body"].rstrip(" '’")
            verdict = proof(body.rstrip(".,") if match["even"] else body)
            negative = "-" in (match["before"], match["inner"], match["after"]) or bool(
                match["open"] or match["inneropen"]
            )
            code = match["code1"] or match["code2"] or ""
            currency = _SIGNS.get(code) or code.upper()
            if currency:
                self.currencies.setdefault(currency, evidence)
        if len(self._shapes) < 10_000:
            self._shapes[shape] = verdict, negative
        if verdict in self.proofs and len(self.proofs[verdict]) < 3 and verdict != "either":
            self.proofs[verdict].append(evidence)
        return verdict, negative

    def _zeros(self, shape: str, cells: Sequence[Cell], lines: Sequence[int], shapes: Sequence[str]) -> int:
        """`0.123` has the shape of `1.234` but no thousands: it proves its sign. Returns what stays open."""
        sign = POINT if "." in shape else COMMA
        count = 0
        for index, other in enumerate(shapes):
            if other != shape:
                continue
            text = as_text(cells[index])
            evidence = Evidence(lines[index], self.column, shown(text))
            if _ZERO_FIRST.match(text):
                self.counts[sign] += 1
                if len(self.proofs[sign]) < 3:
                    self.proofs[sign].append(evidence)
                continue
            count += 1
            if len(self.proofs["either"]) < 3:
                self.proofs["either"].append(evidence)
        return count

    def decide(self, answer: str | None) -> Decision | Undecided:
        """The decimal sign of the column. A person's answer counts unless many cells prove the other sign."""
        what = f"decimal: {self.column}"
        point, comma, either = self.counts[POINT], self.counts[COMMA], self.counts["either"]
        if answer is not None:
            other = COMMA if answer == POINT else POINT
            if self.counts[other] * 100 <= self.filled * CONTRADICTED_PERCENT:
                return Decision(what, answer, AS_SAID)
            return Undecided(
                what,
                f"You said decimal {answer}, but {self.counts[other]:,} amounts in column {self.column!r} can "
                f"only be read with a {other}.",
                (other,),
                f"--decimal {other}",
                tuple(self.proofs[other]),
            )
        if point and comma:
            return Undecided(
                what,
                f"In column {self.column!r} some amounts have a decimal point ({point:,}) and others a "
                f"decimal comma ({comma:,}). Which is right? The others will be rejected.",
                (POINT, COMMA),
                ANSWER,
                (*self.proofs[POINT][:2], *self.proofs[COMMA][:2]),
            )
        if point or comma:
            sign = POINT if point else COMMA
            why = f"{point or comma:,} amounts can be read in this way only"
            return Decision(what, sign, why, tuple(self.proofs[sign]))
        if either:
            return Undecided(
                what,
                f"Is {self.proofs['either'][0].value!r} in column {self.column!r} more than a thousand, or does "
                "the sign stand before decimals? No amount of the column decides it.",
                (POINT, COMMA),
                ANSWER,
                tuple(self.proofs["either"]),
            )
        return Decision(what, POINT, "every amount is a whole number or a number of a sheet")


def known_currency(code: str) -> bool:
    """Whether the code or sign names one currency: `EUR` does, `$` and `kr` do not."""
    try:
        money.exponent(code)
    except money.UnknownCurrency:
        return False
    return True
