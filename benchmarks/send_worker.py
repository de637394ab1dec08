"""The workers of the benchmark of sending: claim and release, send, and the floor of what was sent."""

from __future__ import annotations

import argparse
import os
import resource
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks import book


def release(options: argparse.Namespace) -> dict[str, Any]:
    """Claim everything that is due and let it go."""
    from duewell import wiring
    from duewell.adapters.clock import FixedClock
    from duewell.flows.release import release as let_go
    from duewell.flows.run import run

    home = wiring.start(options.home)
    from duewell.store import creditors

    creditor, clock = creditors.all_views()[0], FixedClock(book.NOW)
    ran = run(
        wiring.world(home, creditor, book.AS_OF, clock), wiring.runs(creditor, clock, "bench"), confirmed=True
    )
    assert ran.run is not None
    let_go(wiring.releases(creditor, clock), ran.run, "bench", by_two=False)
    return {"claimed": ran.claimed}


def send(options: argparse.Namespace) -> dict[str, Any]:
    """Send all of it, as the command does."""
    from duewell import wiring
    from duewell.adapters.clock import FixedClock

    home = wiring.start(options.home)
    from duewell.store import creditors

    creditor = creditors.all_views()[0]
    # At 15:00 UTC business hours are open in all places of the book.
    clock = FixedClock(book.NOW.replace(hour=15))
    outcome: list[Any] = []

    def work() -> int:
        outcome.append(wiring.send(home, creditor, clock, options.connections, lambda done: None)[0])
        return int(outcome[0].accepted)

    told = _measured(options.sink, work)
    sent = outcome[0]
    assert not (sent.deferred or sent.refused or sent.unknown or sent.server_problem), sent
    return {**told, "withheld": sent.withheld}


def floor(options: argparse.Namespace) -> dict[str, Any]:
    """The rows that were written, read back and written again beside the tables; the bytes said once more."""
    from duewell import wiring

    wiring.start(options.home)
    from duewell.store import sql

    for table, columns in _TABLES.items():
        sql.execute(f"create table floor_{table} as select {columns} from {table} where 1 = 0")
        sql.execute(f"create unique index floor_{table}_key on floor_{table} ({columns.split(', ')[0]})")
    batches = list(_batches(options.connections))
    return _measured(options.sink, lambda: sum(_again(batch) for batch in _wired(batches)))


WORKERS: dict[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
    "release": release,
    "send": send,
    "floor": floor,
}
_TABLES = {
    "part": "digest, salt, dictionary, data",
    "mark": "id, creditor_id, attempt_id, message_id, kind, at, token, body",
    "fact": "id, stream, sequence, kind, effective_on, recorded_at, body, previous, hash",
}
_STEPS = (("started",), ("closing",), ("accepted",))


class _Batch:
    """What one batch of messages read and wrote."""

    def __init__(self, accounts: Sequence[int], marks: list[Any], facts: list[Any], parts: list[Any]) -> None:
        self.accounts = accounts
        self.marks = marks
        self.facts = facts
        self.parts = parts
        self.messages: list[tuple[str, bytes]] = []


def _batches(size: int) -> Iterator[_Batch]:
    """What was sent, in batches, with the bytes of each message put together from its parts."""
    from duewell.adapters.channels.email.compression import decompress
    from duewell.store import sql

    parts = {bytes(row[0]): row for row in sql.fetch(f"select {_TABLES['part']} from part")}
    facts: dict[tuple[str, str], Any] = {}
    for row in sql.fetch(f"select {_TABLES['fact']} from fact where kind like 'contact.%'"):
        facts[row[1], row[3].partition(".")[2]] = row
    marks: dict[int, dict[str, Any]] = {}
    for row in sql.fetch(f"select {_TABLES['mark']} from mark order by id"):
        marks.setdefault(row[2], {})[row[4]] = row
    attempts = sql.fetch(
        "select a.id, a.account_id, p.value from attempt a join contact_point p on p.id = a.point_id"
        " where a.state = 'accepted' order by a.id"
    )
    import json

    for start in range(0, len(attempts), size):
        some = attempts[start : start + size]
        told = [json.loads(marks[attempt]["started"][7]) for attempt, _, _ in some]
        mine = [[parts[bytes.fromhex(digest)] for digest in each["parts"]] for each in told]
        batch = _Batch(
            [account for _, account, _ in some],
            [marks[attempt] for attempt, _, _ in some],
            [{step: facts[f"account:{account}", step] for (step,) in _STEPS} for _, account, _ in some],
            [part for each in mine for part in each],
        )
        for (_, _, address), each in zip(some, mine, strict=True):
            batch.messages.append((address, b"".join(decompress(part[2], bytes(part[3])) for part in each)))
        yield batch


