"""Words with a meaning for the ledger: states of an invoice, kinds of document, sides of an account, yes and no.

As billing programs write them in English and German here, and in other languages in `words_elsewhere`. A word that is not known is never guessed: it is asked what
it means, with the option that answers.
"""

# ruff: noqa: E501 (the tables read best with one meaning a line)

from __future__ import annotations

import re
from unicodedata import normalize

from duewell.core.intake import words_elsewhere

# States of an invoice
ISSUED, OPEN, PAID, PART_PAID, DRAFT, VOID, WRITTEN_OFF, DISPUTED, REFUNDED = (
    *("issued", "open", "paid", "part_paid", "draft", "void", "written_off", "disputed", "refunded"),
)
"""`issued` says that the invoice went out, and nothing of its payment; `open` that it is not paid."""
# Kinds of document
INVOICE, CREDIT, PAYMENT, IGNORED = "invoice", "credit", "payment", "ignored"
# Sides of an account; yes and no
DEBIT, HABEN = "debit", "credit_side"
YES, NO = "yes", "no"
# Whether a payment arrived
NOT_RECEIVED = "not_received"


def _table(**meanings: str) -> dict[str, str]:
    return {word: meaning for meaning, words in meanings.items() for word in words.split("|")}


_STATUS = _table(
    issued="sent|approved|authorised|authorized|posted|issued|viewed|delivered|invoiced|finalized|finalised|printed|emailed|"
    "in payment|versendet|gesendet|verschickt|gestellt|gebucht|festgeschrieben|freigegeben|zugestellt",
    open="open|unpaid|outstanding|overdue|past due|due|awaiting payment|not paid|partially overdue|late|unsettled|reminded|"
    "not due|payment due|offen|faellig|ueberfaellig|unbezahlt|gemahnt|nicht bezahlt|ausstehend|nicht faellig|"
    "im mahnverfahren|in mahnung|zahlungserinnerung",
    paid="paid|settled|closed|cleared|paid in full|fully paid|complete|completed|auto-paid|autopaid|paid offline|collected|"
    "bezahlt|beglichen|ausgeglichen|erledigt|geschlossen|abgeschlossen|vollstaendig bezahlt|komplett bezahlt|"
    "gezahlt",
    part_paid="partial|partially paid|part paid|part-paid|partly paid|partial payment|partially settled|teilbezahlt|"
    "teilweise bezahlt|teilzahlung|anbezahlt|angezahlt|partiell bezahlt",
    draft="draft|saved|proforma|pro forma|new draft|unposted|awaiting approval|submitted|not sent|unsent|scheduled|entwurf|"
    "nicht gesendet|in bearbeitung|nicht gebucht|vorlaeufig|planned",
    void="void|voided|cancelled|canceled|deleted|reversed|reversal|annulled|storniert|storno|geloescht|annulliert|abgebrochen|"
    "ungueltig|credited|gutgeschrieben|cancel",
    written_off="written off|write off|write-off|writeoff|uncollectible|bad debt|written-off|abgeschrieben|ausgebucht|"
    "uneinbringlich|forderungsverlust",
    disputed="disputed|in dispute|dispute|contested|strittig|reklamiert|beanstandet|bestritten|in klaerung|klaerfall",
    refunded="refunded|partially refunded|chargeback|erstattet|rueckerstattet",
)
_DOCUMENT_TYPE = _table(
    invoice="invoice|sales invoice|tax invoice|bill|inv|in|si|sin|rechnung|ausgangsrechnung|re|rg|ar|dr|rv|debit note|debit memo|"
    "customer invoice|out_invoice|accrec|sales|rechnungen|forderung|schlussrechnung|teilrechnung|abschlagsrechnung|"
    "mahngebuehr|finance charge|late fee|interest invoice|standard|normal|regular|final invoice|receivable|sale",
    credit="credit|credit note|credit memo|creditmemo|credit invoice|sales credit note|sales credit|cn|cm|crn|sc|scr|gutschrift|gu|gs|dg|"
    "stornorechnung|rechnungskorrektur|out_refund|accreccredit|refund invoice|korrektur|credit adjustment|gutschriften|"
    "rechnungsgutschrift|ausgangsgutschrift|customer credit memo|ar credit memo|a/r credit memo|receivable credit note",
    payment="payment|customer payment|receipt|cash receipt|sa receipt|dz|ze|za|zahlung|zahlungseingang|sr|pmt|"
    "payment received|bank receipt|zahlungen|geldeingang|receivable payment|invoice payment|"
    "payment on account|payment entry|allgemeine zahlung|general payment|express checkout payment|website payment|akontozahlung|eingangszahlung|incoming payment",
    ignored="quote|estimate|proposal|order|sales order|angebot|auftrag|auftragsbestaetigung|lieferschein|delivery note",
)
_SIDE = _table(
    debit="s|soll|d|dr|debit|db|debet|s (soll)|+",
    credit_side="h|haben|c|cr|credit|k|kredit|h (haben)|-",
)
_YES_NO = _table(
    yes="yes|y|true|1|x|ja|j|wahr|disputed|in dispute|strittig|gesperrt|on|t|blocked|reklamiert",
    no="no|n|false|0|nein|falsch|none|off|f|-|keine|kein|not disputed|ohne|n/a",
)
_PAYMENT_STATE = _table(
    received="received|succeeded|success|successful|paid|completed|complete|settled|cleared|captured|confirmed|posted|booked|"
    "paid out|paidout|active|reconciled|unreconciled|processed|eingegangen|gebucht|abgeschlossen|verbucht|erledigt|"
    "bezahlt|ausgefuehrt|umsatz gebucht|gutgeschrieben|zugeordnet|nicht zugeordnet|bestaetigt",
    not_received="failed|failure|pending|declined|denied|rejected|canceled|cancelled|void|voided|reversed|returned|refunded|"
    "partially refunded|charged back|chargeback|disputed|processing|in progress|scheduled|draft|expired|uncaptured|blocked|"
    "on hold|deleted|pending submission|requires action|fehlgeschlagen|ausstehend|offen|vorgemerkt|abgelehnt|storniert|rueckgebucht|"
    "zurueckgegeben|erstattet|in bearbeitung|geplant|abgebrochen|umsatz vorgemerkt|entwurf|geloescht",
)
_STATUS |= words_elsewhere.STATUS
_DOCUMENT_TYPE |= words_elsewhere.DOCUMENT_TYPE
_SIDE |= words_elsewhere.SIDE
_YES_NO |= words_elsewhere.YES_NO
_PAYMENT_STATE |= words_elsewhere.PAYMENT_STATE
_TABLES = {
    "status": _STATUS,
    "payment_status": _STATUS,
    "document_type": _DOCUMENT_TYPE,
    "side": _SIDE,
    "disputed": {**_YES_NO, "d": YES},
    "blocked": _YES_NO,
    "cancelled": _YES_NO,
    "payment_state": _PAYMENT_STATE,
}
# A column "Paid" with yes and no says the same as a status.
_PAID_FLAG = {YES: PAID, NO: OPEN}
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_GLUED = re.compile(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])")
# A block on reminders is often a letter that stands for its reason.
_BLOCK_CODE = re.compile(r"[A-Z]")
_AMOUNT_IN_WORDS = re.compile(
    r"\s*\(.*\)$|\s+on\s+\d.*$|\s+am\s+\d.*$|\s*(?:by|seit|for|um|de|desde|da|depuis|sinds|há)?\s*\d+ (?:days?|tage?n?|jours?|d[ií]as?|giorni|dagen)\b.*$"
)


