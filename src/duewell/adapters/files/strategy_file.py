"""Strategies from their files. The form is in docs/reference/strategy-file.md."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha256
from importlib import resources
from itertools import pairwise
from typing import Any

from duewell.adapters import zones
from duewell.adapters.files import schema_findings
from duewell.adapters.files.marked_yaml import BadYaml, Finding, Marked, parse
from duewell.adapters.files.schema_findings import Breaches
from duewell.core.decide.stages import BY_KEY, Stage
from duewell.core.decide.values import Condition, Step, Strategy
from duewell.core.units.money import UnknownCurrency, exponent

SCHEMA: dict[str, Any] = json.loads(
    (resources.files("duewell.rulebooks") / "strategies" / "strategy.schema.json").read_text("utf-8")
)
"""JSON Schema (draft 2020-12) of one strategy file."""

WAIT_DAYS = 3
"""So long the law may keep a channel waiting where the file does not say."""

BYTES_MAX = 64 * 1024
"""A strategy of seven steps has about two thousand bytes."""


def read_strategy(content: bytes, file: str) -> Strategy:
    """The strategy that a file describes.

    Raises:
        BadYaml: with every finding, by line and column, each with what to do.
    """
    if len(content) > BYTES_MAX:
        text = f"the file has {len(content):,} bytes, and a strategy at most {BYTES_MAX:,}"
        raise BadYaml([Finding(file, 1, text, 1, "is it another file?")])
    marked = parse(content, file, worded=True)
    breaches = schema_findings.against(marked, SCHEMA)
    reader = _Reader(marked)
    if breaches.findings:
        # What is whole is checked all the same, so that one reading finds as much as it can.
        raise BadYaml(schema_findings.in_order([*breaches.findings, *reader.check(breaches)]))
    return reader.strategy(sha256(content).hexdigest())


class _Reader:
    """Turns a file of the right form into values and collects what the form cannot say."""

    def __init__(self, marked: Marked) -> None:
        self._marked = marked
        self._findings: list[Finding] = []

    def check(self, breaches: Breaches) -> list[Finding]:
        """What is wrong in the parts whose form is right."""
        told = self._marked.value if isinstance(self._marked.value, dict) else {}
        steps = told.get("steps")
        if isinstance(steps, list):
            sound = [place for place in range(len(steps)) if breaches.spare(("steps", place))]
            made = [self._step(("steps", place), steps[place]) for place in sound]
            if len(made) == len(steps):
                self._check_order(made)
        if "for" in told and breaches.spare(("for",)):
            self._condition(("for",), told["for"])
        if "minimum" in told and breaches.spare(("minimum",)):
            self._amounts(("minimum",), told["minimum"])
        return self._findings

    def strategy(self, digest: str) -> Strategy:
        """The strategy of a file without breaches. Raises `BadYaml`."""
        told = self._marked.value
        steps = [self._step(("steps", place), step) for place, step in enumerate(told["steps"])]
        self._check_order(steps)
        condition = self._condition(("for",), told["for"]) if "for" in told else Condition()
        minimum = self._amounts(("minimum",), told.get("minimum", {}))
        if self._findings:
            raise BadYaml(schema_findings.in_order(self._findings))
        return Strategy(
            key=told["strategy"],
            digest=digest,
            title=told["title"],
            condition=condition,
            grace_days=told.get("grace_days", 0),
            minimum_minor=minimum,
            least_gap_days=told["least_gap_days"],
            steps=tuple(steps),
        )

    def _find(self, path: tuple[str | int, ...], text: str, remedy: str) -> None:
        self._findings.append(self._marked.exact_finding(path, text, remedy))

    def _step(self, path: tuple[str | int, ...], told: Mapping[str, Any]) -> Step:
        stage = BY_KEY[told["stage"]]
        offset = told["offset_days"]
        if stage is Stage.HANDOVER:
            # There are no words for it: whatever an e-mail said would be about a step that nobody takes yet.
            self._find((*path, "stage"), "no channel carries a handover yet", "leave this step out")
        if stage is Stage.UPCOMING and offset >= 0:
            # Its words say that the invoice is not due yet.
            text = f"upcoming speaks of an invoice that is not due yet, and {offset} is not before the due date"
            self._find((*path, "offset_days"), text, "write a number below zero, such as -3")
        if stage is not Stage.UPCOMING and offset < 0:
            text = f"{stage.key} speaks of an invoice that is due, and {offset} is before the due date"
            self._find((*path, "offset_days"), text, "write 0 or more, or make it the stage upcoming")
        if told.get("attach") and "email" not in told["channels"]:
            text = "attach says what goes along with an e-mail, and the step sends none"
            self._find((*path, "attach"), text, "add email to the channels, or leave attach out")
        if told.get("copies") and set(told["channels"]) == {"call"}:
            text = "a copy is something to read, and the step only calls"
            self._find((*path, "copies"), text, "add email or letter to the channels, or leave copies out")
        return Step(
            stage=stage,
            offset_days=offset,
            channels=tuple(told["channels"]),
            tone=told.get("tone", ""),
            business_days_only=told.get("business_days_only", True),
            condition=self._condition((*path, "for"), told["for"]) if "for" in told else None,
            wait_days=told.get("wait_days", WAIT_DAYS),
            copies=tuple(told.get("copies", ())),
            attach=tuple(told.get("attach", ())),
        )

    def _check_order(self, steps: list[Step]) -> None:
        for place, (before, after) in enumerate(pairwise(steps), 1):
            if after.stage <= before.stage:
                text = f"{after.stage.key} cannot follow {before.stage.key}"
                self._find(("steps", place, "stage"), text, f"keep the order {', '.join(BY_KEY)}")
            elif after.offset_days <= before.offset_days:
                text = f"{after.stage.key} comes after {before.stage.key}, but {after.offset_days} days do not"
                remedy = f"write more than {before.offset_days}"
                self._find(("steps", place, "offset_days"), text, remedy)

    def _condition(self, path: tuple[str | int, ...], told: Mapping[str, Any]) -> Condition:
        def words(name: str) -> frozenset[str] | None:
            return frozenset(told[name]) if name in told else None

        for place, country in enumerate(told.get("countries", ())):
            if country not in zones.countries():
                text = f"{country} is not the code of a country"
                self._find((*path, "countries", place), text, "write the code of ISO 3166, such as DE, AT or GB")
        at_least = self._amounts((*path, "balance_at_least"), told.get("balance_at_least", {}))
        below = self._amounts((*path, "balance_below"), told.get("balance_below", {}))
        # `balance_at_least` needs one currency: it fails for good only where every one of them is shut out.
        limits = dict(below)
        if at_least and all(currency in limits and limits[currency] <= minor for currency, minor in at_least):
            text = "no balance is at least balance_at_least and yet below balance_below"
            self._find((*path, "balance_below"), text, "raise balance_below, or leave one of them out")
        return Condition(words("kinds"), words("countries"), words("segments"), at_least, below)

    def _amounts(self, path: tuple[str | int, ...], told: Mapping[str, str | int]) -> tuple[tuple[str, int], ...]:
        found = []
        for currency, amount in sorted(told.items()):
            try:
                decimals = exponent(currency)
            except UnknownCurrency:
                known = _known(currency.upper())
                remedy = f"did you mean {known}?" if known else "write a code of ISO 4217, such as EUR"
                self._find((*path, currency), f"{schema_findings.shown(currency)} is not a currency", remedy)
                continue
            minor = Decimal(str(amount)).scaleb(decimals)
            if minor != int(minor):
                text = f"{amount} has more decimals than {currency} has"
                form = f"at most {decimals} decimals" if decimals else "no decimals"
                self._find((*path, currency), text, f"write it with {form}")
                continue
            found.append((currency, int(minor)))
        return tuple(found)


def _known(currency: str) -> str | None:
    try:
        exponent(currency)
    except UnknownCurrency:
        return None
    return currency
