"""Column names in French, Spanish, Italian, Dutch and Portuguese."""

# ruff: noqa: E501 (tables read best with one field a line)

from __future__ import annotations

import pytest

from duewell.core.intake import names, vocabulary, words
from tests.readings import taken

# Names as programs write them: the field must be among what they can mean; NONE: no sum that is owed.
MEANT = """
number: N° facture; Numéro de facture; N° de facture; Num. facture; Facture; N° pièce; Pièce; Facture n°; Réf. facture; Nº factura; Núm. factura; Número de factura; N.º Factura; Factura; Nº documento; Numero fattura; N. fattura; Nr. fattura; Fattura n.; Num. doc.; Numero documento; Factuurnummer; Factuurnr.; Factuur; Boekstuknummer; Boekstuk; N.º da fatura; Número da fatura; N.º documento; Nº Doc.; Fatura
customer_number: Code client; N° client; Numéro client; Compte client; Code tiers; Nº cliente; Código cliente; Código de cliente; Cód. cliente; Cuenta cliente; Codice cliente; Cod. cliente; Klantnummer; Klantnr; Debiteurnummer; Debiteurnr.; Klantcode; Relatiecode; N.º cliente; Código do cliente; Numero cliente
customer_name: Nom du client; Client; Nom client; Intitulé; Nombre del cliente; Cliente; Nombre cliente; Nome cliente; Nome do cliente; Klantnaam; Klant; Debiteur; Naam debiteur; Naam; Nom; Nome; Tiers
company: Raison sociale; Société; Razón social; Empresa; Ragione sociale; Azienda; Bedrijf; Bedrijfsnaam; Razão social; Denominazione
email: E-mail; Adresse e-mail; Courriel; Email client; Correo electrónico; Correo; Indirizzo email; E-mailadres; Correio eletrónico; Email cliente
issued_on: Date facture; Date de facture; Date de facturation; Date d'émission; Date pièce; Fecha factura; Fecha de la factura; Fecha de emisión; Fecha; Data fattura; Data emissione; Data documento; Data doc.; Factuurdatum; Datum; Boekdatum; Data da fatura; Data de emissão; Data
due_on: Échéance; Date d'échéance; Date échéance; Date limite de paiement; Vencimiento; Fecha de vencimiento; Fecha vto.; Scadenza; Data scadenza; Data di scadenza; Vervaldatum; Vervaldag; Vencimento; Data de vencimento; Data vencimento; Uiterste betaaldatum
amount: Montant TTC; Total TTC; Montant facture; Montant; Montant total; Importe; Importe total; Total factura; Importe factura; Total con IVA; Importo; Totale; Importo fattura; Totale fattura; Importo documento; Totale documento; Factuurbedrag; Bedrag; Totaalbedrag; Totaal; Bedrag incl. btw; Valor; Valor total; Total; Total da fatura; Montante
open: Reste à payer; Restant dû; Solde dû; Montant dû; Solde; Montant restant dû; Importe pendiente; Pendiente; Saldo pendiente; Pendiente de cobro; Residuo; Importo residuo; Da saldare; Da incassare; Importo da pagare; Openstaand; Openstaand bedrag; Nog te betalen; Saldo; Valor em dívida; Em dívida; Em aberto; Valor pendente; Saldo em dívida; Importo aperto
paid: Montant réglé; Montant payé; Déjà réglé; Payé; Réglé; Pagado; Importe pagado; Cobrado; Importe cobrado; Pagato; Importo pagato; Incassato; Betaald; Betaald bedrag; Reeds betaald; Pago; Valor pago; Valor recebido
paid_on: Date de paiement; Date de règlement; Date paiement; Fecha de pago; Fecha de cobro; Fecha pago; Data pagamento; Data di pagamento; Data incasso; Betaaldatum; Datum betaling; Betaald op; Data de pagamento; Data do pagamento
status: Statut; État; Statut de la facture; Estado; Situación; Estado factura; Stato; Stato fattura; Status; Factuurstatus; Situação; Estado da fatura
currency: Devise; Monnaie; Moneda; Divisa; Valuta; Munteenheid; Moeda
street: Adresse; Rue; Dirección; Domicilio; Indirizzo; Via; Adres; Straat; Morada; Endereço
city: Ville; Ciudad; Población; Localidad; Città; Comune; Plaats; Woonplaats; Stad; Cidade; Localidade
postal_code: Code postal; CP; Código postal; CAP; Codice postale; Postcode; C.P.
country: Pays; País; Paese; Nazione; Land; Pais
phone: Téléphone; Tél.; Teléfono; Telefono; Telefoon; Telefoonnummer; Telefone; Tel
terms: Conditions de paiement; Délai de paiement; Condiciones de pago; Condizioni di pagamento; Termini di pagamento; Betalingsconditie; Betalingstermijn; Betaaltermijn; Condições de pagamento; Prazo de pagamento
document_type: Type de document; Type de pièce; Tipo de documento; Tipo documento; Tipo doc.; Tipo; Soort; Documentsoort; Type document; Type
level: Niveau de relance; Relances; Aanmaningen; Solleciti
debit: Débit; Debe; Dare; Debet; Deve; Débito
credit: Crédit; Haber; Avere; Credit; Haver; Crédito
vat_number: N° TVA; NIF; CIF; Partita IVA; P. IVA; BTW-nummer; NIPC; Contribuinte; N° TVA intracommunautaire
disputed: Litige; En litige; Betwist; Contestata
last_paid_on: Date dernier paiement; Fecha último pago; Laatste betaling
NONE: Montant HT; Total HT; Subtotal; Base imponible; Imponibile; Mode de paiement; Forma de pago; Modalità di pagamento; Betaalwijze; Total s/ IVA; Bedrag excl. btw; Netto; Jours de retard; Días vencidos; Giorni di ritardo; Dagen; Net à payer HT
"""
NO_SUM = {"amount", "open", "paid", "status"}
CASES = [
    (field.strip(), name.strip())
    for field, _, listed in (line.partition(":") for line in MEANT.strip().splitlines())
    for name in listed.split(";")
]


