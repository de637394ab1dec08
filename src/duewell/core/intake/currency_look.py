"""In which currency a file is: its own column, the name of the amount's column, or signs beside the amounts."""

from __future__ import annotations

from collections.abc import Mapping as Dictionary

from duewell.core.intake import amounts, names, vocabulary
from duewell.core.intake.amounts import AmountColumn
from duewell.core.intake.columns import Layout
from duewell.core.intake.findings import AS_SAID, Decision, Evidence, Undecided
from duewell.core.intake.mapping import Mapping
from duewell.core.intake.word_look import WordLook

ANSWER = "--currency EUR"
BY_ROW = "of each row"
FROM_AMOUNTS = "beside each amount"
_BLANK_PERCENT = 50
_TAKEN = ("amount", "open", "paid", "debit", "credit")


def decide(
    layout: Layout, columns: Dictionary[str, AmountColumn], seen: WordLook, said: Mapping
) -> Decision | Undecided | None:
    """An ISO 4217 code for all rows, `of each row`, or `beside each amount`.

    None if no column holds amounts.
    """
    if not columns:
        return None
    books = _in_books(layout, said)
    if books is not None:
        return books
    own = seen.counts.get("currency")
    filled = sum(count for word, count in own.items() if word) if own else 0
    if own and filled:
        return _beside_column(layout, seen, said, filled, own[""])
    if said.currency is not None:
        return Decision("currency", said.currency, AS_SAID)
    named = set(layout.currencies.values())
    if len(named) == 1:
        code = next(iter(named))
        field = next(field for field, each in layout.currencies.items() if each == code)
        why = f"the name of column {layout.name(field)!r} says so"
        return Decision("currency", code, why, (Evidence(layout.header_line, "", layout.name(field)),))
    return _by_signs(columns)


def _in_books(layout: Layout, said: Mapping) -> Undecided | None:
    """Asks where the currency of the books and that of the documents would be taken for one another."""
    money = [field for field in _TAKEN if field in layout.fields]
    local = [field for field in money if _is_local(layout.name(field))]
    foreign = [field for field in money if field not in local]
    if local and foreign and not set(local) <= set(said.columns):
        return Undecided(
            "currency",
            f"{layout.name(local[0])!r} is in the currency of the books, but {layout.name(foreign[0])!r} in that "
            "of the document. Which of them counts?",
            tuple(layout.name(field) for field in money),
            f"--column {local[0]}=-, or --column {foreign[0]}=-",
        )
    if "currency" not in layout.fields or "currency" in said.columns:
        return None
    name = layout.name("currency")
    if local and not _is_local(name):
        return Undecided(
            "currency",
            f"{layout.name(local[0])!r} is in the currency of the books, but {name!r} may be that of the document."
            " In which currency are the amounts?",
            ("EUR", "USD", "..."),
            f"--currency EUR --column currency=-, or --column currency={name!r}",
        )
    return None


def _is_local(name: str) -> bool:
    return vocabulary.LOCAL.search(names.parse(name).key) is not None


def _beside_column(layout: Layout, seen: WordLook, said: Mapping, filled: int, blank: int) -> Decision | Undecided:
    name = layout.name("currency")
    counts = seen.counts["currency"]
    named = {code for field, code in layout.currencies.items()}
    words = [word for word in counts if word]
    examples = tuple(seen.first["currency", word] for word in words[:3])
    if named and {word.upper() for word in words} - named and said.columns.get("currency") is None:
        code = next(iter(named))
        return Undecided(
            "currency",
            f"A column of amounts is named {code}, but column {name!r} says {words[0]!r}. Which is the "
            "currency of the amounts?",
            (code, name),
            f"--currency {code} --column currency=-, or --column currency={name!r}",
            examples,
        )
    if blank * 100 > (filled + blank) * _BLANK_PERCENT and said.currency is None:
        question = f"Column {name!r} is blank in {blank:,} rows. In which currency are they?"
        return Undecided("currency", question, ("EUR", "USD", "..."), ANSWER, (seen.first["currency", ""],))
    why = f"column {name!r} gives it" + (f", and {said.currency} where it is blank" if said.currency else "")
    return Decision("currency", BY_ROW, why, examples)


def _by_signs(columns: Dictionary[str, AmountColumn]) -> Decision | Undecided:
    found = {code: evidence for column in columns.values() for code, evidence in column.currencies.items()}
    sure = {code: evidence for code, evidence in found.items() if amounts.known_currency(code)}
    if sure and len(sure) == len(found):
        if len(sure) == 1:
            code, evidence = next(iter(sure.items()))
            return Decision("currency", code, "it stands beside the amounts", (evidence,))
        return Decision("currency", FROM_AMOUNTS, "each amount names its own", tuple(sure.values())[:3])
    signs = "" if not found else f" ({', '.join(found)} can be several)"
    return Undecided(
        "currency",
        f"In which currency are the amounts? The file does not say{signs}.",
        ("EUR", "USD", "GBP", "CHF", "..."),
        ANSWER,
        tuple(found.values())[:3],
    )
