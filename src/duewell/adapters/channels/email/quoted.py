"""Quoted-printable (RFC 2045 section 6.7) in chunks that may be laid end to end.

A page is mostly design, which never changes, so it is encoded once and only what stands in it is encoded per
message. Every chunk ends with a soft line break, which vanishes on reading: wherever two chunks meet, no line
grows beyond 76 characters and the text that comes out is the text that went in.
"""

from __future__ import annotations

from binascii import b2a_qp

_LINE_MAX = 76
_SOFT = "=\r\n"


def chunk(text: str) -> str:
    """The text encoded, with a soft line break at its end. Line feeds become CRLF."""
    if text.isascii() and len(text) < _LINE_MAX and "=" not in text and "\n" not in text:
        return text + _SOFT
    return _ended(whole(text))


def whole(text: str) -> str:
    """The text encoded, as it stands alone. Line feeds become CRLF; what UTF-8 cannot hold becomes `?`."""
    encoded = b2a_qp(text.replace("\n", "\r\n").encode("utf-8", "replace"), istext=True).decode("ascii")
    # The encoder breaks lines as the text does; a text of one line gives it no example.
    return encoded if "\n" in text else encoded.replace("\n", "\r\n")


def _ended(encoded: str) -> str:
    """With a soft break after the latest line, which must leave room for it."""
    if encoded.endswith("\n"):
        return encoded
    if len(encoded) - encoded.rfind("\n") - 1 == _LINE_MAX:
        # Only a plain character fills the last column: the encoder puts an escape on the next line.
        encoded = encoded[:-1] + _SOFT + encoded[-1]
    return encoded + _SOFT
