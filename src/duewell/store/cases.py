"""Accounts as values, in bulk: everything `decide` and the gate may know, a few thousand accounts at a time.

One query per table and batch, never one per account. Open receivables come from the index of open ones, so
millions of closed ones behind them cost nothing.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from duewell.core.agree.holds import Hold, HoldKind
from duewell.core.contact.placeholders import ADDRESS
from duewell.core.decide.stages import Stage
from duewell.core.decide.values import Calendar, Case, Item, Participant, Recipient, Untranslated
from duewell.core.law.values import ATTEMPT, BUSINESS, CONSUMER, CONVERSATION, Contact, Standing, Stop
from duewell.core.units.ids import AccountId, MessageId, PersonId, PointId
from duewell.flows.ports import CreditorView, Known, PlaceFinder, Places
from duewell.store import came_in, contacts_by_call, joined, sql

BATCH = 2000
# The law's count looks back seven days; one more covers every zone.
CONTACT_DAYS = 9

Missing = Callable[[str], tuple[str, ...]]
"""From the e-mail address (empty where there is none) to the placeholders that nobody gave."""

Whereabouts = tuple[str, str, str]
"""Country, region and zone as a party says them."""

_STAGES = {int(stage): stage for stage in Stage}
_HOLD_KINDS = {str(kind): kind for kind in HoldKind}


class Cases:
    """Reads accounts of one creditor. The calendar and the finder of places come from the edge."""

    def __init__(
        self,
        creditor: CreditorView,
        places: PlaceFinder,
        calendar: Calendar,
        missing: Missing,
        languages: frozenset[str],
        books_on: date | None,
        channels: frozenset[str] = frozenset({"email"}),
        copies: bool = False,
        untranslated: Untranslated | None = None,
    ) -> None:
        """Args:

        books_on: the civil date of the newest list, where the creditor is.
        channels: those that any strategy names; points on others are not looked up.
        copies: whether any strategy sends copies, so that whoever else stands on an account is looked up.
        untranslated: what cannot be said in full in one of `languages`.
        """
        self._untranslated: Untranslated = untranslated or {}
        self._channels = channels
        self._copies = copies
        self._creditor = creditor
        self._places = places
        self._calendar = calendar
        self._missing = missing
        self._languages = languages
        self._books_on = books_on
        self._several: dict[tuple[frozenset[Whereabouts], int], Places] = {}

    def __call__(
        self,
        accounts: Sequence[AccountId],
        as_of: date,
        now: datetime,
        *,
        apart_from: frozenset[str] = frozenset(),
    ) -> Iterator[Known]:
        """The accounts in the order given. Messages named in `apart_from` do not count as in flight."""
        for start in range(0, len(accounts), BATCH):
            yield from self._batch(accounts[start : start + BATCH], as_of, now, apart_from)

    def _batch(
        self, accounts: Sequence[AccountId], as_of: date, now: datetime, apart_from: frozenset[str]
    ) -> Iterator[Known]:
        within, params = sql.ids_in("a.id", accounts)
        heads = sql.fetch(
            "select a.id, a.version, a.person_id, a.party_id, a.segment, a.strategy, a.last_message_on,"
            " p.kind, p.language, p.country, p.region, p.zone, h.version, h.flags"
            " from account a join party p on p.id = a.party_id join person h on h.id = a.person_id"
            f" where {within} and a.creditor_id = ?",
            [*params, self._creditor.id],
        )
        persons = sorted({row[2] for row in heads})
        parties = sorted({row[3] for row in heads})
        account_holds, item_holds = _holds(accounts)
        in_flight, claimed = _in_flight(accounts, apart_from)
        items = _items(self._creditor.id, accounts, item_holds, claimed)
        credits, reviews = _credits(accounts), _reviews(accounts)
        points = _points(parties, self._channels)
        participants = self._participants(accounts) if self._copies else {}
        calls = contacts_by_call.CALL in self._channels
        contacted = contacts(persons, now - timedelta(days=CONTACT_DAYS), calls=calls)
        called = [
            one for one, some in contacted.items() if any(each.channel == contacts_by_call.CALL for each in some)
        ]
        consents = contacts_by_call.consents(called, now - timedelta(days=CONTACT_DAYS)) if called else {}
        stops, allowed = _stops(persons), _allowed(accounts)
        whereabouts, numbers = _whereabouts(persons), _numbers(persons)
        age = None if self._books_on is None else (as_of - self._books_on).days
        too_old = age is not None and age > self._creditor.books_age_days_max
        rows = {row[0]: row for row in heads}
        for account in accounts:
            row = rows.get(account)
            if row is None:
                continue
            language = self._language(row[8])
            own = points.get(row[3], _NONE)
            recipients = tuple([Recipient(row[3], row[2], point, channel, language) for channel, point, _ in own])
            address = next((value for channel, _, value in own if channel == "email"), "")
            missing = self._missing(address)
            if ADDRESS in missing and len(own) > 1:
                # A mailbox that no mail can be sent to is no reason to keep silent where there is another way.
                recipients = tuple([one for one in recipients if one.channel != "email"])
                missing = self._missing("")
            places = self._of_person(whereabouts.get(row[2]) or {(row[9], row[10], row[11])}, as_of)
            if row[2] in numbers:
                places = self._places.beside(places, numbers[row[2]], as_of)
            case = Case(
                account=account,
                creditor=self._creditor.id,
                version=row[1],
                kind=row[7],
                country=row[9],
                segment=row[4],
                items=tuple(items.get(account, _NONE)),
                credits=tuple(credits.get(account, _NONE)),
                holds=tuple(account_holds.get(account, _NONE)),
                recipients=recipients,
                missing=missing,
                last_message_on=None if row[6] is None else sql.day(row[6]),
                in_flight=in_flight.get(account),
                reviews=tuple(reviews.get(account, _NONE)),
                books_too_old=too_old,
                calendar=self._calendar,
                strategy=row[5],
                participants=participants.get(account, _NONE),
                untranslated=self._untranslated,
            )
            standing = Standing(
                person=row[2],
                version=row[12],
                zones=places.zones,
                holidays=places.holidays,
                contacts=tuple(contacted.get(row[2], _NONE)),
                stops=tuple(stops.get(row[2], _NONE)),
                flags=_flags(row[13]),
                places=places.codes,
                debt=BUSINESS if row[7] == "business" else CONSUMER,
                consents=tuple(consents.get(row[2], _NONE)),
            )
            yield Known(case, standing, allowed.get(account, _NOBODY))

    def standings(self, persons: Collection[int], as_of: date, now: datetime) -> dict[int, Standing]:
        """What the law counts of each person, for those who are not the primary debtor of an account."""
        wanted = sorted(persons)
        within, params = sql.ids_in("id", wanted)
        heads = sql.fetch(f"select id, version, flags from person where {within}", params)
        contacted, stops = contacts(wanted, now - timedelta(days=CONTACT_DAYS)), _stops(wanted)
        whereabouts, numbers = _whereabouts(wanted), _numbers(wanted)
        found = {}
        for person, version, flags in heads:
            places = self._of_person(whereabouts[person], as_of)
            if person in numbers:
                places = self._places.beside(places, numbers[person], as_of)
            found[person] = Standing(
                person=person,
                version=version,
                zones=places.zones,
                holidays=places.holidays,
                contacts=tuple(contacted.get(person, _NONE)),
                stops=tuple(stops.get(person, _NONE)),
                flags=_flags(flags),
                places=places.codes,
            )
        return found

    def _language(self, own: str) -> str:
        """In which a party is written to: its own, else the creditor's, where there are texts in it."""
        for language in (own, self._creditor.language):
            if language in self._languages:
                return language
        return "en"

    def _participants(self, accounts: Sequence[int]) -> dict[int, tuple[Participant, ...]]:
        """Who else stands on each account and can be reached; by role and party."""
        within, params = sql.ids_in("r.account_id", accounts)
        rows = sql.fetch(
            "select r.account_id, r.role, r.party_id, p.person_id, p.language from party_role r"
            " join account a on a.id = r.account_id join party p on p.id = r.party_id"
            f" where {within} and r.ended_at is null and r.party_id <> a.party_id"
            " order by r.account_id, r.role, r.party_id",
            params,
        )
        points = _points(sorted({row[2] for row in rows}), self._channels) if rows else {}
        found: dict[int, list[Participant]] = defaultdict(list)
        for account, role, party, person, language in rows:
            spoken = self._language(language)
            recipients = tuple(
                [
                    Recipient(party, PersonId(person), point, channel, spoken)
                    for channel, point, _ in points.get(party, _NONE)
                ]
            )
            if recipients:
                found[account].append(Participant(role, recipients))
        return {account: tuple(some) for account, some in found.items()}

    def _of_person(self, said: set[Whereabouts], as_of: date) -> Places:
        """All places that any party of the person speaks of: contact must be permitted in each."""
        if len(said) == 1:
            (only,) = said
            return self._places(*only, as_of)
        key = (frozenset(said), as_of.year)
        found = self._several.get(key)
        if found is None:
            each = [self._places(*place, as_of) for place in sorted(said)]
            zones = {zone.name: zone for places in each for zone in places.zones}
            holidays = frozenset().union(*(places.holidays for places in each))
            codes = tuple(sorted({code for places in each for code in places.codes}))
            found = self._several[key] = Places(tuple(zones.values()), holidays, codes)
        return found


