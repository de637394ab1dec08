"""Invoices in the UN/CEFACT cross industry syntax: CII, XRechnung, Factur-X and ZUGFeRD 2, and ZUGFeRD 1.

ZUGFeRD 1 is an older edition of the same syntax with other names for the larger parts.
Source: the syntax binding of EN 16931-1 to CII (CEN/TS 16931-3-3); ZUGFeRD 1.0, technical appendix.
"""

from __future__ import annotations

from typing import NamedTuple

from duewell.adapters.files.e_invoice.leaves import leaf, leaves
from duewell.adapters.files.e_invoice.tree import Node
from duewell.core.intake.e_invoice import EInvoice, Leaf, Trader


class _Edition(NamedTuple):
    name: str
    context: str
    document: str
    transaction: str
    agreement: str
    settlement: str
    sums: str
    order: str


_PRESENT = _Edition(
    "CII",
    "ExchangedDocumentContext",
    "ExchangedDocument",
    "SupplyChainTradeTransaction",
    "ApplicableHeaderTradeAgreement",
    "ApplicableHeaderTradeSettlement",
    "SpecifiedTradeSettlementHeaderMonetarySummation",
    "BuyerOrderReferencedDocument/IssuerAssignedID",
)
_FIRST = _Edition(
    "ZUGFeRD 1",
    "SpecifiedExchangedDocumentContext",
    "HeaderExchangedDocument",
    "SpecifiedSupplyChainTradeTransaction",
    "ApplicableSupplyChainTradeAgreement",
    "ApplicableSupplyChainTradeSettlement",
    "SpecifiedTradeSettlementMonetarySummation",
    "BuyerOrderReferencedDocument/ID",
)
_NONE = Node("", "", {}, None)
_FISCAL = "VA"
_MAIL = "EM"


def read(root: Node) -> EInvoice:
    """What the document says; texts as they stand."""
    edition = _FIRST if root.name == "CrossIndustryDocument" else _PRESENT
    agreement, settlement = (
        f"{edition.transaction}/{edition.agreement}",
        f"{edition.transaction}/{edition.settlement}",
    )
    sums, currency = f"{settlement}/{edition.sums}", leaf(root, f"{settlement}/InvoiceCurrencyCode")

    def amount(name: str) -> Leaf:
        # The tax may be told in a second currency; of the sums the one in the currency of the invoice counts.
        found = list(leaves(root, f"{sums}/{name}", "currencyID"))
        return next((each for each in found if each.unit in ("", currency.text)), None) or leaf(
            root, f"{sums}/{name}", "currencyID"
        )

    return EInvoice(
        syntax=edition.name,
        is_credit_note=False,
        number=leaf(root, f"{edition.document}/ID"),
        type_code=leaf(root, f"{edition.document}/TypeCode"),
        currency=currency,
        issued_on=leaf(root, f"{edition.document}/IssueDateTime/DateTimeString", "format"),
        due_on=tuple(
            leaves(root, f"{settlement}/SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString", "format")
        ),
        terms=tuple(leaves(root, f"{settlement}/SpecifiedTradePaymentTerms/Description")),
        payable=amount("DuePayableAmount"),
        total=amount("GrandTotalAmount"),
        prepaid=amount("TotalPrepaidAmount"),
        rounding=amount("RoundingAmount"),
        preceding=(
            *leaves(root, f"{settlement}/InvoiceReferencedDocument/IssuerAssignedID"),
            *leaves(root, f"{settlement}/InvoiceReferencedDocument/ID"),
        ),
        order_reference=leaf(root, f"{agreement}/{edition.order}"),
        buyer_reference=leaf(root, f"{agreement}/BuyerReference"),
        seller=_trader(root.first(f"{agreement}/SellerTradeParty")),
        buyer=_trader(root.first(f"{agreement}/BuyerTradeParty")),
        payee=leaf(root, f"{settlement}/PayeeTradeParty/Name"),
        means=tuple(node.text for node in root.all(f"{settlement}/SpecifiedTradeSettlementPaymentMeans/TypeCode")),
        ibans=tuple(
            node.text
            for path in ("IBANID", "ProprietaryID")
            for node in root.all(
                f"{settlement}/SpecifiedTradeSettlementPaymentMeans/PayeePartyCreditorFinancialAccount/{path}"
            )
            if node.text
        ),
        language=root.says(f"{edition.document}/LanguageID"),
        is_test=root.says(f"{edition.context}/TestIndicator/Indicator").lower() == "true"
        or root.says(f"{edition.context}/TestIndicator").lower() == "true",
    )


def _trader(party: Node | None) -> Trader:
    if party is None:
        return Trader(Leaf())
    taxes = [(node.attributes.get("schemeID", ""), node.text) for node in party.all("SpecifiedTaxRegistration/ID")]
    contact = party.first("DefinedTradeContact") or _NONE
    address = party.first("PostalTradeAddress") or _NONE
    electronic = leaf(party, "URIUniversalCommunication/URIID", "schemeID")
    mails = [
        *leaves(contact, "EmailURIUniversalCommunication/URIID"),
        *leaves(contact, "EmailURIUniversalCommunication/CompleteNumber"),
        *([electronic] if electronic.unit == _MAIL else []),
    ]
    return Trader(
        name=leaf(party, "Name"),
        trading_name=leaf(party, "SpecifiedLegalOrganization/TradingBusinessName"),
        number=leaf(party, "ID"),
        ids=tuple(
            text
            for text in (
                party.says("ID"),
                *(node.text for node in party.all("GlobalID")),
                *(text for _, text in taxes),
                party.says("SpecifiedLegalOrganization/ID"),
                electronic.text,
            )
            if text
        ),
        vat_number=next((text for scheme, text in taxes if scheme == _FISCAL), ""),
        contact=contact.says("PersonName") or contact.says("DepartmentName"),
        phone=contact.says("TelephoneUniversalCommunication/CompleteNumber"),
        emails=tuple(mails),
        street=address.says("LineOne") or address.says("StreetName"),
        street2=address.says("LineTwo"),
        postal_code=address.says("PostcodeCode"),
        city=address.says("CityName"),
        country=address.says("CountryID"),
    )
