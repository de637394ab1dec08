"""law in the terminal: what is kept, with what numbers, and what is wrong with a book."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import duewell.rulebooks
from duewell import cli
from duewell.adapters.files.rulebook_file import shipped_book
from duewell.core.law.catalogue import ANSWERS, UNITS, VALUES_READ

RULES = set(shipped_book().rules)
SHIPPED = Path(duewell.rulebooks.__file__).parent / "default"


def law(capsys, *words: str) -> tuple[int, dict]:
    code = cli.main(["law", *words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_list_names_every_rule_with_its_sentence_and_needs_no_home(capsys, monkeypatch):
    monkeypatch.delenv("DUEWELL_HOME", raising=False)
    code, told = law(capsys, "list")
    assert code == 0
    assert [(book["book"], book["place"]) for book in told["books"]] == [("default", ""), ("us", "US")]
    assert all(len(book["digest"]) == 64 for book in told["books"])
    rules = [{rule["rule"] for rule in book["rules"]} for book in told["books"]]
    assert rules[0] == RULES
    assert rules[0] | rules[1] == set(VALUES_READ)
    assert all(rule["says"] and rule["binds"] for book in told["books"] for rule in book["rules"])


def test_show_of_a_country_s_book_says_whom_it_binds_and_what_it_replaces(capsys):
    told = law(capsys, "show", "us")[1]["books"][0]
    assert all(rule["binds"] == ["agency", "other_name"] for rule in told["rules"])
    assert all(rule["debts"] == ["consumer"] for rule in told["rules"])
    assert ("frequency", ["call"]) in [(each["rule"], each["channels"]) for each in told["replaces"]]
    cli.main(["law", "show", "us"])
    shown = capsys.readouterr().out
    assert "binds by law: who collects for others and a creditor under another name" in shown
    assert "frequency for call" in shown


def test_show_gives_values_with_dates_units_sources_and_confidence(capsys):
    code, told = law(capsys, "show", "hours")
    assert code == 0
    (rule,) = told["books"][0]["rules"]
    opens = rule["values"][0]
    assert (rule["rule"], opens["name"]) == ("hours", "hours.opens")
    (value,) = opens["history"]
    assert (value["value"], value["unit"], value["from_on"], value["until_on"]) == (
        "08:00",
        "local_time",
        "1970-01-01",
        None,
    )
    assert "1692c(a)(1)" in value["source"]
    assert value["confidence"] == "policy"


@pytest.mark.parametrize(
    ("asked", "rules"),
    [
        ("default", RULES),
        ("us", {book for book in VALUES_READ if not book.startswith(("days", "frequency", "recipients"))}),
        ("days", {"days.weekday", "days.holiday"}),
        ("stops.opt_out", {"stops.opt_out"}),
        ("frequency.days", {"frequency"}),
        ("stops.deceased", {"stops.flag"}),
        ("hours.never", {"hours"}),
    ],
)
def test_show_finds_a_book_a_topic_a_rule_a_value_and_the_key_of_an_answer(capsys, asked, rules):
    _, told = law(capsys, "show", asked)
    assert {rule["rule"] for rule in told["books"][0]["rules"]} == rules


@pytest.mark.parametrize("answer", sorted(ANSWERS))
def test_every_key_that_why_can_name_can_be_shown(capsys, answer):
    assert law(capsys, "show", answer)[0] == 0


def test_show_of_something_unknown_is_wrong_use_and_lists_what_there_is(capsys):
    code, told = law(capsys, "show", "weather")
    assert code == 2
    assert "stops.opt_out" in told["message"]


def test_rates_gives_the_numbers_of_the_day(capsys):
    code, told = law(capsys, "rates", "--as-of", "2026-03-10")
    assert (code, told["as_of"]) == (0, "2026-03-10")
    rates = {rate["name"]: rate for rate in told["rates"]}
    assert set(rates) == set(UNITS)
    assert rates["frequency.contacts_max"]["value"] == 3
    assert rates["days.closed_weekdays"]["value"] == [7]
    assert all(rate["source"] and rate["confidence"] and rate["unit"] for rate in told["rates"])


def test_before_the_first_day_of_every_value_no_rate_is_in_force(capsys):
    assert law(capsys, "rates", "--as-of", "1969-12-31")[1]["rates"] == []


def test_rates_of_a_day_that_is_none_is_wrong_use(capsys):
    assert law(capsys, "rates", "--as-of", "10.3.2026")[0] == 2


def test_check_of_a_whole_book_ends_with_0(capsys):
    code, told = law(capsys, "check", str(SHIPPED))
    assert (code, told["ok"], told["findings"]) == (0, True, [])
    assert set(told["rules"]) == RULES


def test_check_tells_file_and_line_of_every_finding_and_ends_with_1(capsys, tmp_path):
    folder = tmp_path / "xx"
    shutil.copytree(SHIPPED, folder)
    hours = (folder / "hours.yaml").read_text().replace('"20:00"', '"25:00"')
    (folder / "hours.yaml").write_text(hours)
    code, told = law(capsys, "check", str(folder))
    assert (code, told["ok"]) == (1, False)
    line = hours.splitlines().index('        value: "25:00"') + 1
    assert [(finding["file"], finding["line"]) for finding in told["findings"]] == [("xx/hours.yaml", line)]


def test_check_of_an_empty_folder_is_a_finding_and_of_no_folder_wrong_use(capsys, tmp_path):
    assert law(capsys, "check", str(tmp_path))[0] == 1
    assert law(capsys, "check", str(tmp_path / "nowhere"))[0] == 2


def test_people_read_units_and_sources(capsys):
    assert cli.main(["law", "show", "days.weekday"]) == 0
    shown = capsys.readouterr().out
    assert "days.closed_weekdays: Sunday" in shown
    assert "source: cautious policy" in shown
    assert cli.main(["law", "rates", "--as-of", "2026-03-10"]) == 0
    assert "hours.closes           20:00 local time" in capsys.readouterr().out
