"""Open items and payments as programs of many kinds and countries print them.

The sums were worked out by hand from the lists, which were written down from how such reports look.
"""

# ruff: noqa: E501 (lists read best as they are printed)

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest

from tests.readings import asked, decided, taken

AS_OF = date(2026, 11, 28)

# Title: the list, what has to be said about it, and what is open by currency, in minor units.
LISTS: dict[str, tuple[str, dict[str, Any], dict[str, int]]] = {
    "by age, with headings and totals": (
        """"A/R Aging Detail"
"Bright Ideas LLC"
"As of November 28, 2026"

Date,Transaction type,Num,Customer full name,Due date,Amount,Open balance
"91 or more days past due",,,,,,
08/03/2026,Invoice,1041,Amy's Bird Sanctuary,08/18/2026,239.00,239.00
Total for 91 or more days past due,,,,,"$239.00","$239.00"
"31 - 60 days past due",,,,,,
09/15/2026,Invoice,1055,"Cool Cars, Inc.",10/15/2026,"1,500.00","1,250.50"
09/30/2026,Credit Memo,1060,"Cool Cars, Inc.",09/30/2026,-100.00,-100.00
Total for 31 - 60 days past due,,,,,"$1,400.00","$1,150.50"
Current,,,,,,
11/20/2026,Invoice,1077,Diego Rodriguez,12/20/2026,98.00,98.00
Total for Current,,,,,$98.00,$98.00
TOTAL,,,,,"$1,737.00","$1,487.50"

"Saturday, November 28, 2026 09:15 AM GMT-05:00"
""",
        {"currency": "USD"},
        {"USD": 158750},
    ),
    "customers as headings, money between": (
        ""","Type","Date","Num","P. O. #","Terms","Due Date","Aging","Open Balance"
"Abercrombie, Kristy",,,,,,,,
,"Invoice","10/12/2026","71","","Net 30","11/11/2026","17","1,234.50"
,"Payment","10/20/2026","5502","","","","","-200.00"
"Total Abercrombie, Kristy",,,,,,,,"1,034.50"
"Baker, Chris",,,,,,,,
,"Invoice","11/01/2026","88","PO-9","Net 15","11/16/2026","12","77.00"
"Total Baker, Chris",,,,,,,,"77.00"
"TOTAL",,,,,,,,"1,111.50"
""",
        {"currency": "USD"},
        {"USD": 131150},
    ),
    "columns by age, customers as headings": (
        """Aged Receivables Detail
Demo Company (UK)
As at 28 November 2026
Ageing by due date

Invoice Date,Due Date,Invoice Number,Invoice Reference,Current,< 1 Month,1 Month,2 Months,3 Months,Older,Total

ABC Furniture,,,,,,,,,,
25 Oct 2026,4 Nov 2026,INV-0027,Ref MK815,0.00,914.00,0.00,0.00,0.00,0.00,914.00
Total ABC Furniture,,,,0.00,914.00,0.00,0.00,0.00,0.00,914.00

City Limousines,,,,,,,,,,
1 Sep 2026,30 Sep 2026,INV-0019,,0.00,0.00,250.00,0.00,0.00,0.00,250.00
20 Nov 2026,10 Dec 2026,INV-0033,Monthly,216.50,0.00,0.00,0.00,0.00,0.00,216.50
Total City Limousines,,,,216.50,0.00,250.00,0.00,0.00,0.00,466.50

Total,,,,216.50,914.00,250.00,0.00,0.00,0.00,"1,380.50"
Percentage of total,,,,15.68%,66.21%,18.11%,0.00%,0.00%,0.00%,100.00%
""",
        {"currency": "GBP"},
        {"GBP": 138050},
    ),
    "by account, o/s amounts": (
        """"No","Type","Account Ref","Name","N/C","Date","Due Date","Ref","Details","T/C","Amount","O/S Amount","Disputed"
"101","SI","A1D001","A1 Design Services","4000","02/10/2026","01/11/2026","1001","Goods","T1","1,200.00","1,200.00",""
"102","SC","A1D001","A1 Design Services","4000","05/10/2026","05/10/2026","1002","Credit","T1","-120.00","-120.00",""
"110","SA","BBS001","Bobs Building Supplies","1200","13/10/2026","13/10/2026","BACS","Payment on Account","T9","-50.00","-50.00",""
"111","SI","BBS001","Bobs Building Supplies","4000","15/10/2026","14/11/2026","1003","Goods","T1","480.00","330.00","d"
""",
        {"columns": {"number": "Ref"}, "words": {"document_type": {"sa": "payment"}}, "currency": "GBP"},
        {"GBP": 153000},
    ),
    "German, debit and credit, balance with side": (
        """Konto;Kontobeschriftung;Rechnungs-Nr.;Rechnungs-Datum;Fälligkeit;Betrag Soll;Betrag Haben;Saldo;S/H;Mahnstufe;Mahnsperre;Fällig seit (Tage);WKZ
10001;Müller & Söhne GmbH;RE-2026-101;01.10.2026;31.10.2026;1.190,00;;1.190,00;S;1;;28;EUR
10001;Müller & Söhne GmbH;RE-2026-120;15.10.2026;14.11.2026;2.380,50;380,50;2.000,00;S;0;;14;EUR
10002;Bäckerei Groß;GU-2026-7;20.10.2026;20.10.2026;;119,00;119,00;H;0;;39;EUR
10003;Schulze KG;RE-2026-130;02.11.2026;02.12.2026;59,50;;59,50;S;0;1;-4;EUR
""",
        {},
        {"EUR": 324950},
    ),
    "German, with states": (
        """Kundennummer;Firma;Nachname;Belegnummer;Belegdatum;Fälligkeit;Rechnungsbetrag;Bezahlt;Offener Betrag;Währung;Status
10010;Alpha GmbH;;RE2026-0001;05.10.2026;04.11.2026;1.000,00;250,00;750,00;EUR;teilbezahlt
10011;;Schmidt;RE2026-0002;06.10.2026;20.10.2026;99,90;0,00;99,90;EUR;überfällig
10012;Beta AG;;RE2026-0003;07.10.2026;06.11.2026;50,00;50,00;0,00;EUR;bezahlt
""",
        {},
        {"EUR": 84990},
    ),
    "a printed list between rulers, minus behind": (
        """28.11.2026                                   Dynamic List Display                                            1
------------------------------------------------------------------------------------------------------------------------------
|Customer  |Name 1               |Assignment  |DocumentNo|Type|Doc. Date |Net due dt|    Amount in DC|Curr.|Text              |
------------------------------------------------------------------------------------------------------------------------------
|100023    |Nordwind Handel GmbH |90001234    |1800000123|RV  |01.10.2026|31.10.2026|        1.234,56|EUR  |                  |
|100023    |Nordwind Handel GmbH |90001240    |1600000044|DG  |05.10.2026|05.10.2026|          100,00-|EUR  |Gutschrift        |
|100077    |Acme Trading Ltd     |90001299    |1800000150|RV  |10.10.2026|09.11.2026|       10.000,00|EUR  |                  |
|100077    |Acme Trading Ltd     |            |1400000009|DZ  |12.10.2026|12.10.2026|        2.000,00-|EUR  |a conto           |
------------------------------------------------------------------------------------------------------------------------------
|*                                                                           |        9.134,56|EUR  |                  |
------------------------------------------------------------------------------------------------------------------------------
""",
        {"amounts": "open"},
        {"EUR": 1123456},
    ),
    "sides S and H, two currencies": (
        """Company Code;Customer;Name;Document Number;Document Type;Document Date;Net Due Date;Debit/Credit Ind.;Amount in Doc. Curr.;Document Currency;Amount in Local Currency;Local Currency;Clearing Document;Dunning Block;Dunning Level
1000;0000100023;Nordwind;1800000123;RV;2026-10-01;2026-10-31;S;1234.56;EUR;1234.56;EUR;;;1
1000;0000100023;Nordwind;1600000044;DG;2026-10-05;2026-10-05;H;100.00;EUR;100.00;EUR;;;
1000;0000100090;Helvetia AG;1800000200;RV;2026-10-06;2026-11-05;S;500.00;CHF;530.00;EUR;;A;
""",
        {"amounts": "open"},
        {"EUR": 123456, "CHF": 50000},
    ),
    "ledger entries, credit memos and money": (
        """Posting Date,Document Type,Document No.,Customer No.,Customer Name,Description,Currency Code,Original Amount,Remaining Amount,Due Date,On Hold,Open
10/5/2026,Invoice,PSI103201,10000,Adatum Corporation,Order 101,USD,"1,234.50","1,234.50",11/4/2026,,Yes
10/9/2026,Credit Memo,PSCM1001,10000,Adatum Corporation,Credit,USD,-34.50,-34.50,10/9/2026,,Yes
10/15/2026,Payment,BNK001,20000,Trey Research,Payment,USD,-500.00,-100.00,10/15/2026,,Yes
10/20/2026,Invoice,PSI103210,20000,Trey Research,Order 102,USD,800.00,300.00,11/19/2026,,Yes
""",
        {},
        {"USD": 153450},
    ),
    "transactions by customer": (
        """Customer: Name,Transaction Type,Date,Document Number,P.O. No.,Due Date,Age,Open Balance
1001 Wolfe Electronics,Invoice,10/1/2026,INV5001,PO88,10/31/2026,28,"2,500.00"
1001 Wolfe Electronics,Credit Memo,10/10/2026,CM501,,,49,-500.00
1002 Zeta Ltd,Invoice,11/13/2026,INV5010,,12/13/2026,-15,"1,000.25"
""",
        {"currency": "USD"},
        {"USD": 350025},
    ),
    "states of document and payment": (
        """Number,Invoice Partner Display Name,Invoice/Bill Date,Due Date,Tax excluded,Total,Amount Due,Payment Status,Status,Currency
INV/2026/00001,Azure Interior,2026-10-01,2026-10-31,1000.00,1150.00,1150.00,Not Paid,Posted,USD
INV/2026/00002,Deco Addict,2026-10-05,2026-11-04,200.00,230.00,100.00,Partially Paid,Posted,USD
INV/2026/00003,Gemini,2026-10-08,2026-11-07,50.00,57.50,0.00,Paid,Posted,USD
RINV/2026/00001,Azure Interior,2026-10-12,2026-10-12,-100.00,-115.00,-115.00,Not Paid,Posted,USD
/,Draft Customer,2026-10-12,2026-11-12,10.00,11.50,11.50,Not Paid,Draft,USD
""",
        {},
        {"USD": 125000},
    ),
    "a row per item, state in one word": (
        """Invoice Date,Invoice ID,Invoice Number,Invoice Status,Customer ID,Customer Name,Due Date,Purchase Order,Currency Code,Exchange Rate,SubTotal,Total,Balance,Payment Terms,Payment Terms Label,Notes,Item Name,Quantity,Item Price,Item Total,Expected Payment Date,Last Payment Date
2026-10-01,460000000031,INV-000001,Overdue,4600001,Pixel Ltd,2026-10-16,PO1,USD,1.00,100.00,110.00,110.00,15,Net 15,,Design,1,100.00,100.00,,
2026-10-03,460000000032,INV-000002,PartiallyPaid,4600002,Mona,2026-10-18,,USD,1.00,300.00,330.00,130.00,15,Net 15,,Design,2,100.00,200.00,,2026-10-20
2026-10-03,460000000032,INV-000002,PartiallyPaid,4600002,Mona,2026-10-18,,USD,1.00,300.00,330.00,130.00,15,Net 15,,Hosting,1,100.00,100.00,,2026-10-20
2026-10-04,460000000033,INV-000003,Void,4600002,Mona,2026-10-19,,USD,1.00,50.00,55.00,0.00,15,Net 15,,Design,1,50.00,50.00,,
""",
        {},
        {"USD": 24000},
    ),
    "what was due stays when it is paid": (
        """id,Amount Due,Billing,Closed,Currency,Customer,Date (UTC),Due Date (UTC),Number,Paid,Subscription,Subtotal,Total Discount Amount,Applied Coupons,Tax,Tax Percent,Total,Amount Paid,Status,Customer Email,Customer Name
in_1Mabc,49.00,send_invoice,FALSE,usd,cus_A1,2026-10-01 10:15,2026-10-31 10:15,F00D-0001,FALSE,sub_1,49.00,0.00,,0.00,,49.00,0.00,open,a@ex.example,Ann
in_1Mabd,99.00,send_invoice,FALSE,usd,cus_A2,2026-10-02 10:15,2026-11-01 10:15,F00D-0002,TRUE,sub_2,99.00,0.00,,0.00,,99.00,99.00,paid,b@ex.example,Bob
in_1Mabe,150.00,send_invoice,FALSE,eur,cus_A3,2026-10-03 10:15,2026-11-02 10:15,F00D-0003,FALSE,,150.00,0.00,,0.00,,150.00,0.00,uncollectible,c@ex.example,Cid
in_1Mabf,20.00,send_invoice,FALSE,eur,cus_A3,2026-11-03 10:15,2026-12-03 10:15,F00D-0004,FALSE,,20.00,0.00,,0.00,,20.00,0.00,draft,c@ex.example,Cid
""",
        {},
        {"USD": 4900},
    ),
    "credits applied": (
        """Invoice Number,Customer Id,Subscription Id,Start Date,Status,Amount,Currency Code,Issued Credits,Credits Applied,Payments,Amount Due,Due Date,Paid On,Customer Email,Customer Company
1001,cbdemo_a,sub_a,01-Oct-2026 09:10,Payment Due,120.00,EUR,0.00,20.00,0.00,100.00,31-Oct-2026 09:10,,ap@acme.example,Acme Inc
1002,cbdemo_b,sub_b,02-Oct-2026 09:10,Paid,80.00,EUR,0.00,0.00,80.00,0.00,01-Nov-2026 09:10,05-Oct-2026 10:00,x@beta.example,Beta
1003,cbdemo_c,sub_c,03-Oct-2026 09:10,Not Paid,60.00,EUR,0.00,0.00,10.00,50.00,02-Nov-2026 09:10,,y@gam.example,Gamma
""",
        {},
        {"EUR": 15000},
    ),
    "Dutch": (
        """Debiteur;Naam;Factuurnummer;Uw ref.;Factuurdatum;Vervaldatum;Betalingsconditie;Factuurbedrag;Openstaand;Valuta;Dagen
1001;Jansen Bouw B.V.;20260101;PO-1;01-10-2026;31-10-2026;30 dagen;1.210,00;1.210,00;EUR;28
1002;De Vries Transport;20260102;;05-10-2026;19-10-2026;14 dagen;605,50;300,25;EUR;40
1002;De Vries Transport;20260103;;06-10-2026;20-10-2026;14 dagen;-121,00;-121,00;EUR;39
Totaal;;;;;;;1.694,50;1.389,25;EUR;
""",
        {},
        {"EUR": 151025},
    ),
    "French, accounts with debit and credit": (
        """N° compte;Intitulé;N° facture;Date facture;Date échéance;Référence;Débit;Crédit;Solde;Devise
411DUPONT;Dupont et Fils;FA00123;01/10/2026;31/10/2026;CMD 12;1 200,00;;1 200,00;EUR
411DUPONT;Dupont et Fils;AV00007;15/10/2026;15/10/2026;;;200,00;-200,00;EUR
411LEROY;Société Leroy;FA00130;20/10/2026;19/11/2026;;3 450,50;450,50;3 000,00;EUR
Total général;;;;;;4 650,50;650,50;4 000,00;EUR
""",
        {},
        {"EUR": 420000},
    ),
    "French, with addresses": (
        """Code client;Raison sociale;Adresse;Code postal;Ville;Pays;E-mail;Numéro de facture;Date de facture;Date d'échéance;Montant TTC;Montant réglé;Reste à payer;Statut
C0001;Boulangerie Martin;12 rue de la Paix;75002;Paris;France;compta@martin.example;F2026-001;05/10/2026;04/11/2026;240,00;0,00;240,00;En retard
C0002;SARL Petit;3 av. Foch;69006;Lyon;France;petit@petit.example;F2026-002;06/10/2026;05/11/2026;1 080,00;500,00;580,00;Partiellement payée
C0003;Mme Durand;1 pl. Bellecour;69002;Lyon;France;d@d.example;F2026-003;07/10/2026;06/11/2026;60,00;60,00;0,00;Payée
""",
        {"date_order": "dmy", "currency": "EUR"},
        {"EUR": 82000},
    ),
    "Spanish, with states": (
        """Nº Factura;Fecha;Vencimiento;Cliente;NIF;Email;Dirección;Población;Código postal;País;Subtotal;IVA;Total;Pendiente;Estado;Moneda
F260001;01/10/2026;31/10/2026;Construcciones Pérez SL;B12345678;admin@perez.example;C/ Mayor 1;Madrid;28013;España;1.000,00;210,00;1.210,00;1.210,00;Pendiente;EUR
F260002;05/10/2026;04/11/2026;Ana García;12345678Z;ana@garcia.example;C/ Sol 2;Sevilla;41001;España;200,00;42,00;242,00;100,00;Parcialmente pagada;EUR
F260003;06/10/2026;05/11/2026;Bar Lola;;lola@bar.example;;;;;50,00;10,50;60,50;0,00;Pagada;EUR
""",
        {},
        {"EUR": 131000},
    ),
    "Spanish, with totals": (
        """Código cliente;Nombre cliente;Núm. factura;Fecha factura;Fecha vencimiento;Importe;Cobrado;Importe pendiente;Forma de pago
430001;Talleres López S.A.;A/2026/15;12/10/2026;11/11/2026;605,00;0,00;605,00;Transferencia
430002;Hostal Miramar;A/2026/16;13/10/2026;12/11/2026;1.331,00;331,00;1.000,00;Recibo
Total;;;;;1.936,00;331,00;1.605,00;
""",
        {"currency": "EUR"},
        {"EUR": 160500},
    ),
    "Italian, with states": (
        """Data;Numero;Cliente;Partita IVA;Codice fiscale;Indirizzo;CAP;Città;Provincia;Paese;Imponibile;IVA;Totale;Scadenza;Importo pagato;Da saldare;Stato;Valuta
01/10/2026;12/2026;Rossi S.r.l.;IT01234567890;;Via Roma 1;00184;Roma;RM;Italia;1.000,00;220,00;1.220,00;31/10/2026;0,00;1.220,00;Non saldata;EUR
15/10/2026;13/2026;Bianchi Maria;;BNCMRA80A41F205X;Via Po 2;10123;Torino;TO;Italia;100,00;22,00;122,00;14/11/2026;22,00;100,00;Parzialmente saldata;EUR
16/10/2026;14/2026;Verdi SpA;IT09876543210;;Corso Italia 3;20122;Milano;MI;Italia;300,00;66,00;366,00;15/11/2026;366,00;0,00;Saldata;EUR
""",
        {},
        {"EUR": 132000},
    ),
    "Italian, by due date": (
        """Cod. cliente;Ragione sociale;N. doc.;Data doc.;Tipo doc.;Data scadenza;Importo documento;Importo residuo
C001;Ferramenta Neri;FT 101;02/10/2026;Fattura;01/11/2026;€ 610,00;€ 610,00
C001;Ferramenta Neri;NC 9;10/10/2026;Nota di credito;10/10/2026;€ -61,00;€ -61,00
C002;Studio Gallo;FT 102;20/10/2026;Fattura;19/11/2026;€ 1.525,50;€ 525,50
""",
        {},
        {"EUR": 113550},
    ),
    "Portuguese, with document types": (
        """Tipo de documento;Número;Data;Data de vencimento;Cliente;NIF;Morada;Código postal;Localidade;País;Total s/ IVA;IVA;Total;Valor pendente;Estado
Fatura;FT 2026/1;01/10/2026;31/10/2026;Padaria Silva Lda;501234567;Rua Augusta 1;1100-048;Lisboa;Portugal;100,00;23,00;123,00;123,00;Por liquidar
Fatura;FT 2026/2;05/10/2026;04/11/2026;João Costa;234567890;Av. Brasil 5;4150-151;Porto;Portugal;1.000,00;230,00;1.230,00;230,00;Parcialmente liquidada
Nota de crédito;NC 2026/1;06/10/2026;06/10/2026;João Costa;234567890;Av. Brasil 5;4150-151;Porto;Portugal;-10,00;-2,30;-12,30;-12,30;Por liquidar
""",
        {"currency": "EUR"},
        {"EUR": 35300},
    ),
    "Portuguese, plain": (
        """Código de cliente;Nome do cliente;N.º da fatura;Data da fatura;Vencimento;Valor total;Valor pago;Em dívida;Moeda
C10;Metalúrgica Alves;FA 26/11;03/10/2026;02/11/2026;2 460,00;0,00;2 460,00;EUR
C11;Clínica Dente;FA 26/12;28/10/2026;27/11/2026;615,00;115,00;500,00;EUR
""",
        {},
        {"EUR": 296000},
    ),
}
# Title: the list, what has to be said about it, and what was received.
MONEY: dict[str, tuple[str, dict[str, Any], int]] = {
    "French": (
        """Date de paiement;Client;N° facture;Montant;Mode de règlement;Référence
05/11/2026;Dupont et Fils;FA00123;500,00;Virement;VIR 123
20/11/2026;Société Leroy;FA00130;1 000,00;Chèque;CHQ 9
""",
        {"currency": "EUR"},
        150000,
    ),
    "Spanish": (
        """Fecha de cobro;Cliente;Factura;Importe cobrado;Forma de pago
15/11/2026;Construcciones Pérez SL;F260001;210,00;Transferencia
""",
        {"currency": "EUR"},
        21000,
    ),
    "Italian": (
        """Data incasso;Cliente;Numero fattura;Importo incassato;Metodo di pagamento
16/11/2026;Rossi S.r.l.;12/2026;220,00;Bonifico
""",
        {"currency": "EUR"},
        22000,
    ),
    "Dutch": (
        """Betaaldatum;Debiteurnummer;Naam;Factuurnummer;Betaald bedrag;Omschrijving
17-11-2026;1001;Jansen Bouw B.V.;20260101;210,00;betaling
""",
        {"currency": "EUR"},
        21000,
    ),
    "Portuguese": (
        """Data do pagamento;Cliente;N.º fatura;Valor recebido;Moeda
18/11/2026;Padaria Silva Lda;FT 2026/1;23,00;EUR
""",
        {},
        2300,
    ),
    "charges": (
        """id,Description,Created date (UTC),Amount,Amount Refunded,Currency,Status,Customer ID,Customer Email,Fee,Invoice ID,Invoice Number (metadata)
ch_1,Invoice 1,2026-10-05 12:00:00,49.00,0.00,usd,Paid,cus_A1,a@ex.example,1.72,in_1Mabc,F00D-0001
ch_2,Invoice 2,2026-10-06 12:00:00,99.00,0.00,usd,Failed,cus_A2,b@ex.example,0,in_1Mabd,F00D-0002
""",
        {},
        4900,
    ),
}


