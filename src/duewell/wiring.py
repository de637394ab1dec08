"""The one place where adapters are chosen: it opens a home, sets Django up and hands out what flows need."""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duewell.adapters import memory
from duewell.adapters.clock import SystemClock
from duewell.adapters.home import Home, open_home
from duewell.core.evidence import key_id
from duewell.flows.creditor import CreditorBook, CreditorChecks
from duewell.flows.ports import Clock, CreditorView
from duewell.flows.seal import Sealed

if TYPE_CHECKING:
    from duewell.adapters.channels.email.smtp_url import SmtpAddress
    from duewell.core.decide.values import Strategy
    from duewell.flows.ask_why import Desk as WhyDesk
    from duewell.flows.decide_accounts import World
    from duewell.flows.ports import Narrowed
    from duewell.flows.send import Desk, Sent
    from duewell.flows.transport import Transport
    from duewell.portfolio.narrow import Book
    from duewell.store.agreements import Holds, Stops
    from duewell.store.recovery import Recovered
    from duewell.store.releases import Releases
    from duewell.store.reports import Reports
    from duewell.store.reviews import Reviews
    from duewell.store.runs import Runs


class BadMailSetting(Exception):
    """The mail server is not set, or may not be used from this home."""


def start(directory: Path | str | None = None) -> Home:
    """Open the home, point Django at its database and set Django up. Safe to call twice for the same home.

    Raises:
        HomeProblem: there is no home there, or another home is open in this process.
    """
    home = open_home(directory)
    os.environ["DUEWELL_HOME"] = str(home.directory)
    os.environ["DJANGO_SETTINGS_MODULE"] = "duewell.web.settings"
    import django
    from django.conf import settings
    from django.db import connections

    django.setup()
    # A second home in the same process (tests) moves the connection along.
    wanted = home.database_file()
    present = settings.DATABASES["default"]
    if wanted is not None and present["NAME"] != str(wanted):
        connections["default"].close()
        present["NAME"] = str(wanted)
        connections["default"].settings_dict["NAME"] = str(wanted)
    memory.collect_less()
    return home


def migrate() -> None:
    """Bring the tables of the open home to the present version; safe while others do the same.

    Raises:
        NewerTables: a newer version of the program has worked on them.
        TablesBusy: somebody holds a table for minutes.
    """
    from duewell.store.upgrade import bring_up_to_date

    bring_up_to_date()


class _CreditorBook:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def add(self, key: str, given: Mapping[str, Any]) -> int:
        from duewell.store import creditors

        return creditors.add(key, given, self._clock.now())

    def edit(self, creditor: int, given: Mapping[str, Any]) -> None:
        from duewell.store import creditors

        creditors.edit(creditor, given, self._clock.now())


def creditor_book(clock: Clock) -> CreditorBook:
    """Where creditors are kept, with the clock that dates their facts."""
    return _CreditorBook(clock)


def creditor_checks(home: Home) -> CreditorChecks:
    """What a creditor's values are checked against; a logo that passes is kept in the home."""
    from duewell.adapters import logos, texts, world_checks

    return CreditorChecks(
        iban=world_checks.iban,
        bic=world_checks.bic,
        email=world_checks.email,
        country=world_checks.country,
        zone=world_checks.zone,
        strategy=world_checks.strategy,
        language=world_checks.one_of(sorted(texts.of_home(home.directory).languages)),
        tone=world_checks.one_of(texts.TONES),
        phone=world_checks.phone,
        logo=lambda path: logos.keep(home.directory, Path(path).expanduser()),
        law=world_checks.law,
    )


def seal(home: Home, clock: Clock) -> Sealed:
    """Seal what is committed: leaves, then a signed head in the file of heads. Costs little when nothing is new.

    Raises:
        HomeProblem: the signing key cannot be read.
        BadHead: the newest line among the heads is not a signed head.
        OSError: the file of heads cannot be written.
    """
    from duewell.adapters.heads import HeadFile
    from duewell.flows import seal as sealing
    from duewell.store.tree import StoredTree

    key = home.signing_key()
    signer = sealing.Signer(key_id(key.public_key().public_bytes_raw()), key.sign)
    return sealing.seal(StoredTree(), HeadFile(home.heads_file), signer, clock.now())