def _wired(batches: Sequence[_Batch]) -> Iterator[tuple[_Batch, socket.socket]]:
    address = urlsplit(os.environ["DUEWELL_SMTP_URL"])
    with socket.create_connection((str(address.hostname), address.port or 25)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.recv(4_096)
        connection.sendall(b"EHLO floor\r\n")
        connection.recv(4_096)
        for batch in batches:
            yield batch, connection


def _again(wired: tuple[_Batch, socket.socket]) -> int:
    """Read the rows of the accounts, and write and say in three steps what was written and said of them."""
    from duewell.store import sql

    batch, connection = wired
    for table, columns, key in _READ:
        within, params = sql.ids_in(key, batch.accounts)
        sql.fetch(f"select {columns} from {table} where {within}", params)
    for number, (step,) in enumerate(_STEPS):
        with sql.transaction.atomic():
            if number == 0:
                sql.insert("floor_part", _TABLES["part"].split(", "), batch.parts)
            sql.insert("floor_mark", _TABLES["mark"].split(", "), [marks[step] for marks in batch.marks])
            sql.insert("floor_fact", _TABLES["fact"].split(", "), [facts[step] for facts in batch.facts])
            for table, change, key in _CHANGED[number]:
                within, params = sql.ids_in(key, batch.accounts)
                sql.execute(f"update {table} set {change} where {within}", params)
        if number == 1:
            for recipient, data in batch.messages:
                _say(connection, recipient, data)
    return len(batch.messages)


_READ = (
    ("account", "id, version, person_id, party_id, segment, strategy, last_message_on", "id"),
    ("party", "id, kind, name, given_name, family_name, salutation, language, country, region, zone", "id"),
    ("person", "id, version, flags", "id"),
    ("contact_point", "party_id, id, channel, value", "party_id"),
    (
        "receivable",
        "account_id, id, number, issued_on, due_on, currency, open_minor, reached, reached_on",
        "open_minor <> 0 and creditor_id = 1 and account_id",
    ),
    ("message_state", "account_id, message_id", "state = 'accepted' and account_id"),
)
# The rows that each step changes, found by the same keys. The book has one account, party and person for each id.
_CHANGED = (
    (("person", "version = version + 1", "id"),),
    (),
    (
        ("account", "version = version + 1, last_message_on = last_message_on", "id"),
        (
            "receivable",
            "reached = reached + 1, reached_on = reached_on",
            "open_minor <> 0 and creditor_id = 1 and account_id",
        ),
    ),
)


def _say(connection: socket.socket, recipient: str, data: bytes) -> None:
    connection.sendall(f"MAIL FROM:<accounts@example.org>\r\nRCPT TO:<{recipient}>\r\nDATA\r\n".encode())
    connection.recv(4_096)
    connection.sendall(data)
    connection.sendall(b".\r\n")
    connection.recv(4_096)


def _measured(sink: int, work: Callable[[], int]) -> dict[str, Any]:
    """Messages a minute, CPU milliseconds for each message by process, and peak memory over all of them."""
    server = _server()
    start, client = time.perf_counter(), time.process_time()
    theirs, sinks = _cpu_seconds(server), _cpu_seconds(sink)
    messages = work()
    wall, cpu = time.perf_counter() - start, time.process_time() - client
    theirs, sinks = _cpu_seconds(server) - theirs, _cpu_seconds(sink) - sinks
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024 + _peak_mb(sink) + _peak_mb(server)
    return {
        "messages": messages,
        "seconds": round(wall, 2),
        "per_minute": round(messages / wall * 60),
        "client_ms": round(cpu / messages * 1000, 3),
        "server_ms": round(theirs / messages * 1000, 3),
        "sink_ms": round(sinks / messages * 1000, 3),
        "peak_mb": peak,
    }


def _server() -> int:
    """The process of PostgreSQL that serves this connection; 0 on SQLite."""
    from duewell.store import sql

    return int(sql.fetch("select pg_backend_pid()")[0][0]) if sql.postgres() else 0


def _cpu_seconds(pid: int) -> float:
    if not pid:
        return 0.0
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak_mb(pid: int) -> int:
    if not pid:
        return 0
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) // 1024
