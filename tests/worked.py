"""Worked tables: situations as lines of text, the expected answer at the end of each line.

    strategy: upcoming -3, first 5, second 14; grace 2; gap 7; minimum 5.00 EUR
    today   items                                          credits     account            says
    03-06   A 100.00 due 03-01                             -           -                  A first
    03-06   A 40.00 due 03-01, hold promise 03-02..03-09   20.00 EUR   last message 03-01 promised until 03-09

Cells stand two spaces apart; days are of 2026, a period ends before its last day. A table about one invoice may
have the columns `due`, `reached` and `hold` in place of `items`. `until` is checked where it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from duewell.core.agree.holds import Hold, HoldKind, check
from duewell.core.decide import rules
from duewell.core.decide.stages import BY_KEY, Stage
from duewell.core.decide.values import (
    Advance,
    Calendar,
    Case,
    Condition,
    Item,
    Proposal,
    Recipient,
    Rest,
    Step,
    Strategy,
)
from duewell.core.units.ids import (
    AccountId,
    CreditorId,
    HoldId,
    MessageId,
    PartyId,
    PersonId,
    PointId,
    ReceivableId,
)
from duewell.core.units.money import exponent

ROOT = Path(__file__).parent.parent


class Line(NamedTuple):
    """One line of a table."""

    text: str
    strategies: tuple[Strategy, ...]
    case: Case
    as_of: date
    planned: tuple[Advance, ...]
    says: str


def on_page(page: str) -> list[Line]:
    """Every line of the tables in the code blocks marked `text worked` of a page below `docs`."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```text worked\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert blocks, f"{page} has no worked table"
    return [line for block in blocks for line in lines(block)]


def lines(text: str) -> list[Line]:
    """The lines of one text: `strategy:` lines set the strategies of the tables below them."""
    return list(_lines(text))


def answer(outcome: Proposal | Rest, says: str, *, numbers: dict[ReceivableId, str]) -> str:
    """The outcome in the words of a table, as fully as `says` asks."""
    if isinstance(outcome, Rest):
        if " until " not in says:
            return outcome.rule
        until = outcome.reasons[0].until
        return f"{outcome.rule} until {'a person' if until is None else until.strftime('%m-%d')}"
    told = ", ".join(f"{numbers[advance.receivable]} {advance.stage.key}" for advance in outcome.advances)
    if " asking " in says:
        sums = [f"{_major(net.net_minor, net.currency)} {net.currency}" for net in outcome.nets]
        told += " asking " + " and ".join(sums)
    if " for " in says:
        told += " for " + " ".join(numbers[line.receivable] for line in outcome.lines)
    return told


def numbers(case: Case) -> dict[ReceivableId, str]:
    """The letters of the receivables."""
    return {item.id: item.number for item in case.items}


def day(text: str) -> date:
    """`03-06`, or with its weekday `Fri 03-06`, which must be right."""
    weekday, _, rest = text.rpartition(" ")
    found = date.fromisoformat(f"2026-{rest}")
    assert not weekday or found.strftime("%a") == weekday, f"{text} is a {found:%a}"
    return found


def money(text: str) -> tuple[str, int]:
    """`12.00 EUR` in minor units; without a currency it is EUR."""
    amount, _, currency = text.partition(" ")
    currency = currency or "EUR"
    return currency, int(Decimal(amount).scaleb(exponent(currency)))


def strategy(text: str, key: str = "worked") -> Strategy:
    """A strategy from one line: steps, and after semicolons `grace N`, `gap N`, `minimum ...`, `for ...`."""
    parts = [part.strip() for part in text.split(";")]
    told: dict[str, Any] = {"grace": 0, "gap": 1, "minimum": (), "for": Condition()}
    for part in parts[1:]:
        word, _, rest = part.partition(" ")
        if word == "minimum":
            told[word] = tuple(money(one) for one in rest.split(" and "))
        else:
            told[word] = _condition(rest) if word == "for" else int(rest)
    steps = tuple(_step(one.strip()) for one in parts[0].split(","))
    return Strategy(key, "0" * 64, key.title(), told["for"], told["grace"], told["minimum"], told["gap"], steps)


def item(letter: str, amount: str, due: str, *told: str) -> Item:
    """One receivable from its parts."""
    id = ReceivableId(ord(letter) - ord("A") + 1)
    currency, minor = money(amount)
    reached, reached_on, claimed, own = Stage.NONE, None, None, []
    for part in told:
        word, *rest = part.split()
        if word == "reached":
            reached = BY_KEY[rest[0]] if rest[0] != "none" else Stage.NONE
            reached_on = day(rest[1]) if len(rest) > 1 else None
        elif word == "claimed":
            claimed = BY_KEY[rest[0]]
        else:
            assert word == "hold", part
            own.append(hold(" ".join(rest), len(own) + id * 10, id))
    return Item(id, letter, day(due), day(due), currency, minor, reached, reached_on, tuple(own), claimed)


def hold(text: str, id: int, receivable: ReceivableId | None = None) -> Hold:
    """`promise 03-02..03-09`, `dispute 03-02..`, `dispute 03-02..03-09 of 20.00`."""
    found = re.fullmatch(r"(\w+) (\d\d-\d\d)\.\.(\d\d-\d\d)?(?: of (\S+ ?\S*))?", text)
    assert found, text
    kind = HoldKind(found[1])
    starts, ends = day(found[2]), day(found[3]) if found[3] else None
    resumes = kind in (HoldKind.PROMISE, HoldKind.GRACE)
    part = money(found[4])[1] if found[4] else None
    return check(
        Hold(
            HoldId(id),
            kind,
            receivable,
            part,
            starts,
            ends if resumes else None,
            None if resumes else starts,
            None if resumes else ends,
            "worked",
        )
    )


