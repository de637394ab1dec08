"""Interest rules and reference rates from their files; a home may add rates that the program does not know.

`rulebooks/<country>/interest.yaml` says what a law says; `rulebooks/rates/<key>.yaml` is one reference rate.
The form of both is in docs/reference/interest-files.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from duewell.adapters.files.marked_yaml import BadYaml, Finding, Marked, read
from duewell.core.law.interest import Compounding, DayCount, FlatSum, Rate, RateTable, Rule, Start
from duewell.core.units.money import exponent

FILE = "interest.yaml"
RATES = "rates"
_TEXT = {"type": "string", "minLength": 1}
_DAY = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_PERCENT = {"type": "string", "pattern": r"^-?[0-9]{1,4}(\.[0-9]{1,6})?$"}
_SUM = {"type": "string", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,4})?$"}
_CURRENCY = {"type": "string", "pattern": "^[A-Z]{3}$"}
_CONFIDENCE = {"enum": ["V", "Vq", "S", "K", "policy"]}
_KEY = {"type": "string", "pattern": "^[a-z][a-z0-9-]*$"}


def _object(required: Iterable[str], **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": [*required],
        "additionalProperties": False,
        "properties": properties,
    }


_FLAT_SUM = _object(
    ("currency", "tiers", "confidence", "source"),
    currency=_CURRENCY,
    claims_in=_CURRENCY,
    tiers={"type": "array", "minItems": 1, "items": _object(("sum",), below=_SUM, sum=_SUM)},
    confidence=_CONFIDENCE,
    source=_TEXT,
)
_RULE = _object(
    ("title", "debts", "start", "from_on", "confidence", "source"),
    title=_TEXT,
    debts={"type": "array", "items": {"enum": ["consumer", "business"]}, "uniqueItems": True, "minItems": 1},
    table=_KEY,
    margin=_PERCENT,
    times=_PERCENT,
    per_day=_PERCENT,
    follows={"type": "boolean"},
    start={"enum": [str(each) for each in Start]},
    grace_days={"type": "integer", "minimum": 0, "maximum": 366},
    day_count={"enum": [str(each) for each in DayCount]},
    compounding={"enum": [str(each) for each in Compounding]},
    capped_at_principal={"type": "boolean"},
    ceiling={"type": "boolean"},
    floor=_object(("table", "times"), table=_KEY, times=_PERCENT),
    flat_sum=_FLAT_SUM,
    from_on=_DAY,
    until_on=_DAY,
    confidence=_CONFIDENCE,
    source=_TEXT,
)
SCHEMA: dict[str, Any] = _object(
    ("place", "rules"),
    place={"type": "string", "pattern": "^[A-Z]{2}(-[A-Z0-9]+)?$"},
    rules={
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": r"^[A-Z]{2}(-[A-Z0-9]+)?\.[a-z][a-z_]*$"},
        "additionalProperties": _RULE,
    },
    not_covered=_TEXT,
)
"""JSON Schema (draft 2020-12) of the interest of one place."""
RATES_SCHEMA: dict[str, Any] = _object(
    ("rate", "title", "until_on", "rates"),
    rate=_KEY,
    title=_TEXT,
    until_on=_DAY,
    rates={
        "type": "array",
        "items": _object(
            ("from_on", "percent", "source", "confidence"),
            from_on=_DAY,
            percent=_PERCENT,
            source=_TEXT,
            confidence=_CONFIDENCE,
        ),
    },
)
"""JSON Schema of one reference rate."""


@cache
def shipped_rules() -> Mapping[str, Rule]:
    """Every rule that comes with the program, by key. Raises `BadYaml`."""
    found: dict[str, Rule] = {}
    for folder in sorted(resources.files("duewell.rulebooks").iterdir(), key=lambda part: part.name):
        file = folder / FILE if folder.is_dir() else None
        if file is not None and file.is_file():
            found |= rules_of(file.read_bytes(), f"{folder.name}/{FILE}")
    return found


def rules_of(content: bytes, name: str) -> dict[str, Rule]:
    """The rules in one file, by key.

    Raises:
        BadYaml: with every finding and its line.
    """
    marked = read(content, name, SCHEMA)
    findings: list[Finding] = []
    rules = {}
    for key, told in marked.value["rules"].items():
        findings += _findings(marked, key, told)
        if not findings:
            rules[key] = _rule(key, told)
    if findings:
        raise BadYaml(findings)
    return rules


def _findings(marked: Marked, key: str, told: Mapping[str, Any]) -> list[Finding]:
    at = ("rules", key)
    found = []
    if not key.startswith(f"{marked.value['place']}."):
        found.append(marked.finding(at, f"the name must start with {marked.value['place']}."))
    if ("per_day" in told) == ("margin" in told):
        found.append(marked.finding(at, "give either a margin (with or without a table) or a rate per_day"))
    if "until_on" in told and told["until_on"] <= told["from_on"]:
        found.append(marked.finding(at, "until_on must come after from_on"))
    tiers = told.get("flat_sum", {}).get("tiers", [])
    bounds = [Decimal(tier["below"]) for tier in tiers if "below" in tier]
    if tiers and ("below" in tiers[-1] or len(bounds) != len(tiers) - 1 or bounds != sorted(bounds)):
        found.append(marked.finding((*at, "flat_sum"), "tiers rise by `below`, and only the last has none"))
    return found


def _rule(key: str, told: Mapping[str, Any]) -> Rule:
    floor = told.get("floor", {})
    return Rule(
        key=key,
        title=told["title"],
        debts=frozenset(told["debts"]),
        table=told.get("table", ""),
        margin=Decimal(told.get("margin", "0")),
        times=Decimal(told.get("times", "1")),
        per_day=Decimal(told.get("per_day", "0")),
        follows=told.get("follows", True),
        start=Start(told["start"]),
        grace_days=told.get("grace_days", 0),
        day_count=DayCount(told.get("day_count", "actual_365")),
        compounding=Compounding(told.get("compounding", "none")),
        capped_at_principal=told.get("capped_at_principal", False),
        floor_table=floor.get("table", ""),
        floor_times=Decimal(floor.get("times", "0")),
        ceiling=told.get("ceiling", False),
        flat_sum=_flat_sum(told["flat_sum"]) if "flat_sum" in told else None,
        from_on=date.fromisoformat(told["from_on"]),
        until_on=date.fromisoformat(told["until_on"]) if "until_on" in told else None,
        source=" ".join(told["source"].split()),
        confidence=told["confidence"],
        day_count_says="as the law says" if "day_count" in told else "actual days of 365; the law says nothing",
    )


def _flat_sum(told: Mapping[str, Any]) -> FlatSum:
    claims_in = told.get("claims_in", told["currency"])
    return FlatSum(
        told["currency"],
        claims_in,
        tuple(
            (
                _minor(tier["below"], claims_in) if "below" in tier else None,
                _minor(tier["sum"], told["currency"]),
            )
            for tier in told["tiers"]
        ),
        " ".join(told["source"].split()),
        told["confidence"],
    )


def _minor(amount: str, currency: str) -> int:
    return int(Decimal(amount).scaleb(exponent(currency)))


@cache
def shipped_tables() -> Mapping[str, RateTable]:
    """Every reference rate that comes with the program, by key. Raises `BadYaml`."""
    folder = resources.files("duewell.rulebooks") / RATES
    return {
        table.key: table
        for file in sorted(folder.iterdir(), key=lambda part: part.name)
        if file.name.endswith(".yaml")
        for table in [table_of(file.read_bytes(), f"{RATES}/{file.name}")]
    }


def table_of(content: bytes, name: str) -> RateTable:
    """One reference rate from its file.

    Raises:
        BadYaml: with every finding and its line.
    """
    marked = read(content, name, RATES_SCHEMA)
    told = marked.value
    days = [each["from_on"] for each in told["rates"]]
    findings = [
        marked.finding(("rates", place), "rates stand by day, each day once, before until_on")
        for place, day in enumerate(days)
        if day >= told["until_on"] or (place and day <= days[place - 1])
    ]
    if findings:
        raise BadYaml(findings)
    return RateTable(
        told["rate"],
        told["title"],
        tuple(
            Rate(
                date.fromisoformat(each["from_on"]),
                Decimal(each["percent"]),
                " ".join(each["source"].split()),
                each["confidence"],
            )
            for each in told["rates"]
        ),
        date.fromisoformat(told["until_on"]),
    )


def tables_of(home: Path) -> dict[str, RateTable]:
    """The shipped tables, each continued by what this home has added in `rates/<key>.yaml`.

    Raises:
        BadYaml: a file of the home breaks the form, names no known rate, or contradicts what is shipped.
    """
    tables = dict(shipped_tables())
    folder = home / RATES
    for file in sorted(folder.glob("*.yaml")) if folder.is_dir() else []:
        name = f"{RATES}/{file.name}"
        added = table_of(file.read_bytes(), name)
        known = tables.get(added.key)
        if known is None:
            raise BadYaml([Finding(name, 1, f"there is no rate {added.key}: duewell law rates lists them")])
        tables[added.key] = continued(known, added, name)
    return tables


def continued(known: RateTable, added: RateTable, name: str) -> RateTable:
    """A table with later rates joined to it. What is shipped is never changed, and no day stays unknown between.

    Raises:
        BadYaml: the later rates begin before the end of the known ones, or leave a gap.
    """
    if not added.rates:
        return known
    first = added.rates[0].from_on
    if known.rates and first != known.until_on:
        what = "is known already" if first < known.until_on else "leaves days without a rate before it"
        raise BadYaml(
            [Finding(name, 1, f"{first} {what}: the first rate to add to {known.key} is of {known.until_on}")]
        )
    return known._replace(rates=(*known.rates, *added.rates), until_on=added.until_on)


def added_rate(home: Path, key: str, from_on: date, until_on: date, percent: Decimal, source: str) -> RateTable:
    """Write one more rate into the home's file of a table; returns the table as it is then.

    Args:
        until_on: the first day of which the rate is not known any more.

    Raises:
        BadYaml: as in `tables_of`; nothing was written.
    """
    file = home / RATES / f"{key}.yaml"
    known = shipped_tables().get(key)
    if known is None:
        names = ", ".join(shipped_tables())
        raise BadYaml([Finding(key, 1, f"there is no rate {key}; there are {names}")])
    before = table_of(file.read_bytes(), f"{RATES}/{file.name}") if file.exists() else None
    rates = [*(before.rates if before else ()), Rate(from_on, percent, source, "policy")]
    if before is not None and from_on != before.until_on:
        raise BadYaml(
            [Finding(f"{RATES}/{file.name}", 1, f"the next rate to add to {key} is of {before.until_on}")]
        )
    told = {
        "rate": key,
        "title": known.title,
        "until_on": until_on.isoformat(),
        "rates": [
            {
                "from_on": rate.from_on.isoformat(),
                "percent": f"{rate.percent:f}",
                "source": rate.source,
                "confidence": rate.confidence,
            }
            for rate in rates
        ],
    }
    content = yaml.safe_dump(told, allow_unicode=True, sort_keys=False).encode()
    table = continued(known, table_of(content, f"{RATES}/{file.name}"), f"{RATES}/{file.name}")
    file.parent.mkdir(exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.write_bytes(content)
    fresh.replace(file)
    return table
