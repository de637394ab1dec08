"""The words by which columns are known, in English and German, per field, strongest first.

Names in other languages are said in these words first: see `romance_dutch`.

A pattern must match the whole key of a name (see `names`): nothing is recognised by a part of its name. The
rank says how surely the name means the field: 0 says it outright, 1 usually means it, 2 may mean it. Columns
whose name can mean several fields appear under each; their content decides, or a person.
"""

# ruff: noqa: E501 (the tables read best with one meaning a line)

from __future__ import annotations

import re
from collections.abc import Sequence

Extra = Sequence[tuple[str, int, re.Pattern[str]]]

INVOICE = r"(?:invoice|invoices|billing|salesinvoice|taxinvoice|rechnungs?|rechnungen|faktura|fakturen|fakt|ar)"
DOCUMENT = (
    r"(?:document|billingdocument|voucher|belegs?|dokument(?:en)?s?|vorgangs?|op|posten|debt|receivable|item)"
)
CUSTOMER = (
    r"(?:customer|customers|client|clients|buyer|payer|kunden?|kundin|debtor|debitoren?|debitor|contact|billto|"
    r"soldto|soldtoparty|auftraggeber|patienten?|member|mitglieds?|tenant|mieter|subscriber|schuldner|party|partner|"
    r"businesspartner|bp|geschaeftspartner|gp|gast|guest|student|policyholder|versicherungsnehmer)"
)
NUMBER = r"(?:nr|id|code|key|kennung|identifier|nrid|kennzeichen|uid|uuid)"
_ISSUED = rf"(?:{INVOICE}|bill|issue|issued|ausstellungs|ausstell|fakturierungs|fakturier)"
_OPEN = (
    r"(?:open|outstanding|remaining|unpaid|residual|due|offener?|offenes?|rest|restlicher|ausstehender?|"
    r"noch(?:zuzahlender|offener?)|openitem|op|offenerposten)"
)
_SUM = r"(?:amount|total|value|sum|balance|betrag|betraege|summe|wert|saldo|rechnungsbetrag|forderung|amounts)"
_TOTAL = r"(?:amount|total|value|sum|betrag|summe|wert|amounts)"
_LOCAL = r"(?:local(?:currency)?|lc|lcy|lcurrency|hw|mw|hauswaehrung|mandantenwaehrung|house(?:currency)?|home(?:currency)?|company(?:currency)?|companycodecurrency|cocdcurrency)"
_PAID = r"(?:paid|payment|settled|settlement|cleared|clearing|clear|bezahlt|zahlungs?|zahl|ausgleichs?|fullypaid|paidoff)"
_PLACE = rf"(?:{CUSTOMER}|{INVOICE}|billing|billto|contact|mailing|postal|rechnungs|kunden|haupt|primarycontact|primary|main)?"
_ACCOUNT = r"(?:ar)?account(?:nr|code|id)?|konto(?:nr)?"
_BARE_CUSTOMER = rf"(?!contact$)(?:{CUSTOMER})|rechnungsempfaenger|adressat|empfaenger|recipient|billedto"