def meanings(field: str) -> tuple[str, ...]:
    """The meanings a word of this field can have, for an option that explains an unknown one."""
    return tuple(dict.fromkeys(_TABLES[field].values()))


def meaning(field: str, word: str, explained: dict[str, str] | None = None) -> str | None:
    """What the word means in this field: "" for a blank cell, None if nobody has said.

    Args:
        field: one of `fields.WORDS`.
        word: the cell.
        explained: words that a person has explained, in small letters.
    """
    plain = " ".join(word.split()).lower()
    if explained and plain in explained:
        return explained[plain]
    if not plain:
        return ""
    plain = _plain(plain).strip(" .!*")
    table = _TABLES[field]
    found = table.get(plain) or table.get(plain.replace("_", " ")) or table.get(plain.replace("-", " "))
    if found is None and _GLUED.search(word.strip()):
        # `PartiallyPaid`, `AwaitingPayment`
        found = table.get(_GLUED.sub(" ", word.strip()).lower().translate(_UMLAUTS))
    if found is None and field == "blocked" and _BLOCK_CODE.fullmatch(word.strip()):
        found = YES
    if found is None and field in ("status", "payment_status"):
        flag = _YES_NO.get(plain) if plain not in ("1", "0") else None
        found = _PAID_FLAG.get(flag or "") or table.get(_AMOUNT_IN_WORDS.sub("", plain))
    if found is None and field in ("status", "payment_status") and plain.endswith("s"):
        # `Non payées`, `Pagadas`: of all invoices in this state.
        found = table.get(" ".join(each.removesuffix("s") for each in plain.split()))
    if found is None and field == "document_type":
        found = table.get(plain.removesuffix("s")) or _coded(plain, table)
    return found