@pytest.mark.parametrize(("field", "name"), CASES)
def test_a_name_is_known_in_every_language(field, name):
    parsed = names.parse(name)
    found = {meant for _, meant in vocabulary.fields_of(parsed.key) or vocabulary.fields_of(parsed.short)}
    assert (not found & NO_SUM) if field == "NONE" else field in found


@pytest.mark.parametrize(
    ("field", "word", "meaning"),
    [
        ("status", "Payée", "paid"), ("status", "Partiellement réglée", "part_paid"), ("status", "En retard", "open"),
        ("status", "Brouillon", "draft"), ("status", "Annulée", "void"), ("status", "En litige", "disputed"),
        ("status", "Pagada", "paid"), ("status", "Parcialmente cobrada", "part_paid"), ("status", "Vencida", "open"),
        ("status", "Borrador", "draft"), ("status", "Anulada", "void"), ("status", "Incobrable", "written_off"),
        ("status", "Saldata", "paid"), ("status", "Non pagata", "open"), ("status", "Bozza", "draft"),
        ("status", "Betaald", "paid"), ("status", "Deels betaald", "part_paid"), ("status", "Concept", "draft"),
        ("status", "Paga", "paid"), ("status", "Em aberto", "open"), ("status", "Rascunho", "draft"),
        ("document_type", "Avoir", "credit"), ("document_type", "Nota de crédito", "credit"),
        ("document_type", "Facturas", "invoice"), ("document_type", "Creditnota", "credit"),
        ("document_type", "Règlement", "payment"), ("disputed", "oui", "yes"), ("disputed", "Sí", "yes"),
        ("disputed", "Não", "no"), ("side", "Dare", "debit"), ("side", "Haber", "credit_side"),
        ("status", "Vervallen", None), ("status", "Cancelada", None), ("document_type", "Recibo", None),
        ("document_type", "Abono", None), ("status", "En attente", None),
    ],
)  # fmt: skip
def test_a_word_is_known_in_every_language_or_asked(field, word, meaning):
    assert words.meaning(field, word) == meaning


@pytest.mark.parametrize(
    ("salutation", "meaning"),
    [
        ("Mme", "ms"),
        ("Mlle", "ms"),
        ("M.", "mr"),
        ("Sr.", "mr"),
        ("Sra.", "ms"),
        ("Sig.", "mr"),
        ("Sig.ra", "ms"),
        ("Dhr.", "mr"),
        ("Mevr.", "ms"),
        ("Senhora", "ms"),
        ("Dott.", ""),
    ],
)
def test_salutations_are_known(salutation, meaning):
    content = f"Code client;Nom;Prénom;Civilité\n1;Durand;Anne;{salutation}\n"
    assert taken(content, "customers").customers[0].salutation == meaning


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("30 jours", 30), ("À 45 jours", 45), ("comptant", 0), ("60 días", 60), ("contado", 0), ("30 gg", 30),
        ("30 giorni data fattura", 30), ("14 dagen", 14), ("a 30 dias", 30), ("pronto pagamento", 0),
        ("45 jours fin de mois", None), ("30 gg fine mese", None), ("30 gg f.m.", None), ("60 dias fim do mês", None),
    ],
)  # fmt: skip
def test_terms_in_days_are_read_and_ends_of_months_are_not(text, days):
    assert words.days_of_terms(text) == days


def test_a_column_of_data_is_a_day_only_where_its_cells_are():
    header = "Numero fattura;Cliente;Data;Scadenza;Residuo\n"
    [row] = taken(header + "1;Rossi;13/10/2026;31/10/2026;10,00\n", currency="EUR").invoices
    assert str(row.issued_on) == "2026-10-13"
    [row] = taken("Invoice;Customer;Data;Due date;Open\n1;A;blue;31/10/2026;10,00\n", currency="EUR").invoices
    assert row.issued_on is None
