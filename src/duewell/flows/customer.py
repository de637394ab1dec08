"""Customer: what is known of one is changed by hand; customers who are one person are joined, or parted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from duewell.core.party import postal
from duewell.core.units.ids import AccountId, PartyId, PersonId

DETAILS = ("name", "given_name", "family_name", "salutation", "kind", "language", "country", "region", "zone")
CHANNELS = ("email", "call", "sms")
"""Channels whose addresses are one word."""


class BadCustomer(ValueError):
    """There is no such customer, or what was told cannot be; the message says why and what to do."""


class Point(NamedTuple):
    """A way to reach a customer that has not been replaced."""

    id: int
    channel: str
    value: str
    state: str


class AccountOf(NamedTuple):
    """An account on which the customer is the primary debtor. `open`: minor units by currency."""

    id: AccountId
    number: str
    segment: str
    strategy: str
    open: Mapping[str, int]


class Customer(NamedTuple):
    """What is known of one customer."""

    party: PartyId
    person: PersonId
    number: str
    details: Mapping[str, str]
    """By the names of `DETAILS`."""
    points: tuple[Point, ...]
    accounts: tuple[AccountOf, ...]


class Same(NamedTuple):
    """A customer of this creditor that is the same person."""

    number: str
    name: str


class PersonOf(NamedTuple):
    """What the law keeps of the person behind a customer, as this creditor may see it."""

    person: PersonId
    customers: tuple[Same, ...]
    """Of this creditor, and of the other one where an act names it."""
    elsewhere: int
    """How many customers of further creditors are the same person."""
    stops: tuple[str, ...]
    """In words."""
    flags: tuple[str, ...]
    contacts: int
    """Of the latest seven days, over all creditors."""


class Edit(NamedTuple):
    """What becomes of a customer."""

    details: Mapping[str, str]
    """The new values of details that change."""
    added: tuple[tuple[str, str], ...] = ()
    """Channel and value of new points; one that does not work counts as working again."""
    replaced: tuple[tuple[int, str], ...] = ()
    """Point and the value that takes its place."""
    removed: tuple[int, ...] = ()
    account: AccountId | None = None
    segment: str | None = None
    strategy: str | None = None


class Change(NamedTuple):
    """One thing before and after, in the words of the commands."""

    what: str
    before: str
    after: str


class Act(NamedTuple):
    """A merge, a split or an undoing: its number, and what the person it leads to is from then on."""

    number: int | None
    """None for a preview."""
    person: PersonOf


class Told(NamedTuple):
    """What a person says of a customer on the command line."""

    details: Mapping[str, str]
    add: Sequence[str] = ()
    """`email=anna@berg.example`"""
    replace: Sequence[str] = ()
    """`old@berg.example=anna@berg.example`"""
    remove: Sequence[str] = ()
    account: str = ""
    segment: str | None = None
    strategy: str | None = None
    address: Mapping[str, str] = {}
    """Parts of the postal address: `street`, `postcode`, `city`."""
    home: str = ""
    """Code of the country of an address where the customer says none: the creditor's."""


Checks = Mapping[str, Callable[[str], str]]
"""By name of a detail or channel: gives the tidy value or raises `ValueError` with a reason."""


class CustomerBook(Protocol):
    """Where customers are kept, of one creditor."""

    def find(self, number: str) -> Customer | None:
        """The customer with this number."""
        ...

    def edit(self, party: PartyId, edit: Edit, reason: str) -> None:
        """Keep it with its facts, and move on the versions of its accounts, and of the person who moved."""
        ...

    def person_of(self, number: str, creditor: str = "") -> PersonOf | None:
        """The person behind a customer, of this creditor or of the one with that key."""
        ...

    def merge(self, number: str, other: str, creditor: str, reason: str, *, dry_run: bool) -> Act:
        """Join the other customer's person to this one's."""
        ...

    def split(self, number: str, reason: str, *, dry_run: bool) -> Act:
        """Take the customer out of its person."""
        ...

    def undo(self, act: int, reason: str, *, dry_run: bool) -> Act:
        """Take a merge or split back."""
        ...


