"""`python -m tests.sink`: run the sink until SIGTERM or SIGINT; one JSON line on stdout says where it listens."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import ssl
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.sink.faults import Faults
from tests.sink.journal import Journal
from tests.sink.server import House, Offer


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    tls = None
    if options.tls != "none":
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(options.cert, options.key)
    offer = Offer(
        pipelining=not options.no_pipelining,
        eight_bit=not options.no_8bitmime,
        utf8=not options.no_smtputf8,
        user=options.user,
        password=options.password,
        tls=tls,
        starttls=options.tls == "starttls",
        implicit_tls=options.tls == "implicit",
        delay=options.delay,
        idle=options.idle,
    )
    store = None if options.store == "none" else Path(options.store)
    journal = Journal(options.log, store, keep=False)
    house = House(offer, Faults(_rules(options.faults), options.seed), journal, traced=False)
    asyncio.run(_serve(house, options.port, while_fed=options.while_stdin))
    journal.close()


async def _serve(house: House, port: int, *, while_fed: bool) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    if while_fed:
        asyncio.get_running_loop().add_reader(sys.stdin.fileno(), stop.set)
    server = await house.listen(port)
    port = server.sockets[0].getsockname()[1]
    print(json.dumps({"port": port, "url": f"smtp://127.0.0.1:{port}", "pid": os.getpid()}), flush=True)
    await stop.wait()
    server.close()


def _rules(given: str) -> list[dict[str, Any]]:
    text = given if given.lstrip().startswith("[") else Path(given).read_text("utf-8")
    rules: list[dict[str, Any]] = json.loads(text)
    return rules


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.sink", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 chooses one")
    parser.add_argument("--log", type=Path, required=True, help="append one JSON line for each accepted message")
    parser.add_argument("--faults", default="[]", help="a JSON list of rules, or a file with one; see faults.py")
    parser.add_argument("--seed", type=int, default=0, help="seed of the rules' draws")
    parser.add_argument("--while-stdin", action="store_true", help="end when stdin ends: with whoever started it")
    parser.add_argument("--store", default="none", help="a directory for the messages' bytes, or none")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each reply")
    parser.add_argument("--idle", type=float, help="close after so many seconds of silence")
    parser.add_argument("--user", help="demand this login")
    parser.add_argument("--password")
    parser.add_argument("--tls", choices=("none", "starttls", "implicit"), default="none")
    parser.add_argument("--cert", help="PEM file, for --tls")
    parser.add_argument("--key", help="PEM file, for --tls")
    parser.add_argument("--no-pipelining", action="store_true")
    parser.add_argument("--no-8bitmime", action="store_true")
    parser.add_argument("--no-smtputf8", action="store_true")
    return parser


if __name__ == "__main__":
    main()
