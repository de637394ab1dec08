"""The day on which a sentence says that an invoice is to be paid, where it says one day and only one.

`Zahlbar innerhalb von 14 Tagen`, `Payable within 30 days`, `Zahlung bis zum 13.08.2021`, `Zahlbar sofort`.
A sentence that offers a discount names several days; it is left to a person.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from duewell.core.intake import date_text, words

_DAYS = re.compile(
    r"(\d{1,3})\s*(?:\(\w+\)\s*)?(?:kalender|bank|werk|calendar |business |working )?"
    r"(days?|tagen?|jours?|d[ií]as?|giorni|gg|dagen)\b",
    re.IGNORECASE,
)
_WORKING = re.compile(
    r"bank-?tag|werk-?tag|arbeitstag|business day|working day|ouvr[ée]|h[áa]bil|lavorativ|werkdag", re.IGNORECASE
)
_DISCOUNT = re.compile(r"%|skonto|discount|escompte|descuento|sconto|korting|rabatt", re.IGNORECASE)
_MONTHS = re.compile(r"\bmonat|\bmonth|\bmois\b|\bmes(?:es)?\b|\bmese|\bmaand|ultimo|\beom\b", re.IGNORECASE)
_DATE = re.compile(
    r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}\.\s?\d{1,2}\.\s?\d{4}\b|\b\d{1,2}\.? [A-Za-zÀ-ÿ]{3,10}\.? \d{4}\b"
)
_UNTIL = re.compile(
    r"\b(?:bis|spätestens|fällig|until|before|by|due|au plus tard|avant|antes del?|entro|uiterlijk|v[óo]or|até)\b",
    re.IGNORECASE,
)
_AT_ONCE = re.compile(
    r"\b(?:sofort|umgehend|prompt|immediately|upon receipt|on receipt|comptant|à réception|al contado|a vista|"
    r"per direct)\b",
    re.IGNORECASE,
)
# A due date further away is another date of the sentence.
_DAYS_MAX = 400


def due_on(text: str, issued_on: date) -> date | None:
    """The day, or None if the text names none, several or a condition."""
    plain = " ".join(text.split())[:2_000]
    if not plain:
        return None
    net = words.days_of_terms(plain)
    if net is not None:
        return issued_on + timedelta(days=net)
    if _DISCOUNT.search(plain) or _MONTHS.search(plain) or _WORKING.search(plain):
        return None
    dates = {found for match in _DATE.findall(plain) if (found := _day(match)) is not None}
    spans = {int(count) for count, _ in _DAYS.findall(plain)}
    if dates and _UNTIL.search(plain) and not spans:
        later = {day for day in dates if issued_on <= day <= issued_on + timedelta(days=_DAYS_MAX)}
        return later.pop() if len(later) == 1 else None
    if len(spans) == 1 and not dates:
        return issued_on + timedelta(days=spans.pop())
    return issued_on if not spans and not dates and _AT_ONCE.search(plain) else None


def _day(text: str) -> date | None:
    found = date_text.parse(
        text.replace(". ", ".") if text[:1].isdigit() and "." in text[:3] else text, "dmy", 2100
    )
    return found if isinstance(found, date) else None
