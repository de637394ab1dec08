"""sink: a mail server for test homes that keeps every message in a folder and delivers none."""

from __future__ import annotations

import argparse
import signal
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from duewell.cli.output import Out, WorldFailed, WrongUse

if TYPE_CHECKING:
    from duewell.adapters.channels.email.sink import Received


def add(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Declare sink."""
    from duewell.cli import command

    sink = command(commands, "sink", "keep mails in a folder and deliver none; for test homes", _sink)
    sink.add_argument("folder", type=Path, metavar="FOLDER", help="where the mails go, as .eml files")
    sink.add_argument("--port", type=int, default=2525, help="on 127.0.0.1 (2525); 0 chooses a free one")


def _sink(args: argparse.Namespace, out: Out) -> int:
    from duewell.adapters.channels.email.sink import Sink

    if not 0 <= args.port <= 65_535:
        raise WrongUse("--port: between 0 and 65535")
    kept = 0

    def tell(received: Received) -> None:
        nonlocal kept
        kept += 1
        out.talk(f"{received.file}  for {', '.join(received.recipients)}")

    try:
        server = Sink(args.folder, args.port, tell)
    except OSError as problem:
        raise WorldFailed(
            f"the sink cannot start in {args.folder} on port {args.port}: {problem.strerror}"
        ) from problem
    with server:
        out.talk(f"DUEWELL_SMTP_URL={server.url}    (end with Ctrl-C)")
        # Both signals are how it ends: the first from the keyboard, the second from `kill`.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with suppress(KeyboardInterrupt):
            server.serve_forever(0.1)
    out.result({"folder": str(args.folder), "kept": kept}, f"{kept} message(s) kept in {args.folder}")
    return 0
