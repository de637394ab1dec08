"""The fields of each kind of file: which there are, what their cells hold, and which of them must be there."""

# ruff: noqa: E501 (the tables read best with one field a line)

from __future__ import annotations

import re
from typing import NamedTuple

from duewell.core.intake import vocabulary

KINDS = ("invoices", "customers", "payments", "credits")

AMOUNTS = ("amount", "open", "paid", "line_amount", "debit", "credit", "tax")
"""Taxes last: they are looked at, never taken."""
DATES = ("issued_on", "due_on", "paid_on", "last_paid_on")
WORDS = ("status", "payment_status", "document_type", "side", "disputed", "blocked", "cancelled", "payment_state")
"""Fields with few values, each of which must be understood before anything is taken."""

WHO = ("customer_number", "customer_name", "company", "last_name", "email")
"""Fields of which one must be there to say who the customer is."""
_CUSTOMER = (
    *("customer_number", "customer_name", "company", "person", "first_name", "last_name", "salutation"),
    *("email", "phone", "mobile", "street", "street2", "postal_code", "city", "region", "country"),
    *("zone", "language", "kind", "segment", "vat_number", "account"),
)
CUSTOMER_TEXTS = _CUSTOMER
_INVOICES = (
    *_CUSTOMER,
    *("number", "reference", "issued_on", "due_on", "terms", "amount", "open", "paid", "paid_on", "last_paid_on"),
    *(
        "status",
        "payment_status",
        "disputed",
        "level",
        "blocked",
        "cancelled",
        "document_type",
        "side",
        "debit",
        "credit",
    ),
    *("currency", "line_amount", "line", "tax", "transaction", "gl_account", "gl_type", "counter_account", "text"),
)
_PAYMENTS = (
    *_CUSTOMER,
    "payment_id",
    "invoice",
    "amount",
    "paid_on",
    "currency",
    "reference",
    "side",
    "document_type",
    "payment_state",
)
_CREDITS = (*_CUSTOMER, "number", "invoice", "amount", "open", "issued_on", "currency", "reference", "status")


class Kind(NamedTuple):
    """What a file of one kind can hold."""

    fields: frozenset[str]
    extra: vocabulary.Extra
    """Names that mean something in this kind of file only."""
    asked: frozenset[str]
    """Fields where two columns that fit are a question; elsewhere the first one with content is taken."""


def _extra(**patterns: tuple[int, str]) -> vocabulary.Extra:
    return tuple((field, rank, re.compile(pattern)) for field, (rank, pattern) in patterns.items())


_INVOICE_NUMBER = rf"{vocabulary.INVOICE}(?:{vocabulary.NUMBER}s?|numbers)?"
_PAYER = (
    r"(?:beguenstigte(?:r)?|auftraggeber|empfaenger|zahlungsempfaenger)?(?:zahlungspflichtige(?:r|rin)?|zahlungsbeteiligte(?:r)?|zahler)|"
    r"(?:auftraggeber|beguenstigter?)(?:in)?(?:beguenstigter?|empfaenger|auftraggeber)|name(?:des)?(?:zahlungsbeteiligten?|zahlers|auftraggebers)|"
    r"name(?:zahlungsbeteiligter|zahlungspflichtiger)|(?:beneficiary|payee)?(?:originator|remitter|counterparty|sender)(?:name)?|"
    r"paid(?:by|from)|receivedfrom|partnername|gegenpartei|absender"
)
"""Whose money it is, in the words of banks."""
_MONEY = frozenset(
    (
        *AMOUNTS[:-1],
        *DATES,
        "number",
        "customer_number",
        "customer_name",
        "currency",
        "status",
        "terms",
        "side",
        "email",
    )
)
_KINDS = {
    "invoices": Kind(frozenset(_INVOICES), (), _MONEY | {"payment_status", "disputed", "document_type", "cancelled"}),
    "customers": Kind(
        frozenset((*_CUSTOMER, "currency", "terms", "role")),
        (
            *_extra(role=(0, r"(?:account|konto)?(?:role|rolle)|standsas")),
            *_extra(customer_number=(1, r"nr|idnr|externalid|konto(?:nr)?|account(?:nr|id|code)?")),
            *_extra(region=(1, r"estado")),
            *_extra(customer_number=(2, r"id"), customer_name=(1, r"name|bezeichnung|titel")),
        ),
        frozenset(("customer_number", "customer_name", "email", "currency")),
    ),
    "payments": Kind(
        frozenset(_PAYMENTS),
        (
            *_extra(payment_id=(0, r"(?:payment|receipt|zahlungs?|transaction|quittungs?)(?:nr|id)")),
            *_extra(payment_id=(1, r"nr|id|receipt|beleg(?:nr)?|documentnr|documentid")),
            *_extra(invoice=(0, rf"(?:(?:applied|allocated|assigned)(?:to)?)?{vocabulary.INVOICE}(?:nrs?|numbers)?|nrinvoice")),
            *_extra(invoice=(1, rf"(?:(?:applied|allocated|assigned)(?:to)?)?{_INVOICE_NUMBER}|{vocabulary.NUMBER}invoice")),
            *_extra(invoice=(1, r"belegfeld1|opnr|appliedto|paidinvoices?|bezahlterechnung(?:en)?")),
            *_extra(payment_state=(0, r"(?:payment|transaction|zahlungs?|transaktions?|umsatz|buchungs?)?(?:status|state)")),
            *_extra(customer_name=(1, _PAYER)),
            *_extra(amount=(0, r"(?:payment|paid|received|receipt|zahlungs?|zahl|gezahlter|eingegangener)(?:amount|total|betrag|sum|value)")),
            *_extra(amount=(0, r"(?:amount|betrag|total)(?:paid|received|bezahlt|gezahlt|eingegangen)|gutschrifts?betrag")),
            *_extra(amount=(1, r"paid|received|bezahlt|gezahlt|zahlung|payment|eingang|haben|credit|gross")),
            *_extra(paid_on=(1, r"(?:receipt|received|value|valuta|credit|deposit|bank)(?:date|on)?|buchungstag|buchungsdate|eingang(?:am)?")),
            *_extra(paid_on=(2, r"date|data|(?:transaction|posting|document|beleg|entry|created|available)(?:date|on|at|onutc)?|createdutc")),
        ),
        frozenset(("amount", "paid_on", "invoice", "customer_number", "customer_name", "currency", "side")),
    ),
    "credits": Kind(
        frozenset(_CREDITS),
        (
            *_extra(number=(0, r"(?:credit|creditnote|creditmemo|creditinvoice|gutschrifts?|storno|stornorechnungs?)(?:nr|id|code)")),
            *_extra(invoice=(0, r"(?:original|applied|appliesto|appliedto|related|corrected|for|zu|bezugs?|ursprungs?)(?:to)?(?:invoice|rechnungs?|rechnung)(?:nr|id)?")),
            *_extra(invoice=(1, rf"{_INVOICE_NUMBER}|appliesto|appliedto|bezug")),
            *_extra(amount=(0, r"(?:credit|creditnote|creditmemo|credited|gutschrifts?|gutgeschriebener)(?:amount|total|betrag|summe|value)")),
            *_extra(amount=(1, r"credit|credited|gutschrift|haben")),
            *_extra(issued_on=(0, r"(?:credit|creditnote|creditmemo|gutschrifts?)(?:date|on|am)")),
        ),
        frozenset(("amount", "number", "issued_on", "customer_number", "customer_name", "currency", "invoice")),
    ),
}  # fmt: skip


def of(kind: str) -> Kind:
    """Raises `KeyError` for a kind that is none of `KINDS`."""
    return _KINDS[kind]
