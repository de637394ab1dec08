"""Messages to look at: one for every text and language, together showing every kind of table and greeting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from duewell.adapters.texts import LANGUAGES
from duewell.core import contact
from duewell.core.contact import Addressee, Content, Document, Sender, View
from duewell.core.decide.digest import digest
from duewell.core.decide.stages import BY_KEY, Stage
from duewell.core.decide.values import Advance, Line, Net, Proposal, Recipient
from duewell.core.law.values import _THE_GATE, Permit
from duewell.core.units.ids import AccountId, CreditorId, PartyId, PersonId, PointId, ReceivableId

TODAY = date(2026, 3, 10)
SENT_AT = datetime(2026, 3, 10, 8, 30, tzinfo=UTC)
JOINERY = Sender(
    name="North Sea Joinery Ltd",
    email_from="accounts@joinery.example",
    reply_to="people@joinery.example",
    address=("14 Quay Street", "Whitby YO21 1AA", "United Kingdom"),
    phone="+44 1632 960123",
    iban="GB33BUKB20201555555555",
    bic="BUKBGB22",
)
WERKSTATT = Sender(
    name="Werkstatt für Möbel & Maß GmbH",
    email_from="buchhaltung@werkstatt.example",
    address=("Lange Straße 3", "04103 Leipzig", "Deutschland"),
    phone="+49 30 23125 123",
    account_holder="Möbel & Maß Verwaltungs GmbH",
    iban="DE89370400440532013000",
    payment_note="Mit Karte zahlen Sie unter https://zahlen.werkstatt.example.",
    language="de",
)
MS = Addressee("r.okafor@example.org", "person", "Ruth Okafor", "Ruth", "Okafor", "ms", "GB")
NEUTRAL = Addressee("alex.kim@example.org", "person", "Alex Kim", "Alex", "Kim", "", "GB")
FIRM = Addressee("ap@harbour.example", "business", "Harbour Lights Hospitality Group plc", country="US")
FRAU = Addressee("j.mueller@example.org", "person", "Jana Müller", "Jana", "Müller", "ms", "DE")
HERR = Addressee("e.oezdemir@example.org", "person", "Emre Özdemir", "Emre", "Özdemir", "mr", "AT")
FIRMA = Addressee("rechnung@lichthof.example", "business", "Lichthof Gaststätten AG", country="CH")

MENUISERIE = Sender(
    name="Menuiserie de l’Étang SARL",
    email_from="compta@menuiserie.example",
    address=("8 quai des Brumes", "44000 Nantes", "France"),
    phone="+33 2 61 91 23 45",
    iban="FR1420041010050500013M02606",
    bic="PSSTFRPPNTE",
    language="fr",
)
CARPINTERIA = Sender(
    name="Carpintería Peñón, S.L.",
    email_from="cobros@carpinteria.example",
    reply_to="hola@carpinteria.example",
    address=("Calle del Muelle, 4", "11201 Algeciras", "España"),
    phone="+34 910 12 34 56",
    iban="ES9121000418450200051332",
    language="es",
)
FALEGNAMERIA = Sender(
    name="Falegnameria Più S.r.l.",
    email_from="amministrazione@falegnameria.example",
    address=("Via del Porto 12", "34121 Trieste TS", "Italia"),
    phone="+39 040 555 0123",
    iban="IT60X0542811101000000123456",
    bic="BPPIITRRXXX",
    language="it",
)
TIMMERWERK = Sender(
    name="Timmerwerk ’t Hoekje B.V.",
    email_from="administratie@timmerwerk.example",
    address=("Kade 7", "1781 AA Den Helder", "Nederland"),
    iban="NL91ABNA0417164300",
    bic="ABNANL2A",
    language="nl",
)


class Item:
    """One line of a sample: days after which it is due (before: negative), sum, and what is not asked for."""

    def __init__(self, number: str, due_in: int, minor: int, currency: str = "EUR", held: int = 0) -> None:
        self.number, self.due_in, self.minor, self.currency, self.held = number, due_in, minor, currency, held


def permit_for(proposal: Proposal) -> Permit:
    """What the gate would answer; tests make it by hand to stay with their own subject."""
    return Permit(
        proposal.account, SENT_AT, SENT_AT + timedelta(hours=8), "0" * 64, 1, digest(proposal), made_by=_THE_GATE
    )


def proposal_of(
    items: Sequence[Item], stage: Stage, tone: str, language: str, credits: dict[str, int] | None = None
) -> Proposal:
    """A proposal over the items; receivables are numbered from 1 in the order given."""
    lines = [
        Line(ReceivableId(row), item.currency, TODAY + timedelta(days=item.due_in), item.minor, item.held)
        for row, item in enumerate(items, start=1)
    ]
    lines.sort(key=lambda line: (line.due_on, line.receivable))
    nets = tuple(
        Net(
            currency,
            sum(line.asked_minor for line in lines if line.currency == currency),
            (credits or {}).get(currency, 0),
        )
        for currency in sorted({line.currency for line in lines})
    )
    return Proposal(
        account=AccountId(7),
        creditor=CreditorId(1),
        as_of=TODAY,
        stage=stage,
        purpose="demand",
        tone=tone,
        recipient=Recipient(PartyId(1), PersonId(1), PointId(1), "email", language),
        strategy="gentle",
        strategy_digest="0" * 64,
        lines=tuple(lines),
        nets=nets,
        advances=(Advance(ReceivableId(1), stage),),
        fell_due_on=TODAY,
    )


def view_of(items: Sequence[Item], sender: Sender, addressee: Addressee, account_number: str = "C-20417") -> View:
    """Documents for the items, issued fourteen days before they are due."""
    documents = {
        ReceivableId(row): Document(item.number, TODAY + timedelta(days=item.due_in - 14))
        for row, item in enumerate(items, start=1)
    }
    return View(sender, addressee, account_number, documents, LANGUAGES)


def content_of(
    items: Sequence[Item],
    sender: Sender = JOINERY,
    addressee: Addressee = NEUTRAL,
    stage: str = "first",
    tone: str = "kind",
    language: str = "en",
    credits: dict[str, int] | None = None,
) -> Content:
    """Composed as the program composes it."""
    proposal = proposal_of(items, BY_KEY[stage], tone, language, credits)
    return contact.compose(permit_for(proposal), proposal, view_of(items, sender, addressee))


_ITEMS = {
    "upcoming": [Item("INV-2041", 3, 12000)],
    "due": [Item("INV-2041", 0, 123450)],
    "first": [Item("INV-2041", -7, 12000)],
    "second": [
        Item("INV-1988", -40, 48000, held=18000),
        Item("INV-2041", -16, 123450),
        Item("INV-2077", -2, 9950),
    ],
    "firm": [
        Item("INV-1988", -33, 48000),
        Item("INV-2003/2026-PROJECT-WHITBY-LIFEBOAT", -21, 100000000000),
        Item("US-77", -33, 3000, "USD"),
    ],
    "final": [Item(f"INV-{1900 + row}", row * 3 - 130, 5000 + 1111 * row) for row in range(40)],
}
_CREDITS = {"second": {"EUR": 5000}}
_PEOPLE = {
    ("en", "kind"): {"upcoming": MS, "due": NEUTRAL, "first": MS, "second": NEUTRAL, "firm": MS, "final": NEUTRAL},
    ("en", "formal"): dict.fromkeys(_ITEMS, FIRM),
    ("de", "kind"): {"upcoming": FRAU, "due": HERR, "first": FRAU, "second": HERR, "firm": FRAU, "final": HERR},
    ("de", "formal"): dict.fromkeys(_ITEMS, FIRMA),
}
# A woman, a man, somebody who did not say, and a firm, in countries that write dates and sums in different ways.
_OTHERS = {
    "fr": (
        Addressee("c.lefevre@example.org", "person", "Claire Lefèvre", "Claire", "Lefèvre", "ms", "FR"),
        Addressee("h.baert@example.org", "person", "Hugo Baert", "Hugo", "Baert", "mr", "BE"),
        Addressee("sacha@example.org", "person", "Sacha Nguyên", "Sacha", "Nguyên", "", "CA"),
        Addressee("factures@lumieres.example", "business", "Lumières du Port SA", country="CH"),
    ),
    "es": (
        Addressee("i.nunez@example.org", "person", "Inés Núñez", "Inés", "Núñez", "ms", "ES"),
        Addressee("j.ibarra@example.org", "person", "Joaquín Ibarra", "Joaquín", "Ibarra", "mr", "MX"),
        Addressee("cruz@example.org", "person", "Cruz Peña", "Cruz", "Peña", "", "US"),
        Addressee("facturas@luces.example", "business", "Luces del Puerto, S.A.", country="ES"),
    ),
    "it": (
        Addressee("a.conte@example.org", "person", "Andreina Conte", "Andreina", "Conte", "ms", "IT"),
        Addressee("n.dangelo@example.org", "person", "Nicolò D’Angelo", "Nicolò", "D’Angelo", "mr", "IT"),
        Addressee("andrea@example.org", "person", "Andrea Fò", "Andrea", "Fò", "", "IT"),
        Addressee("fatture@luci.example", "business", "Luci del Porto S.p.A.", country="CH"),
    ),
    "nl": (
        Addressee("s.vdberg@example.org", "person", "Sanne van den Berg", "Sanne", "van den Berg", "ms", "NL"),
        Addressee("j.claes@example.org", "person", "Jef Claes", "Jef", "Claes", "mr", "BE"),
        Addressee("robin@example.org", "person", "Robin de Vries", "Robin", "de Vries", "", "NL"),
        Addressee("facturen@havenlicht.example", "business", "Havenlicht Horeca B.V.", country="NL"),
    ),
    "ar": (
        Addressee("layla@example.org", "person", "ليلى حداد", "ليلى", "حداد", "ms", "AE"),
        Addressee("omar@example.org", "person", "عمر الخطيب", "عمر", "الخطيب", "mr", "EG"),
        Addressee("alex.kim@example.org", "person", "Alex Kim", "Alex", "Kim", "", "AE"),
        Addressee("ap@harbour.example", "business", "Harbour Lights LLC", country="MA"),
    ),
}
_SENDERS = {
    "en": JOINERY,
    "de": WERKSTATT,
    "fr": MENUISERIE,
    "es": CARPINTERIA,
    "it": FALEGNAMERIA,
    "nl": TIMMERWERK,
    # What is written left to right stands in every Arabic message: the creditor, its bank account, the numbers.
    "ar": JOINERY,
}
_OF_STAGE = {"upcoming": 0, "due": 1, "first": 0, "second": 2, "firm": 1, "final": 3}
# The first sentence of two invoices, and of more than ten, has words of its own in Arabic.
_ITEMS_OF = {
    ("ar", "kind", "first"): [Item("INV-2041", -7, 12000), Item("INV-2042", -7, 5000)],
    ("ar", "formal", "upcoming"): [Item(f"INV-{2041 + row}", 3, 1500) for row in range(12)],
    ("it", "kind", "first"): [Item("FT 2041/A", -2, 12000)],
    ("fr", "kind", "first"): [Item("F-2041", -9, 12000)],
}


def _person(language: str, tone: str, stage: str) -> Addressee:
    if (language, tone) in _PEOPLE:
        return _PEOPLE[language, tone][stage]
    return _OTHERS[language][_OF_STAGE[stage] if tone == "kind" else 3 - _OF_STAGE[stage]]


def sample(language: str, tone: str, stage: str) -> Content:
    """The message of the golden file `<language>/<tone>-<stage>`."""
    return content_of(
        _ITEMS_OF.get((language, tone, stage), _ITEMS[stage]),
        _SENDERS[language],
        _person(language, tone, stage),
        stage,
        tone,
        language,
        _CREDITS.get(stage),
    )
