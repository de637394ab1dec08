"""How the posts of the world write an address: a table, checked against real addresses of each country.

Sources: Universal Postal Union, S42 templates and the country sheets "Postal addressing systems"; for the order of
street and number also the guides of the posts themselves. Tests: tests/unit/core/party/test_postal.py.
"""

from __future__ import annotations

from typing import NamedTuple

_Line = tuple[tuple[str, str], ...]


class Format(NamedTuple):
    """One country's way."""

    lines: tuple[_Line, ...]
    """Each line as pairs: what stands before a part where another precedes it, and the part."""
    street: str = "{road} {number}"
    postcode: str = ""
    """A `#` for each letter or digit, and what stands between them."""
    needed: tuple[str, ...] = ("street", "postcode", "city")


_STREET: _Line = (("", "street"),)
_CITY_LINE: _Line = (("", "postcode"), (" ", "city"))
_NUMBER_FIRST = "{number} {road}"
_CONTINENTAL = (_STREET, _CITY_LINE)
_CITY_REGION_POSTCODE: _Line = (("", "city"), (" ", "region"), (" ", "postcode"))

DEFAULT = Format((_STREET, _CITY_LINE, (("", "region"),)), needed=("street", "city"))
"""For countries that are not in the table: nothing is asked for that they may not have."""

FORMATS: dict[str, Format] = {
    # Street before number, postcode before city.
    **dict.fromkeys("DE AT CH LI BE DK NO FI IS SI HR BA RS ME MK AL BG RO HU EE".split(), Format(_CONTINENTAL)),
    **dict.fromkeys(("LU", "MC", "FR"), Format(_CONTINENTAL, _NUMBER_FIRST)),
    "NL": Format(_CONTINENTAL, postcode="#### ##"),
    "SE": Format(_CONTINENTAL, postcode="### ##"),
    "CZ": Format(_CONTINENTAL, postcode="### ##"),
    "SK": Format(_CONTINENTAL, postcode="### ##"),
    "GR": Format(_CONTINENTAL, postcode="### ##"),
    "PL": Format(_CONTINENTAL, postcode="##-###"),
    "PT": Format(_CONTINENTAL, postcode="####-###"),
    "ES": Format((_STREET, _CITY_LINE, (("", "region"),)), "{road}, {number}"),
    "IT": Format((_STREET, (("", "postcode"), (" ", "city"), (" ", "region")))),
    "SM": Format((_STREET, (("", "postcode"), (" ", "city"), (" ", "region")))),
    "TR": Format((_STREET, (("", "postcode"), (" ", "city"), ("/", "region")))),
    # Postcode after the city or below it.
    "GB": Format((_STREET, (("", "city"),), (("", "postcode"),)), _NUMBER_FIRST),
    **dict.fromkeys(
        ("GG", "JE", "IM", "GI"), Format((_STREET, (("", "city"),), (("", "postcode"),)), _NUMBER_FIRST)
    ),
    # An Eircode is not yet on every Irish list.
    "IE": Format(
        (_STREET, (("", "city"),), (("", "region"),), (("", "postcode"),)),
        _NUMBER_FIRST,
        "### ####",
        ("street", "city"),
    ),
    "US": Format(
        (_STREET, (("", "city"), (", ", "region"), (" ", "postcode"))),
        _NUMBER_FIRST,
        needed=("street", "postcode", "city", "region"),
    ),
    "CA": Format(
        (_STREET, _CITY_REGION_POSTCODE), _NUMBER_FIRST, "### ###", ("street", "postcode", "city", "region")
    ),
    "AU": Format((_STREET, _CITY_REGION_POSTCODE), _NUMBER_FIRST, needed=("street", "postcode", "city", "region")),
    "NZ": Format((_STREET, (("", "city"), (" ", "postcode"))), _NUMBER_FIRST),
    "IN": Format((_STREET, (("", "city"), (" - ", "postcode")), (("", "region"),)), _NUMBER_FIRST),
    "SG": Format((_STREET, (("", "city"), (" ", "postcode"))), _NUMBER_FIRST),
    "ZA": Format((_STREET, (("", "city"),), (("", "postcode"),)), _NUMBER_FIRST),
    "JP": Format((_STREET, (("", "city"), (", ", "region"), (" ", "postcode"))), "{number} {road}", "###-####"),
    "BR": Format(
        (_STREET, (("", "city"), (" - ", "region")), (("", "postcode"),)),
        "{road}, {number}",
        "#####-###",
        ("street", "postcode", "city", "region"),
    ),
    "MX": Format((_STREET, (("", "postcode"), (" ", "city"), (", ", "region"))), "{road} {number}"),
    # No postcodes: what is delivered goes to boxes and streets.
    **dict.fromkeys(
        ("AE", "QA"),
        Format((_STREET, (("", "city"),), (("", "region"),)), _NUMBER_FIRST, needed=("street", "city")),
    ),
    "HK": Format((_STREET, (("", "city"),), (("", "region"),)), _NUMBER_FIRST, needed=("street", "city")),
    "SA": Format((_STREET, (("", "city"), (" ", "postcode"))), _NUMBER_FIRST),
}


