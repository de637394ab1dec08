"""Many made-up customers in Germany, France and Great Britain for the time-lapse; no address leads anywhere."""

from __future__ import annotations

from random import Random
from typing import Final, NamedTuple

from duewell.adapters.demo.people import Customer, address_of


class _Country(NamedTuple):
    code: str
    language: str
    share: int
    """Of a hundred customers."""
    titles: tuple[str, str]
    """For a woman and for a man, as the billing program writes them."""
    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]
    trades: tuple[str, ...]
    signs: tuple[str, ...]
    """What stands on the sign beside the trade."""
    streets: tuple[str, ...]
    places: tuple[tuple[str, str], ...]
    number_first: bool
    """The number of the house stands before the street."""
    phones: tuple[str, ...]
    """Beginnings of numbers that are given to nobody, kept for films and books; three digits follow."""


_GERMANY: Final = _Country(
    *("DE", "de", 60, ("Frau", "Herr")),
    women=(
        "Anna",
        "Jutta",
        "Aylin",
        "Petra",
        "Sabine",
        "Margarethe",
        "Ulrike",
        "Inés",
        "Lena",
        "Halina",
        "Gudrun",
    ),
    men=("Jürgen", "Mehmet", "Tobias", "Søren", "Karl-Heinz", "René", "Matthias", "Uwe", "Jan", "Emre", "Günter"),
    families=(
        *("Müller", "Groß", "Yilmaz", "Schäfer", "Weiß", "Köhler", "Nowak", "von Stein", "Böhm", "Özdemir"),
        *("Lange", "Krüger", "Fuchs", "Hübner", "Vogel", "Schröder", "Kowalski", "Brandt", "Jäger", "Peters"),
    ),
    trades=(
        *("Bäckerei", "Café", "Gasthaus", "Hofladen", "Hotel", "Konditorei", "Feinkost", "Bistro", "Reformhaus"),
        *("Weinhandlung", "Teehaus", "Eisdiele", "Käserei", "Mensa", "Pension"),
    ),
    signs=(
        *("Morgenröte", "Zum Löwen", "Wiesengrund", "Seeblick", "Kornähre", "Lindenhof", "Sonnenhof", "Alte Post"),
        *("Drei Eichen", "Am Brunnen", "Hagebutte", "Rosengarten", "Fährhaus", "Bergfried", "Süßstück"),
    ),
    streets=(
        *("Hauptstraße", "Lindenallee", "Bahnhofstraße", "Am Markt", "Gartenweg", "Mühlenstraße", "Schloßplatz"),
        *("Kirchgasse", "Goethestraße", "Ringstraße"),
    ),
    places=(
        *(
            ("10115", "Berlin"),
            ("20095", "Hamburg"),
            ("50667", "Köln"),
            ("80331", "München"),
            ("04109", "Leipzig"),
        ),
        *(("70173", "Stuttgart"), ("99084", "Erfurt"), ("48143", "Münster"), ("93047", "Regensburg")),
    ),
    phones=("030 23125 ", "040 66969 ", "0221 4710 ", "089 99998 ", "069 90009 "),
    number_first=False,
)
_FRANCE: Final = _Country(
    *("FR", "fr", 22, ("Mme", "M.")),
    women=("Camille", "Hélène", "Inès", "Margaux", "Fatou", "Chloé", "Solène", "Odile", "Zoé", "Nathalie"),
    men=("François", "Théo", "Jérôme", "Mamadou", "Loïc", "Benoît", "Raphaël", "Étienne", "Hugo", "Yannick"),
    families=(
        *("Dubois", "Lefèvre", "Garnier", "N'Diaye", "Château", "Bertrand", "Le Goff", "Marchand", "Rousseau"),
        *("Fabre", "Benali", "Morel", "Gérard", "Perrin"),
    ),
    trades=(
        *("Boulangerie", "Épicerie", "Bistrot", "Fromagerie", "Auberge", "Traiteur", "Crêperie", "Cave"),
        *("Salon de thé", "Hôtel"),
    ),
    signs=(
        *("des Tilleuls", "du Marché", "de la Gare", "du Vieux Port", "des Halles", "Saint-Rémy", "de l'Étoile"),
        *("du Moulin", "des Arcades", "Bellevue", "du Pont Neuf", "des Lilas"),
    ),
    streets=(
        *("rue de la République", "avenue Victor-Hugo", "place du Marché", "rue des Écoles", "quai Saint-Michel"),
        *("boulevard Voltaire", "chemin des Vignes"),
    ),
    places=(
        *(
            ("75011", "Paris"),
            ("69002", "Lyon"),
            ("13006", "Marseille"),
            ("33000", "Bordeaux"),
            ("67000", "Strasbourg"),
        ),
        *(("59000", "Lille"), ("44000", "Nantes")),
    ),
    phones=("01 99 00 1", "01 99 00 2", "01 99 00 3", "01 99 00 4"),
    number_first=True,
)
_BRITAIN: Final = _Country(
    *("GB", "en", 18, ("Ms", "Mr")),
    women=("Olivia", "Priya", "Fiona", "Grace", "Aisha", "Megan", "Charlotte", "Ngozi", "Bronwen", "Ruth"),
    men=("Oliver", "Callum", "Rhys", "Imran", "Angus", "Kwame", "Harry", "Duncan", "Tom", "Owen"),
    families=(
        *("Carter", "O'Brien", "Patel", "MacLeod", "Hughes", "Okafor", "Wright", "Ahmed", "Fletcher", "Davies"),
        *("Robinson", "Khan", "Sinclair"),
    ),
    trades=(
        *("Bakery", "Kitchen", "Tea Room", "Larder", "Inn", "Deli", "Coffee House", "Farm Shop", "Brasserie"),
        *("Guest House",),
    ),
    signs=(
        *("Harbour", "Thistle & Rye", "Old Mill", "Green Gate", "Canal Street", "Swan", "Copper Kettle"),
        *("Orchard", "Riverside", "Two Magpies", "Blackthorn", "Market Cross"),
    ),
    streets=(
        "High Street",
        "Quay Street",
        "Church Lane",
        "Station Road",
        "Candlemaker Row",
        "Mill Road",
        "The Green",
    ),
    places=(
        *(("BS1 5UH", "Bristol"), ("EH1 2QE", "Edinburgh"), ("M3 2GP", "Manchester"), ("YO1 7HB", "York")),
        *(("CF10 1BH", "Cardiff"), ("LS1 4DY", "Leeds")),
    ),
    phones=("020 7946 0", "0117 496 0", "0161 496 0"),
    number_first=True,
)
_COUNTRIES: Final = (_GERMANY, _FRANCE, _BRITAIN)
_PRIVATE: Final = 30
"""Of a hundred customers."""
_WITHOUT_MAIL: Final = 4
"""Of a hundred customers, who have no e-mail address and get letters."""


