"""Invoices and credit notes in UBL 2 (XRechnung, Peppol and others).

Source: the syntax binding of EN 16931-1 to UBL 2.1 (CEN/TS 16931-3-2).
"""

from __future__ import annotations

from duewell.adapters.files.e_invoice.leaves import leaf, leaves
from duewell.adapters.files.e_invoice.tree import Node
from duewell.core.intake.e_invoice import EInvoice, Leaf, Trader

_SUMS = "LegalMonetaryTotal"
_MAIL = "EM"
"""Scheme of an electronic address that is an e-mail address."""


def read(root: Node) -> EInvoice:
    """What the document says; texts as they stand."""
    credit = root.name == "CreditNote"
    return EInvoice(
        syntax="UBL",
        is_credit_note=credit,
        number=leaf(root, "ID"),
        type_code=leaf(root, "CreditNoteTypeCode" if credit else "InvoiceTypeCode"),
        currency=leaf(root, "DocumentCurrencyCode"),
        issued_on=leaf(root, "IssueDate"),
        due_on=(
            *leaves(root, "DueDate"),
            *leaves(root, "PaymentMeans/PaymentDueDate"),
            *leaves(root, "PaymentTerms/PaymentDueDate"),
            *leaves(root, "PaymentTerms/InstallmentDueDate"),
        ),
        terms=tuple(leaves(root, "PaymentTerms/Note")),
        payable=_amount(root, "PayableAmount"),
        total=_amount(root, "TaxInclusiveAmount"),
        prepaid=_amount(root, "PrepaidAmount"),
        rounding=_amount(root, "PayableRoundingAmount"),
        preceding=(
            *leaves(root, "BillingReference/InvoiceDocumentReference/ID"),
            *leaves(root, "BillingReference/CreditNoteDocumentReference/ID"),
        ),
        order_reference=leaf(root, "OrderReference/ID"),
        buyer_reference=leaf(root, "BuyerReference"),
        seller=_trader(root.first("AccountingSupplierParty")),
        buyer=_trader(root.first("AccountingCustomerParty")),
        payee=leaf(root, "PayeeParty/PartyName/Name"),
        of_others=tuple(leaves(root, "PrepaidPayment/PaidAmount", "currencyID")),
        means=tuple(node.text for node in root.all("PaymentMeans/PaymentMeansCode")),
        ibans=tuple(node.text for node in root.all("PaymentMeans/PayeeFinancialAccount/ID") if node.text),
    )


def _amount(root: Node, name: str) -> Leaf:
    return leaf(root, f"{_SUMS}/{name}", "currencyID")


def _trader(role: Node | None) -> Trader:
    party = role.first("Party") if role is not None else None
    if role is None or party is None:
        return Trader(Leaf())
    registered, called = leaf(party, "PartyLegalEntity/RegistrationName"), leaf(party, "PartyName/Name")
    schemes = list(party.all("PartyTaxScheme"))
    vat = next((each.says("CompanyID") for each in schemes if each.says("TaxScheme/ID").upper() == "VAT"), "")
    endpoint = leaf(party, "EndpointID", "schemeID")
    own = next((each for each in leaves(party, "PartyIdentification/ID", "schemeID") if not each.unit), Leaf())
    mails = [*leaves(party, "Contact/ElectronicMail"), *([endpoint] if endpoint.unit == _MAIL else [])]
    address = party.first("PostalAddress") or Node("", "", {}, None)
    return Trader(
        name=registered or called,
        trading_name=called,
        number=leaf(role, "SupplierAssignedAccountID") or own,
        ids=tuple(
            text
            for text in (
                *(node.text for node in party.all("PartyIdentification/ID")),
                endpoint.text,
                *(each.says("CompanyID") for each in schemes),
                party.says("PartyLegalEntity/CompanyID"),
            )
            if text
        ),
        vat_number=vat,
        contact=party.says("Contact/Name"),
        phone=party.says("Contact/Telephone"),
        emails=tuple(mails),
        street=address.says("StreetName") or address.says("AddressLine/Line"),
        street2=address.says("AdditionalStreetName"),
        postal_code=address.says("PostalZone"),
        city=address.says("CityName"),
        country=address.says("Country/IdentificationCode"),
    )