def world(home: Home, creditor: CreditorView, as_of: date, clock: Clock, also: Sequence[Strategy] = ()) -> World:
    """What deciding needs, for one creditor and one civil date.

    Args:
        also: strategies that the creditor has not, and that will be asked too: what they need is looked up.
    """
    from duewell.adapters import calendars, strategies, texts, zones
    from duewell.adapters.channels.email import template
    from duewell.adapters.channels.letter import template as paper
    from duewell.adapters.files.rulebook_file import shipped_law
    from duewell.adapters.places import PlacesOfParties
    from duewell.core.law.timetable import Windows
    from duewell.flows.decide_accounts import World
    from duewell.portfolio.narrow import narrow
    from duewell.store.cases import Cases

    day_start, day_end = zones.civil_day(creditor.zone, as_of)
    known = [strategies.load(home.directory, key, creditor.tone) for key in creditor.strategies]
    law = shipped_law(creditor.acts_as, creditor.law)

    words = texts.of_home(home.directory)

    def narrowed(day: date, ladders: Sequence[Strategy]) -> Narrowed:
        return narrow(columns_of(creditor, day), ladders, day)

    return World(
        creditor=creditor,
        as_of=as_of,
        now=clock.now(),
        day_start=day_start,
        day_end=day_end,
        narrow=narrowed,
        cases=Cases(
            creditor,
            PlacesOfParties(creditor.country, creditor.zone),
            calendars.calendar_for(creditor.country, as_of),
            _missing(home, creditor),
            words.languages,
            None if creditor.books_as_of is None else zones.civil_date(creditor.zone, creditor.books_as_of),
            frozenset({"email"}.union(*(step.channels for one in (*known, *also) for step in one.steps))),
            any(step.copies for one in (*known, *also) for step in one.steps),
            words.untranslated,
        ),
        strategies=known,
        law=law,
        windows=Windows(),
        template_digest=template.digests(words, paper.design(home.directory / "fonts")),
        digests={**{f"rulebook:{book.key}": book.digest for book in law.books}, **calendars.data_digests()},
    )


def columns_of(creditor: CreditorView, day: date) -> Book:
    """All accounts of a creditor as columns, as they stand on a day."""
    from duewell.portfolio.narrow import Book
    from duewell.store import columns

    return Book(
        accounts=columns.accounts(creditor.id),
        receivables=columns.open_receivables(creditor.id),
        holds=columns.account_holds(creditor.id, day),
        in_flight=columns.in_flight(creditor.id),
        credits=columns.credits(creditor.id),
    )


def _missing(home: Home, creditor: CreditorView) -> Callable[[str], tuple[str, ...]]:
    from duewell.adapters import texts
    from duewell.core.contact.placeholders import missing, missing_of_creditor
    from duewell.store.creditors import sender

    lacking = missing_of_creditor(sender(creditor.id), texts.of_home(home.directory).needs)

    def of(address: str) -> tuple[str, ...]:
        # An account without any address rests as `no_address`; nothing else is missing from its message.
        return missing(lacking, address) if address else lacking

    return of


def runs(creditor: CreditorView, clock: Clock, by: str = "") -> Runs:
    """Plans and runs of one creditor."""
    from duewell.adapters import strategies
    from duewell.store.runs import Runs

    return Runs(creditor, clock.now(), by, strategies.content)


def releases(creditor: CreditorView, clock: Clock) -> Releases:
    """Runs that wait, are let go or taken back."""
    from duewell.store.releases import Releases

    return Releases(creditor, clock.now())


def reviews(creditor: CreditorView, clock: Clock) -> Reviews:
    """Questions that only a person may answer."""
    from duewell.store.reviews import Reviews

    return Reviews(creditor, clock.now(), day_of(creditor))


def day_of(creditor: CreditorView) -> Callable[[datetime], date]:
    """The creditor's civil day at an instant."""
    from duewell.adapters import zones

    return partial(zones.civil_date, creditor.zone)


def why(home: Home, creditor: CreditorView, clock: Clock) -> WhyDesk:
    """What questions about the accounts of one creditor are answered with, as things are now."""
    from duewell.adapters.civil_days import days_of
    from duewell.adapters.files.strategy_file import read_strategy
    from duewell.core.decide.tone import in_tone
    from duewell.flows.ask_why import Desk
    from duewell.store import why as records

    def read(content: bytes, file: str) -> Strategy:
        return in_tone(read_strategy(content, file), creditor.tone)

    days = days_of(creditor.zone)
    return Desk(creditor, days, lambda view, day: world(home, view, day, clock), records, read)


