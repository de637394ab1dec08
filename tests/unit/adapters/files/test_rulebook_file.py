"""Rule books from files: the shipped one is whole, and a broken one says where."""

from __future__ import annotations

from datetime import date

import pytest

from duewell.adapters.files.marked_yaml import BadYaml
from duewell.adapters.files.rulebook_file import book_of, digest_of, read_book, shipped_book
from duewell.core.law.book import NoValue
from duewell.core.law.catalogue import VALUES_READ

WHOLE = """\
topic: hours
rules:
  hours: Contact from 08:00 to 20:00.
values:
  hours.opens:
    unit: local_time
    history:
      - {from_on: 2020-01-01, value: "08:00", confidence: V, source: s. 1}
  hours.closes:
    unit: local_time
    history:
      - {from_on: 2020-01-01, until_on: 2026-07-01, value: "20:00", confidence: V, source: s. 2}
      - {from_on: 2026-07-01, value: "24:00", confidence: V, source: s. 2 as amended}
"""


def _broken(*changes: tuple[str, str]) -> list[str]:
    text = WHOLE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    with pytest.raises(BadYaml) as caught:
        book_of("xx", {"hours.yaml": text.encode()})
    return [str(finding) for finding in caught.value.findings]


def test_the_default_book_switches_every_rule_on_and_sources_every_value():
    book = shipped_book()
    of_countries = {
        "calls.count",
        "calls.wait",
        "calls.consent",
        "calls.concentrated",
        "stops.last_word",
        "calls.statement",
    }
    assert set(VALUES_READ) - set(book.rules) == of_countries
    assert set(book.values) == {name for rule in book.rules for name in VALUES_READ[rule]}
    assert all(value.source and value.confidence for values in book.values.values() for value in values)


def test_the_default_book_says_what_it_is_known_for():
    book, day = shipped_book(), date(2026, 11, 2)
    assert (book.number("hours.opens", day), book.number("hours.closes", day)) == (480, 1200)
    assert book.numbers("days.closed_weekdays", day) == (7,)
    assert (book.number("frequency.contacts_max", day), book.number("frequency.days", day)) == (3, 7)
    assert book.words("stops.flags_refused", day) == ("deceased", "represented", "insolvent", "minor")


def test_a_value_holds_from_its_first_day_until_the_first_day_of_the_next():
    book = book_of("xx", {"hours.yaml": WHOLE.encode()})
    assert book.number("hours.closes", date(2020, 1, 1)) == 1200
    assert book.number("hours.closes", date(2026, 6, 30)) == 1200
    assert book.number("hours.closes", date(2026, 7, 1)) == 1440
    with pytest.raises(NoValue):
        book.number("hours.closes", date(2019, 12, 31))
    with pytest.raises(NoValue):
        book.number("hours.noon", date(2026, 7, 1))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('"08:00"', "08.00"), "hours.yaml:8: values.hours.opens.history.0.value"),
        (('"20:00"', "20:00"), "hours.yaml:12: values.hours.closes.history.0.value: 1200 is not of type"),
        (('"24:00"', '"25:00"'), "hours.yaml:13: values.hours.closes.history.1.value"),
        (("source: s. 1", "sauce: s. 1"), "hours.yaml:8: values.hours.opens.history.0"),
        (("confidence: V, source: s. 1", "confidence: sure, source: s. 1"), "hours.yaml:8:"),
        (("  hours: Contact", "  lunch: Contact"), "hours.yaml:2: rules: 'lunch' is not one of"),
        (("  hours.opens:", "  hours.start:"), "hours.yaml:4: values"),
        (("unit: local_time", "unit: minutes"), "hours.yaml:6: values.hours.opens.unit"),
        (("from_on: 2026-07-01", "from_on: 2026-07-02"), "hours.yaml:13: hours.closes: the value before ends on"),
        (("from_on: 2026-07-01", "from_on: 2026-06-30"), "hours.yaml:13: hours.closes: the value before ends on"),
        (
            ("until_on: 2026-07-01, ", ""),
            "hours.yaml:13: hours.closes: give the value from 2020-01-01 its until_on",
        ),
        (
            ("until_on: 2026-07-01", "until_on: 2020-01-01"),
            "hours.yaml:12: hours.closes: until_on must come after",
        ),
        (
            ("from_on: 2026-07-01", "until_on: 2027-01-01, from_on: 2026-07-01"),
            "hours.yaml:3: hours.closes ends on",
        ),
        (('"24:00"', '"07:00"'), "hours.yaml:9: on 2026-07-01 contact would close before it opens"),
        (("from_on: 2026-07-01", "from_on: 2026-02-30"), "hours.yaml:13:"),
    ],
)
def test_a_broken_book_says_where_and_what(change, said):
    findings = _broken(change)
    assert any(said in finding for finding in findings), findings


def test_a_rule_needs_its_values():
    cut = WHOLE.index("  hours.closes")
    with pytest.raises(BadYaml, match=r"xx/hours.yaml:3: the rule hours needs the value hours.closes"):
        book_of("xx", {"hours.yaml": WHOLE[:cut].encode()})


def test_a_value_that_no_rule_reads_is_refused():
    text = WHOLE + (
        "  days.closed_weekdays:\n    unit: iso_weekday\n"
        "    history: [{from_on: 2020-01-01, value: [7], confidence: V, source: s. 3}]\n"
    )
    with pytest.raises(BadYaml, match=r"hours.yaml:14: no rule of this file reads days.closed_weekdays"):
        book_of("xx", {"hours.yaml": text.encode()})


def test_two_files_may_not_say_the_same():
    with pytest.raises(BadYaml, match="stands in another file too"):
        book_of("xx", {"hours.yaml": WHOLE.encode(), "more.yaml": WHOLE.encode()})


def test_a_folder_without_files_is_no_book(tmp_path):
    with pytest.raises(BadYaml, match="there is no rule book here"):
        read_book(tmp_path / "nowhere")
    with pytest.raises(BadYaml, match="there is no rule book here"):
        shipped_book("atlantis")


def test_the_digest_covers_names_and_bytes_and_no_order():
    one, other = {"a.yaml": b"x", "b.yaml": b"y"}, {"b.yaml": b"y", "a.yaml": b"x"}
    assert digest_of(one) == digest_of(other)
    assert len({digest_of(one), digest_of({"a.yaml": b"xb", "b.yaml": b"y"}), digest_of({"a.yaml": b"x"})}) == 3
    assert digest_of({"a.yaml": b"y", "b.yaml": b"x"}) != digest_of(one)


def test_a_book_read_from_a_folder_is_the_book_of_its_files(tmp_path):
    folder = tmp_path / "xx"
    folder.mkdir()
    (folder / "hours.yaml").write_text(WHOLE)
    (folder / "notes.txt").write_text("not part of it")
    book = read_book(folder)
    assert (book.key, book.digest) == ("xx", digest_of({"hours.yaml": WHOLE.encode()}))
