"""The two ends of the sample letters: from whom and to whom, every kind of address and way to pay among them."""

from __future__ import annotations

from duewell.core.contact import Addressee, Content
from duewell.core.contact.post import Post
from duewell.core.party.postal import PostalAddress
from tests.golden.email_samples import sample

HOUSES = {
    "DE": PostalAddress("DE", "Gontardstraße 7", "10178", "Berlin"),
    "AT": PostalAddress("AT", "Stephansplatz 3/12", "1010", "Wien"),
    "CH": PostalAddress("CH", "Häringstrasse 2", "8001", "Zürich"),
    "GB": PostalAddress("GB", "82 Clerkenwell Road", "EC1M 5RF", "London"),
    "US": PostalAddress("US", "301 Hamilton Avenue", "94303", "Palo Alto", "California"),
    "FR": PostalAddress("FR", "17 Rue Lepic", "75018", "Paris"),
    "BE": PostalAddress("BE", "Grote Markt 1", "2000", "Antwerpen"),
    "ES": PostalAddress("ES", "Calle de Alcalá, 50", "28014", "Madrid", "Madrid"),
    "IT": PostalAddress("IT", "Via Cavour 14", "00184", "Roma", "RM"),
    "NL": PostalAddress("NL", "Keizersgracht 12", "1015CS", "Amsterdam"),
    "AE": PostalAddress("AE", "P.O. Box 1234", "", "Dubai"),
}
"""An address in each country where a sample customer lives."""
OFFICES = {
    "en": PostalAddress("GB", "14 Quay Street", "YO21 1AA", "Whitby"),
    "de": PostalAddress("DE", "Lange Straße 3", "04103", "Leipzig"),
    "fr": PostalAddress("FR", "5 Quai de la Pêcherie", "69001", "Lyon"),
    "es": PostalAddress("ES", "Calle Mayor, 3", "28801", "Alcalá de Henares", "Madrid"),
    "it": PostalAddress("IT", "Corso Garibaldi 21", "20121", "Milano", "MI"),
    "nl": PostalAddress("NL", "Westerkade 8", "3511HA", "Utrecht"),
    "ar": PostalAddress("AE", "Sheikh Zayed Road 12", "", "Dubai"),
}
"""The creditor's address, by the language of the sample."""


def recipient(addressee: Addressee) -> str:
    """The name in the window."""
    return addressee.name or f"{addressee.given_name} {addressee.family_name}".strip()


def letter_sample(language: str, tone: str, stage: str) -> tuple[Content, Post]:
    """The letter of the golden file `<language>/<tone>-<stage>`: the same content as the e-mail's."""
    content = sample(language, tone, stage)
    office = OFFICES[language]
    house = HOUSES.get(content.addressee.country, HOUSES["FR"])
    return content, Post(recipient(content.addressee), house, office, "C-20417")
