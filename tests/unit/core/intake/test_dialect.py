"""Separators, quotes and the row of names."""

from __future__ import annotations

import pytest

from duewell.core.intake import dialect

HEADER = ["Invoice Number", "Customer", "Due Date", "Amount"]


def lines(*rows: str) -> list[str]:
    return [row + "\n" for row in rows]


@pytest.mark.parametrize("word", dialect.SEPARATORS)
def test_the_separator_is_the_one_that_gives_known_names(word):
    sign = dialect.SEPARATORS[word]
    found, decisions, questions = dialect.decide(
        lines(sign.join(HEADER), sign.join(["1", "A, B; C", "2024-01-01", "1,5"])), "invoices"
    )
    assert (found.separator, questions) == (sign, ())
    assert decisions[0].evidence[0].row == 1


def test_excel_may_name_the_separator_in_the_first_line():
    found, decisions, _ = dialect.decide(lines("sep=|", "a|b", "1|2"), "invoices")
    assert (found.separator, found.skip_first) == ("|", True)
    assert decisions[0].why == "the first line names it"


def test_commas_in_amounts_do_not_separate():
    found, _, _ = dialect.decide(
        lines("Rechnungsnummer;Kunde;Betrag", "1;Müller, Hans;12,50", "2;B;1,00"), "invoices"
    )
    assert found.separator == ";"


def test_lines_that_two_signs_cut_alike_are_asked():
    _, _, questions = dialect.decide(lines("a,b;c", "1,2;3"), "invoices")
    assert questions[0].what == "separator"
    assert "--separator" in questions[0].answer


def test_titles_before_the_header_are_passed_over():
    rows = [["Open items"], [], ["as of", "2024-01-01"], HEADER, ["1", "A", "2024-01-01", "1"]]
    assert dialect.find_header(rows, "invoices").at == 3


def test_a_header_needs_two_known_names():
    assert dialect.find_header([["x", "y", "Amount"], ["1", "2", "3"]], "invoices").at == -1


def test_backslashes_before_quotes_are_noticed():
    found, decisions, _ = dialect.decide(lines(",".join(HEADER), r'1,"Say \"hi\" there",2024-01-01,1'), "invoices")
    assert found.escape == "\\"
    assert decisions[-1].what == "quotes"


def test_apostrophes_may_stand_for_quotes():
    found, _, _ = dialect.decide(lines(*["'Number','Customer','Amount'", "'1','A','2'"]), "invoices")
    assert found.quote == "'"
