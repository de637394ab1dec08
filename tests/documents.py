"""Electronic invoices written small, for tests: UBL, CII, and PDFs with or without data inside."""

from __future__ import annotations

import io
from typing import Any

_UBL = """<?xml version="1.0" encoding="UTF-8"?>
<{root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2"
  xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:ID>{number}</cbc:ID><cbc:IssueDate>{issued}</cbc:IssueDate>{due}
  <cbc:{root}TypeCode>{code}</cbc:{root}TypeCode><cbc:DocumentCurrencyCode>{currency}</cbc:DocumentCurrencyCode>
  {preceding}
  <cac:AccountingSupplierParty><cac:Party><cac:PartyLegalEntity>
    <cbc:RegistrationName>{seller}</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party>
  </cac:AccountingSupplierParty>
  <cac:AccountingCustomerParty><cac:Party><cac:PartyIdentification><cbc:ID>{customer}</cbc:ID>
    </cac:PartyIdentification>
    <cac:PostalAddress><cbc:StreetName>Main St 1</cbc:StreetName><cbc:CityName>Springfield</cbc:CityName>
      <cbc:PostalZone>12345</cbc:PostalZone><cac:Country><cbc:IdentificationCode>{country}</cbc:IdentificationCode>
      </cac:Country></cac:PostalAddress>
    <cac:PartyLegalEntity><cbc:RegistrationName>{buyer}</cbc:RegistrationName></cac:PartyLegalEntity>
    <cac:Contact><cbc:ElectronicMail>{email}</cbc:ElectronicMail></cac:Contact></cac:Party>
  </cac:AccountingCustomerParty>
  {terms}
  <cac:LegalMonetaryTotal><cbc:TaxInclusiveAmount currencyID="{currency}">{total}</cbc:TaxInclusiveAmount>{prepaid}
    <cbc:PayableAmount currencyID="{currency}">{payable}</cbc:PayableAmount></cac:LegalMonetaryTotal>
</{root}>
"""


def ubl(number: str, payable: str, **more: Any) -> bytes:
    """An invoice of Acme, or with `root="CreditNote"` a credit note."""
    root = more.pop("root", "Invoice")
    due = more.pop("due_on", "2026-10-15")
    preceding = more.pop("preceding", "")
    prepaid = more.pop("prepaid", "")
    terms = more.pop("terms", "")
    told = {
        "root": root,
        "number": number,
        "payable": payable,
        "issued": "2026-09-15",
        "code": "381" if root == "CreditNote" else "380",
        "currency": "USD",
        "seller": "Acme",
        "customer": "C-1",
        "buyer": "Amy Bird",
        "country": "US",
        "email": "amy@example.org",
        "total": payable,
        **more,
    }
    parts = {
        "due": f"<cbc:DueDate>{due}</cbc:DueDate>" if due and root == "Invoice" else "",
        "preceding": "<cac:BillingReference><cac:InvoiceDocumentReference>"
        f"<cbc:ID>{preceding}</cbc:ID></cac:InvoiceDocumentReference></cac:BillingReference>"
        if preceding
        else "",
        "prepaid": f'<cbc:PrepaidAmount currencyID="{told["currency"]}">{prepaid}</cbc:PrepaidAmount>'
        if prepaid
        else "",
        "terms": f"<cac:PaymentTerms><cbc:Note>{terms}</cbc:Note></cac:PaymentTerms>" if terms else "",
    }
    return _UBL.format(**told, **parts).encode()


_CII = """<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
  xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
  xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
<rsm:ExchangedDocument><ram:ID>{number}</ram:ID><ram:TypeCode>{code}</ram:TypeCode><ram:IssueDateTime>
<udt:DateTimeString format="102">20260915</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction><ram:ApplicableHeaderTradeAgreement>
<ram:SellerTradeParty><ram:Name>Acme</ram:Name></ram:SellerTradeParty>
<ram:BuyerTradeParty><ram:ID>C-1</ram:ID><ram:Name>Amy Bird</ram:Name></ram:BuyerTradeParty>
</ram:ApplicableHeaderTradeAgreement><ram:ApplicableHeaderTradeSettlement>
<ram:InvoiceCurrencyCode>USD</ram:InvoiceCurrencyCode>
<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime><udt:DateTimeString format="102">20261015</udt:DateTimeString>
</ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>
<ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:GrandTotalAmount>{payable}</ram:GrandTotalAmount>
<ram:DuePayableAmount>{payable}</ram:DuePayableAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation>
</ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"""


def cii(number: str, payable: str, code: str = "380") -> bytes:
    """An invoice of Acme to C-1."""
    return _CII.format(number=number, payable=payable, code=code).encode()


def pdf(text: str = "", **attached: bytes) -> bytes:
    """A PDF of one page; attachments by name, with `_` for `-` and `.xml` left out."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    if text:
        import typst

        page = typst.compile(f"#set page(width: 20cm)\n#raw({_typst(text)})".encode())
        assert page is not None
        writer.append(PdfReader(io.BytesIO(page)))
    else:
        writer.add_blank_page(200, 200)
    for name, content in attached.items():
        writer.add_attachment(f"{name.replace('_', '-')}.xml", content)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _typst(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