@pytest.mark.parametrize("title", LISTS)
def test_what_is_open_is_what_the_list_says(title):
    content, said, expected = LISTS[title]
    found = taken(content, as_of=AS_OF, **said)
    assert found.why_rejected() == {}
    open_: Counter[str] = Counter()
    for row in found.invoices:
        paid = sum(payment.amount_minor for payment in row.payments)
        open_[row.currency] += row.open_minor if row.open_minor is not None else (row.amount_minor or 0) - paid
    assert {currency: minor for currency, minor in open_.items() if minor} == expected


@pytest.mark.parametrize("title", MONEY)
def test_what_came_in_is_what_the_list_says(title):
    content, said, expected = MONEY[title]
    found = taken(content, "payments", as_of=AS_OF, **said)
    assert found.why_rejected() == {}
    assert sum(row.amount_minor for row in found.payments) == expected


def test_a_total_that_is_the_sum_of_the_ages_is_open_and_one_that_is_not_is_asked():
    content, said, _ = LISTS["columns by age, customers as headings"]
    assert decided(content, as_of=AS_OF, **said)["amounts"] == "open"
    wrong = content.replace("0.00,914.00,0.00,0.00,0.00,0.00,914.00", "0.00,914.00,0.00,0.00,0.00,0.00,915.00", 1)
    assert "amounts" in asked(wrong, as_of=AS_OF, **said)


