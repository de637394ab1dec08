"""One electronic invoice as a row: what is owed, by whom, until when; or why it cannot be taken.

What is owed is the amount due for payment (BT-115): what was paid in advance was asked for by other documents.
A corrected invoice (384) is no second debt: it goes under the number of the invoice that it corrects.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from duewell.core.intake import payment_terms, texts
from duewell.core.intake.e_invoice import EInvoice, Fault, Leaf
from duewell.core.intake.e_invoice_types import CLAIM, CORRECTION, CREDIT, REFUSED, REMARKS, meaning
from duewell.core.intake.findings import Bad, Remark, shown
from duewell.core.intake.plan import Places
from duewell.core.intake.rows import CreditRow, CustomerRow, InvoiceRow
from duewell.core.intake.sellers import Us, is_us, stranger
from duewell.core.units import money

_AMOUNT = re.compile(r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,12})?|\.[0-9]{1,12})", re.ASCII)
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2}|T[0-9:.]+Z?)?", re.ASCII)
_DIGITS = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:[0-9]{4}(?:[0-9]{2})?)?", re.ASCII)
_Remark = Callable[[Leaf, str], None]
_DIRECT_DEBIT = frozenset(("49", "59"))
_EXPORT = "Have the seller's program write the document again."


class NoDueDate(NamedTuple):
    """The document says nothing of when it is to be paid; a person has to say how many days."""

    place: str
    value: str


class Taken(NamedTuple):
    """A document that can be taken."""

    row: InvoiceRow | CreditRow
    corrects: bool
    remarks: tuple[Remark, ...]


class Rules(NamedTuple):
    """What holds for every document of an import."""

    us: Us
    terms_days: int | None
    rounded: bool
    constants: Mapping[str, str]
    places: Places
    tests_taken: bool = False
    """Documents that say of themselves that they are a test are taken: in a test home."""


class _Faulty(Exception):
    """A part of the document that cannot be taken; it becomes the outcome of `row_of`."""

    def __init__(self, leaf: Leaf, reason: str, remedy: str = _EXPORT) -> None:
        super().__init__(reason)
        self.fault = Fault(leaf.place, shown(leaf.text), reason, remedy)


def row_of(told: EInvoice, number: int, rules: Rules) -> Taken | Fault | NoDueDate:
    """The row of a document.

    Args:
        told: the document.
        number: which document of the import it is, from 1.
        rules: what holds for all.
    """
    try:
        return _row(told, number, rules)
    except _Faulty as faulty:
        return faulty.fault


def _row(told: EInvoice, at: int, rules: Rules) -> Taken | NoDueDate:
    if told.is_test and not rules.tests_taken:
        raise _Faulty(told.number, "the document says of itself that it is a test", "Leave it out.")
    what = _meaning(told)
    _ours(told, rules.us)
    own_number = _text(told.number, "number")
    issued_on = _day(told.issued_on)
    currency = _currency(told.currency)
    remarks: list[Remark] = []

    def remark(leaf: Leaf, text: str) -> None:
        remarks.append(Remark(at, leaf.place, shown(leaf.text), text))

    if told.type_code.text in REMARKS:
        remark(told.type_code, REMARKS[told.type_code.text])
    payable = _payable(told, currency, rules.rounded, remark)
    if told.is_test:
        remark(told.number, "the document says of itself that it is a test")
    if not _DIRECT_DEBIT.isdisjoint(told.means):
        remark(told.payable, "to be collected by direct debit: the customer need not act")
    elif rules.us.ibans and told.ibans and not rules.us.paid_at(told.ibans):
        remark(Leaf(told.ibans[0], told.payable.place), "to be paid to another account than the creditor's")
    if told.payee and not rules.us.named(told.payee.text):
        remark(told.payee, "the money is to go to somebody else than the seller")
    customer = _customer(told, at, rules, remark)
    preceding = tuple(dict.fromkeys(_text(leaf, "invoice") for leaf in told.preceding if leaf))
    reference = _soft(told.order_reference, "reference") or _soft(told.buyer_reference, "reference")
    if what == CREDIT or payable < 0:
        if what == CREDIT and payable < 0:
            raise _Faulty(
                told.payable,
                "a credit note with a negative amount can be meant either way",
                "Ask whoever wrote it; record the credit with its sum, or have the document written anew.",
            )
        if what != CREDIT:
            remark(told.payable, "less than nothing is to be paid: taken as a credit")
        named = preceding[0] if len(preceding) == 1 else ""
        if len(preceding) > 1:
            remark(told.preceding[0], "names several invoices: taken as a credit of the customer")
        credit = CreditRow(at, own_number, customer, named, abs(payable), None, currency, issued_on, reference)
        return Taken(credit, False, tuple(remarks))
    invoice_number = own_number
    if what == CORRECTION:
        invoice_number = _corrected(told, preceding)
        reference = own_number
        remark(told.type_code, f"corrects invoice {invoice_number}: one debt, with the amount told here")
    due_on = _due_on(told, issued_on, rules.terms_days, remark)
    if due_on is None:
        if payable:
            place = told.due_on[0].place if told.due_on else ""
            return NoDueDate(place, shown(" ".join(leaf.text for leaf in told.terms)))
        due_on = issued_on
    row = InvoiceRow(at, invoice_number, customer, currency, issued_on, due_on, payable, None, reference=reference)
    return Taken(row, what == CORRECTION, tuple(remarks))


def _meaning(told: EInvoice) -> str:
    code = told.type_code
    if not code:
        if told.syntax == "UBL":
            return CREDIT if told.is_credit_note else CLAIM
        raise _Faulty(code, "the kind of document is missing (BT-3)")
    if code.text in REFUSED:
        raise _Faulty(code, *REFUSED[code.text])
    found = meaning(code.text)
    if found is None:
        raise _Faulty(code, "not a type of invoice or credit note", "Import invoices and credit notes only.")
    if told.is_credit_note and found != CREDIT:
        raise _Faulty(code, "the document is a credit note, and its code says that it is none")
    return found


def _ours(told: EInvoice, us: Us) -> None:
    if not told.seller.name and not told.seller.ids:
        raise _Faulty(told.seller.name, "the seller is missing (BT-27)")
    if not is_us(told.seller, told.ibans, us):
        raise _Faulty(told.seller.name, *stranger(told.seller, told.buyer, us))
    if us.named(told.buyer.name.text):
        raise _Faulty(told.buyer.name, "seller and buyer are the same", "Leave it out.")


def _corrected(told: EInvoice, preceding: Sequence[str]) -> str:
    if len(preceding) == 1:
        return preceding[0]
    if preceding:
        reason = "a corrected invoice that names several invoices (BT-25)"
    else:
        reason = "a corrected invoice that does not say which invoice it corrects (BT-25)"
    remedy = "Have it written with one reference, or record the correction by hand."
    raise _Faulty(told.type_code, reason, remedy)


def _text(leaf: Leaf, field: str) -> str:
    found = texts.read(leaf.text, field)
    if isinstance(found, Bad):
        raise _Faulty(leaf, found.reason, found.remedy)
    if not found:
        raise _Faulty(leaf, "is missing")
    return found


def _soft(leaf: Leaf, field: str) -> str:
    """A text that may be missing; one that cannot be kept counts as missing."""
    found = texts.read(leaf.text, field)
    return "" if isinstance(found, Bad) else found


def _day(leaf: Leaf) -> date:
    if not leaf:
        raise _Faulty(leaf, "the date is missing")
    found = _DAY.fullmatch(leaf.text) or (_DIGITS.fullmatch(leaf.text) if leaf.unit != "616" else None)
    if found is not None:
        try:
            return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            pass
    raise _Faulty(leaf, "not a day of the calendar")


def _currency(leaf: Leaf) -> str:
    try:
        money.exponent(leaf.text)
    except money.UnknownCurrency:
        raise _Faulty(leaf, "not a currency of ISO 4217 (BT-5)") from None
    return leaf.text


def _minor(leaf: Leaf, currency: str, rounded: bool) -> int:
    if leaf.unit and leaf.unit != currency:
        raise _Faulty(leaf, f"the amount is in {leaf.unit}, and the document in {currency}")
    if not _AMOUNT.fullmatch(leaf.text):
        raise _Faulty(leaf, "not an amount: a number with a point before the decimals")
    minor = Decimal(leaf.text).scaleb(money.exponent(currency))
    whole = minor.to_integral_value(ROUND_HALF_UP)
    if whole != minor and not rounded:
        raise _Faulty(
            leaf,
            f"more decimals than {currency} has",
            "Have it written with as many as the currency has, or round with --round.",
        )
    return int(whole)


def _payable(told: EInvoice, currency: str, rounded: bool, remark: _Remark) -> int:
    parts = {
        name: _minor(leaf, currency, rounded) if leaf else None
        for name, leaf in (("total", told.total), ("prepaid", told.prepaid), ("rounding", told.rounding))
    }
    total = parts["total"]
    computed = None if total is None else total - (parts["prepaid"] or 0) + (parts["rounding"] or 0)
    if told.payable:
        payable = _minor(told.payable, currency, rounded)
        if computed is not None and computed != payable:
            reason = f"the sums of the document lead to {money.Money(computed, currency).decimal()}"
            others = sum(_minor(leaf, currency, rounded) for leaf in told.of_others)
            if others and payable == computed + others:
                remark(told.payable, "claims of others are in it")
            elif parts["prepaid"] is None and 0 <= payable < computed:
                # The smallest profiles have no element for it.
                remark(
                    told.payable,
                    f"less than the total of {money.Money(computed, currency).decimal()}: the rest is paid",
                )
            elif abs(computed - payable) >= 10 ** money.exponent(currency):
                # Rounding never makes up a whole unit: one of the sums is wrong, and nobody can say which.
                raise _Faulty(told.payable, reason)
            else:
                remark(told.payable, reason)
        return payable
    if computed is None:
        raise _Faulty(told.payable, "the amount due for payment is missing (BT-115)")
    remark(told.total, "no amount due for payment is given (BT-115): the total less what was paid in advance")
    return computed


def _due_on(told: EInvoice, issued_on: date, terms_days: int | None, remark: _Remark) -> date | None:
    days = sorted({_day(leaf) for leaf in told.due_on if leaf})
    if days:
        latest = next(leaf for leaf in told.due_on if leaf and _day(leaf) == days[-1])
        if len(days) > 1:
            remark(latest, "several due dates: the latest is taken")
        if days[-1] < issued_on:
            remark(latest, "due before it was issued")
        return days[-1]
    plains = []
    for leaf in told.terms:
        # Lines that begin with # are offers of a discount for paying early (XRechnung), and no due dates.
        plain = " ".join(line for line in leaf.text.splitlines() if not line.lstrip().startswith("#"))
        found = payment_terms.due_on(plain, issued_on)
        if found is not None:
            plains.append((leaf, found))
    if len({found for _, found in plains}) == 1:
        leaf, found = plains[0]
        remark(leaf, f"no due date (BT-9): by the terms of payment {found.isoformat()}")
        return found
    return None if terms_days is None else issued_on + timedelta(days=terms_days)


def _customer(told: EInvoice, at: int, rules: Rules, remark: _Remark) -> CustomerRow:
    buyer, constants = told.buyer, rules.constants
    name = _text(buyer.name if buyer.name else buyer.trading_name, "customer_name")
    emails: dict[str, None] = {}
    for leaf in buyer.emails:
        text = texts.read(leaf.text, "email")
        found = text if isinstance(text, Bad) or not text else texts.emails(text)
        if isinstance(found, Bad):
            remark(leaf, "no e-mail address; left empty")
        elif found:
            emails |= dict.fromkeys(found)
    country = rules.places.country(buyer.country) if buyer.country else ""
    if country is None:
        remark(buyer.name, f"country {shown(buyer.country)!r} is not known; left empty")
    language = told.language[:2].lower()

    def plain(field: str, text: str) -> str:
        return _soft(Leaf(text), field)

    return CustomerRow(
        at,
        _soft(buyer.number, "customer_number"),
        name,
        company=name if buyer.vat_number else "",
        emails=tuple(emails),
        country=country or constants.get("country", ""),
        region=constants.get("region", ""),
        zone=constants.get("zone", ""),
        language=language if language.isascii() and language.isalpha() else constants.get("language", ""),
        kind="business" if buyer.vat_number else constants.get("kind", ""),
        segment=constants.get("segment", ""),
        person=plain("person", buyer.contact),
        phone=plain("phone", buyer.phone),
        street=plain("street", buyer.street),
        street2=plain("street2", buyer.street2),
        postal_code=plain("postal_code", buyer.postal_code),
        city=plain("city", buyer.city),
        vat_number=plain("vat_number", buyer.vat_number),
    )
