"""The same words in French, Spanish, Italian, Portuguese and Dutch, without accents.

A word that means different things in two languages or trades is left out, and so asked: Spanish `recibo` is a
bill and Portuguese `recibo` a receipt; Dutch `vervallen` is overdue or lapsed; `abono` is a credit note or money;
`cancelada` is void, or paid where Spanish is spoken in America; `reclamada` is reminded of, or complained about.
"""

# ruff: noqa: E501 (the tables read best with one meaning a line)

from __future__ import annotations

import re


def _table(**meanings: str) -> dict[str, str]:
    return {word: meaning for meaning, words in meanings.items() for word in words.split("|")}


STATUS = _table(
    issued="comptabilise|publiee|publie|publicado|publicada|contabilizado|registrado|registrada|confermata|confermato|registrata|envoyee|envoye|emise|emis|validee|valide|comptabilisee|enviada|enviado|emitida|emitido|contabilizada|inviata|inviato|emessa|emesso|contabilizzata|verzonden|verstuurd|geboekt|gefactureerd|finalizada",
    open="a venir|a echoir|ouverte|ouvert|impayee|impaye|non payee|non paye|non reglee|non regle|en retard|echue|echu|a payer|a regler|en attente de paiement|en attente de reglement|non echue|relancee|non soldee|"
    "pendiente|pendiente de pago|pendiente de cobro|abierta|abierto|impagada|impagado|no pagada|no pagado|no cobrada|sin pagar|vencida|vencido|por cobrar|no vencida|no vencido|"
    "aperta|aperto|non pagata|non pagato|non saldata|non saldato|non incassata|scaduta|scaduto|da pagare|da incassare|da saldare|insoluta|insoluto|in scadenza|non scaduta|non scaduto|in attesa di pagamento|sollecitata|"
    "aberta|aberto|em aberto|por liquidar|por pagar|pendente|nao paga|nao vencida|nao vencido|nao pago|nao liquidada|por receber|em atraso|em divida|a vencer|"
    "openstaand|onbetaald|niet betaald|te laat|achterstallig|nog te betalen|te betalen|over datum|herinnerd|aangemaand",
    paid="payee|paye|reglee|regle|soldee|solde|acquittee|encaissee|lettree|"
    "pagada|pagado|cobrada|cobrado|saldada|saldado|liquidada|liquidado|"
    "pagata|pagato|saldata|saldato|incassata|incassato|chiusa|"
    "paga|pago|recebida|recebido|regularizada|betaald|voldaan|afgehandeld|geind|volledig betaald",
    part_paid="partiellement payee|partiellement paye|partiellement reglee|partiellement regle|payee partiellement|reglee partiellement|paiement partiel|"
    "parcialmente pagada|parcialmente pagado|parcialmente cobrada|parcialmente cobrado|pagada parcialmente|cobrada parcialmente|pago parcial|cobro parcial|"
    "parzialmente pagata|parzialmente pagato|parzialmente saldata|parzialmente saldato|parzialmente incassata|pagata parzialmente|pagata in parte|saldata parzialmente|"
    "parcialmente paga|parcialmente pago|parcialmente liquidada|parcialmente liquidado|paga parcialmente|"
    "deels betaald|gedeeltelijk betaald|deelbetaling",
    draft="brouillon|borrador|bozza|rascunho|concept|provisoire|a valider|provisional|provvisoria|proforma",
    void="annulee|annule|anulada|anulado|annullata|annullato|stornata|stornato|geannuleerd|extournee|eliminada|rectificada|gecrediteerd|gestorneerd",
    written_off="passee en perte|irrecouvrable|perte|creance irrecouvrable|incobrable|inesigibile|inexigibile|stralciata|incobravel|oninbaar|afgeschreven|afgeboekt",
    disputed="litige|en litige|contestee|conteste|en disputa|disputada|reclamada por el cliente|contestata|contestato|in contestazione|in disputa|em disputa|em litigio|contestada|betwist|in dispuut",
    refunded="remboursee|rembourse|reembolsada|devuelta|rimborsata|reembolsado|terugbetaald",
)
DOCUMENT_TYPE = _table(
    invoice="facture|facture client|facture de vente|factura|factura de venta|factura venta|factura emitida|fattura|fattura di vendita|fattura cliente|fattura attiva|fattura immediata|fattura differita|parcella|"
    "fatura|fatura de venda|factuur|verkoopfactuur|fa|fac|ft|td01|td24|nota de debito|nota di debito|nota debito|note de debit|nd|debetnota|facture d'acompte|fattura di acconto|td02",
    credit="avoir|avoir client|note de credit|facture d'avoir|factura rectificativa|rectificativa|nota de credito|factura de abono|nota credito|nota di credito|nota di accredito|nota accredito|"
    "creditnota|creditfactuur|credit nota|av|nc|td04|nota de credito cliente|fattura di storno",
    payment="paiement|paiement client|reglement|reglement client|encaissement|cobro|pago|pago recibido|ingreso|incasso|pagamento|pagamento ricevuto|"
    "pagamento recebido|recebimento|betaling|ontvangst|acompte recu|anticipo de cliente",
    ignored="devis|bon de livraison|commande|presupuesto|pedido|albaran|preventivo|ordine|ddt|orcamento|encomenda|guia|offerte|pakbon|bestelling",
)
SIDE = _table(debit="debe|dare|deve|debito", credit_side="haber|avere|haver|credito")
YES_NO = _table(yes="oui|si|sim|vrai|verdadero|vero|verdadeiro|waar", no="non|nao|nee|faux|falso|onwaar")
PAYMENT_STATE = _table(
    received="recu|recue|encaisse|valide|recibido|recibida|cobrado|conciliado|ricevuto|incassato|riconciliato|recebido|conciliada|ontvangen|betaald|verwerkt|pagado|pagato|pago|paye|execute|ejecutado|eseguito|efetuado|completado|completato|concluido",
    not_received="echoue|en attente|rejete|annule|rembourse|refuse|fallido|pendiente|rechazado|anulado|devuelto|fallito|in attesa|rifiutato|annullato|rimborsato|stornato|falhado|pendente|rejeitado|devolvido|mislukt|in behandeling|geweigerd|geannuleerd|gestorneerd|teruggeboekt|impaye|insoluto",
)
_UNIT = r"(?:jours?|jrs?|dias?|giorni|gg|dagen|dgn)"
DAYS = re.compile(
    rf"(?:(?:paiement|reglement|pago|pagamento|betaling|bonifico|virement|transferencia) )?(?:a |sous |en |entro |dentro de |binnen |aos? )?(\d{{1,3}}) ?{_UNIT}\.?"
    r"(?: (?:net|nets|netto|netos|date (?:de )?facture|date d'emission|fecha (?:de )?factura|f\.?f\.?|data (?:da )?f\w+|d\.?f\.?|na factuurdatum))?"
)
AT_ONCE = re.compile(
    r"(?:(?:paiement|pagamento|pago|betaling) )?(?:(?:a|alla) )?(?:comptant|reception(?: de (?:la )?facture)?|contado|al contado|contanti|immediato|rimessa diretta|vista fattura|ricevimento fattura|pronto pagamento|a pronto|contra ?entrega|direct|bij ontvangst|contant|per direct|immediat|inmediato|imediato)"
)
