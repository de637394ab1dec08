"""Compose: a permitted proposal becomes content. The only way to a message leads through here.

Pure: no word, no byte, no clock. What the law permitted is what is composed: a permit for another account
or for another proposal opens nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from duewell.core.contact.address import sendable
from duewell.core.contact.clean import clean
from duewell.core.contact.language import choose
from duewell.core.contact.reference import reference
from duewell.core.contact.values import Content, Row, Table, Words
from duewell.core.contact.view import Addressee, Document, Sender, View
from duewell.core.decide.digest import digest
from duewell.core.decide.values import Line, Net, Proposal
from duewell.core.law.values import Permit
from duewell.core.units.ids import ReceivableId
from duewell.core.units.money import Money

ITEMS_MAX = 30
"""A message with more items shows the oldest ten and the totals of all; one on paper may list them whole."""
ITEMS_SHOWN = 10
ANSWER_DAYS = 7
"""Days from the day of the message to the date by which the later texts ask for payment or an answer."""
_NAME_MAX = 80
"""A longer name of a customer is left out of the salutation: it would push the sum out of sight."""
_LINE_MAX = 120
_NOTE_MAX = 500


class NotPermitted(Exception):
    """The permit is for another account or another proposal. Nothing may be sent."""


class BadProposal(ValueError):
    """The proposal asks for nothing, or its sums and lines do not agree."""


class _Item(NamedTuple):
    """A line of the proposal with the number the customer knows."""

    line: Line
    number: str
    issued_on: date | None


def compose(permit: Permit, proposal: Proposal, view: View, *, whole: bool = False) -> Content:
    """What the message says, as values.

    Args:
        permit: the gate's, for this very proposal.
        proposal: at least one currency with something to pay.
        view: documents for every line of the proposal.
        whole: every item is shown, for paper has further pages.

    Raises:
        NotPermitted: the permit belongs to another account or proposal.
        BadProposal: nothing to pay, sums that do not agree with the lines, or a line without a document.
    """
    if permit.account != proposal.account:
        raise NotPermitted(f"the permit is for account {permit.account}, not for {proposal.account}")
    if permit.proposal_digest != digest(proposal):
        raise NotPermitted(f"the permit for account {permit.account} is for another proposal")

    _agree(proposal)
    items = _items(proposal, view.documents)
    wanted = _uncovered(proposal, items)
    latest_due_on = max(item.line.due_on for item in wanted)
    return Content(
        account=proposal.account,
        purpose=proposal.purpose,
        words=Words(
            choose(proposal.recipient.language, view.sender.language, view.languages),
            proposal.tone,
            proposal.stage,
        ),
        country=view.addressee.country.upper(),
        as_of=proposal.as_of,
        sums=tuple(Money(net.net_minor, net.currency) for net in proposal.nets if net.net_minor > 0),
        open_items=len(wanted),
        invoice=wanted[0].number if len(wanted) == 1 else "",
        earliest_due_on=min(item.line.due_on for item in wanted),
        latest_due_on=latest_due_on,
        # Nothing is asked for before it is due.
        answer_by=max(proposal.as_of + timedelta(days=ANSWER_DAYS), latest_due_on),
        reference=reference(clean(view.account_number), [item.number for item in wanted]),
        tables=_tables(proposal, items, whole),
        sender=_sender(view.sender),
        addressee=_addressee(view.addressee),
        copy_of=clean(view.copy_of, _LINE_MAX),
    )


def _items(proposal: Proposal, documents: Mapping[ReceivableId, Document]) -> list[_Item]:
    """Oldest due first, then by id; every number is safe to show."""
    items = []
    for line in proposal.lines:
        document = documents.get(line.receivable)
        number = clean(document.number) if document else ""
        if document is None or not number:
            raise BadProposal(f"account {proposal.account}: receivable {line.receivable} has no number to show")
        items.append(_Item(line, number, document.issued_on))
    items.sort(key=lambda item: (item.line.due_on, item.line.receivable))
    return items


def _agree(proposal: Proposal) -> None:
    """The sums of the proposal are those of its lines, currency by currency."""
    asked: dict[str, int] = {}
    for line in proposal.lines:
        if not 0 <= line.held_minor <= line.open_minor:
            raise BadProposal(f"account {proposal.account}: receivable {line.receivable} holds more than is open")
        asked[line.currency] = asked.get(line.currency, 0) + line.asked_minor
    # A currency of which everything is held back may have no net: nothing is asked in it.
    wanted = {currency: minor for currency, minor in asked.items() if minor}
    if wanted != {net.currency: net.asked_minor for net in proposal.nets if net.asked_minor}:
        raise BadProposal(f"account {proposal.account}: the sums differ from the lines")
    if any(net.credit_minor < 0 for net in proposal.nets):
        raise BadProposal(f"account {proposal.account}: a credit is below zero")
    if all(net.net_minor <= 0 for net in proposal.nets):
        raise BadProposal(f"account {proposal.account}: there is nothing to pay")


def _uncovered(proposal: Proposal, items: list[_Item]) -> list[_Item]:
    """Items of which something is asked for once credits are set against the oldest due first."""
    credits = {net.currency: net.credit_minor for net in proposal.nets}
    wanted = []
    for item in items:
        currency, asked_minor = item.line.currency, item.line.asked_minor
        covered = min(credits.get(currency, 0), asked_minor)
        credits[currency] = credits.get(currency, 0) - covered
        if asked_minor > covered:
            wanted.append(item)
    return wanted


def _tables(proposal: Proposal, items: list[_Item], whole: bool) -> tuple[Table, ...]:
    shown = items if whole or len(items) <= ITEMS_MAX else items[:ITEMS_SHOWN]
    hidden = items[len(shown) :]
    nets = {net.currency: net for net in proposal.nets}
    return tuple(
        _table(
            nets.get(currency) or Net(currency, 0, 0),
            [
                Row(number, issued_on, line.due_on, line.open_minor, line.held_minor)
                for line, number, issued_on in shown
                if line.currency == currency
            ],
            [item.line for item in hidden if item.line.currency == currency],
        )
        for currency in sorted({line.currency for line in proposal.lines})
    )


def _table(net: Net, shown: list[Row], hidden: list[Line]) -> Table:
    more = sum(line.open_minor for line in hidden)
    held = sum(row.held_minor for row in shown) + sum(line.held_minor for line in hidden)
    credit = min(net.credit_minor, net.asked_minor)
    return Table(
        currency=net.currency,
        rows=tuple(shown),
        more_count=len(hidden),
        more_minor=more,
        open_minor=sum(row.open_minor for row in shown) + more,
        held_minor=held,
        credit_minor=credit,
        pay_minor=net.asked_minor - credit,
    )


def _sender(sender: Sender) -> Sender:
    return Sender(
        name=clean(sender.name, _LINE_MAX),
        email_from=sendable(sender.email_from) or "",
        reply_to=sendable(sender.reply_to) or "",
        address=tuple(line for part in sender.address if (line := clean(part, _LINE_MAX))),
        phone=clean(sender.phone, _LINE_MAX),
        account_holder=clean(sender.account_holder, _LINE_MAX),
        iban=clean(sender.iban).replace(" ", "").upper(),
        bic=clean(sender.bic, _LINE_MAX),
        payment_note=clean(sender.payment_note, _NOTE_MAX),
        language=sender.language,
    )


def _addressee(addressee: Addressee) -> Addressee:
    return Addressee(
        address=sendable(addressee.address) or "",
        kind=addressee.kind,
        name=_name(addressee.name),
        given_name=_name(addressee.given_name),
        family_name=_name(addressee.family_name),
        salutation=addressee.salutation,
        country=addressee.country.upper(),
    )


def _name(name: str) -> str:
    """A name that fits a salutation; nothing where it does not, so that the neutral one is used."""
    shown = clean(name)
    return shown if len(shown) <= _NAME_MAX else ""
