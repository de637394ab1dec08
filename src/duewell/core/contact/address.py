"""E-mail addresses as they may stand in a header: ASCII, one line, one address."""

from __future__ import annotations

import re

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
# RFC 5321 section 4.1.2 without quoted strings and address literals, which no customer list holds.
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")
_LOCAL_MAX, _WHOLE_MAX = 64, 254  # RFC 5321 section 4.5.3.1


def sendable(address: str) -> str | None:
    """The address in ASCII, an international domain in its `xn--` form; None where nothing can be sent to it.

    A local part outside ASCII needs SMTPUTF8 at every server on the way, so it counts as not sendable.
    """
    if not address.isascii():
        local, at, domain = address.rpartition("@")
        try:
            address = local + at + domain.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    if len(address) > _WHOLE_MAX or _ADDRESS.fullmatch(address) is None:
        return None
    return address if address.index("@") <= _LOCAL_MAX else None
