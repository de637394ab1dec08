"""Dictionaries for compressing stored messages: what nearly every message contains, one file a version.

A version is never changed or removed: what was stored with it can be read only with it. A new one is made with
`python -m duewell.adapters.channels.email.dictionaries` and helps after the design or the words have changed
much; with an old one messages are stored as truly, only larger.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from duewell.adapters.channels.email import design, quoted
from duewell.adapters.texts import LANGUAGES, STAGES, TONES, shipped

LATEST = 1
NONE = 0
"""Stored as it is."""
_HERE = Path(__file__).parent
_BYTES_MAX = 32000  # deflate looks back 32 KiB
_HEADERS = """From: \r\nTo: \r\nReply-To: \r\nSubject: =?utf-8?b?\r\nDate: Mon, 10 Mar 2026 08:00:00 +0000\r
Message-ID: <\r\nAuto-Submitted: auto-generated\r\nList-Unsubscribe:\r\n <mailto:?subject=stop%3A%20>\r
Content-Language: en\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary="=_"\r\n\r\n--=_\r
Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n--=_\r
Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"""


@cache
def dictionary(version: int) -> bytes:
    """The bytes of a version. Raises `LookupError` for one that never was."""
    try:
        return path(version).read_bytes()
    except FileNotFoundError:
        raise LookupError(f"there is no compression dictionary {version}") from None


def built() -> bytes:
    """A dictionary from today's words and design; what every message has stands last, where it is cheapest."""
    words: dict[str, None] = {}
    for language in sorted(LANGUAGES):
        for tone in TONES:
            for stage in STAGES:
                for sentence in shipped().text(language, tone, stage).sentences():
                    words.update(dict.fromkeys(part for part in _between(sentence.plain) if len(part) > 8))
    pieces = "".join("".join(_between(piece)) for piece in reversed(design.pieces().values()))
    text = quoted.whole("\n".join(words) + "\n") + _HEADERS + pieces
    return text.encode("ascii")[-_BYTES_MAX:]


def path(version: int) -> Path:
    """Where the bytes of a version stand."""
    return _HERE / f"{version}.bin"


def _between(format: str) -> list[str]:
    """The constant words of a `%` format."""
    return [part.replace("%%", "%") for part in re.split(r"%\([a-z_.]+\)s", format)]