_FIELDS: dict[str, tuple[tuple[int, str], ...]] = {
    # Who
    "customer_number": (
        (0, rf"{CUSTOMER}nr|nr{CUSTOMER}|{CUSTOMER}(?:account(?:nr|code)?|konto(?:nr)?)|personenkonto(?:nr)?"),
        (1, rf"(?:account|ac)reference|{CUSTOMER}(?:{NUMBER}|accountid|reference|kuerzel|externalid)|{NUMBER}{CUSTOMER}"),
        (2, _ACCOUNT),
    ),
    "customer_name": (
        (0, rf"(?:{CUSTOMER}|billing|accounts?)(?:full|display|legal)?name|name{CUSTOMER}|displayname|anzeigename|(?:rechnungs|geschaefts)?partneranzeigename|co(?:mpany)?lastname|name1"),
        (0, rf"(?:{CUSTOMER}|konto|account)(?:bezeichnung|beschriftung|title)"),
        (1, rf"{_BARE_CUSTOMER}|fullname"),
        (2, r"name|bezeichnung|kontakt|contact|matchcode|kurzname|kurzbezeichnung|suchname|suchbegriff"),
    ),
    "company": ((0, r"nameadressattypunternehmen|(?:company|business|legal|organi[sz]ation|firmen?|unternehmens?|trading)(?:name)?|firma1?|unternehmen"),),
    "person": ((0, r"ansprechpartner(?:in)?|contactperson|attention|attn|contactfullname|zuhaenden|zhd|primarycontact"),),
    "first_name": ((0, rf"{_PLACE}(?:first|given|fore)name|{_PLACE}vorname|givenname"),),
    "last_name": ((0, rf"nameadressattypnatuerl(?:iche)?person|{_PLACE}(?:last|family|sur)name|{_PLACE}(?:nach|familien)name|surname"),),
    "salutation": ((0, rf"{_PLACE}(?:salutation|anrede|courtesytitle)"), (2, r"title|titel|gender|geschlecht")),
    "email": (
        (0, rf"{_PLACE}(?:e?mail)(?:address|adresse|addresse|1|id|to)?|emailinvoices?|rechnungsemail|mailadresse"),
        (1, r"(?:e?mail)s|emailaddresses"),
    ),
    "phone": ((0, rf"{_PLACE}phone(?:nr|numbers|1)?|{_PLACE}festnetz|workphone|{_PLACE}rufnr"),),
    "mobile": ((0, rf"{_PLACE}(?:mobile|cell|cellular|handy|mobil|mobilfunk)(?:phone)?(?:nr)?"),),
    "street": (
        (0, rf"{_PLACE}(?:street|strasse|strassehausnr|address(?:line)?1|streetaddress|addressline1|anschrift1?)"),
        (1, rf"{_PLACE}(?:address|adresse)|addresslines?"),
    ),
    "street2": ((0, rf"{_PLACE}(?:street2|address(?:line)?2|aptsuite|suite|adresszusatz|zusatz)"),),
    "city": ((0, rf"{_PLACE}(?:city|town|ort|stadt|wohnort|suburb)"),),
    "postal_code": (
        (0, rf"{_PLACE}(?:zip|zipcode|postcode|postalcode|plz|postleitzahl|postalcodezipcode|zippostalcode|zippostcode)"),
    ),
    "region": (
        (0, rf"{_PLACE}(?:stateprovince|provincestate|province|region|bundesland|county|kanton|stateregion)"),
        (1, rf"{_PLACE}state"),
    ),
    "country": (
        (0, rf"{_PLACE}(?:country|land|laender|landes)(?:code|name|iso|isocode|kennzeichen|iso2|kz)?|lkz|nation|isocountry"),
        (1, r"staat"),
    ),
    "zone": ((0, rf"{_PLACE}(?:timezone|zeitzone|tz|iana(?:timezone|zone)?)"), (2, r"zone")),
    "language": ((0, rf"{_PLACE}(?:language|sprache|sprachen?code|languagecode|locale|korrespondenzsprache|sprachkennzeichen|sprachschluessel)"),),
    "kind": (
        (0, rf"{CUSTOMER}(?:type|kind|art|typ)|(?:party|personen?|adress|entity)(?:type|kind|art|typ)|b2bb2c|isbusiness|iscompany"),
    ),
    "segment": (
        (0, rf"(?:{CUSTOMER})?(?:segment|gruppe|group|kategorie|category|class|klasse|tier)"),
        (1, rf"(?:{CUSTOMER})?(?:branche|industry|market)"),
        (2, r"businesscode|businessunit|bereich|division"),
    ),
    "vat_number": ((0, r"(?:vat|tax|ust|gst|uid|umsatzsteuer)(?:id|nr|idnr|identnr|registrationnr|regnr)|ustid|steuernr"),),
    # Which
    "number": (
        (0, rf"{INVOICE}nr|nr{INVOICE}|renr|rnr|rechnungsnrextern|invoicereferencenr|invoice(?:cm|creditmemo|creditnote)nr|(?:credit|creditnote|creditmemo|gutschrifts?)(?:note|memo)?nr"),
        (1, rf"{INVOICE}{NUMBER}|{NUMBER}{INVOICE}|reid|invoices?|rechnung|faktura|invoicereference|billnr|{DOCUMENT}nr|belegfeld1|rechnungsbelegnr|externaldocumentnr"),
        (2, rf"bill{NUMBER}|{DOCUMENT}{NUMBER}|belege?|journalentry(?:nr)?|creditnote|gutschrift|nr|document|rechnungreference|transactionnr"),
        (3, r"id"),
    ),
    "reference": (
        (0, r"(?:payment|zahlungs?|customer|kunden|your|external|invoice)?(?:reference|referenz|reference?text|referenznr|referencenr)|verwendungszweck"),
        (1, r"(?:po|purchaseorder|order|bestell|auftrags?|salesorder|customerpo)nr|assignment|zuordnung|ihrzeichen|memo|po"),
    ),
    "account": ((4, r"account(?:nr|id|code|name)?|konto(?:nr)?|vertrags?(?:nr|konto|kontonr)|contract(?:nr|id|account)?|subscription(?:nr|id)"),),
    # When
    "issued_on": (
        (0, rf"{_ISSUED}(?:date|on|at|am|tag|vom|created(?:on|at|date)?)|date(?:of)?(?:issued?|issuing|invoiced?|{INVOICE})|issued?|rdate|redate|invoiced"),
        (1, r"(?:document|voucher|beleg|transaction|dokument|order|journalentry)date|ausgestellt|vom|rechnungvom"),
        (2, r"date|data|(?:posting|posted|entry|booking|buchungs|erfassungs?|journal)date|buchungstag|created(?:on|at|date)?|dateutc|datecreated|creationdate|finalized(?:at|on)?"),
    ),
    "due_on": (
        (0, r"(?:payment|invoice|net|bill|item|document|rechnungs?|zahlungs?|netto)?due(?:in|by|on|at)?(?:date)?(?:utc)?|date(?:payment)?due|dueat|duedatereceiveby|datedueby"),
        (0, r"(?:netto|rechnungs?|zahlungs?)?faellig(?:keit)?s?(?:date|am|tag|bis|zum)?|(?:zahlbar|faellig)bis(?:zum)?|zahltermin|datefaellig|datefaelligkeit|zahlungsfrist(?:date)?|zahlungszieldate|faelligkeitstermin"),
        (0, r"(?:pay|payable|payment)by(?:date)?|payableon|maturitydate|maturity|deadline|paymentdeadline"),
        (1, r"zahlungsziel|ziel"),
    ),
    "terms": (
        (0, rf"(?:{CUSTOMER}|net|invoice)?(?:payment)?terms?(?:days|indays|ofpayment|code|net)?|(?:net|credit|payment)days|(?:credit|payment)period|duedays|dueindays|daysuntildue|daystopay"),
        (0, r"zahlungs?(?:bedingung(?:en)?|kondition(?:en)?|zieltage|zielintagen|frist(?:in)?tagen?)|zahlungsbeding|zahlbed|nettotage|zieltage"),
        (1, r"zahlungsziel|ziel|zahlungsfrist"),
    ),
    # How much
    "amount": (
        (0, rf"(?:{INVOICE}|bill|gross|original|originalinvoice|rechnungs|brutto|face|billed|rechnungsbrutto|ursprungs|ursprunglicher|urspruenglicher)"
            rf"(?:gross|brutto)?{_TOTAL}(?:gross|brutto|inclvat|incltax|inkl(?:mwst|ust))?|{_TOTAL}(?:gross|brutto|billed|invoiced|inclvat|incltax|original|inkl(?:mwst|ust|usteuer))"),
        (1, rf"{_TOTAL}|total{_TOTAL}|{_TOTAL}total|grandtotal|gross|brutto|gesamtbrutto|(?:gesamt|end|brutto){_TOTAL}|invoiced{_TOTAL}|umsatz|gesamt|forderung|forderungsbetrag|{_TOTAL}in|(?:document|transaction|item|debt|beleg){_TOTAL}|betragdocument|amountin(?:document|transaction)(?:currency|waehrung)?|amountind(?:c|ocumentcurrency)"),
        (2, rf"{_TOTAL}in(?:beleg|document)waehrung|{_TOTAL}inbw|(?:transaction|foreign)(?:currency)?{_TOTAL}|{_TOTAL}onecolumn"),
        (3, rf"(?:original|ursprungs)?{_TOTAL}(?:in)?{_LOCAL}|{_LOCAL}{_TOTAL}|converted(?:{_TOTAL})?"),
    ),
    "open": (
        (0, rf"(?:{INVOICE})?{_OPEN}{_SUM}(?:gross|brutto)?|{_SUM}(?:open|outstanding|remaining|unpaid|residual|offen|ausstehend|stilldue|owing|owed)|"
            r"outstanding|remaining|unpaid|residual|offen|nochoffen|restforderung|offeneposten|openitem|zuzahlen|owing|owed|"
            r"(?:invoice)?balancedue|openbalance|currentbalance|arbalance|restbetrag|restsaldo|amountresidualsigned|offenerrechnungsbetrag|opensum"),
        (1, r"solde|(?:invoice)?amountdue|(?:invoice)?dueamount|totaldue|balance|saldo|saldobetrag|forderungs?saldo|op(?:betrag|saldo)|due|faellig|faelligerbetrag|faelligbetrag|payable|zahlbetrag|open|netdue|netamountdue|faelliger(?:saldo|betrag)|davonoffen"),
        (3, rf"(?:{INVOICE})?{_OPEN}{_SUM}(?:in)?{_LOCAL}|balancedue{_LOCAL}"),
    ),
    "paid": (
        (0, rf"(?:{INVOICE})?(?:{_SUM}|total)(?:paid|received|settled|bezahlt|gezahlt|cleared)|{_PAID}{_SUM}|(?:paid|received|payments?)todate|paymentsreceived|"
            rf"(?:bezahlter?|gezahlter?|bereitsbezahlt(?:er)?|erhaltener?|eingegangener?){_SUM}|bereitsbezahlt|bereitsgezahlt|paymenttotal|payments|zahlungen|gezahlt"),
        (1, r"(?:is)?paid|bezahlt|received|settled|zahlung|ausgeglichen|istbezahlt"),
    ),
    "paid_on": (
        (0, rf"{_PAID}(?:on|at|am|date|ondate|tag)(?:utc)?|date(?:paid|settled|cleared|ofpayment|fullypaid|bezahlt)|zahlungseingang(?:s?date)?|bezahldate|"
            r"clear(?:ed|ing)?(?:date|on)|ausgleich(?:am|date|sdate|stag)?|closed(?:on|at|date)|dateclosed|zahldate|geldeingang|eingangsdate|paidoffdate"),
        (1, r"(?:is)?paid|bezahlt|settled|received(?:on|date)?|ausgeglichen"),
    ),
    "last_paid_on": ((0, r"(?:last|latest|recent)payment(?:date|on)?|letztezahlung(?:am|sdate)?|lastpaid(?:on|date)?|dateoflastpayment"),),
    "status": (
        (0, rf"(?:{INVOICE}|{DOCUMENT}|{CUSTOMER})?status|(?:{INVOICE}|{DOCUMENT})state|rechnungsstand|zustand|(?:invoice|document)?estado"),
        (1, r"state|(?:is)?paid|bezahlt|settled|ausgeglichen|istbezahlt|solde"),
    ),
    "payment_status": ((0, r"(?:payment|paid|zahlungs?|zahl|settlement|clearing)(?:status|state|stand)|bezahlstatus|financialstatus"),),
    "disputed": ((0, r"(?:is|in)?disputed?(?:flag|status|indicator|code|case|reason)?|strittig|bestritten|reklamation|reklamiert|klaerfall|inklaerung|beanstandet|widerspruch"),),
    "cancelled": ((0, r"(?:is|ist)?(?:cancell?ed|void|voided|deleted|storniert|geloescht|annulliert)(?:flag|kz|kennzeichen)?|storno(?:kz|kennzeichen|flag)?"),),
    "level": ((0, r"mahn(?:st|stufe|status|level|stand|ebene)|(?:dunning|reminder)(?:level|stage|count|s|step|nr)?|mahnungen|mahnung|mstufe|anzahlmahnungen|remindersent|reminderssent|letztemahnstufe"),),
    "blocked": ((0, r"mahnsperre|(?:dunning|dun|reminder|collection)(?:block|blocked|stop|hold)|(?:donot|no)(?:remind|dun|contact|dunning|reminders?|chase)|mahnsperrgrund|mahnkz|excludefrom(?:reminders|dunning)"),),
    "document_type": ((0, r"(?:transaction|document|invoice|voucher|beleg|rechnungs?|dokument|journalentry|entry|item|posten|op)(?:type|art|typ|kind)"), (2, r"type|art|typ|doctype|kind")),
    "side": ((0, r"sollhaben(?:kennzeichen|kz|kennz)?|shkz|sh|sollhabenkennz|debitcredit(?:indicator|flag|ind|code)?|dc(?:indicator|flag)?|drcr|crdr|debitorcredit|sollhabenkennung"),),
    "debit": ((0, r"(?:amount)?debit(?:s|amount|betrag|twocolumnapproach|amounttwocolumnapproach)?|soll(?:betrag|umsatz)?|(?:betrag|umsatz|saldo)soll"),),
    "credit": ((0, r"(?:amount)?credit(?:s|amount|betrag|twocolumnapproach|amounttwocolumnapproach)?|haben(?:betrag|umsatz)?|(?:betrag|umsatz|saldo)haben"),),
    "currency": (
        (0, r"valutacode"),
        (1, r"valuta"),
        (0, rf"(?:{INVOICE}|{DOCUMENT}|transaction|{CUSTOMER}|amount|billing|payment|zahlungs?)?(?:currency|waehrung)(?:s?(?:code|kennzeichen|kz|iso|kuerzel|isocode|schluessel))?|wkz|wkzumsatz|isowaehrung|isocurrency(?:code)?|currencyid|currencyamount"),
        (2, r"(?:local|home|house|haus|company|base|companycode)(?:currency|waehrung)(?:code|key)?|lcurrency|hw|hwaehrung"),
    ),
    # One invoice in several rows
    "line_amount": (
        (0, r"(?:line|item|lineitem|row|product)total(?:gross|inclvat|incltax)?|positions?(?:gesamt|summe|total|brutto)|zeilensumme|gesamtpreis(?:brutto)?|positionsgesamtbetrag|linegross(?:amount)?"),
        (1, r"(?:line|item|lineitem|row)(?:amount|value)|positions?(?:betrag|wert)|zeilenbetrag|extendedprice|postenbetrag"),
    ),
    "line": (
        (0, r"(?:line|item|lineitem|product|artikel|positions?|leistungs?|service)?(?:quantity|menge|anzahl|qty)|(?:line|item|unit|einzel|stueck)(?:price|preis|rate|cost|amount)|rate|"
            r"(?:item|line|lineitem|product|inventoryitem|artikel|leistungs?|positions?)(?:name|description|code|nr|id|bezeichnung|text|item)?|position|pos|posnr|sku|leistung|linenr"),
    ),
    "tax": ((0, r"(?:line|item|total)?(?:sales)?(?:tax|vat|ust|mwst|umsatzsteuer|steuer|gst)(?:amount|betrag|total|1amount|2amount)?"),),
    # A journal
    "transaction": ((0, r"(?:transaction|journal|entry|journalentry|buchungs?)(?:id|nr|key|entryid)|journal|jenr"),),
    "gl_account": ((0, r"(?:gl|ledger|general ?ledger)?account(?:name|title|description)|glaccount|sachkonto|kontobezeichnung|ledgeraccount|ledgername"),),
    "gl_type": ((0, r"(?:gl|ledger)?account(?:type|class)|kontoart|kontotyp|kontenart|accounttypename"),
        (1, r"(?:gl|ledger)?account(?:group|category)"),),
    "counter_account": ((0, r"gegenkonto|otheraccounts?(?:forthistransaction)?|split(?:account)?|contraaccount|offsetaccount"),),
    # Italian and Portuguese `Data` is a day; English `Data` may be anything.
    "text": ((3, r"data"), (0, r"(?:transaction|journal|entry|buchungs)(?:description|text)|buchungstext|narration|narrative"),),
}  # fmt: skip

