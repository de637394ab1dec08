"""The zones of a region, for countries so wide that all of their zones together leave few hours.

A region is given every zone in legal use anywhere in it, so a border county never gets one zone too few.
Sources: 49 CFR part 71 (United States); the comments of `zone.tab` in the IANA time zone database.
"""

from __future__ import annotations

_US = {
    "Chicago": "AL AR FL IA IL IN KS KY LA MI MN MO MS ND NE OK SD TN TX WI",
    "New_York": "AL CT DC DE FL GA IN KY MA MD ME NC NH NJ NY OH PA RI SC TN VA VT WV",
    "Denver": "AZ CO ID KS MT ND NE NM NV OR SD TX UT WY",
    "Los_Angeles": "CA ID NV OR WA",
    "Phoenix": "AZ",
    "Boise": "ID OR",
    "Detroit": "MI",
    "Menominee": "MI",
    "Kentucky/Louisville": "KY IN",
    "Kentucky/Monticello": "KY",
    "Indiana/Indianapolis": "IN",
    "Indiana/Vincennes": "IN",
    "Indiana/Winamac": "IN",
    "Indiana/Marengo": "IN",
    "Indiana/Petersburg": "IN",
    "Indiana/Vevay": "IN",
    "Indiana/Tell_City": "IN",
    "Indiana/Knox": "IN",
    "North_Dakota/Center": "ND",
    "North_Dakota/New_Salem": "ND",
    "North_Dakota/Beulah": "ND",
    "Anchorage": "AK",
    "Juneau": "AK",
    "Sitka": "AK",
    "Metlakatla": "AK",
    "Yakutat": "AK",
    "Nome": "AK",
    "Adak": "AK",
}

_CA = {
    "St_Johns": "NL",
    "Goose_Bay": "NL",
    "Halifax": "NS PE QC",
    "Glace_Bay": "NS",
    "Moncton": "NB",
    "Blanc-Sablon": "QC",
    "Toronto": "ON QC",
    "Iqaluit": "NU",
    "Atikokan": "ON NU",
    "Winnipeg": "MB ON",
    "Resolute": "NU",
    "Rankin_Inlet": "NU",
    "Regina": "SK",
    "Swift_Current": "SK",
    "Edmonton": "AB BC NT SK",
    "Cambridge_Bay": "NU",
    "Inuvik": "NT",
    "Vancouver": "BC",
    "Creston": "BC",
    "Dawson_Creek": "BC",
    "Fort_Nelson": "BC",
    "Whitehorse": "YT",
    "Dawson": "YT",
}

_AU = {
    "Lord_Howe": "NSW",
    "Hobart": "TAS",
    "Melbourne": "VIC",
    "Sydney": "NSW ACT",
    "Broken_Hill": "NSW",
    "Brisbane": "QLD",
    "Lindeman": "QLD",
    "Adelaide": "SA",
    "Darwin": "NT",
    "Perth": "WA",
    "Eucla": "WA",
}

_FURTHER = {("US", "HI"): ("Pacific/Honolulu",), ("AU", "TAS"): ("Antarctica/Macquarie",)}
_TABLES = {"US": ("America", _US), "CA": ("America", _CA), "AU": ("Australia", _AU)}


def zones_of_region(country: str, region: str) -> tuple[str, ...]:
    """The zones in use in a region, by two-letter country code and region code; empty where no table says."""
    area, table = _TABLES.get(country, ("", {}))
    listed = tuple(f"{area}/{zone}" for zone, regions in table.items() if region in regions.split())
    return listed + _FURTHER.get((country, region), ())


def regions_of_zone(country: str, zone: str) -> tuple[str, ...]:
    """The regions in which a zone is in use, by region code; empty where no table says."""
    area, table = _TABLES.get(country, ("", {}))
    listed = table.get(zone.removeprefix(f"{area}/"), "").split() if area else []
    further = [region for (where, region), names in _FURTHER.items() if where == country and zone in names]
    return (*listed, *further)