def send(
    home: Home,
    creditor: CreditorView,
    clock: Clock,
    connections: int,
    tell: Callable[[int], None],
    stopping: Callable[[], bool] = lambda: False,
) -> tuple[Sent, Recovered]:
    """Put in order what a killed worker left, then deliver what is released, until somebody asks to stop.

    Raises:
        BadMailSetting: DUEWELL_SMTP_URL is missing or wrong, or points outside in a test home.
    """
    from duewell.adapters.channels.email.transport import Lines
    from duewell.flows.send import send as deliver
    from duewell.store.liveness import Liveness
    from duewell.store.outbox import worker_token
    from duewell.store.recovery import recover, settle_by_rule

    address = mail_server(home)
    token = worker_token()
    with Liveness(home.directory / "locks").held(token) as is_dead:
        now = clock.now()
        recovered = recover(creditor.id, token, now, SystemClock().now(), is_dead)
        settle_by_rule(creditor.id, token, creditor.unknown_settles_days, now, day_of(creditor))
        reviews(creditor, clock).open_due(day_of(creditor)(now))
        with Lines(address, count=connections) as lines:
            desk = send_desk(home, creditor, clock, token, lines, _lease(address))
            sent = deliver(desk._replace(stopping=stopping), tell)
        seal(home, clock)
        return sent, recovered


def _lease(address: SmtpAddress) -> timedelta:
    """How long a worker may be away before another takes over: longer than the slowest conversation."""
    patience = address.patience
    return timedelta(minutes=2, seconds=patience.connect + 8 * patience.reply + 2 * patience.dot)


def send_desk(
    home: Home,
    creditor: CreditorView,
    clock: Clock,
    token: int,
    transport: Transport,
    lease: timedelta = timedelta(minutes=2),
) -> Desk:
    """Everything one worker needs to send for one creditor."""
    from time import monotonic

    from duewell import wiring_mail
    from duewell.adapters import texts
    from duewell.adapters.channels.email import compression
    from duewell.flows.ask_again import known_now
    from duewell.flows.send import Desk
    from duewell.store import creditors
    from duewell.store.outbox import Packed, StoredOutbox, Wires

    salt_key = home.salt_key()
    worlds: dict[tuple[date, int], World] = {}
    sealed_at = [monotonic()]

    def world_at(now: datetime) -> World:
        # What the creditor is and which day it is there are read anew when they change under way.
        present = creditors.present(creditor.id)
        key = (day_of(present)(now), present.version)
        if key not in worlds:
            worlds.clear()
            worlds[key] = world(home, present, key[0], clock)
        return worlds[key]._replace(now=now)

    def pack(part: bytes) -> Packed:
        salt = hmac.digest(salt_key, part, "sha256")[:16]
        return Packed(sha256(salt + part).digest(), salt, *compression.compress(part))

    def seal_now_and_then() -> None:
        # Heads are lodged at least each minute while there is something to seal.
        if monotonic() - sealed_at[0] >= 60:
            seal(home, clock)
            sealed_at[0] = monotonic()

    languages = texts.of_home(home.directory).languages
    wires = Wires(clock.now, SystemClock().now, monotonic, lease, day_of(creditor), pack, languages)
    return Desk(
        clock=clock,
        seconds=monotonic,
        world=world_at,
        cases=known_now,
        outbox=StoredOutbox(creditor.id, token, wires),
        render=wiring_mail.render_mail(home, creditor),
        transport=transport,
        seal=seal_now_and_then,
    )


def mail_server(home: Home) -> SmtpAddress:
    """The mail server that DUEWELL_SMTP_URL names; in a test home it must be a sink on this machine.

    Raises:
        BadMailSetting: says what is wrong and what to set.
    """
    from duewell.adapters.channels.email.smtp_url import BadUrl, parse

    url = os.environ.get("DUEWELL_SMTP_URL", "")
    if not url:
        raise BadMailSetting(
            "no mail server is set: DUEWELL_SMTP_URL=smtp+starttls://user:password@mail.example.org:587"
        )
    try:
        address = parse(url)
    except BadUrl as problem:
        raise BadMailSetting(f"DUEWELL_SMTP_URL: {problem}") from problem
    if home.test and not address.is_loopback:
        raise BadMailSetting(
            "this is a test home: it sends into a sink on this machine only, such as smtp://127.0.0.1:2525"
        )
    return address


def holds(creditor: CreditorView, clock: Clock, by: str) -> Holds:
    """The holds of one creditor."""
    from duewell.store.agreements import Holds

    return Holds(creditor.id, clock.now(), by)


def stops(creditor: CreditorView, clock: Clock, by: str) -> Stops:
    """Who said to one creditor, or to all: not any more."""
    from duewell.store.agreements import Stops

    return Stops(creditor.id, clock.now(), by)


def reports(creditor: CreditorView) -> Reports:
    """Aging and statements of one creditor."""
    from duewell.store.reports import Reports

    return Reports(creditor.id)
