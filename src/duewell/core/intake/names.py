"""Column names made comparable: `Rechnungs-Nr.`, `rechnungs_nr` and `RechnungsNummer` are one name.

The key of a name is its words in small letters, without accents and punctuation, usual abbreviations written
out, joined. A currency code in the name (`Amount (USD)`, `betrag_eur`) is taken out and told apart.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from unicodedata import normalize

from duewell.core.intake import romance_dutch, vocabulary
from duewell.core.units import money

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BRACKETED = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_MINOR = re.compile(r"(?:in)?(?:cents?|pence|rappen|minorunits?|minor|subunits?|smallestunit)$")
_WORDS = re.compile(r"[a-z0-9]+")
_NUMBER_SIGN = re.compile(r"#|№|\b[nN](?:\.\s?)?[°ºo]\.?(?!\w)|\b[nN]r?s?\.?[°º]")
_OUTSTANDING = re.compile(r"\b[oO]\s?/\s?[sS]\b")
_SHORT = {
    **dict.fromkeys("no num nr nbr nmbr numb nummer number numero".split(), "nr"),
    **dict.fromkeys("dt dat datum date".split(), "date"),
    **dict.fromkeys("rg rgs rng rech rechn rechng".split(), "rechnungs"),
    **dict.fromkeys("whg waehrg waehr".split(), "waehrung"),
    **dict.fromkeys("curr ccy crcy cur".split(), "currency"),
    **dict.fromkeys("faell faelligk".split(), "faellig"),
    **dict.fromkeys("acct accnt acc".split(), "account"),
    **dict.fromkeys("pmt pymt pymnt".split(), "payment"),
    "amt": "amount",
    "amnt": "amount",
    "inv": "invoice",
    "invc": "invoice",
    "cust": "customer",
    "cstmr": "customer",
    "clt": "client",
    "kd": "kunden",
    "kto": "konto",
    "deb": "debitoren",
    "doc": "document",
    "docs": "document",
    "ref": "reference",
    "bal": "balance",
    "betr": "betrag",
    "bez": "bezeichnung",
    "desc": "description",
    "descr": "description",
    "addr": "address",
    "tel": "phone",
    "telefon": "phone",
    "qty": "quantity",
    "pct": "percent",
    "orig": "original",
    "os": "outstanding",
    "o": "outstanding",
    "prov": "province",
    "trans": "transaction",
    "txn": "transaction",
    "tx": "transaction",
    "trx": "transaction",
    "disc": "discount",
    "lang": "language",
    "spr": "sprache",
    "stat": "status",
}
# Endings that German and careless English glue to the word before.
_GLUED = (("nummer", "nr"), ("datum", "date"), ("number", "nr"))
_RUN_TOGETHER = re.compile(
    r"(invoice|inv|customer|cust|document|doc|account|acct|bill|client|debtor|voucher|order|rechnungs|kunden|beleg)"
    r"(no|num|nbr|dt|amt|nr)"
)


class Name(NamedTuple):
    """A column name taken apart."""

    key: str
    """All its words."""
    short: str
    """Without what stands in brackets."""
    currency: str
    """The ISO 4217 code it names, or nothing."""
    minor: bool = False
    """It says that amounts are in minor units, such as cents."""


@lru_cache(maxsize=4096)
def parse(header: str) -> Name:
    """The name of a column in comparable form."""
    currency, bare = _without_currency(header.strip()[:200])
    found = Name(_key(bare), _key(_BRACKETED.sub(" ", bare)), currency)
    plain = _MINOR.sub("", found.key)
    return Name(plain, plain, currency, True) if plain != found.key and plain else found


def _key(text: str) -> str:
    text = _OUTSTANDING.sub(" outstanding ", _NUMBER_SIGN.sub(" number ", text))
    text = normalize("NFC", text)
    key = "".join(_written_out(word) for word in _words(text.translate(_UMLAUTS)))
    if not vocabulary.fields_of(key):
        # No English or German name.
        for other in romance_dutch.translated(_words(text.replace("œ", "oe"))):
            if vocabulary.fields_of(other) or other in romance_dutch.UNUSED:
                return other
    return key


def _words(text: str) -> list[str]:
    """The words in small letters without accents."""
    text = "".join(character for character in normalize("NFKD", text) if not "\u0300" <= character <= "\u036f")
    return _WORDS.findall(_CAMEL.sub(" ", text).lower())


def _written_out(word: str) -> str:
    if word in _SHORT:
        return _SHORT[word]
    together = _RUN_TOGETHER.fullmatch(word)
    if together:
        return _SHORT.get(together[1], together[1]) + _SHORT[together[2]]
    for ending, short in _GLUED:
        if word.endswith(ending):
            return word[: -len(ending)] + short
    return word


_CODE = re.compile(r"(?<![A-Za-z])([A-Z]{3}|[a-z]{3})(?![A-Za-z])|(?<=[a-z])([A-Z]{3})$")
_EURO = re.compile(r"\beuros?\b", re.IGNORECASE)
_SIGNS = {"€": "EUR", "£": "GBP", "₹": "INR", "₺": "TRY", "zł": "PLN"}
# Written small, only what is no word of a column name in any language here ("all", "top", "try" are codes too).
_SMALL = frozenset("usd eur gbp chf cad aud nzd jpy sek nok dkk pln czk huf inr cny hkd sgd zar brl mxn".split())


def _without_currency(header: str) -> tuple[str, str]:
    for sign, code in _SIGNS.items():
        if sign in header:
            return code, header.replace(sign, " ")
    euro = _EURO.search(header)
    if euro and header.strip().lower() != euro.group().lower():
        return "EUR", header[: euro.start()] + " " + header[euro.end() :]
    for match in _CODE.finditer(header):
        word = match[1] or match[2]
        if word.islower() and word not in _SMALL:
            continue
        if header.isupper() and word.lower() not in _SMALL:
            continue
        try:
            money.exponent(word.upper())
        except money.UnknownCurrency:
            continue
        return word.upper(), header[: match.start()] + " " + header[match.end() :]
    return "", header
