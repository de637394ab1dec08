"""Wiring of print batches: letters set by the press, put into one file, and kept in the home."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from duewell import wiring, wiring_letters
from duewell.adapters.clock import SystemClock
from duewell.adapters.home import Home
from duewell.flows.ports import Clock, CreditorView

if TYPE_CHECKING:
    from duewell.adapters.channels.letter.press import Job, Press
    from duewell.adapters.print_shelf import PrintShelf
    from duewell.flows.decide_accounts import World
    from duewell.flows.print_batches import Desk, Kept, Letter, LetterWriter, Merged, Unset
    from duewell.flows.unwanted_letters import Unwanted
    from duewell.store.print_batches import PrintOutbox, StoredBatches

LEASE = timedelta(minutes=5)
"""Some letters are set in a few seconds; whoever dies within it is followed after so long, or at once."""


@contextmanager
def desk(home: Home, creditor: CreditorView, clock: Clock, by: str) -> Iterator[Desk]:
    """Everything one worker needs to print for one creditor; what a killed one left is put in order first."""
    from duewell.flows.ask_again import known_now
    from duewell.flows.print_batches import Desk
    from duewell.store.liveness import Liveness
    from duewell.store.outbox import worker_token
    from duewell.store.recovery import recover

    token = worker_token()
    with Liveness(home.directory / "locks").held(token) as is_dead, wiring_letters.press(home) as press:
        recover(creditor.id, token, clock.now(), SystemClock().now(), is_dead)
        yield Desk(
            clock=clock,
            world=lambda now: _world(home, creditor, now, clock),
            cases=known_now,
            outbox=_outbox(home, creditor, clock, token),
            batches=batches(creditor, clock, by),
            write=_writer(home, press),
            merge=merge,
            shelf=shelf(home, creditor),
            seal=lambda: None,
        )


def batches(creditor: CreditorView, clock: Clock, by: str) -> StoredBatches:
    """The print batches of one creditor."""
    from duewell.adapters.channels.email.compression import decompress
    from duewell.store.print_batches import StoredBatches

    return StoredBatches(creditor.id, clock.now, wiring.day_of(creditor), by, decompress)


def unwanted(home: Home, creditor: CreditorView, clock: Clock, batch: int) -> list[Unwanted]:
    """The letters of a batch, not yet in the post, that strategy or law would not let go any more."""
    from duewell.flows import unwanted_letters
    from duewell.flows.ask_again import known_now

    world = _world(home, creditor, clock.now(), clock)
    return unwanted_letters.unwanted(world, known_now, batches(creditor, clock, ""), batch)


def shelf(home: Home, creditor: CreditorView) -> PrintShelf:
    """Where the files of one creditor lie."""
    from duewell.adapters.print_shelf import PrintShelf

    return PrintShelf(home.directory, creditor.key)


def merge(batch: int, letters: Iterable[Kept]) -> Merged:
    """Put the letters of a batch into one file, with the lists of what is in it."""
    from duewell.adapters.channels.letter import merge as merging
    from duewell.flows.print_batches import Merged

    made = merging.merge((merging.Printed(*letter) for letter in letters), f"Batch {batch}")
    lists = {
        "json": merging.manifest_json(batch, made.pdf, made.listed),
        "csv": merging.manifest_csv(made.listed),
    }
    return Merged(made.pdf, lists, sha256(made.pdf).hexdigest(), sha256(lists["json"]).hexdigest())


def _writer(home: Home, press: Press) -> LetterWriter:
    from duewell.adapters import texts
    from duewell.adapters.channels.letter.press import CannotBeSet
    from duewell.adapters.channels.letter.render import job
    from duewell.flows.print_batches import Unset

    words, logos = texts.of_home(home.directory), wiring_letters.logos(home)

    def described(letter: Letter) -> Job | Unset:
        try:
            return job(letter.content, letter.post, logos, words)
        except (CannotBeSet, KeyError) as problem:
            return Unset(str(problem))

    def write(letters: Iterable[Letter]) -> Iterator[bytes | Unset]:
        # A letter without its words or logo must not hold up the others, nor change their order.
        jobs = [described(letter) for letter in letters]
        made = press.set_all(one for one in jobs if not isinstance(one, Unset))
        for one in jobs:
            pdf = one if isinstance(one, Unset) else next(made)
            yield Unset(str(pdf)) if isinstance(pdf, CannotBeSet) else pdf

    return write


def _outbox(home: Home, creditor: CreditorView, clock: Clock, token: int) -> PrintOutbox:
    from time import monotonic

    from duewell.adapters import texts
    from duewell.adapters.channels.email import compression
    from duewell.store.outbox import Packed, Wires
    from duewell.store.print_batches import PrintOutbox

    salt_key = home.salt_key()

    def pack(part: bytes) -> Packed:
        salt = hmac.digest(salt_key, part, "sha256")[:16]
        return Packed(sha256(salt + part).digest(), salt, *compression.compress(part))

    day_of = wiring.day_of(creditor)
    return PrintOutbox(
        creditor.id, token, Wires(clock.now, SystemClock().now, monotonic, LEASE, day_of, pack, texts.LANGUAGES)
    )


def _world(home: Home, creditor: CreditorView, now: datetime, clock: Clock) -> World:
    from duewell.store import creditors

    present = creditors.present(creditor.id)
    return wiring.world(home, present, wiring.day_of(present)(now), clock)._replace(now=now)
