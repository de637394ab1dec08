"""Sending by SMTP: K connections to one server, whose conversations one thread holds at the same time.

The port this fulfils, and what its outcomes mean, is `duewell.flows.transport`.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import select
import ssl
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TypeVar

from duewell.adapters.channels.email import smtp_url
from duewell.adapters.channels.email.line import Line
from duewell.adapters.channels.email.wire import READ, Late, Steps, Wait
from duewell.flows import transport

_T = TypeVar("_T")


class Lines:
    """K connections to one e-mail server; for one thread, and not to be carried across a fork.

    Connections are made when first needed and kept. Use it as a context manager, or call `hang_up`.

    Args:
        address: the URL, or what `smtp_url.parse` made of it.
        count: K, how many messages may be open at once.
        patience: how long to wait; by default what the address says.

    Raises:
        smtp_url.BadUrl: the URL, or the certificate file it names, cannot be used.
    """

    def __init__(
        self, address: str | smtp_url.SmtpAddress, count: int, patience: smtp_url.Patience | None = None
    ) -> None:
        if count < 1:
            raise ValueError("at least one connection is needed")
        if isinstance(address, str):
            address = smtp_url.parse(address)
        context = None if address.security == "plain" else trust(address.ca)
        if patience is not None:
            address = dataclasses.replace(address, patience=patience)
        self._lines = [Line(address, context) for _ in range(count)]
        self._free = list(range(count - 1, -1, -1))  # a stack, so that the connections last used are used again
        self._tickets: dict[int, int] = {}
        self._next_ticket = itertools.count(1)

    @property
    def count(self) -> int:
        """How many messages may be open at once."""
        return len(self._lines)

    def reach(self) -> transport.Deferred | None:
        """Make sure that one conversation is open; see the port."""
        if any(line.connected for line in self._lines):
            return None
        next_used = self._free[-1]
        return self._drive([next_used], [self._lines[next_used].reach()])[0]

    def open_all(self, envelopes: Sequence[transport.Envelope]) -> list[transport.Opened]:
        """Offer each message and write its body, all at the same time; see the port."""
        if len(envelopes) > len(self._free):
            raise ValueError(f"{len(envelopes)} messages for {len(self._free)} free connections")
        chosen = [self._free.pop() for _ in envelopes]
        verdicts = self._drive(
            chosen, [self._lines[line].open(envelope) for line, envelope in zip(chosen, envelopes, strict=True)]
        )
        opened: list[transport.Opened] = []
        for line, verdict in zip(chosen, verdicts, strict=True):
            if verdict is None:
                self._tickets[line] = next(self._next_ticket)
                opened.append(transport.Ready(line, self._tickets[line]))
            else:
                self._free.append(line)
                opened.append(verdict)
        return opened

    def close_all(
        self, ready: Sequence[transport.Ready], allowed: Callable[[], bool] = transport.always
    ) -> list[transport.Closed]:
        """Say the final dot of each and wait for the answers; see the port."""
        lines = self._redeem(ready)
        outcomes = self._drive(lines, [self._lines[line].close(allowed) for line in lines])
        self._free.extend(lines)
        return outcomes

    def drop_all(self, ready: Sequence[transport.Ready]) -> None:
        """Abandon before the dot; see the port."""
        for line in self._redeem(ready):
            self._lines[line].cut()
            self._free.append(line)

    def hang_up(self) -> None:
        """End every conversation; whatever is still ready is abandoned before its dot."""
        for line in self._tickets:
            self._lines[line].cut()
        self._free.extend(self._tickets)
        self._tickets.clear()
        everyone = range(self.count)
        self._drive(everyone, [self._lines[line].quit() for line in everyone])

    def __enter__(self) -> Lines:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.hang_up()

    def _redeem(self, ready: Sequence[transport.Ready]) -> list[int]:
        lines = [one.line for one in ready]
        if len(set(lines)) != len(lines) or any(self._tickets.get(one.line) != one.ticket for one in ready):
            raise ValueError("a message is not open, or is named twice")
        for line in lines:
            del self._tickets[line]
        return lines

    def _drive(self, lines: Sequence[int], talks: Sequence[Steps[_T]]) -> list[_T]:
        try:
            return drive(talks)
        except BaseException:
            # Interrupted half-way: nobody knows where each conversation stands, so none of them goes on.
            for line in lines:
                self._lines[line].cut()
            self._free.extend(line for line in lines if line not in self._free)
            raise


def drive(talks: Sequence[Steps[_T]]) -> list[_T]:
    """Run all the steps at once until each has ended; their results in the order given."""
    results: dict[int, _T] = {}
    waiting: dict[int, Wait] = {}
    place: dict[int, int] = {}  # file descriptor to index
    poll = select.poll()

    def resume(index: int, go: Callable[[], Wait]) -> None:
        try:
            wait = go()
        except StopIteration as done:
            results[index] = done.value
            return
        descriptor = wait.socket.fileno()
        waiting[index] = wait
        place[descriptor] = index
        poll.register(descriptor, select.POLLIN if wait.events == READ else select.POLLOUT)

    def wake(index: int) -> None:
        descriptor = waiting.pop(index).socket.fileno()
        poll.unregister(descriptor)
        del place[descriptor]

    for index, talk in enumerate(talks):
        resume(index, talk.__next__)
    while waiting:
        nearest = min(wait.deadline for wait in waiting.values())
        seconds = max(0.0, nearest - time.monotonic())
        for index in [place[descriptor] for descriptor, _ in poll.poll(seconds * 1000 + 1)]:
            wake(index)
            resume(index, talks[index].__next__)
        now = time.monotonic()
        if now >= nearest:
            for index in [index for index, wait in waiting.items() if wait.deadline <= now]:
                wake(index)
                resume(index, functools.partial(talks[index].throw, Late("too late")))
    return [results[index] for index in range(len(talks))]


def trust(ca: str | None) -> ssl.SSLContext:
    """Whom to believe: the certificates of a PEM file, or those of the machine. Raises `BadUrl`."""
    try:
        return ssl.create_default_context(cafile=ca)
    except (OSError, ValueError):
        raise smtp_url.BadUrl(f"option ca of the SMTP URL names no readable PEM certificate: {ca}") from None
