"""The checks of `doctor` on this machine: Python, keys, disk, heads, words, mail server."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import sys

from duewell.adapters.home import Home
from duewell.flows.doctor import Answer, Check

FREE_BYTES_MIN = 500_000_000


def all_checks(home: Home) -> list[Check]:
    """Every check, ready to run."""
    return [
        Check("python", _python),
        Check("keys", lambda: _keys(home)),
        Check("disk", lambda: _disk(home)),
        Check("heads", lambda: _heads(home)),
        Check("texts", lambda: _texts(home)),
        Check("mail", _mail),
    ]


def _python() -> Answer:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Answer(sys.version_info >= (3, 11), f"Python {version}", "install Python 3.11 or newer")


def _keys(home: Home) -> Answer:
    home.signing_key()
    home.salt_key()
    loose = [
        path.name for path in (home.directory / "keys").iterdir() if stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    text = "signing key and salt key readable by their owner alone" if not loose else f"others can read {loose}"
    return Answer(not loose, text, f"chmod 600 {home.directory / 'keys'}/*")


def _disk(home: Home) -> Answer:
    free = shutil.disk_usage(home.directory).free
    return Answer(
        free >= FREE_BYTES_MIN, f"{free // 1_000_000:,} MB free", "make room: a full disk stops every send"
    )


def _heads(home: Home) -> Answer:
    inside = home.heads_file.is_relative_to(home.directory)
    text = f"heads are lodged in {home.heads_file}" + (" (copy them to another machine)" if inside else "")
    return Answer(home.heads_file.parent.is_dir(), text, f"make the folder {home.heads_file.parent}")


def _texts(home: Home) -> Answer:
    from duewell.adapters.texts import TextError, Texts

    own = home.directory / "texts"
    try:
        Texts(own)
    except TextError as problem:
        return Answer(False, str(problem), "correct the file, or remove it to send the shipped words")
    return Answer(True, f"words of e-mails are whole ({own if own.is_dir() else 'as shipped'})", "")


def _mail() -> Answer:
    url = os.environ.get("DUEWELL_SMTP_URL", "")
    remedy = "set DUEWELL_SMTP_URL, such as smtp+starttls://user:password@mail.example.org:587"
    if not url:
        return Answer(False, "no mail server is set", remedy)
    from duewell.adapters.channels.email.smtp_url import BadUrl, parse

    try:
        address = parse(url)
    except BadUrl as problem:
        return Answer(False, f"DUEWELL_SMTP_URL: {problem}", remedy)
    try:
        with socket.create_connection((address.host, address.port), timeout=5):
            return Answer(True, f"{address.host}:{address.port} answers", "")
    except OSError as problem:
        return Answer(False, f"{address.host}:{address.port} does not answer: {problem.strerror}", remedy)