PATTERNS: dict[str, tuple[tuple[int, re.Pattern[str]], ...]] = {
    field: tuple((rank, re.compile(pattern)) for rank, pattern in patterns) for field, patterns in _FIELDS.items()
}

LOCAL = re.compile(rf"(?:in)?{_LOCAL}$|^{_LOCAL}|^(?:base|haus)(?:currency|waehrung)|^hwaehrung")
"""In the name of an amount or a currency: that of the books, not that of the document."""
OF_ACCOUNT = re.compile(r"account|konto|^ac(?:nr)?$")
"""In a name such as `Account` or `Party Account`: the customer's number, unless it is an account of the ledger."""
NET = re.compile(
    r"^net(?!due)|net(?:to)?$|netto|sub-?total|excl|exvat|extax|taxable|taxbase|^base|imponib|zwischensumme|warenwert"
)
"""In the name of an amount: without taxes, where some invoices have none."""
SHORT_NAME = re.compile(r"kurzname|kurzbezeichnung|matchcode|suchname|suchbegriff")
"""By what customers are searched for, which need not be how they are called."""
BARE_CUSTOMER = re.compile(_BARE_CUSTOMER)
"""A name such as `Customer` or `Kunde`: the customer's name or number, as its cells say."""

# Dropped where the name as it stands means nothing: `invoice_date_due`, `amount_residual_signed`.
_DECORATION = re.compile(
    r"^(?:invoice|rechnungs?|document|beleg|move|account|sales|header|main)(?=.{3})|(?:utc|signed|local|value)$"
)


def fields_of(key: str, extra: Extra = ()) -> list[tuple[int, str]]:
    """Fields that a name with this key can mean, each with its strongest rank, strongest first.

    Args:
        key: see `names.Name`.
        extra: further patterns that hold for one kind of file: field, rank, pattern.
    """
    found = _matches(key, extra)
    if not found:
        plain = _DECORATION.sub("", key)
        found = [(rank + 1, field) for rank, field in _matches(plain, extra)] if plain != key else []
    return sorted(found)


def _matches(key: str, extra: Extra) -> list[tuple[int, str]]:
    ranks: dict[str, int] = {}
    for field, patterns in PATTERNS.items():
        for rank, pattern in patterns:
            if pattern.fullmatch(key):
                ranks[field] = min(rank, ranks.get(field, rank))
    for field, rank, pattern in extra:
        if pattern.fullmatch(key):
            ranks[field] = min(rank, ranks.get(field, rank))
    return [(rank, field) for field, rank in ranks.items()]