_NONE: tuple[Any, ...] = ()
_NOBODY: frozenset[str] = frozenset()


def _flags(value: Any) -> frozenset[str]:
    if value in ("[]", None):
        return frozenset()
    return frozenset(json.loads(value) if isinstance(value, str) else value)


def _items(
    creditor: int,
    accounts: Sequence[int],
    holds: dict[int, list[Hold]],
    claimed: dict[int, Stage],
) -> dict[int, list[Item]]:
    within, params = sql.ids_in("account_id", accounts)
    found: dict[int, list[Item]] = defaultdict(list)
    days: dict[Any, date] = {}
    for account, item, number, issued_on, due_on, currency, open_minor, reached, reached_on in sql.fetch(
        "select account_id, id, number, issued_on, due_on, currency, open_minor, reached, reached_on"
        f" from receivable where creditor_id = ? and {within} and not (open_minor = 0)",
        [creditor, *params],
    ):
        issued = days.get(issued_on) or days.setdefault(issued_on, sql.day(issued_on))
        due = days.get(due_on) or days.setdefault(due_on, sql.day(due_on))
        reached_day = reached_on and (days.get(reached_on) or days.setdefault(reached_on, sql.day(reached_on)))
        found[account].append(
            Item(
                item,
                number,
                issued,
                due,
                currency,
                open_minor,
                _STAGES[reached],
                reached_day,
                tuple(holds.get(item, _NONE)),
                claimed.get(item),
            )
        )
    return found


