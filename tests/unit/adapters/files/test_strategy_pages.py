"""The pages on strategies are complete, and their examples are right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from duewell.adapters import strategies
from duewell.adapters.files.marked_yaml import BadYaml
from duewell.adapters.files.strategy_file import SCHEMA, read_strategy
from duewell.flows import strategy as flow

DOCS = Path(__file__).parents[4] / "docs"
REFERENCE = (DOCS / "reference" / "strategy-file.md").read_text(encoding="utf-8")
HOW_TO = (DOCS / "how-to" / "change-a-strategy.md").read_text(encoding="utf-8")


def blocks(page: str, kind: str) -> list[str]:
    """The code blocks of a kind."""
    return re.findall(rf"^```{kind}\n(.*?)^```", page, re.DOTALL | re.MULTILINE)


def fields(schema: object) -> set[str]:
    """Every name that a file may hold, currencies aside."""
    found: set[str] = set()
    if isinstance(schema, dict):
        found |= set(schema.get("properties", {}))
        for part in schema.values():
            found |= fields(part)
    if isinstance(schema, list):
        for part in schema:
            found |= fields(part)
    return found


def rows(page: str) -> dict[str, str]:
    """The tables of a page: from the name in the first column to the rest of the row."""
    return dict(re.findall(r"^\| `(\w+)` \|(.*)\|$", page, re.MULTILINE))


@pytest.mark.parametrize("page", [REFERENCE, HOW_TO])
def test_the_examples_are_right_and_give_no_cause_for_remarks(page):
    for example in blocks(page, "yaml"):
        key = re.search(r"^strategy: (\w+)$", example, re.MULTILINE)
        assert key
        checked = flow.check(example.encode(), f"{key[1]}.yaml", strategies.check)
        assert checked.findings == () and checked.remarks == ()


def test_the_example_of_the_reference_has_every_field():
    (example,) = blocks(REFERENCE, "yaml")
    assert {name for name in fields(SCHEMA) if not re.search(rf"\b{name}:", example)} == set()


def test_the_reference_has_a_row_for_every_field_and_no_other():
    assert set(rows(REFERENCE)) == fields(SCHEMA)


def test_the_reference_says_which_fields_must_be_there_and_what_they_allow():
    step = SCHEMA["properties"]["steps"]["items"]
    told = rows(REFERENCE)
    for schema in (SCHEMA, step):
        for name, form in schema["properties"].items():
            if name == "for":
                continue
            assert (told[name].split("|")[0].strip() == "yes") == (name in schema["required"]), name
            for limit in ("minimum", "maximum"):
                if limit in form:
                    assert re.search(rf"(?<![\d-]){form[limit]}\b", told[name]), (name, limit)
            words = form.get("enum", form.get("items", {}).get("enum", []))
            assert all(f"`{word}`" in told[name] for word in words if word != "handover"), name


def test_the_findings_of_the_reference_are_what_a_reader_gets():
    wrong = """strategy: shops
titel: Shops
least_gap_days: 1
grace_days: 0
for:
  kinds: [business]
minimum:
  EUR: 5.001
steps:
  - {stage: upcoming, offset_days: -4, channels: [email], tone: kind}
  - {stage: first, channels: [email], tone: kind,
    offset_days: -6}
"""
    with pytest.raises(BadYaml) as caught:
        read_strategy(wrong.encode(), "shops.yaml")
    said = [str(finding) for finding in caught.value.findings]
    (shown,) = blocks(REFERENCE, "text findings")
    for line in shown.splitlines():
        assert any(line.split(": ", 1)[1] in finding for finding in said), (line, said)
