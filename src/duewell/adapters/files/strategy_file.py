"""Strategies from their files. The form is in docs/reference/strategy-file.md."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha256
from importlib import resources
from typing import Any

from duewell.adapters.files.marked_yaml import BadYaml, Finding, Marked, read
from duewell.core.decide.stages import BY_KEY, Stage
from duewell.core.decide.values import Condition, Step, Strategy
from duewell.core.units.money import UnknownCurrency, exponent

SCHEMA: dict[str, Any] = json.loads(
    (resources.files("duewell.rulebooks") / "strategies" / "strategy.schema.json").read_text("utf-8")
)
"""JSON Schema (draft 2020-12) of one strategy file."""


def read_strategy(content: bytes, file: str) -> Strategy:
    """The strategy that a file describes.

    Raises:
        BadYaml: with every finding, by file and line.
    """
    marked = read(content, file, SCHEMA)
    told = marked.value
    findings: list[Finding] = []
    steps = [_step(marked, index, step, findings) for index, step in enumerate(told["steps"])]
    for index, (before, after) in enumerate(zip(steps, steps[1:], strict=False), 1):
        if after.stage <= before.stage:
            findings.append(
                marked.finding(
                    ("steps", index, "stage"),
                    f"{after.stage.key} cannot follow {before.stage.key}: stages go in the order {', '.join(BY_KEY)}",
                )
            )
        elif after.offset_days <= before.offset_days:
            findings.append(
                marked.finding(
                    ("steps", index, "offset_days"),
                    f"{after.stage.key} must come later than {before.stage.key} ({before.offset_days} days)",
                )
            )
    condition = _condition(marked, ("for",), told.get("for") or {}, findings)
    minimum = _amounts(marked, ("minimum",), told.get("minimum") or {}, findings)
    if findings:
        raise BadYaml(sorted(findings, key=lambda finding: finding.line))
    return Strategy(
        key=told["strategy"],
        digest=sha256(content).hexdigest(),
        title=told["title"],
        condition=condition,
        grace_days=told.get("grace_days", 0),
        minimum_minor=minimum,
        least_gap_days=told["least_gap_days"],
        steps=tuple(steps),
    )


def _step(marked: Marked, index: int, told: Mapping[str, Any], findings: list[Finding]) -> Step:
    condition = None
    if told.get("for"):
        condition = _condition(marked, ("steps", index, "for"), told["for"], findings)
    if BY_KEY[told["stage"]] is Stage.HANDOVER:
        # There are no words for it: whatever an e-mail said would be about a step that nobody takes yet.
        findings.append(
            marked.finding(("steps", index, "stage"), "no channel carries a handover yet: leave this step out")
        )
    return Step(
        stage=BY_KEY[told["stage"]],
        offset_days=told["offset_days"],
        channels=tuple(told["channels"]),
        tone=told["tone"],
        business_days_only=told.get("business_days_only", True),
        condition=condition,
    )


def _condition(
    marked: Marked, path: tuple[str | int, ...], told: Mapping[str, Any], findings: list[Finding]
) -> Condition:
    def words(name: str) -> frozenset[str] | None:
        return frozenset(told[name]) if name in told else None

    return Condition(
        kinds=words("kinds"),
        countries=words("countries"),
        segments=words("segments"),
        balance_at_least=_amounts(
            marked, (*path, "balance_at_least"), told.get("balance_at_least") or {}, findings
        ),
        balance_below=_amounts(marked, (*path, "balance_below"), told.get("balance_below") or {}, findings),
    )


def _amounts(
    marked: Marked, path: tuple[str | int, ...], told: Mapping[str, Any], findings: list[Finding]
) -> tuple[tuple[str, int], ...]:
    found = []
    for currency, text in sorted(told.items()):
        try:
            minor = Decimal(str(text)).scaleb(exponent(currency))
        except UnknownCurrency as problem:
            findings.append(marked.finding((*path, currency), str(problem)))
            continue
        if minor != int(minor):
            findings.append(
                marked.finding(
                    (*path, currency), f"{text} has more decimals than {currency} has ({exponent(currency)})"
                )
            )
            continue
        found.append((currency, int(minor)))
    return tuple(found)