def _holds(accounts: Sequence[int]) -> tuple[dict[int, list[Hold]], dict[int, list[Hold]]]:
    within, params = sql.ids_in("h.account_id", accounts)
    of_accounts: dict[int, list[Hold]] = defaultdict(list)
    of_items: dict[int, list[Hold]] = defaultdict(list)
    for row in sql.fetch(
        "select h.account_id, h.id, h.kind, h.receivable_id, h.amount_minor, h.starts_on, h.until_on, h.review_on,"
        " e.ended_on, h.reason from hold h left join hold_end e on e.hold_id = h.id"
        f" where {within} order by h.id",
        params,
    ):
        days = [None if value is None else sql.day(value) for value in row[5:9]]
        assert days[0] is not None
        hold = Hold(row[1], _HOLD_KINDS[row[2]], row[3], row[4], days[0], days[1], days[2], days[3], row[9])
        if row[3] is None:
            of_accounts[row[0]].append(hold)
        else:
            of_items[row[3]].append(hold)
    return of_accounts, of_items


def _in_flight(
    accounts: Sequence[int], apart_from: frozenset[str]
) -> tuple[dict[int, MessageId], dict[int, Stage]]:
    within, params = sql.ids_in("account_id", accounts)
    flying: dict[int, MessageId] = {}
    for account, message in sql.fetch(
        f"select account_id, message_id from message_state where {within}"
        " and state in ('planned', 'released', 'unknown')",
        params,
    ):
        if message not in apart_from:
            flying[account] = MessageId(message)
    if not flying:
        return flying, {}
    within, params = sql.ids_in("message_id", list(flying.values()))
    claimed = sql.fetch(f"select receivable_id, stage from claim where {within} and not freed", params)
    return flying, {receivable: _STAGES[stage] for receivable, stage in claimed}


def _credits(accounts: Sequence[int]) -> dict[int, list[tuple[str, int]]]:
    within, params = sql.ids_in("account_id", accounts)
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for account, currency, minor in sql.fetch(
        f"select account_id, currency, credit_minor from account_credit where {within} and credit_minor > 0"
        " order by currency",
        params,
    ):
        found[account].append((currency, minor))
    return found


def _reviews(accounts: Sequence[int]) -> dict[int, list[str]]:
    within, params = sql.ids_in("account_id", accounts)
    found: dict[int, list[str]] = defaultdict(list)
    for account, kind in sql.fetch(
        f"select account_id, kind from review_item where {within} and state = 'open' order by id", params
    ):
        found[account].append(kind)
    return found


