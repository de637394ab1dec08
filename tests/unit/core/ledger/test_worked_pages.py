"""The pages of the ledger say what the code does: every worked example is told to it."""

from __future__ import annotations

import re

import pytest

from duewell.core.ledger import aging
from duewell.core.ledger.aging import Debt, Dispute
from duewell.core.ledger.allocate import Claim, Policy, Queue
from duewell.core.ledger.entries import charged
from duewell.core.units.money import Money
from tests.ledger_words import Story, blocks, day, minor, stories, table
from tests.properties.ledger_book import ACCOUNT, Book


@pytest.mark.parametrize("story", [*stories("ledger.md"), *stories("list-targets.md")])
def test_every_story_of_balances_ends_as_told(story):
    told = Story()
    for line in story.strip().splitlines():
        if line.startswith("= "):
            assert told.balances() == line[2:], story
        else:
            told.take(line)


@pytest.mark.parametrize("story", stories("aging.md"))
def test_the_aging_story_is_as_told(story):
    told = Story()
    for line in story.strip().splitlines():
        if line.startswith("= "):
            when, said = line[2:].split(": ")
            assert told.aging(when) == said
        else:
            told.take(line)


@pytest.mark.parametrize("line", table(blocks("allocation.md")[0]), ids=lambda line: line["parts"])
def test_every_line_of_the_allocation_page_is_as_told(line):
    claims = [_claim(text) for text in line["invoices"].split("; ")]
    named = [ord(letter) for letter in line["names"].split()]
    queue = Queue(claims, Policy(line["policy"] or Policy.OLDEST_DUE))
    found = queue.allocate(Money(minor(line["payment"]), "EUR"), named, by_policy=bool(line["policy"]))
    told = {chr(part.receivable): part.amount_minor for part in found.parts}
    assert told == {part.split()[0]: minor(part.split()[1]) for part in line["parts"].split(", ") if part}
    assert found.credit_minor == minor(line["credit"])


@pytest.mark.parametrize("line", table(blocks("aging.md")[0]), ids=lambda line: line["as of"])
def test_every_border_of_the_columns_is_as_told(line):
    assert aging.bucket(day(line["due"]), day(line["as of"])) == line["column"]


@pytest.mark.parametrize(
    "line", table(blocks("aging.md")[1]), ids=lambda line: f"{line['open']} {line['disputes']}"
)
def test_every_disputed_part_is_as_told(line):
    book = Book()
    if minor(line["open"]):
        book.record([charged(ACCOUNT, 1, "EUR", minor(line["open"]), day("01-01"), "invoice:1")])
    at = book.entries[0].recorded_at if book.entries else None
    disputes = [
        Dispute(ACCOUNT, 1, None if text == "whole" else minor(text), day("01-01"), at)
        for text in line["disputes"].split(" and ")
        if text
    ]
    debt = Debt(1, ACCOUNT, "EUR", day("01-01"), day("02-01"))
    aged = aging.per_currency(aging.age([debt], book.entries, disputes, day("01-15"))).get("EUR", aging.Aged())
    assert (aged.disputed, aged.current) == (minor(line["disputed"]), minor(line["in its column"]))


def _claim(text: str) -> Claim:
    found = re.fullmatch(r"([A-Z]) (\S+)(?: \((\S+)\))? (\S+)", text)
    assert found, text
    return Claim(ord(found[1]), day(found[4]), "EUR", minor(found[2]), minor(found[3] or "0.00"))
