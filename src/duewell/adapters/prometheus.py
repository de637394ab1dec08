"""Metrics in the text format of Prometheus, and a small server for it on this machine alone.

Source: Prometheus text exposition format, version 0.0.4.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from time import monotonic
from typing import Final, cast

from duewell.flows.metrics import Metric

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_PATH: Final = "/metrics"
_FRESH_SECONDS: Final = 30.0
"""Whoever asks more often gets the same answer: counting is not free."""
_PATIENCE_SECONDS: Final = 5.0


class BadAddress(ValueError):
    """Not an address of this machine with a port; the message says how to write it."""


def text(metrics: Sequence[Metric]) -> str:
    """The metrics as Prometheus reads them."""
    lines = []
    for metric in metrics:
        lines += [f"# HELP {metric.name} {_plain(metric.help)}", f"# TYPE {metric.name} {metric.kind}"]
        for labels, value in metric.samples:
            within = ",".join(f'{name}="{_plain(word, quoted=True)}"' for name, word in labels)
            lines.append(f"{metric.name}{f'{{{within}}}' if within else ''} {value:.17g}")
    return "\n".join(lines) + "\n"


def address(given: str) -> tuple[str, int]:
    """Host and port. Raises `BadAddress` for one that others could reach."""
    host, _, port = given.rpartition(":")
    try:
        loopback = ipaddress.ip_address(host.strip("[]")).is_loopback
        number = int(port)
    except ValueError:
        raise BadAddress(f"{given!r} is no address with a port: write it as 127.0.0.1:9464") from None
    if not loopback or not 0 <= number <= 65_535:
        raise BadAddress(f"{given}: only this machine may ask, write it as 127.0.0.1:9464")
    return host.strip("[]"), number


@contextmanager
def served(where: tuple[str, int], collect: Callable[[], str]) -> Iterator[int]:
    """Answer `GET /metrics` for the length of a block; yields the port.

    One request after the other is answered, each within seconds, so that nobody who asks can hold anything up.

    Args:
        where: from `address`; port 0 chooses a free one.
        collect: the text; asked in the thread of the server. What it raises is answered with 503.

    Raises:
        OSError: the port is taken.
    """
    server = _Server(where, collect)
    thread = threading.Thread(target=server.serve_forever, args=(0.2,), name="metrics", daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(HTTPServer):
    request_queue_size = 8

    def __init__(self, where: tuple[str, int], collect: Callable[[], str]) -> None:
        if ":" in where[0]:
            self.address_family = socket.AF_INET6
        super().__init__(where, _Answers)
        self._collect = collect
        self._known: tuple[float, str] | None = None

    def current(self) -> str:
        """The text, at most some seconds old."""
        now = monotonic()
        if self._known is None or now - self._known[0] > _FRESH_SECONDS:
            self._known = now, self._collect()
        return self._known[1]

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever asked has gone, or says nothing sensible: that is nothing for a log."""


class _Answers(BaseHTTPRequestHandler):
    timeout = _PATIENCE_SECONDS
    protocol_version = "HTTP/1.0"
    server_version = "duewell"
    sys_version = ""

    def do_GET(self) -> None:
        """The metrics, and nothing else."""
        if self.path.partition("?")[0] != _PATH:
            self._say(404, "only /metrics is here\n")
            return
        try:
            told = cast(_Server, self.server).current()
        except Exception as problem:
            # The name of the error alone: its words may hold data.
            self._say(503, f"nothing can be counted now ({type(problem).__name__})\n")
        else:
            self._say(200, told)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is said about who asks."""

    def _say(self, code: int, words: str) -> None:
        body = words.encode()
        self.send_response(code)
        self.send_header("Content-Type", CONTENT_TYPE)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _plain(words: str, *, quoted: bool = False) -> str:
    plain = words.replace("\\", "\\\\").replace("\n", "\\n")
    return plain.replace('"', '\\"') if quoted else plain