def _points(parties: Sequence[int], channels: frozenset[str]) -> dict[int, list[tuple[str, PointId, str]]]:
    within, params = sql.ids_in("party_id", parties)
    on, named = sql.ids_in("channel", sorted(channels))
    found: dict[int, list[tuple[str, PointId, str]]] = defaultdict(list)
    seen: set[tuple[int, str]] = set()
    for party, channel, point, value in sql.fetch(
        f"select party_id, channel, id, value from contact_point where {within} and {on} and state = 'usable'"
        " order by party_id, rank, id",
        [*params, *named],
    ):
        if (party, channel) not in seen:
            seen.add((party, channel))
            found[party].append((channel, point, value))
    return found


def contacts(persons: Sequence[int], since: datetime, *, calls: bool = False) -> dict[int, list[Contact]]:
    """By person, the contacts that the law may count, oldest first: those before a merge or split among them.

    Args:
        calls: also the calls that customers made, after which only a call of ours has to wait.
    """
    further = joined.sources(persons, since)
    if not further:
        return _contacts(persons, since, calls)
    own = _contacts(sorted({*persons, *(other for others in further.values() for other in others)}), since, calls)
    found = {person: list(own.get(person, ())) for person in persons}
    for person, others in further.items():
        for other, until in others.items():
            found[person] += [contact for contact in own.get(other, ()) if contact.at <= until]
        found[person].sort()
    return found


def _contacts(persons: Sequence[int], since: datetime, calls: bool) -> dict[int, list[Contact]]:
    within, params = sql.ids_in("person_id", persons)
    found: dict[int, list[Contact]] = defaultdict(list)
    rows = sql.fetch(
        "select person_id, contacted_at, channel, account_id, id from attempt"
        f" where {within} and contacted_at is not null and contacted_at >= ? order by contacted_at",
        [*params, sql.us(since)],
    )
    unspoken = contacts_by_call.without_conversation([row[4] for row in rows if row[2] == contacts_by_call.CALL])
    for person, at, channel, account, attempt in rows:
        spoken = channel == contacts_by_call.CALL and attempt not in unspoken
        found[person].append(Contact(sql.instant(at), channel, account, CONVERSATION if spoken else ATTEMPT))
    if calls:
        for person, some in came_in.conversations(persons, since).items():
            found[person] = sorted([*found[person], *some])
    return found


def _stops(persons: Sequence[int]) -> dict[int, list[Stop]]:
    within, params = sql.ids_in("s.person_id", persons)
    found: dict[int, list[Stop]] = defaultdict(list)
    for person, creditor, channel, point, starts_at, reason in sql.fetch(
        "select s.person_id, s.creditor_id, s.channel, s.point_id, s.starts_at, s.reason from stop s"
        f" left join stop_end e on e.stop_id = s.id where {within} and e.id is null order by s.id",
        params,
    ):
        found[person].append(Stop(creditor, channel, point, sql.instant(starts_at), reason))
    return found


def _allowed(accounts: Sequence[int]) -> dict[int, frozenset[str]]:
    within, params = sql.ids_in("account_id", accounts)
    found: dict[int, frozenset[str]] = {}
    for account, subject in sql.fetch(
        f"select account_id, subject from review_item where {within} and kind = 'law' and state = 'allowed'",
        params,
    ):
        found[account] = found.get(account, _NOBODY) | {subject.partition(":")[2]}
    return found


def _numbers(persons: Sequence[int]) -> dict[int, set[str]]:
    """The usable telephone numbers of each person who has some: they say where the person may be."""
    within, params = sql.ids_in("p.person_id", persons)
    found: dict[int, set[str]] = defaultdict(set)
    for person, value in sql.fetch(
        "select p.person_id, c.value from party p join contact_point c on c.party_id = p.id"
        f" where {within} and c.channel = 'call' and c.state = 'usable'",
        params,
    ):
        found[person].add(value)
    return found


def _whereabouts(persons: Sequence[int]) -> dict[int, set[Whereabouts]]:
    within, params = sql.ids_in("person_id", persons)
    found: dict[int, set[Whereabouts]] = {}
    for person, country, region, zone in sql.fetch(
        f"select person_id, country, region, zone from party where {within}", params
    ):
        said = found.get(person)
        if said is None:
            found[person] = {(country, region, zone)}
        else:
            said.add((country, region, zone))
    return found
