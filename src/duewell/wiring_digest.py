"""Wiring of the digest: made from the tables, in words, and by mail to the creditor."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from duewell import wiring
from duewell.adapters.home import Home
from duewell.flows.digest import Digest, digest, is_due
from duewell.flows.ports import Clock, CreditorView


class Made(NamedTuple):
    """A digest with its words."""

    told: Digest
    subject: str
    text: str
    language: str
    recipient: str
    """Where it goes; empty where nobody wants it or no address is known."""
    due: bool
    """Something happened, or nothing was said for a week."""


class CannotSend(Exception):
    """The digest cannot be sent; the message says what to do."""


def make(home: Home, creditor: CreditorView, day: date, clock: Clock) -> Made:
    """The digest of a civil day of the creditor."""
    from duewell.adapters import zones
    from duewell.adapters.digest_words import words
    from duewell.store import creditors
    from duewell.store.digests import StoredDigests

    book = StoredDigests(creditor.id, partial(zones.civil_day, creditor.zone))
    told = digest(book, day, lambda after: _preview(home, creditor, after, clock))
    subject, text, language = words(told, creditor.name, creditor.language, creditor.country)
    return Made(told, subject, text, language, creditors.digest_to(creditor.id), is_due(told, book.latest_sent()))


def send(home: Home, creditor: CreditorView, made: Made, clock: Clock) -> None:
    """Send the digest to the creditor.

    Raises:
        CannotSend: there is no address, or the mail server did not take it.
        BadMailSetting: DUEWELL_SMTP_URL is missing or wrong, or points outside in a test home.
    """
    from duewell.adapters.channels.email.notice import Notice, NotTaken, deliver
    from duewell.store import creditors

    sender = creditors.sender(creditor.id).email_from
    if not made.recipient or not sender:
        raise CannotSend(
            f"{creditor.key} has no address for it: duewell creditor edit {creditor.key} --email-from ADDRESS,"
            " or --digest-to ADDRESS"
        )
    key = f"digest.{creditor.id}.{made.told.on_day.isoformat()}"
    notice = Notice("Duewell", sender, made.recipient, made.subject, made.text, made.language, key)
    try:
        deliver(wiring.mail_server(home), notice, clock.now())
    except NotTaken as problem:
        raise CannotSend(str(problem)) from problem


def duty(home: Home, creditor: CreditorView, today: date, clock: Clock) -> Mapping[str, int]:
    """What `work` does each morning: the digest of yesterday, where it is worth a mail and somebody wants it.

    Raises:
        BadMailSetting, CannotSend: as `send`.
    """
    from duewell.store import creditors

    if not creditors.digest_to(creditor.id):
        return {"sent": 0}
    made = make(home, creditor, today - timedelta(days=1), clock)
    if not made.due:
        return {"sent": 0}
    send(home, creditor, made, clock)
    return {"sent": 1}


def _preview(home: Home, creditor: CreditorView, day: date, clock: Clock) -> Mapping[str, int]:
    from duewell.flows.decide_accounts import plan

    return plan(wiring.world(home, creditor, day, clock)).proposals