def find(book: CustomerBook, number: str) -> Customer:
    """The customer with this number. Raises `BadCustomer`."""
    found = book.find(number)
    if found is None:
        raise BadCustomer(f"there is no customer {number!r}: customers are known by the number of their import")
    return found


def edit(
    book: CustomerBook, number: str, told: Told, checks: Checks, reason: str, *, dry_run: bool
) -> list[Change]:
    """Change what is known of a customer; what is so already is no change.

    A new country takes the region and zone of the old one with it, and a new region the zone, where none is told:
    the zone of one place would let us write in the middle of the night of another.

    Raises:
        BadCustomer: nothing is told, or something cannot be.
    """
    _check_reason(reason, needed=False)
    known = find(book, number)
    wanted = _details(known, told, checks)
    changes = [Change(name, known.details[name], value) for name, value in wanted.items()]
    added, replaced, removed = _points(known, told, checks, changes)
    if told.address:
        more, instead = _address(known, told, {**known.details, **wanted}, changes)
        added, replaced = (*added, *more), (*replaced, *instead)
    account = _account(known, told, checks, changes)
    if not (told.details or told.add or told.replace or told.remove or told.address or account is not None):
        raise BadCustomer("nothing to change: give at least one option, see --help")
    if changes and not dry_run:
        made = Edit(wanted, added, replaced, removed, account, told.segment, _strategy(told, checks))
        book.edit(known.party, made, reason.strip())
    return changes


def merge(book: CustomerBook, number: str, other: str, creditor: str, reason: str, *, dry_run: bool) -> Act:
    """The other customer is the same human or firm: what the law counts, it counts for both together.

    Accounts, debts and messages stay apart. Raises `BadCustomer`.
    """
    _check_reason(reason, needed=not dry_run)
    find(book, number)
    return book.merge(number, other, creditor, reason.strip(), dry_run=dry_run)


def split(book: CustomerBook, number: str, reason: str, *, dry_run: bool) -> Act:
    """The customer is somebody else than those with whom it was counted. Raises `BadCustomer`."""
    _check_reason(reason, needed=not dry_run)
    find(book, number)
    return book.split(number, reason.strip(), dry_run=dry_run)


def undo(book: CustomerBook, act: int, reason: str, *, dry_run: bool) -> Act:
    """Take a merge or a split back. Raises `BadCustomer`."""
    _check_reason(reason, needed=not dry_run)
    return book.undo(act, reason.strip(), dry_run=dry_run)


def _check_reason(reason: str, *, needed: bool) -> None:
    if needed and not reason.strip():
        raise BadCustomer("this needs its reason: say in a few words how it is known (--reason)")
    if not reason.isprintable():
        raise BadCustomer(
            "the reason holds something that is no letter, such as a line break: write it in one line"
        )


def _details(known: Customer, told: Told, checks: Checks) -> dict[str, str]:
    given = {name: _checked(name, value, checks) for name, value in told.details.items()}
    for broader, narrower in (("country", ("region", "zone")), ("region", ("zone",))):
        if given.get(broader, known.details[broader]) != known.details[broader]:
            for name in narrower:
                given.setdefault(name, "")
    if given.get("name", known.details["name"]).strip() == "":
        raise BadCustomer("a customer needs a name")
    return {name: given[name] for name in DETAILS if name in given and given[name] != known.details[name]}


def _points(
    known: Customer, told: Told, checks: Checks, changes: list[Change]
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[int, str], ...], tuple[int, ...]]:
    added, replaced, removed = [], [], []
    usable = {(point.channel, point.value) for point in known.points if point.state == "usable"}
    for text in told.add:
        channel, sign, value = text.partition("=")
        if not sign or channel not in CHANNELS:
            raise BadCustomer(f"{text!r}: write the channel before it, as in email=anna@berg.example")
        value = _checked(channel, value, checks)
        if (channel, value) not in usable:
            usable.add((channel, value))
            added.append((channel, value))
            changes.append(Change(channel, "", value))
    for text in told.replace:
        old, sign, new = text.partition("=")
        if not sign:
            raise BadCustomer(f"{text!r}: write the old address before the new one, as in OLD=NEW")
        point = _point(known, old)
        if point.channel == "letter":
            raise BadCustomer("a postal address is changed by its parts: --street, --postcode, --city")
        value = _checked(point.channel, new, checks)
        if value != point.value:
            replaced.append((point.id, value))
            changes.append(Change(point.channel, point.value, value))
    for text in told.remove:
        point = _point(known, text)
        removed.append(point.id)
        changes.append(Change(point.channel, shown(point), ""))
    return tuple(added), tuple(replaced), tuple(removed)


