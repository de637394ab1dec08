"""Column names in French, Spanish, Italian, Portuguese and Dutch, said in the words that `vocabulary` knows.

A name is translated word by word: phrases first, then single words, without the small words between them. The
Romance languages put the number before what it numbers (`numéro de facture`), so a first word of that kind may
be moved behind the others. A word that two languages use for different things (`valuta`, `solde`) is not
translated: it stands in `vocabulary` under each of its meanings, and the cells decide, or a person.
"""

# ruff: noqa: E501 (the tables read best with one meaning a line)

from __future__ import annotations

from collections.abc import Iterator, Sequence


def _table(**meanings: str) -> dict[str, str]:
    return {word: meaning for meaning, words in meanings.items() for word in words.split("|")}


_PHRASES = _table(
    # Who
    companyname="raison sociale|razon social|ragione sociale|razao social|nom commercial|nom entreprise|nom societe|nombre comercial|nombre empresa|nome azienda|nome empresa|nome comercial",
    customername="nom affichage partenaire facture|nom affichage partenaire|nombre mostrado contacto factura|nombre mostrado asociado factura|nombre mostrado cliente|nombre mostrar empresa factura|nome visualizzato partner fattura|nome exibicao parceiro fatura|nome apresentacao parceiro fatura|weergavenaam factuurpartner|factuurpartner weergavenaam|denominazione cliente|ragione sociale cliente|denominazione ragione sociale|nom raison sociale|nombre razon social|razon social cliente|raison sociale client|nombre fiscal|nome fiscal",
    contactperson="personne contact|persona contacto|persona contatto|pessoa contacto|contact persoon",
    # Not recognised: no numbers by which a bill is known
    vatid="n tva|numero tva|nr tva|tva intracommunautaire|n tva intracommunautaire|nr tva intracommunautaire|partita iva|p iva|part iva|nif|cif|nif cif|cif nif|dni|btw nr|btw nummer|codice fiscale|cod fiscale|siret|siren|kvk nummer|nipc|contribuinte|n contribuinte|nr contribuinte|identificacion fiscal",
    email="adresse e mail|adresse email|adresse mail|adresse courriel|adresse electronique|correo electronico|direccion correo|direccion email|indirizzo e mail|indirizzo email|posta elettronica|correio eletronico|correio electronico|endereco email|endereco e mail|e mailadres",
    postalcode="code postal|codigo postal|codice postale|cod postal|c postal|c p|cp|cap",
    firstname="nombre pila|nome proprio",
    # When
    issuedate="f factura|f fra|f emision|f expedicion|f documento|date emission|date piece|fecha emision|fecha expedicion|data emissione|data emissao|date facturation|fecha facturacion|data fatturazione|data faturacao",
    duedate="echeance nette|date echeance nette|vencimiento neto|fecha vencimiento neto|scadenza netta|data scadenza netta|netto verval date|netto vervaldatum|vencimento liquido|f vencimiento|f venc|f vcto|date limite paiement|date limite reglement|fecha limite|fecha limite pago|fecha pago prevista|data limite|data limite pagamento|a payer avant|a payer avant le|a regler avant|a pagar antes|da pagare entro|betalen voor|uiterste betaaldatum|uiterste betaal datum|uiterste betaling|pagar ate|fecha vto|f vto|fecha venc|data venc|data scad|date ech|fec vto|fecha vcto",
    paymentterms="condiciones pago|condicion pago|conditions paiement|condition paiement|conditions reglement|condition reglement|condizioni pagamento|condizione pagamento|termini pagamento|termine pagamento|condicoes pagamento|condicao pagamento|prazo pagamento|delai paiement|delai reglement|plazo pago|plazo|dias credito|giorni credito|delai",
    paymentdate="f cobro|f pago|datum betaling|datum ontvangst|data valuta pagamento",
    lastpaymentdate="date dernier paiement|date dernier reglement|dernier paiement|dernier reglement|fecha ultimo pago|fecha ultimo cobro|ultimo pago|ultimo cobro|data ultimo pagamento|data ultimo incasso|ultimo pagamento|laatste betaling",
    # How much
    amountoutstanding="reste a payer|reste du|reste a regler|reste a encaisser|restant du|solde du|solde restant|solde restant du|montant du|montant restant du|montant a payer restant|restant a payer|solde a payer|solde ouvert|"
    "importe pendiente|pendiente pago|pendiente cobro|pendiente cobrar|importe pendiente cobro|saldo pendiente|por cobrar|por pagar|total pendiente|resto por pagar|saldo vivo|"
    "da saldare|da incassare|da pagare|importo residuo|residuo|importo aperto|saldo aperto|importo da saldare|importo da incassare|importo da pagare|importo insoluto|importo dovuto|totale dovuto|saldo dovuto|residuo da pagare|importo rimanente|rimanenza|"
    "em divida|valor em divida|em aberto|valor em aberto|valor pendente|por liquidar|por receber|saldo em aberto|saldo em divida|montante em divida|total em divida|valor por liquidar|saldo pendente|valor por receber|"
    "openstaand bedrag|openstaand saldo|nog te betalen|te ontvangen|te betalen|nog te ontvangen|resterend bedrag|restant bedrag|open bedrag|bedrag openstaand",
    # What the invoice printed, or what is left of it: asked
    total="net a payer|total a pagar|total a payer|totale a pagare|importe a pagar|valor a pagar|totale da pagare|total a liquidar|te betalen bedrag",
    amount="importe euros|importe eur|montant euros|montant eur|importo euro|importo eur|valor euros|valor eur|montant en devise|montant devise piece|montant en devise piece|montant en devise document|importe en moneda doc|importe en moneda documento|importe moneda doc|importe en divisa|importo in divisa documento|importo in divisa|importo divisa|bedrag in documentvaluta|bedrag in valuta|montante em moeda documento|importe vto|importe vencimiento|montant echeance|importo scadenza|importo rata|valor vencimento|valor parcela|importe plazo",
    localamount="importe en ml|importe en moneda local|importe moneda local|montant en devise interne|montant devise interne|montant devise locale|importo in divisa interna|importo valuta locale|bedrag in lokale valuta|valor em moeda local",
    amountexcltax="montant ht|total ht|base ht|hors taxe|hors taxes|hors tva|sin iva|sem iva|s iva|iva esclusa|senza iva|netto iva|excl btw|exclusief btw|base imponible|base imponibile|base tributavel|base incidencia",
    amountgross="montant ttc|total ttc|toutes taxes comprises|iva incluido|iva incluida|iva inclusa|iva incluso|con iva|com iva|c iva|incl btw|inclusief btw|bedrag incl|totaal incl|totaal incl btw|bedrag incl btw|total con iva|importe con iva|total iva incluido|total com iva|totale ivato|totale con iva|totale iva inclusa|total c iva",
    paymentmethod="mode reglement|mode paiement|moyen paiement|moyen reglement|forma pago|metodo pago|medio pago|forma cobro|modalita pagamento|metodo pagamento|modo pagamento|forma pagamento|meio pagamento|metodo pagamento|betaal wijze|tipo pago|tipo pagamento",
    amountpaid="deja paye|deja regle|montant regle|montant paye|montant encaisse|acompte|acomptes|total paye|total regle|importe pagado|importe cobrado|total cobrado|total pagado|ya pagado|anticipo|importo pagato|importo incassato|totale pagato|totale incassato|gia pagato|gia incassato|acconto|valor pago|valor liquidado|valor recebido|valor regularizado|total pago|montante pago|ja pago|reeds betaald|betaald bedrag|bedrag betaald|ontvangen bedrag|reeds voldaan",
    # Which
    yourreference="votre reference|vos references|su referencia|su pedido|vostro riferimento|vs riferimento|vs rif|sua referencia|v referencia|uw referentie|uw ref|uw kenmerk",
    dunninglevel="niveau relance|niveau de relance|nombre relances|relances|nivel reclamacion|nivel recordatorio|livello sollecito|solleciti|numero solleciti|sollecito|nivel aviso|avisos|aanmaningen|herinneringen|aantal herinneringen|aantal aanmaningen|aanmaning niveau",
    dunningblock="blocage relance|bloquer relances|ne pas relancer|bloqueo reclamacion|no reclamar|blocco solleciti|non sollecitare|bloqueio avisos|aanmaning blokkeren|niet aanmanen|geblokkeerd",
    disputed="en litige|in disputa|in contestazione|en disputa|em disputa|em litigio",
)
"""Phrases without the small words that `_PARTICLES` drops, and without accents."""
_WORDS = _table(
    # Who
    customer="client|cliente|clientes|clienti|klant|klanten|debiteur|debiteurs|deudor|debitore|devedor|relatie|afnemer|tiers|tercero|terceiro|entidade|intestatario|partenaire|parceiro|asociado|acheteur|comprador|acquirente|destinatario",
    account="compte|cuenta|conto|conta|rekening|subcuenta|sottoconto|grootboekrekening",
    company="societe|entreprise|empresa|azienda|ditta|impresa|bedrijf|bedrijfsnaam|handelsnaam|denominazione|organisatie",
    name="nom|nombre|nome|naam|intitule|libelle tiers|titular|nominativo|designation",
    firstname="prenom|voornaam",
    lastname="apellido|apellidos|cognome|achternaam|sobrenome|apelido|familienaam",
    salutation="civilite|tratamiento|aanhef|tratamento",
    contactperson="interlocuteur|contactpersoon|referente",
    email="courriel|emailadres|mailadres|correo|mel",
    phone="telephone|telefono|telefone|telefoon|telefoonnr|telefoonnummer|tlf|tel",
    mobile="portable|movil|cellulare|telemovel|mobiel|gsm|celular",
    street="rue|adresse|direccion|domicilio|calle|indirizzo|via|morada|endereco|rua|adres|straat|straatnaam",
    city="ville|commune|ciudad|poblacion|localidad|citta|comune|localita|cidade|localidade|plaats|woonplaats|stad|municipio|concelho",
    postalcode="postcode|codigopostal",
    region="provincia|departement|provincie|distrito|regione|comunidad|regiao",
    country="pays|pais|paese|nazione|landnaam",
    language="langue|idioma|lingua|taal",
    # Which
    invoice="fra|fras|fact|ft|fatt|facture|factures|factura|facturas|fattura|fatture|factuur|facturen|fatura|faturas|faktuur|verkoopfactuur",
    document="doc|docs|piece|pieces|documento|documenti|documentos|boekstuk|justificatif|comprobante|stuk|documenten|boekstuk",
    creditnote="avoir|creditnota|creditfactuur|rectificativa",
    nr="numero|num|number|nr|nro|numer|n|nummer|no|volgnr|nrs|numeros",
    code="code|codigo|codice|cod|identifiant|identificador|identificativo",
    reference="ref|referencia|riferimento|rif|referentie|kenmerk|betalingskenmerk|betalingsreferentie",
    # When
    date="fecha|data|dato|fec|fch",
    due="echeance|echeances|vencimiento|vencimientos|vto|vcto|venc|scadenza|scad|vencimento|verval|vervaldag|vervaldate|ech|exigibilite",
    issue="emission|emision|emissione|emissao|expedicion|uitgifte",
    # How much
    amount="montant|importe|importo|bedrag|monto|quantia|montante|bedragen|imp",
    value="valor|valore|waarde|valeur",
    total="totale|totaal|totaux|totales|totali|totais",
    gross="ttc|bruto|brut|lordo|ivato|inclusief",
    excltax="ht|hors|netto|neto|net|imponible|imponibile|tributavel|subtotal|exclusief",
    vat="tva|iva|btw",
    open="ouvert|ouverte|abierto|abierta|aperto|aperta|aberto|aberta",
    outstanding="restant|restante|reste|restbedrag|restsaldo|resterend|rest|pendiente|pendientes|pendente|pendentes|openstaand|openstaande|du|impaye|impayes|impagado|insoluto|insoluti|residuo|resto|resta|adeudado|debido|dovuto|restant du|divida|deuda",
    original="origine|initial|initiale|inicial|originale|oorspronkelijk|oorspronkelijke|origen|iniziale",
    paid="paye|payee|regle|reglee|encaisse|pagado|pagada|cobrado|cobrada|pagato|pagata|incassato|incassata|saldato|saldata|betaald|voldaan|ontvangen|pago|paga|recebido|liquidado|liquidada|regularizado|acquitte|acquittee",
    payment="paiement|paiements|reglement|reglements|encaissement|encaissements|pagamento|pagamenti|pagamentos|incasso|incassi|betaling|betalingen|betaal|cobro|cobros|recebimento|ontvangst|versement|pagos|liquidacao|recebimentos",
    balance="saldos",
    currency="devise|devises|moneda|divisa|monnaie|moeda|munteenheid|valutacode|muntsoort|munt",
    status="statut|situacion|stato|situacao|situazione|etat",
    estado="estado",
    type="type|tipo|soort|genre|clase|tipologia|categorie piece|doctype",
    description="libelle|descripcion|descrizione|omschrijving|descricao|concepto|oggetto|objet",
    debit="debe|dare|deve|debito|debet|debit",
    credit="haber|avere|haver|credito|credit",
    days="jours|dias|giorni|dagen",
    dunninglevel="relance|reclamacion|aanmaning|herinnering",
    disputed="litige|disputa|contestato|contestata|contestazione|betwist|litigio|conteste|contestee",
    cancelled="annule|annulee|anulado|anulada|annullato|annullata|geannuleerd",
    journal="diario|giornale|dagboek",
)
_PARTICLES = frozenset(
    "de d du des la le les l el los las del della dello dei delle degli di do da dos das van het een il lo al op".split()
)
_GLUED_FRONT = (
    "factuur",
    "debiteur",
    "debiteuren",
    "klant",
    "klanten",
    "relatie",
    "boekstuk",
    "verval",
    "betaal",
    "betalings",
    "rekening",
    "openstaand",
    "document",
    "boek",
    "boekings",
    "totaal",
)
"""First parts of what Dutch writes in one word: `factuurnummer`, `vervaldatum`."""
_GLUED_BACK = {
    **dict.fromkeys(("nummer", "nr", "nrs"), "nr"),
    **dict.fromkeys(("datum", "date", "dag"), "date"),
    **dict.fromkeys(("bedrag", "bedragen", "totaal"), "amount"),
    **dict.fromkeys(("naam",), "name"),
    **dict.fromkeys(("code",), "code"),
    **dict.fromkeys(("conditie", "condities", "termijn", "voorwaarden", "voorwaarde"), "terms"),
    **dict.fromkeys(("status",), "status"),
    **dict.fromkeys(("soort", "type"), "type"),
    **dict.fromkeys(("saldo",), "balance"),
    **dict.fromkeys(("referentie", "kenmerk"), "reference"),
    **dict.fromkeys(("wijze", "methode"), "method"),
}
_FRONTS = {
    "factuur": "invoice",
    "verval": "due",
    "betaal": "payment",
    "betalings": "payment",
    "boekstuk": "document",
    "document": "document",
    "openstaand": "outstanding",
    "rekening": "account",
    "boek": "posting",
    "boekings": "posting",
    "totaal": "total",
}
_HEADS = frozenset(
    "nr date amount value total balance name code type status estado currency account email description reference".split()
)
"""Words that the Romance languages put before what they are of."""
UNUSED = frozenset(("paymentmethod", "amountexcltax"))
"""What is recognised so that it is not taken for something else."""
_LONGEST = max(len(phrase.split()) for phrase in _PHRASES)