def _lines(text: str) -> Iterator[Line]:
    strategies: list[Strategy] = []
    header: list[str] = []
    for raw in text.splitlines():
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        named = re.match(r"strategy(?: (\S+))?: ", line)
        if named:
            if header:
                strategies, header = [], []
            strategies.append(strategy(line[named.end() :], named[1] or "worked"))
            continue
        cells = re.split(r"\s{2,}", line)
        if cells[-1] == "says":
            header = cells
            continue
        assert len(cells) == len(header), f"{line!r} does not have the cells of {header}"
        yield _line(line, dict(zip(header, cells, strict=True)), tuple(strategies))


def _line(text: str, cells: dict[str, str], strategies: tuple[Strategy, ...]) -> Line:
    cells = {name: "" if cell == "-" else cell for name, cell in cells.items()}
    if "items" in cells:
        items = [_item(one.strip()) for one in cells["items"].split(";") if one.strip()]
    else:
        told = [f"{word} {cells[word]}" for word in ("reached", "hold") if cells.get(word)]
        items = [item("A", cells.get("amount") or "100.00", cells["due"], *told)]
    planned = [one.split() for one in cells.get("planned", "").split(",") if one.strip()]
    return Line(
        text,
        strategies,
        _case(tuple(items), cells.get("credits", ""), cells.get("account", "")),
        day(cells["today"]),
        tuple(Advance(ReceivableId(ord(letter) - ord("A") + 1), BY_KEY[stage]) for letter, stage in planned),
        _full(cells["says"], items),
    )


def _full(says: str, items: list[Item]) -> str:
    """In a table about one invoice a stage alone means that this invoice reaches it."""
    word = says.split(maxsplit=1)[0]
    return f"{items[0].number} {says}" if word in BY_KEY and len(items) == 1 else says


def _item(text: str) -> Item:
    head, *rest = [part.strip() for part in text.split(",")]
    found = re.fullmatch(r"([A-Z]) ([\d.]+(?: [A-Z]{3})?) due (\S+)", head)
    assert found, text
    return item(found[1], found[2], found[3], *rest)


def _case(items: tuple[Item, ...], credits: str, account: str) -> Case:
    case = Case(
        account=AccountId(1),
        creditor=CreditorId(1),
        version=1,
        kind="business",
        country="DE",
        segment="",
        items=items,
        credits=tuple(sorted(money(one) for one in credits.split(" and "))) if credits else (),
        holds=(),
        recipients=(_recipient("email"),),
        missing=(),
        last_message_on=None,
        in_flight=None,
        reviews=(),
        books_too_old=False,
        calendar=Calendar(frozenset({5, 6}), frozenset()),
    )
    for place, part in enumerate(part.strip() for part in account.split(",") if part.strip()):
        case = _with(case, part, place)
    return case


def _with(case: Case, part: str, place: int) -> Case:
    plain = {
        "no address": {"recipients": ()},
        "in flight": {"in_flight": MessageId("m1")},
        "old books": {"books_too_old": True},
    }
    if part in plain:
        return case._replace(**plain[part])
    word, _, rest = part.partition(" ")
    if word == "hold":
        return case._replace(holds=(*case.holds, hold(rest, 90 + place)))
    if part.startswith("last message "):
        return case._replace(last_message_on=day(part.removeprefix("last message ")))
    fields: dict[str, Any] = {
        "address": ("recipients", tuple(_recipient(channel) for channel in rest.split("/"))),
        "missing": ("missing", (rest,)),
        "untranslated": ("untranslated", {("en", "email", "kind", rest): "kind/first subject"}),
        "question": ("reviews", (rest,)),
        "kind": ("kind", rest),
        "country": ("country", rest),
        "segment": ("segment", rest),
        "strategy": ("strategy", rest),
        "holiday": (
            "calendar",
            Calendar(frozenset({5, 6}), frozenset({day(rest) if word == "holiday" else None})),
        ),
    }
    name, value = fields[word]
    return case._replace(**{name: value})


def _recipient(channel: str) -> Recipient:
    return Recipient(PartyId(1), PersonId(1), PointId(1), channel, "en")


def _step(text: str) -> Step:
    found = re.fullmatch(r"(\w+) (-?\d+)(?: by (\S+))?( on business days)?(?: if (.*))?", text)
    assert found, text
    channels = tuple((found[3] or "email").split("/"))
    condition = _condition(found[5]) if found[5] else None
    return Step(BY_KEY[found[1]], int(found[2]), channels, "kind", bool(found[4]), condition)


def _condition(text: str) -> Condition:
    """`kind business`, `country DE/AT`, `segment key`, `balance >= 100.00 EUR`, joined by ` & `."""
    condition = Condition()
    for part in text.split(" & "):
        word, _, rest = part.partition(" ")
        if word == "balance":
            relation, _, amounts = rest.partition(" ")
            name = {">=": "balance_at_least", "<": "balance_below"}[relation]
            condition = condition._replace(**{name: tuple(money(one) for one in amounts.split(" or "))})
        else:
            plural = {"kind": "kinds", "country": "countries", "segment": "segments"}[word]
            condition = condition._replace(**{plural: frozenset(rest.split("/"))})
    return condition


def _major(minor: int, currency: str) -> Decimal:
    return Decimal(minor).scaleb(-exponent(currency))


def is_rest(says: str) -> bool:
    """Does the line expect a rest?"""
    word = says.split(maxsplit=1)[0]
    return word in rules.MEANING or word.startswith("missing_")
