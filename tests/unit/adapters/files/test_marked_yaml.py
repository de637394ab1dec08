"""YAML with lines: what is wrong is said with its line, and nothing dangerous is built."""

from __future__ import annotations

import pytest

from duewell.adapters.files.marked_yaml import BadYaml, parse, read


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b"", 1, "empty"),
        (b"a: 1\nb: 2\na: 3\n", 3, "stands twice; the first is in line 1"),
        (b"a: 1\nb: [1,\n", 3, "expected"),
        (b"a: &x [1]\nb: *x\n", 2, "repeats another part"),
        (b"a: 1\nb: !!python/object/apply:os.system [ls]\n", 2, "tag"),
        (b"a: 1\nb: \xff\n", 2, "not UTF-8"),
        (b"1: 2\n", 1, "not a word"),
        (b"on: 2\n", 1, "not a word"),
        (b"a: 1\nb: 2026-13-01\n", 2, "not a date"),
        (b"a: 1\n---\nb: 2\n", 2, "another document"),
        (b"a: \x00\n", 1, ""),
        (b"[" * 5000 + b"]" * 5000, 1, "nested more than 50 deep"),
        (b"a: " + b"x" * 1_000_001, 1, "longer than"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(content, line, said):
    with pytest.raises(BadYaml) as caught:
        parse(content, "a.yaml")
    (finding,) = caught.value.findings
    assert (finding.file, finding.line) == ("a.yaml", line)
    assert said in finding.text


def test_each_breach_of_the_schema_is_said_with_its_line():
    schema = {
        "type": "object",
        "properties": {"steps": {"type": "array", "items": {"properties": {"offset": {"type": "integer"}}}}},
        "additionalProperties": False,
    }
    with pytest.raises(BadYaml) as caught:
        read(b"steps:\n  - offset: 3\n  - offset: soon\nextra: 1\n", "s.yaml", schema)
    assert [finding.line for finding in caught.value.findings] == [1, 3]
    assert str(caught.value).splitlines()[1].startswith("s.yaml:3: steps.1.offset: 'soon'")


def test_dates_stand_as_text():
    assert parse(b"from_on: 2026-11-02\n", "a.yaml").value == {"from_on": "2026-11-02"}