_CODED = re.compile(r"(?P<code>[a-z0-9]{1,6}) ?(?:\((?P<inside>.+)\)|[-–:] ?(?P<behind>.+))")


def _coded(plain: str, table: dict[str, str]) -> str | None:
    """`DR (Customer Invoice)`, `DG - Gutschrift`: the code or its text, where they do not contradict each other."""
    match = _CODED.fullmatch(plain)
    if match is None:
        return None
    found = {table.get(match["code"]), table.get(match["inside"] or match["behind"])} - {None}
    return found.pop() if len(found) == 1 else None


def _plain(text: str) -> str:
    """Umlauts written out, and no other accents."""
    text = normalize("NFC", text).translate(_UMLAUTS)
    if text.isascii():
        return text
    return "".join(sign for sign in normalize("NFKD", text) if not "\u0300" <= sign <= "\u036f")


def is_status(word: str) -> bool:
    """Whether the cell reads like the state of an invoice."""
    return bool(meaning("status", word))


def is_flag(word: str) -> bool:
    """Whether the cell reads like yes or no."""
    return _YES_NO.get(_plain(word.strip().lower())) is not None


_NET = re.compile(r"(\d{1,3})\s*(?:days?|d|tagen?|tg)?\.?\s*(?:net(?:to)?|rein|ohne abzug|strikt)\b")
_NET_FIRST = re.compile(
    r"\b(?:net(?:to)?|n|rein netto|nt)\.?\s*(?:in(?:nerhalb)?\s*(?:von)?)?\s*(\d{1,3})(?:\s*(?:days?|d|tagen?))?\b"
)
_DISCOUNT = re.compile(r"\d{1,2}(?:[.,]\d)?\s*%?\s*/\s*\d{1,2},?\s*(?:net|n)\s*/?\s*(\d{1,3})(?:\s*days?)?")
_DAYS = re.compile(
    r"(?:zahlbar |payable |due |faellig )?(?:within |innerhalb(?: von)? |in |binnen )?(\d{1,3})(?:[.,]0+)?\s*(?:days?|d|tagen?|tg)?\.?(?: nach rechnungs\w*| after invoice\w*| from invoice\w*)?"
)
_AT_ONCE = re.compile(
    r"(?:due|payable|zahlbar|faellig)?\s*(?:up)?(?:on|bei)?\s*(?:receipt|erhalt|immediate(?:ly)?|sofort|prompt|cod|cash on delivery|"
    r"cash|rechnungserhalt|eingang|presentation)(?:\s*(?:faellig|netto|zahlbar|ohne abzug|rein netto|due|payable))*"
)


def days_of_terms(text: str) -> int | None:
    """Days until an invoice is due: 30 for `30`, `net 30`, `2/10 net 30`, `8 Tage 3 %, 30 Tage netto`.

    None if the text does not say it in days, such as a code or the end of a month.
    """
    plain = " ".join(_plain(text[:300].lower()).split())
    if re.search(
        r"\beom\b|month|monat|ultimo|fin (?:de |del )?m[eo]s|fine mese|fim do mes|\bf\.?m\.?\b|\bmois\b|einde maand",
        plain,
    ):
        return None
    discount = _DISCOUNT.fullmatch(plain)
    if discount:
        return int(discount[1])
    for pattern in (_NET_FIRST, _NET):
        found = pattern.findall(plain)
        if len(found) == 1:
            return int(found[0])
        if found:
            return None
    days = _DAYS.fullmatch(plain) or words_elsewhere.DAYS.fullmatch(plain)
    if days:
        return int(days[1])
    return 0 if _AT_ONCE.fullmatch(plain) or words_elsewhere.AT_ONCE.fullmatch(plain) else None
