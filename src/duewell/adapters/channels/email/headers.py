"""Header fields as RFC 5322 bytes: ASCII, folded, and one value never more than one field.

Words outside ASCII become encoded words (RFC 2047). Whatever control characters a value holds are gone before
it is folded, so a line break in a name cannot begin a new field.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import quote

from duewell.core.contact.address import sendable
from duewell.core.contact.clean import clean

_LINE_MAX = 76
_ENCODED_MAX = 75  # RFC 2047 section 2
_START, _END = "=?utf-8?b?", "?="
# Base64 makes four characters of three bytes.
_BYTES_MAX = (_ENCODED_MAX - len(_START) - len(_END)) // 4 * 3
_PLAIN = re.compile(r"[ -~]*")
# RFC 5322 section 3.2.3: a phrase of these needs no quotes.
_PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+>")
# RFC 2183 and RFC 2231: a value in quotes, or percent-encoded where it has other letters, in pieces.
_NAME = re.compile(r"[A-Za-z0-9 ._()-]{1,60}")
_PIECE_MAX = 54
_NAME_MAX = 120
_DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


class BadHeader(ValueError):
    """An address, id or instant that cannot stand in a header. Nothing was built."""


def unstructured(name: str, value: str) -> str:
    """A field of free text, such as Subject, with its line end."""
    value = clean(value)
    if _is_plain(value) and (folded := _fold(f"{name}: {value}")) is not None:
        return folded + "\r\n"
    return f"{name}: {_encoded(value, len(name) + 2)}\r\n"


def mailbox(name: str, person: str, address: str) -> str:
    """A field of one mailbox, such as From, with its line end; `person` may be empty.

    Raises:
        BadHeader: the address cannot be sent to or from.
    """
    route = checked(address)
    person = clean(person)
    if not person:
        return f"{name}: {_after(len(name) + 2, route)}\r\n"
    if _is_plain(person):
        phrase = person if _PHRASE.fullmatch(person) else '"' + re.sub(r'(["\\])', r"\\\1", person) + '"'
        if (folded := _fold(f"{name}: {phrase} <{route}>")) is not None:
            return folded + "\r\n"
    words = _encoded(person, len(name) + 2)
    used = len(words) - words.rfind("\n") - 1 if "\n" in words else len(name) + 2 + len(words)
    return f"{name}: {words}{_after(used + 1, f'<{route}>', ' ')}\r\n"


def checked(address: str) -> str:
    """The address in ASCII. Raises `BadHeader`."""
    if (route := sendable(address)) is None:
        raise BadHeader(f"{address!r} is not an address that mail can be sent to")
    return route


def message_id(value: str) -> str:
    """The value itself, where it is one id in angle brackets. Raises `BadHeader`."""
    if _MESSAGE_ID.fullmatch(value) is None:
        raise BadHeader(f"{value!r} is not a message id such as <name@example.org>")
    return value


def instant(at: datetime) -> str:
    """An aware instant as RFC 5322 writes it, in UTC. Raises `BadHeader` for one without a zone."""
    if at.tzinfo is None:
        raise BadHeader("the date of a message needs a zone")
    at = at.astimezone(UTC)
    return f"{_DAYS[at.weekday()]}, {at.day:02d} {_MONTHS[at.month - 1]} {at.year:04d} {at:%H:%M:%S} +0000"


def filename(name: str) -> str:
    """The parameters that name an attached file, each on a line of its own, after a semicolon.

    Whatever could lead a program elsewhere (folders, quotes, line breaks) is gone from the name.
    """
    name = re.sub(r'[/\\:*?"<>|]', "-", clean(name, _NAME_MAX)).strip(" .") or "document.pdf"
    if _NAME.fullmatch(name):
        return f';\r\n filename="{name}"'
    pieces = list(_pieces(quote(name.encode("utf-8", "replace"), safe="")))
    if len(pieces) == 1:
        return f";\r\n filename*=utf-8''{pieces[0]}"
    first, *others = pieces
    lines = [f";\r\n filename*0*=utf-8''{first}"]
    lines += [f";\r\n filename*{number}*={piece}" for number, piece in enumerate(others, start=1)]
    return "".join(lines)


def _pieces(encoded: str) -> Iterator[str]:
    """Pieces of a percent-encoded text, none of which parts a percent sign from its digits."""
    while encoded:
        cut = min(_PIECE_MAX, len(encoded))
        while cut < len(encoded) and "%" in encoded[cut - 2 : cut]:
            cut -= 1
        yield encoded[:cut]
        encoded = encoded[cut:]


def _is_plain(value: str) -> bool:
    return _PLAIN.fullmatch(value) is not None and "=?" not in value


def _fold(line: str) -> str | None:
    """Lines of at most 76 characters, broken before spaces; None where one word is longer."""
    if len(line) <= _LINE_MAX:
        return line
    lines: list[str] = []
    while len(line) > _LINE_MAX:
        # A fold needs a word before it: a line of spaces alone is obsolete syntax.
        cut = line.rfind(" ", 1, _LINE_MAX + 1)
        if cut <= 0 or not line[:cut].strip() or (not lines and cut < line.index(":") + 2):
            return None
        lines.append(line[:cut])
        line = line[cut:]
    return "\r\n".join([*lines, line])


def _after(used: int, word: str, space: str = "") -> str:
    """A word that may stand on a line of its own where this one is too full."""
    return f"{space}{word}" if used + len(word) <= _LINE_MAX else f"\r\n {word}"


def _encoded(value: str, used: int) -> str:
    """Encoded words, one a line, none cut inside a character."""
    data = value.encode("utf-8", "replace")
    room = (_ENCODED_MAX - used - len(_START) - len(_END)) // 4 * 3
    words: list[str] = []
    start = 0
    while start < len(data) or not words:
        end = start + room
        # Bytes 10xxxxxx go on with a character that began before.
        while end < len(data) and data[end] & 0xC0 == 0x80:
            end -= 1
        words.append(_START + b64encode(data[start:end]).decode("ascii") + _END)
        start, room = end, _BYTES_MAX
    return "\r\n ".join(words)
