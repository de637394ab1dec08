"""Wiring of calls: tasks for people, with the words of each language and the law of the moment."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from duewell import wiring
from duewell.adapters.clock import SystemClock
from duewell.adapters.home import Home
from duewell.flows.ports import Clock, CreditorView

if TYPE_CHECKING:
    from duewell.adapters.channels.call.spoken import Spoken
    from duewell.core.contact.call import Script
    from duewell.core.units.ids import AccountId
    from duewell.flows.calls import CallDesk, Told
    from duewell.flows.decide_accounts import World
    from duewell.flows.outbox import Rendered
    from duewell.store.calls import StoredCalls

LEASE = timedelta(seconds=30)
"""Starting a call takes a moment; whoever dies within it is followed after so long."""


def stored(home: Home, creditor: CreditorView, clock: Clock, by: str) -> StoredCalls:
    """The calls of one creditor, under a token of their own."""
    from time import monotonic

    from duewell.adapters import texts
    from duewell.adapters.channels.email import compression
    from duewell.store.calls import StoredCalls
    from duewell.store.outbox import Packed, Wires, worker_token

    salt_key = home.salt_key()

    def pack(part: bytes) -> Packed:
        salt = hmac.digest(salt_key, part, "sha256")[:16]
        return Packed(sha256(salt + part).digest(), salt, *compression.compress(part))

    day_of, languages = wiring.day_of(creditor), texts.of_home(home.directory).languages
    wires = Wires(clock.now, SystemClock().now, monotonic, LEASE, day_of, pack, languages)
    return StoredCalls(creditor.id, worker_token(), wires, by)


def desk(home: Home, creditor: CreditorView, clock: Clock, calls: StoredCalls, by: str) -> CallDesk:
    """Everything one collector needs to call for one creditor."""
    from duewell.flows.ask_again import known_now
    from duewell.flows.calls import CallDesk
    from duewell.flows.outbox import Rendered
    from duewell.flows.transport import Envelope
    from duewell.store import creditors

    def world(now: datetime) -> World:
        present = creditors.present(creditor.id)
        day = wiring.day_of(present)(now)
        return wiring.world(home, present, day, clock)._replace(now=now)

    def render(script: Script, number: str) -> Rendered:
        from duewell.adapters.channels.call.spoken import as_bytes

        said = as_bytes(spoken(home, script, by))
        return Rendered(Envelope("", number, said), (said,))

    return CallDesk(clock, world, known_now, calls, render)


def spoken(home: Home, script: Script, by: str) -> Spoken:
    """The script in the customer's language."""
    from duewell.adapters import texts
    from duewell.adapters.channels.call.spoken import spoken as say

    return say(script, texts.of_home(home.directory), by)


def number_shown(creditor: CreditorView) -> Callable[[str], str]:
    """A number as it is dialled from where the creditor is."""
    from duewell.adapters import phones
    from duewell.adapters.countries import country_code

    country = country_code(creditor.country) or ""

    def show(value: str) -> str:
        try:
            return phones.shown(value, country)
        except ValueError:
            # Kept by a version that did not read numbers.
            return value

    return show


def holding(creditor: CreditorView, clock: Clock, by: str, told: Told) -> Callable[[AccountId], dict[str, Any]]:
    """Keeps what the customer told as holds, inside the transaction of the call."""
    from duewell.flows.calls import keep

    def also(account: AccountId) -> dict[str, Any]:
        book = wiring.holds(creditor, clock, by)
        kept = keep(book, account, told, wiring.day_of(creditor)(clock.now()))
        return {"holds": [hold.id for hold in kept]} if kept else {}

    return also