def _codes(told: str) -> dict[str, str]:
    pairs = (entry.split("=") for entry in told.split("; "))
    return {name.casefold(): code for code, name in pairs}


REGION_CODES: dict[str, dict[str, str]] = {
    # USPS Publication 28, appendix B.
    "US": {
        **_codes(
            "AL=Alabama; AK=Alaska; AZ=Arizona; AR=Arkansas; CA=California; CO=Colorado; CT=Connecticut; "
            "DE=Delaware; DC=District of Columbia; FL=Florida; GA=Georgia; HI=Hawaii; ID=Idaho; "
            "IL=Illinois; IN=Indiana; IA=Iowa; KS=Kansas; KY=Kentucky; LA=Louisiana; ME=Maine; "
            "MD=Maryland; MA=Massachusetts; MI=Michigan; MN=Minnesota; MS=Mississippi; MO=Missouri; "
            "MT=Montana; NE=Nebraska; NV=Nevada; NH=New Hampshire; NJ=New Jersey; NM=New Mexico; "
            "NY=New York; NC=North Carolina; ND=North Dakota; OH=Ohio; OK=Oklahoma; OR=Oregon; "
            "PA=Pennsylvania; RI=Rhode Island; SC=South Carolina; SD=South Dakota; TN=Tennessee; "
            "TX=Texas; UT=Utah; VT=Vermont; VA=Virginia; WA=Washington; WV=West Virginia; WI=Wisconsin; "
            "WY=Wyoming; GU=Guam; PR=Puerto Rico; AS=American Samoa; MP=Northern Mariana Islands; "
            "VI=United States Virgin Islands"
        ),
        "washington, d.c.": "DC",
        "washington dc": "DC",
    },
    "CA": _codes(
        "AB=Alberta; BC=British Columbia; MB=Manitoba; NB=New Brunswick; "
        "NL=Newfoundland and Labrador; NS=Nova Scotia; NT=Northwest Territories; NU=Nunavut; "
        "ON=Ontario; PE=Prince Edward Island; QC=Quebec; QC=Québec; SK=Saskatchewan; YT=Yukon"
    ),
    "AU": _codes(
        "ACT=Australian Capital Territory; NSW=New South Wales; NT=Northern Territory; "
        "QLD=Queensland; SA=South Australia; TAS=Tasmania; VIC=Victoria; WA=Western Australia"
    ),
    "BR": _codes(
        "AC=Acre; AL=Alagoas; AP=Amapá; AM=Amazonas; BA=Bahia; CE=Ceará; DF=Distrito Federal; "
        "ES=Espírito Santo; GO=Goiás; MA=Maranhão; MT=Mato Grosso; MS=Mato Grosso do Sul; "
        "MG=Minas Gerais; PA=Pará; PB=Paraíba; PR=Paraná; PE=Pernambuco; PI=Piauí; "
        "RJ=Rio de Janeiro; RN=Rio Grande do Norte; RS=Rio Grande do Sul; RO=Rondônia; RR=Roraima; "
        "SC=Santa Catarina; SP=São Paulo; SE=Sergipe; TO=Tocantins"
    ),
}
"""By country: the name of a region, case folded, to the code that its post writes."""