def _address(
    known: Customer, told: Told, details: Mapping[str, str], changes: list[Change]
) -> tuple[list[tuple[str, str]], list[tuple[int, str]]]:
    """The postal address: the parts that are told, the others as they were."""
    parts = {name: _checked(name, value, {}) for name, value in told.address.items()}
    present = next((point for point in known.points if point.channel == "letter"), None)
    before = postal.PostalAddress("") if present is None else postal.read(present.value)
    after = postal.PostalAddress(
        details["country"] or before.country or told.home, *before[1:4], details["region"]
    )
    after = after._replace(
        street=parts.get("street", after.street),
        postcode=parts.get("postcode", after.postcode),
        city=parts.get("city", after.city),
    )
    if lacking := postal.missing(after):
        options = " and ".join(f"--{name}" for name in lacking)
        raise BadCustomer(f"no letter reaches this address without its {' and '.join(lacking)}: give {options}")
    value = postal.canonical(after)
    if present is not None and present.value == value:
        return [], []
    changes.append(Change("letter", "" if present is None else shown(present), ", ".join(postal.lines(after))))
    return ([("letter", value)], []) if present is None else ([], [(present.id, value)])


def shown(point: Point) -> str:
    """A contact point as people read it."""
    if point.channel != "letter":
        return point.value
    try:
        return ", ".join(postal.lines(postal.read(point.value)))
    except postal.BadAddress:
        return point.value


def _point(known: Customer, value: str) -> Point:
    wanted = value.strip().casefold()
    # Nobody types a whole postal address to name it; a customer has one.
    found = [point for point in known.points if wanted in (point.value.casefold(), shown(point).casefold())]
    found = found or [point for point in known.points if point.channel == wanted == "letter"]
    if not found:
        here = ", ".join(shown(point) for point in known.points) or "none"
        raise BadCustomer(f"customer {known.number} has no address {value!r} (it has: {here})")
    return found[0]


def _account(known: Customer, told: Told, checks: Checks, changes: list[Change]) -> AccountId | None:
    if told.segment is None and told.strategy is None:
        return None
    fitting = [one for one in known.accounts if not told.account or one.number == told.account]
    if len(fitting) != 1:
        numbers = ", ".join(one.number for one in known.accounts) or "none"
        raise BadCustomer(f"whose segment or strategy? Give --account with one of: {numbers}")
    (account,) = fitting
    strategy = _strategy(told, checks)
    if told.segment is not None and told.segment != account.segment:
        changes.append(Change(f"segment of {account.number}", account.segment, told.segment))
    if strategy is not None and strategy != account.strategy:
        changes.append(Change(f"strategy of {account.number}", account.strategy, strategy))
    return account.id


def _strategy(told: Told, checks: Checks) -> str | None:
    return told.strategy if not told.strategy else _checked("strategy", told.strategy, checks)


def _checked(name: str, value: str, checks: Checks) -> str:
    text = value.strip()
    if not text.isprintable():
        raise BadCustomer(
            f"{name}: it holds something that is no letter, such as a line break: write it in one line"
        )
    if not text or name not in checks:
        return text
    try:
        return checks[name](text)
    except ValueError as problem:
        raise BadCustomer(str(problem)) from problem


def told_of(person: PersonOf) -> dict[str, Any]:
    """A person as data."""
    return {
        "customers": [same._asdict() for same in person.customers],
        "elsewhere": person.elsewhere,
        "stops": list(person.stops),
        "flags": list(person.flags),
        "contacts": person.contacts,
    }


CONTACT_DAYS = 7
"""Contacts of so many days are told, as the rule book counts them."""
