"""A name server on this machine, for tests: it knows the names it was given, and no others."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rrset


@contextmanager
def name_server(names: Mapping[tuple[str, str], list[str]], *, silent: bool = False) -> Iterator[str]:
    """Serve over UDP for the length of a block; yields `address:port`.

    Args:
        names: the records of a name and kind, such as `("acme.example", "TXT")`, as a zone file writes them.
        silent: take questions and never answer.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(0.1)
        over = threading.Event()
        thread = threading.Thread(target=_serve, args=(server, names, silent, over), daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{server.getsockname()[1]}"
        finally:
            over.set()
            thread.join()


def _serve(
    server: socket.socket, names: Mapping[tuple[str, str], list[str]], silent: bool, over: threading.Event
) -> None:
    while not over.is_set():
        try:
            data, asker = server.recvfrom(4096)
        except TimeoutError:
            continue
        if not silent:
            server.sendto(_answer(dns.message.from_wire(data), names).to_wire(), asker)


def _answer(question: dns.message.Message, names: Mapping[tuple[str, str], list[str]]) -> dns.message.Message:
    answer = dns.message.make_response(question)
    answer.flags |= dns.flags.RA
    (asked,) = question.question
    name, kind = asked.name.to_text().rstrip(".").lower(), dns.rdatatype.to_text(asked.rdtype)
    if records := names.get((name, kind)):
        answer.answer.append(dns.rrset.from_text(asked.name, 60, "IN", kind, *records))
    elif not any(known == name or known.endswith(f".{name}") for known, _ in names):
        answer.set_rcode(dns.rcode.NXDOMAIN)
    return answer