def crowd(draw: Random, count: int) -> list[Customer]:
    """So many different customers, numbered from K10001: firms and private people in three languages."""
    found: list[Customer] = []
    taken: dict[str, int] = {}
    for place in range(count):
        (country,) = draw.choices(_COUNTRIES, [each.share for each in _COUNTRIES])
        made = _customer(draw, country)
        taken[made.name] = taken.get(made.name, 0) + 1
        if taken[made.name] > 1:
            made = _namesake(made, taken[made.name])
        email = address_of(made, taken[made.name] if not made.firm else 1)
        if draw.randrange(100) < _WITHOUT_MAIL:
            email = ""
        found.append(made._replace(number=f"K{10001 + place}", email=email))
    return found


def _customer(draw: Random, country: _Country) -> Customer:
    house, street = draw.randrange(1, 120), draw.choice(country.streets)
    where = f"{house} {street}" if country.number_first else f"{street} {house}"
    postcode, city = draw.choice(country.places)
    phone = f"{draw.choice(country.phones)}{draw.randrange(1000):03}"
    if draw.randrange(100) >= _PRIVATE:
        trade, sign = draw.choice(country.trades), draw.choice(country.signs)
        firm = f"{sign} {trade}" if country is _BRITAIN else f"{trade} {sign}"
        return Customer("", firm, "", "", "", "", where, postcode, city, country.code, country.language, phone)
    sex = draw.randrange(2)
    given, family = draw.choice((country.women, country.men)[sex]), draw.choice(country.families)
    title = country.titles[sex]
    return Customer("", "", title, given, family, "", where, postcode, city, country.code, country.language, phone)


def _namesake(customer: Customer, number: int) -> Customer:
    """Firms of one name stand in several towns, and then have several doors; people may share a name."""
    if not customer.firm:
        return customer
    return customer._replace(firm=f"{customer.firm} {customer.city}" + (f" {number}" if number > 2 else ""))
