"""Questions to the name system, each with a limit of time."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Sequence
from typing import Any, Final

import dns.exception
import dns.name
import dns.resolver

SECONDS: Final = 3.0
_SERVER: Final = re.compile(r"(?:(?P<host>[0-9.]+)|\[(?P<six>[0-9a-fA-F:]+)\])(?::(?P<port>[0-9]{1,5}))?")


class Silent(Exception):
    """No name server answered, or none is configured: nothing is known."""


class NameServer:
    """Asks the machine's name servers, or the one that DUEWELL_DNS names (`address` or `address:port`).

    Raises:
        Silent: the machine has none, or the setting cannot be read.
    """

    def __init__(self, server: str | None = None, seconds: float = SECONDS) -> None:
        given = os.environ.get("DUEWELL_DNS", "") if server is None else server
        try:
            self._resolver = dns.resolver.Resolver(configure=not given)
            if given:
                named = _SERVER.fullmatch(given)
                if named is None or int(named["port"] or 53) > 65_535:
                    raise ValueError(given)
                ipaddress.ip_address(named["host"] or named["six"])
                self._resolver.nameservers = [named["host"] or named["six"]]
                self._resolver.port = int(named["port"] or 53)
        except (dns.exception.DNSException, ValueError, OSError) as problem:
            raise Silent(f"no name server can be asked ({type(problem).__name__})") from problem
        self._resolver.timeout = seconds
        self._resolver.lifetime = seconds

    def texts(self, name: str) -> list[str]:
        """The TXT records of a name, each as one text; none where there is none. Raises `Silent`."""
        return [b"".join(record.strings).decode("utf-8", "replace") for record in self._ask(name, "TXT")]

    def has_mail_server(self, domain: str) -> bool:
        """Whether mail to the domain has somewhere to go (RFC 5321, 5.1; RFC 7505). Raises `Silent`."""
        hosts = [str(record.exchange) for record in self._ask(domain, "MX")]
        if hosts:
            return hosts != ["."]
        return bool(self._ask(domain, "A") or self._ask(domain, "AAAA"))

    def _ask(self, name: str, kind: str) -> Sequence[Any]:
        try:
            return list(self._resolver.resolve(name, kind, search=False, raise_on_no_answer=False))
        except dns.resolver.NXDOMAIN:
            return ()
        except (dns.name.LabelTooLong, dns.name.EmptyLabel, dns.name.NameTooLong):
            return ()
        except (dns.exception.DNSException, OSError) as problem:
            raise Silent(f"no name server answered for {name} ({type(problem).__name__})") from problem
