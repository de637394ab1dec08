"""Reads the cases of law and asks the gate; the form is described in README.md beside this file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import tzdata
import yaml

from duewell.adapters.files.rulebook_file import read_book, shipped_books
from duewell.adapters.zones import zone_value
from duewell.core.decide.stages import Stage
from duewell.core.decide.values import Advance, Line, Net, Proposal, Recipient
from duewell.core.law import gate
from duewell.core.law.book import Book
from duewell.core.law.library import Law
from duewell.core.law.values import Consent, Contact, Permit, Refusal, Refused, Review, Standing, Stop

FOLDER = Path(__file__).parent
_KEYS = set(
    "case asked_at planned_on where holidays contacts stops flags channel point purpose creditor role book"
    " answer because until opens places debt law acts_as about consents warns".split()
)


@cache
def clock_of(zone: str) -> ZoneInfo:
    """The zone by Python's own reader, from the same data as the program's: the machine's may be older."""
    with (Path(tzdata.__file__).parent / "zoneinfo" / zone).open("rb") as file:
        return ZoneInfo.from_file(file, key=zone)


def all_cases() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every case with the name of its file."""
    for path in sorted(FOLDER.glob("*.yaml")):
        for case in yaml.safe_load(path.read_text(encoding="utf-8")):
            assert set(case) <= _KEYS, f"{path.name}: {case['case']}: {set(case) - _KEYS}"
            yield path.stem, case


def instant(text: str) -> datetime:
    """`2026-11-02 07:30 America/New_York`, with `(second)` for the second of two, as an instant."""
    day, clock, zone, *which = text.split()
    local = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=clock_of(zone), fold=which == ["(second)"])
    found = local.astimezone(UTC)
    assert found.astimezone(clock_of(zone)).replace(tzinfo=None) == local.replace(tzinfo=None), (
        f"no such time: {text}"
    )
    return found


def proposal(case: dict[str, Any], as_of: date, about: int = 1) -> Proposal:
    """A demand over one invoice, as the case asks for it."""
    recipient = Recipient(1, 1, case.get("point", 1), case.get("channel", "email"), "en")
    return Proposal(
        account=about,
        creditor=case.get("creditor", 1),
        as_of=as_of,
        stage=Stage.FIRST,
        purpose=case.get("purpose", "demand"),
        tone="kind",
        recipient=recipient,
        strategy="gentle",
        strategy_digest="0" * 64,
        lines=(Line(1, "EUR", as_of - timedelta(days=9), 10_000, 0),),
        nets=(Net("EUR", 10_000, 0),),
        advances=(Advance(1, Stage.FIRST),),
        fell_due_on=as_of,
        role=case.get("role", ""),
    )


def standing(case: dict[str, Any], around: datetime) -> Standing:
    """What the case says of the person."""
    first, last = (around - timedelta(days=40)).date(), (around + timedelta(days=400)).date()
    contacts = [contact(text) for text in case.get("contacts", [])]
    stops = [
        Stop(
            stop.get("creditor"),
            stop.get("channel", ""),
            stop.get("point"),
            instant(stop["since"]) if "since" in stop else around - timedelta(days=3),
            "said so",
        )
        for stop in case.get("stops", [])
    ]
    return Standing(
        person=1,
        version=7,
        zones=tuple(zone_value(name, first, last) for name in case["where"]),
        holidays=frozenset(case.get("holidays", [])),
        contacts=tuple(contacts),
        stops=tuple(stops),
        flags=frozenset(case.get("flags", [])),
        places=tuple(case.get("places", [])),
        debt=case.get("debt", "consumer"),
        consents=tuple(consent(text) for text in case.get("consents", [])),
    )


def contact(text: str) -> Contact:
    """`2026-11-02 10:00 America/New_York by call, conversation, about 2`; left out means `email`, `attempt`, 1."""
    when, _, told = text.partition(" by ")
    channel, *more = (told or "email").split(", ")
    about = [int(word.removeprefix("about ")) for word in more if word.startswith("about ")]
    kinds = [word for word in more if not word.startswith("about ")]
    assert kinds in ([], ["conversation"], ["inbound"], ["busy"], ["voicemail"]), text
    kind = {"voicemail": "attempt"}.get(kinds[0], kinds[0]) if kinds else "attempt"
    return Contact(instant(when), channel, about[0] if about else 1, kind)


def consent(text: str) -> Consent:
    """`2026-11-03 10:00 America/New_York about 1`; without a debt it is for all of them."""
    when, _, about = text.partition(" about ")
    return Consent(instant(when), int(about) if about else None)


def law(case: dict[str, Any]) -> Law | Book:
    """The books that the case is about, as its creditor stands to them."""
    if "book" in case:
        return read_book(FOLDER / "books" / case["book"])
    stances = {place[:2]: case["law"] for place in case.get("places", []) if "law" in case}
    return Law(shipped_books(), case.get("acts_as", "creditor"), stances)


def civil_day(text: str) -> tuple[date, datetime, datetime]:
    """`2026-11-04 Europe/Berlin` as the date, its first instant, and the first of the next."""
    day, zone = re.fullmatch(r"(\S+) (\S+)", text).groups()
    start = date.fromisoformat(day)
    first, after = (
        datetime.combine(one, datetime.min.time(), clock_of(zone)).astimezone(UTC)
        for one in (start, start + timedelta(days=1))
    )
    return start, first, after


def ask(case: dict[str, Any]) -> Permit | Refused | Review:
    """What the gate answers; about several debts it is asked for each, and the first "no" counts."""
    answers = [_ask(case, about) for about in case.get("about", [1])]
    return next((answer for answer in answers if not isinstance(answer, Permit)), answers[0])


def _ask(case: dict[str, Any], about: int) -> Permit | Refused | Review:
    if "planned_on" in case:
        day, first, after = civil_day(case["planned_on"])
        return gate.gate_on(proposal(case, day, about), standing(case, first), law(case), first, after)
    now = instant(case["asked_at"])
    return gate.gate_at(proposal(case, now.date(), about), standing(case, now), law(case), now)


def named(refusal: Refusal) -> str:
    """The rule, with the book in front where it is not the default: `us calls.count`."""
    key = refusal.source.removeprefix("Rule book ").partition(":")[0]
    return refusal.rule if key in ("default", "changing") else f"{key} {refusal.rule}"


def wrong(case: dict[str, Any]) -> list[str]:
    """What the gate answers otherwise than the case says; empty where they agree."""
    answer = ask(case)
    words = {Permit: "permitted", Refused: "refused", Review: "review"}
    if words[type(answer)] != case["answer"]:
        return [f"answer: {answer}, not {case['answer']}"]
    found: list[tuple[str, object, object]] = []
    if isinstance(answer, Permit):
        found.append(("opens", answer.opens_at, instant(case.get("opens") or case["asked_at"])))
        found.append(("until", answer.closes_at, instant(case["until"])))
        found.append(("warns", [named(one) for one in answer.warnings], case.get("warns", [])))
    else:
        said = answer.refusals if isinstance(answer, Refused) else answer.questions
        found.append(("because", sorted(named(one) for one in said), sorted(case["because"])))
        if any(not (one.text and one.source) for one in said):
            found.append(("text and source", said, "both"))
    if isinstance(answer, Refused):
        until = case["until"]
        found.append(("until", answer.until, None if until == "open" else instant(until)))
    return [f"{what}: {got}, not {wanted}" for what, got, wanted in found if got != wanted]
