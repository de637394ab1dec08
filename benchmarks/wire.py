"""Sends messages of 12 kB over SMTP to the sink in a process of its own; prints one JSON line.

For each number of connections: messages a second, and milliseconds of CPU per message of client and sink.
`floor_ms` is the client's CPU with nothing in between: the same bytes written to one socket, the replies read and
not looked at. `latency` repeats it with a server that takes 50 ms for each reply.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from duewell.adapters.channels.email.transport import Lines
from duewell.flows.transport import Accepted, Envelope, Ready
from tests.sink import SinkProcess, spawn

_SIZES = {"small": 2_000, "full": 20_000}
_LINE = b"Dear Ann Example, the invoice below is due; thank you for looking at it.\r\n"
_SENDER = "books@firm.example"


def envelope(number: int) -> Envelope:
    head = f"From: {_SENDER}\r\nMessage-ID: <{number}@firm.example>\r\nSubject: Invoice {number}\r\n\r\n"
    return Envelope(_SENDER, f"c{number}@customer.example", head.encode() + _LINE * 160)


def through_lines(sink: SinkProcess, messages: int, count: int) -> None:
    """As the sender does it: batches of `count`, each opened, then closed."""
    with Lines(sink.url, count) as lines:
        for start in range(0, messages, count):
            opened = lines.open_all([envelope(number) for number in range(start, start + count)])
            closed = lines.close_all([one for one in opened if isinstance(one, Ready)])
            if sum(isinstance(one, Accepted) for one in closed) != count:
                raise SystemExit("the sink did not accept everything")


def floor(sink: SinkProcess, messages: int) -> None:
    """The same bytes with nothing in between."""
    with socket.create_connection(("127.0.0.1", sink.port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.recv(4_096)
        connection.sendall(b"EHLO floor\r\n")
        connection.recv(4_096)
        for number in range(messages):
            message = envelope(number)
            connection.sendall(
                f"MAIL FROM:<{message.sender}>\r\nRCPT TO:<{message.recipient}>\r\nDATA\r\n".encode()
            )
            connection.recv(4_096)
            connection.sendall(message.data)
            connection.sendall(b".\r\n")
            connection.recv(4_096)


def measured(sink: SinkProcess, messages: int, work: Callable[..., None], *arguments: int) -> dict[str, float]:
    """Messages a second, and milliseconds of CPU per message here and in the sink."""
    sink_before, client_before, start = _cpu_seconds(sink.pid), time.process_time(), time.perf_counter()
    work(sink, messages, *arguments)
    wall = time.perf_counter() - start
    client, there = time.process_time() - client_before, _cpu_seconds(sink.pid) - sink_before
    return {
        "messages_per_second": round(messages / wall),
        "client_ms": round(client / messages * 1000, 4),
        "sink_ms": round(there / messages * 1000, 4),
    }


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.wire", description=__doc__)
    parser.add_argument("--size", choices=tuple(_SIZES), default="small")
    messages = _SIZES[parser.parse_args().size] // 32 * 32
    result: dict[str, object] = {"benchmark": "wire", "messages": messages, "bytes": len(envelope(0).data)}
    with tempfile.TemporaryDirectory() as folder:
        with spawn(Path(folder) / "log") as sink:
            through_lines(sink, 320, 32)  # warm up
            result["floor_ms"] = measured(sink, messages, floor)["client_ms"]
            for count in (16, 32):
                result[f"k{count}"] = measured(sink, messages, through_lines, count)
        with spawn(Path(folder) / "slow", delay=0.05) as sink:
            for count in (16, 32):
                result[f"latency_k{count}"] = measured(sink, count * 20, through_lines, count)
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
