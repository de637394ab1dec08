"""The sink as a server: what it offers, what its connections share, and how to run it in a thread."""

from __future__ import annotations

import asyncio
import dataclasses
import itertools
import ssl
import threading
from collections.abc import Callable, Coroutine, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.sink.faults import Faults, Rule
from tests.sink.journal import Accepted, Journal
from tests.sink.protocol import Connection


@dataclasses.dataclass(frozen=True)
class Offer:
    """What the server offers and how it behaves.

    Args:
        esmtp: knows EHLO at all.
        size: largest message in bytes; None to say nothing about it.
        user, password: a login that is then demanded; None for none.
        logins: the ways to log in.
        tls: certificate and key, for `starttls` or for TLS from the first byte (`implicit_tls`).
        delay: seconds before each reply, as if the network were that long.
        together: hold replies back until so many connections have one: a client that does not hold as many
            conversations at once gets none.
        idle: seconds of silence after which the server says goodbye and closes; None for never.
        goodbye: what it then says.
    """

    pipelining: bool = True
    eight_bit: bool = True
    utf8: bool = True
    esmtp: bool = True
    size: int | None = 52_428_800
    user: str | None = None
    password: str | None = None
    logins: tuple[str, ...] = ("PLAIN", "LOGIN")
    tls: ssl.SSLContext | None = None
    starttls: bool = False
    implicit_tls: bool = False
    delay: float = 0.0
    together: int = 1
    idle: float | None = None
    goodbye: str = "421 4.4.2 idle for too long"

    def extensions(self, encrypted: bool) -> list[str]:
        """The lines of the reply to EHLO."""
        said = {
            "PIPELINING": self.pipelining,
            "8BITMIME": self.eight_bit,
            "SMTPUTF8": self.utf8,
            f"SIZE {self.size}": self.size is not None,
            "STARTTLS": self.starttls and not encrypted,
            "AUTH " + " ".join(self.logins): self.user is not None,
            "ENHANCEDSTATUSCODES": True,
        }
        return ["sink", *(line for line, offered in said.items() if offered)]


class House:
    """What all connections share: the offer, the faults, the journal and the trace.

    The trace holds `(connection, what)` for every command, every fault as `verb=action`, and `CONNECT`, `LOST`,
    `IDLE`, `PIPELINED`, `DOT`.
    """

    def __init__(self, offer: Offer, faults: Faults, journal: Journal, traced: bool) -> None:
        self.offer = offer
        self.faults = faults
        self.journal = journal
        self.open: dict[int, asyncio.Transport] = {}
        self.trace: list[tuple[int, str]] = []
        self.reading = True
        self._traced = traced
        self._held: list[Callable[[], None]] = []
        self._numbers = itertools.count(1)
        self._tasks: set[asyncio.Task[None]] = set()

    async def listen(self, port: int) -> asyncio.Server:
        """Open the house on 127.0.0.1; port 0 chooses one."""
        context = self.offer.tls if self.offer.implicit_tls else None
        return await asyncio.get_running_loop().create_server(
            lambda: Connection(self, next(self._numbers)), "127.0.0.1", port, ssl=context, backlog=1024
        )

    def note(self, connection: int, what: str) -> None:
        if self._traced:
            self.trace.append((connection, what))

    def release(self, emit: Callable[[], None]) -> None:
        """Let a reply out, once as many connections as `Offer.together` says have one."""
        self._held.append(emit)
        if len(self._held) >= self.offer.together:
            held, self._held = self._held, []
            for one in held:
                one()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class Sink:
    """A sink in a thread of this process, for the length of a `with` block.

    Args:
        faults: rules, as `Rule` or as mappings with its fields.
        seed: of the rules' draws.
        log: also write the log to this file.
        store: also write each message's bytes to this directory.
        port: 0 chooses one.
        offer: what the server offers, in one piece or as fields of `Offer`.
    """

    def __init__(
        self,
        faults: Iterable[Rule | Mapping[str, Any]] = (),
        *,
        seed: int = 0,
        log: Path | None = None,
        store: Path | None = None,
        port: int = 0,
        offer: Offer | None = None,
        **offered: Any,
    ) -> None:
        self.port = port
        self._journal = Journal(log, store)
        self._house = House(
            dataclasses.replace(offer or Offer(), **offered), Faults(faults, seed), self._journal, traced=True
        )
        self._loop: asyncio.AbstractEventLoop
        self._stop: asyncio.Event
        self._listening = threading.Event()
        self._failed: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="sink", daemon=True)

    @property
    def url(self) -> str:
        """Where it listens, without TLS and login."""
        return f"smtp://127.0.0.1:{self.port}"

    def log(self) -> list[Accepted]:
        """The accepted messages so far, in the order of acceptance."""
        return [entry for entry, _ in list(self._journal.accepted)]

    def messages(self) -> list[bytes]:
        """Their bytes, as they were before dot-stuffing."""
        return [data for _, data in list(self._journal.accepted)]

    def trace(self, connection: int | None = None) -> list[str]:
        """What happened so far, on one connection or on all; see `House`."""
        return [what for number, what in list(self._house.trace) if connection in (None, number)]

    @property
    def connections(self) -> int:
        """How many connections were made so far."""
        return self.trace().count("CONNECT")

    def wait_for(self, what: str, times: int = 1) -> None:
        """Wait until the trace holds `what` that often.

        Raises:
            TimeoutError: it does not after ten seconds.
        """
        pause = threading.Event()
        for _ in range(2_000):
            if self.trace().count(what) >= times:
                return
            pause.wait(0.005)
        raise TimeoutError(f"{what!r} did not happen {times} times: {self.trace()}")

    def hang_up(self) -> None:
        """Close every connection, as a server does that restarts."""

        async def close() -> None:
            for transport in list(self._house.open.values()):
                transport.close()

        asyncio.run_coroutine_threadsafe(close(), self._loop).result(10)

    def treat(self, faults: Iterable[Rule | Mapping[str, Any]], seed: int = 0) -> None:
        """From now on follow these rules in place of the ones before."""
        self._house.faults = Faults(faults, seed)

    def stop_reading(self) -> None:
        """From now on take nothing more from any connection, once its body has begun."""
        self._house.reading = False

    def __enter__(self) -> Sink:
        self._thread.start()
        self._listening.wait()
        if self._failed is not None:
            raise self._failed
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        self._journal.close()
        if self._failed is not None:
            raise self._failed

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as failed:  # told to the thread that owns the block
            self._failed = failed
        self._listening.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        server = await self._house.listen(self.port)
        self.port = server.sockets[0].getsockname()[1]
        self._listening.set()
        await self._stop.wait()
        server.close()
        for transport in list(self._house.open.values()):
            transport.abort()
        await asyncio.sleep(0)
