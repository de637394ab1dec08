"""Customers of the made-up wholesaler: firms and private people, most in Germany; no address leads anywhere."""

from __future__ import annotations

import re
import unicodedata
from random import Random
from typing import NamedTuple


class Customer(NamedTuple):
    """One customer as the billing program knows them. `firm` is empty for a private person."""

    number: str
    firm: str
    salutation: str
    first_name: str
    last_name: str
    email: str
    street: str
    postcode: str
    city: str
    country: str
    language: str
    phone: str = ""

    @property
    def name(self) -> str:
        """The name that stands on an invoice."""
        return self.firm or f"{self.first_name} {self.last_name}"


_TRADES = (
    *(
        "Bäckerei",
        "Café",
        "Gasthaus",
        "Hofladen",
        "Hotel",
        "Konditorei",
        "Kantine",
        "Feinkost",
        "Bistro",
        "Reformhaus",
    ),
    *("Weinhandlung", "Mühle", "Gärtnerei", "Teehaus", "Eisdiele"),
)
_NAMES = (
    *("Morgenröte", "Süßstück", "Zum Löwen", "Wiesengrund", "Seeblick", "Kornähre", "Grünspan", "Lindenhof"),
    *("Sonnenhof", "Alte Post", "Drei Eichen", "Am Brunnen", "Hagebutte", "Rosengarten", "Fährhaus", "Bergfried"),
)
_FOREIGN = (
    ("Harbour Kitchen Ltd", "12 Quay Street", "BS1 5UH", "Bristol", "GB", "en"),
    ("Thistle & Rye Bakery", "4 Candlemaker Row", "EH1 2QE", "Edinburgh", "GB", "en"),
    ("The Green Larder Ltd", "88 Deansgate", "M3 2GP", "Manchester", "GB", "en"),
    ("Canal House Foods BV", "Prinsengracht 263", "1016 GV", "Amsterdam", "NL", "en"),
)
_FIRST = (
    *(("Frau", name) for name in ("Anna", "Jutta", "Aylin", "Petra", "Sabine", "Margarethe", "Ulrike", "Inés")),
    *(("Herr", name) for name in ("Jürgen", "Mehmet", "Tobias", "Søren", "Karl-Heinz", "René", "Matthias", "Uwe")),
)
_LAST = (
    *("Müller", "Groß", "Yilmaz", "Schäfer", "Weiß", "Köhler", "Nowak", "von Stein", "Böhm", "Özdemir", "Lange"),
    *("Krüger", "Fuchs", "Hübner", "Vogel", "Schröder"),
)
_STREETS = (
    *("Hauptstraße", "Lindenallee", "Bahnhofstraße", "Am Markt", "Gartenweg", "Mühlenstraße", "Schloßplatz"),
    *("Kirchgasse", "Goethestraße", "Ringstraße"),
)
_PLACES = (
    *(("10115", "Berlin"), ("20095", "Hamburg"), ("50667", "Köln"), ("80331", "München"), ("04109", "Leipzig")),
    *(
        ("70173", "Stuttgart"),
        ("99084", "Erfurt"),
        ("48143", "Münster"),
        ("93047", "Regensburg"),
        ("18055", "Rostock"),
    ),
)


_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe"})


def customers(draw: Random, count: int) -> list[Customer]:
    """So many different customers, numbered from K1001; each tenth is abroad, each fourth a private person."""
    taken: set[str] = set()
    found: list[Customer] = []
    while len(found) < count:
        place = len(found)
        made = _abroad(place) if place % 10 == 9 else _person(draw) if place % 4 == 3 else _firm(draw)
        if made.name in taken:
            made = _another(made, place)
        taken.add(made.name)
        found.append(made._replace(number=f"K{1001 + place}", email=address_of(made)))
    return found


def swiss(customer: Customer) -> Customer:
    """The same customer, had they settled in Zürich."""
    return customer._replace(
        street="Bahnhofstrasse 21", postcode="8001", city="Zürich", country="CH", language="de"
    )


def _firm(draw: Random) -> Customer:
    return _at_home(draw, firm=f"{draw.choice(_TRADES)} {draw.choice(_NAMES)}")


def _person(draw: Random) -> Customer:
    salutation, first_name = draw.choice(_FIRST)
    return _at_home(draw, salutation=salutation, first_name=first_name, last_name=draw.choice(_LAST))


def _at_home(
    draw: Random, *, firm: str = "", salutation: str = "", first_name: str = "", last_name: str = ""
) -> Customer:
    street = f"{draw.choice(_STREETS)} {draw.randrange(1, 120)}"
    postcode, city = draw.choice(_PLACES)
    return Customer("", firm, salutation, first_name, last_name, "", street, postcode, city, "DE", "de")


def _abroad(place: int) -> Customer:
    firm, street, postcode, city, country, language = _FOREIGN[(place // 10) % len(_FOREIGN)]
    return Customer("", firm, "", "", "", "", street, postcode, city, country, language)


def _another(customer: Customer, place: int) -> Customer:
    if customer.firm:
        return customer._replace(firm=f"{customer.firm} {place + 1}")
    return customer._replace(last_name=f"{customer.last_name}-{_LAST[place % len(_LAST)]} {place + 1}")


def address_of(customer: Customer, number: int = 1) -> str:
    """The e-mail address that a customer would have; `number` tells people of one name apart."""
    if customer.firm:
        box = {"de": "rechnung", "fr": "comptabilite"}.get(customer.language, "accounts")
        return f"{box}@{_plain(customer.firm)}.example"
    more = "" if number == 1 else f".{number}"
    return f"{_plain(customer.first_name)}.{_plain(customer.last_name)}{more}@post.example"


def _plain(name: str) -> str:
    """The name in letters that can stand in an address: `suessstueck` for `Süßstück`."""
    spelt = name.lower().translate(_SPELT)
    bare = unicodedata.normalize("NFKD", spelt).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")
