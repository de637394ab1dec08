"""The whole of a reading: decisions, questions, the mapping that remembers them."""

from __future__ import annotations

import pytest

from duewell.core.intake import FileRefused, Mapping
from duewell.core.intake import mapping as module
from tests.readings import asked, decided, reading, taken

CONTENT = (
    "Offene Posten\nStand 1.7.2024\n\n"
    "Rechnungsnummer;Kunde;Rechnungsdatum;Fällig am;Rechnungsbetrag;Währung\n"
    "R1;Müller;03.05.2024;02.06.2024;1.190,00;EUR\n"
    "R2;Groß;31.05.2024;30.06.2024;595,00;EUR\n"
)


def test_every_decision_says_why_and_shows_the_rows_that_decide():
    found = reading(CONTENT.encode("cp1252"))
    assert decided(CONTENT.encode("cp1252")) == {
        "encoding": "cp1252",
        "separator": "semicolon",
        "header": "row 4",
        "dates": "dmy",
        "decimal: Rechnungsbetrag": "comma",
        "currency": "of each row",
        "amounts": "original",
    }
    assert all(decision.why for decision in found.decisions)
    dates = next(decision for decision in found.decisions if decision.what == "dates")
    assert dates.evidence[0] == (6, "Rechnungsdatum", "31.05.2024")
    assert found.records == 2


def test_all_questions_come_at_once_and_no_row_before_they_are_answered():
    content = "Number,Customer,Due Date,Amount\n1,A,03/04/2024,1.234\n"
    found = reading(content)
    assert {question.what for question in found.questions} == {"dates", "decimal: Amount", "currency", "amounts"}
    with pytest.raises(ValueError, match="open questions"):
        next(found.batches())


def test_answers_settle_what_was_asked():
    content = "Number,Customer,Due Date,Amount\n1,A,03/04/2024,1.234\n"
    row = taken(content, date_order="dmy", decimal="comma", currency="EUR", amounts="open").invoices[0]
    assert (row.due_on.isoformat(), row.open_minor) == ("2024-04-03", 123_400)


def test_what_was_decided_is_a_mapping_that_asks_nothing_the_next_time():
    first = reading(CONTENT.encode("cp1252"))
    said = first.mapping
    assert (said.encoding, said.separator, said.date_order, said.decimal) == (
        "cp1252",
        "semicolon",
        "dmy",
        "comma",
    )
    assert said.columns["due_on"] == "Fällig am"
    # The next export has nothing that would decide the order of its dates or the sign of its amounts.
    later = CONTENT.replace("31.05.2024;30.06.2024;595,00", "05.06.2024;05.07.2024;1.234").encode("cp1252")
    values = {name: getattr(said, name) for name in ("columns", "date_order", "decimal", "encoding", "separator")}
    assert [row.amount_minor for row in taken(later, **values).invoices] == [119_000, 123_400]


def test_what_was_open_by_chance_is_not_remembered():
    said = reading("Number,Customer,Due Date,Open Amount\n1,A,2024-01-31,10\n", currency="EUR").mapping
    assert (said.decimal, said.date_order, said.encoding) == (None, None, None)


def test_a_header_that_is_not_known_is_asked_and_can_be_named():
    content = "Ref;Wer;Wann;Wieviel\nA1;Foo;31.05.2024;10,00\n"
    assert "header" in asked(content)
    columns = {"number": "Ref", "customer_name": "Wer", "due_on": "Wann", "open": "Wieviel"}
    row = taken(content, columns=columns, currency="EUR").invoices[0]
    assert (row.number, row.open_minor) == ("A1", 1_000)


def test_a_mapping_that_cannot_be_meant_is_told_in_sentences():
    said = Mapping(
        columns={"colour": "X"},
        currency="EURO",
        date_order="ydm",
        separator="ab",
        terms_days=-1,
        constants={"email": "x"},
        words={"status": {"x": "maybe"}, "colour": {}},
    )
    assert len(module.problems(said, "invoices")) == 8
    with pytest.raises(ValueError, match="no field 'colour'"):
        reading(CONTENT, columns={"colour": "X"})
    with pytest.raises(ValueError, match="filter"):
        reading(CONTENT, filters={"Farbe": ("rot",)})
    with pytest.raises(ValueError, match="no country"):
        reading(CONTENT, constants={"country": "Atlantis"})


def test_mappings_lie_over_one_another():
    saved = Mapping(
        columns={"number": "A", "email": "B"}, currency="EUR", terms_days=14, words={"status": {"x": "open"}}
    )
    said = Mapping(columns={"email": "C"}, terms_days=0, words={"status": {"y": "paid"}}, rounded=True)
    both = saved.merged(said)
    assert both.columns == {"number": "A", "email": "C"}
    assert (both.currency, both.terms_days, both.rounded) == ("EUR", 0, True)
    assert both.words == {"status": {"x": "open", "y": "paid"}}


def test_a_file_without_rows_or_with_too_many_columns_is_refused():
    with pytest.raises(FileRefused, match="no rows"):
        reading("Number,Customer,Due Date,Open Amount\n")
    with pytest.raises(FileRefused, match="columns"):
        reading(
            "Number,Customer,Due Date,Open Amount,"
            + ",".join(f"c{n}" for n in range(2000))
            + "\n1,A,2024-01-31,1\n"
        )


def test_the_same_file_reads_the_same_in_chunks_of_any_size(monkeypatch):
    from duewell.adapters.files import csv_file

    rows = [f"{number},C{number % 7},2024-01-31,{number}.50,EUR" for number in range(200)]
    rows[50] = '50,"open,2024-01-31,1.00,EUR'
    rows[90] = "7,C0,2024-01-31,7.50,EUR"
    rows[120] = '120,"two\nlines",2024-01-31,1.00,EUR'
    content = "\n".join(["Number,Customer,Due Date,Invoice Amount,Currency", *rows]) + "\n"
    whole = taken(content)
    for size in (1, 2, 7, 100):
        monkeypatch.setattr(csv_file, "_LINES_A_CHUNK", size)
        again = taken(content)
        assert sorted(again.rows) == sorted(whole.rows)
        assert again.why_rejected() == whole.why_rejected()
        assert again.why_skipped() == whole.why_skipped()