def translated(words: Sequence[str]) -> Iterator[str]:
    """The keys that a name may have in the words of `vocabulary`, the likeliest first; none if no word is known.

    Args:
        words: of the name as it stands, in small letters without accents.
    """
    kept = [word for word in words if word not in _PARTICLES]
    found = _PHRASES.get(" ".join(words)) or _PHRASES.get(" ".join(kept))
    if found is not None:
        yield found
        return
    parts, known = _parts(kept)
    if not known:
        return
    if parts == ["due"]:
        yield "duedate"
        return
    if len(parts) > 1 and parts[0] in _HEADS:
        yield "".join([*parts[1:], parts[0]])
    yield "".join(parts)


def _parts(words: Sequence[str]) -> tuple[list[str], bool]:
    parts: list[str] = []
    known, at = False, 0
    while at < len(words):
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            phrase = " ".join(words[at : at + length])
            meant = _PHRASES.get(phrase) or _WORDS.get(phrase)
            if meant is not None:
                known = True
                parts.append(meant)
                at += length
                break
        else:
            glued = _glued(words[at])
            known = known or glued is not None
            parts += glued or [words[at]]
            at += 1
    return parts, known


def _glued(word: str) -> list[str] | None:
    for front in _GLUED_FRONT:
        back = _GLUED_BACK.get(word[len(front) :]) if word.startswith(front) else None
        if back is not None:
            return [_FRONTS.get(front, "customer"), back]
    return None