def test_what_was_due_counts_as_open_where_it_sinks_with_the_money():
    header = "Invoice Number,Customer,Due Date,Total,Amount Paid,Amount Due\n"
    sinks = header + "1,A,2026-10-01,100.00,40.00,60.00\n2,B,2026-10-01,50.00,50.00,0.00\n"
    assert [row.open_minor for row in taken(sinks, as_of=AS_OF, currency="EUR").invoices] == [6000, 0]
    stays = header + "1,A,2026-10-01,100.00,40.00,100.00\n2,B,2026-10-01,50.00,50.00,50.00\n"
    rows = taken(stays, as_of=AS_OF, currency="EUR").invoices
    assert [(row.amount_minor, row.open_minor) for row in rows] == [(10000, 6000), (5000, 0)]


def test_a_word_that_two_languages_use_for_different_things_is_asked():
    rows = "Factura;Cliente;Vencimiento;Total;Pendiente;Estado;Moneda\n"
    rows += "F1;Uno;31/10/2026;10,00;10,00;Cancelada;EUR\nF2;Dos;30/10/2026;10,00;10,00;Cancelada;EUR\n"
    assert "words: status" in asked(rows, as_of=AS_OF)


def test_a_column_whose_name_means_two_things_is_told_by_its_cells():
    header = "Factuurnummer;Klant;Vervaldatum;Openstaand;Valuta\n"
    assert taken(header + "1;A;31-10-2026;10,00;USD\n", as_of=AS_OF).invoices[0].currency == "USD"
    paid = "Rechnung;Kunde;Betrag;Valuta;Währung\n1;A;10,00;31.10.2026;EUR\n"
    assert taken(paid, "payments", as_of=AS_OF).payments[0].paid_on == date(2026, 10, 31)


def test_the_first_name_stands_beside_the_last_one():
    content = "Código cliente;Nombre;Apellidos;Correo electrónico;Población;País\n7;Ana;García Pérez;a@b.example;Sevilla;España\n"
    [row] = taken(content, "customers", as_of=AS_OF).customers
    assert (row.number, row.first_name, row.last_name, row.country) == ("7", "Ana", "García Pérez", "ES")
