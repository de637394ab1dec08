"""Sending with every durable mark into the sink in a process of its own. Prints one JSON line.

    python -m benchmarks.send --size small|full [--messages N] [--connections K] [--database URL]

`client_ms`, `server_ms` (PostgreSQL) and `sink_ms` are CPU milliseconds for each message; `per_minute` is what one
sender really did on this machine, and `per_minute_and_core` what its CPU time alone would allow. The floor, in the
same run: the same rows read and written in as many transactions, and the same bytes through one connection, with
nothing in between. `--database` names an empty PostgreSQL database whose server stands on this machine:

    python -m tests.postgres --collation bytes -- sh -c 'python -m benchmarks.send --database $DATABASE_URL'
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from benchmarks import book, measured
from tests.sink import spawn

SIZES = {"small": 2_000, "full": 20_000}
CONNECTIONS = 32


def main() -> int:
    options = _options()
    if options.database:
        os.environ["DATABASE_URL"] = options.database
    if options.worker:
        from benchmarks import send_worker

        print(json.dumps(send_worker.WORKERS[options.worker](options)))
        return 0
    messages = options.messages or SIZES[options.size]
    with measured.home() as folder, spawn(folder.parent / f"{folder.name}.log") as sink:
        os.environ["DUEWELL_SMTP_URL"] = sink.url
        print(f"building a book for {messages:,} messages ...", file=sys.stderr)
        book.build(messages * 5, due_share=0.9, closed=0)
        _let_go()

        def worker(name: str) -> dict[str, Any]:
            told = ["--worker", name, "--home", str(folder), "--connections", str(options.connections)]
            return measured.in_own_process("benchmarks.send", *told, "--sink", str(sink.pid))

        worker("release")
        sent = worker("send")
        floor = worker("floor")
        sink.path.unlink()
    cpu = sent["client_ms"] + sent["server_ms"]
    floor_cpu = floor["client_ms"] + floor["server_ms"]
    print(
        json.dumps(
            {
                "benchmark": "send",
                "database": measured.database(),
                **measured.machine(),
                "connections": options.connections,
                **sent,
                "per_minute_and_core": round(60_000 / cpu),
                "floor_client_ms": floor["client_ms"],
                "floor_server_ms": floor["server_ms"],
                "floor_seconds": floor["seconds"],
                "ratio_to_floor": round(cpu / floor_cpu, 2),
            }
        )
    )
    return 0


def _let_go() -> None:
    from django.db import connection

    connection.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=sorted(SIZES), default="small")
    parser.add_argument("--messages", type=int)
    parser.add_argument("--connections", type=int, default=CONNECTIONS)
    parser.add_argument("--database", metavar="URL")
    parser.add_argument("--worker", choices=["release", "send", "floor"], help=argparse.SUPPRESS)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--sink", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
