"""The checks of `doctor` on this machine: Python, keys, disk, heads, words, fonts, mail server."""

from __future__ import annotations

import dataclasses
import os
import shutil
import stat
import sys
from datetime import UTC, datetime, timedelta
from functools import cached_property
from importlib import resources

from duewell.adapters.channels.email.session import Features
from duewell.adapters.channels.email.smtp_url import BadUrl, Patience, SmtpAddress, parse
from duewell.adapters.heads import HeadFile
from duewell.adapters.home import Home
from duewell.core.evidence import BadHead
from duewell.flows.doctor import Answer, Check

FREE_BYTES_MIN = 500_000_000
MESSAGE_BYTES = 2_000_000
"""A mail with a letter of some pages attached is smaller."""
FAMILIES = ("LiberationSans", "NotoSans", "NotoSansArabic")
HEAD_WITHIN = timedelta(minutes=10)
"""What is committed has its signed head within a minute where `work` or a command runs."""
_PATIENCE = Patience(connect=5.0, reply=10.0, dot=10.0)
_SET_MAIL = "set DUEWELL_SMTP_URL, such as smtp+starttls://user:password@mail.example.org:587"


class MailServer:
    """The mail server that is set, asked once for all checks; nothing is sent."""

    @cached_property
    def address(self) -> SmtpAddress | str:
        """Where it is, or what is wrong with the setting."""
        url = os.environ.get("DUEWELL_SMTP_URL", "")
        try:
            # Whoever asks how things are waits for seconds, not for minutes.
            return dataclasses.replace(parse(url), patience=_PATIENCE) if url else "no mail server is set"
        except BadUrl as problem:
            return f"DUEWELL_SMTP_URL: {problem}"

    @cached_property
    def features(self) -> Features | str:
        """What it can do after the login, or why it cannot be used."""
        from duewell.adapters.channels.email.probe import Unusable, probe

        if isinstance(self.address, str):
            return self.address
        try:
            return probe(self.address)
        except (Unusable, BadUrl) as problem:
            return str(problem)

    @property
    def greeting(self) -> str:
        """What it said first; empty where it was not reached."""
        return "" if isinstance(self.features, str) else self.features.greeting


def machine_checks(home: Home, mail: MailServer, tree_size: int, now: datetime) -> list[Check]:
    """Every check of the machine and the folder of the home, ready to run.

    Args:
        home: that is asked about.
        mail: the server that is set.
        tree_size: how many facts have been sealed.
        now: the present instant.
    """
    return [
        Check("python", _python),
        Check("keys", lambda: _keys(home)),
        Check("disk", lambda: _disk(home)),
        Check("heads", lambda: _heads(home, tree_size, now)),
        Check("texts", lambda: _texts(home)),
        Check("fonts", _fonts),
        Check("mail", lambda: _mail(mail)),
    ]


def _python() -> Answer:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Answer(sys.version_info >= (3, 11), f"Python {version}", "install Python 3.11 or newer")


def _keys(home: Home) -> Answer:
    home.signing_key()
    home.salt_key()
    folder = home.directory / "keys"
    loose = [path.name for path in folder.iterdir() if stat.S_IMODE(path.stat().st_mode) & 0o077]
    if loose:
        return Answer(False, f"others can read {', '.join(sorted(loose))}", f"chmod 600 {folder}/*")
    if stat.S_IMODE(folder.stat().st_mode) & 0o022:
        return Answer(False, f"others can write to {folder}", f"chmod 700 {folder}")
    return Answer(True, "signing key and salt key readable by their owner alone", "")


def _disk(home: Home) -> Answer:
    free = shutil.disk_usage(home.directory).free
    return Answer(
        free >= FREE_BYTES_MIN, f"{free // 1_000_000:,} MB free", "make room: a full disk stops every send"
    )


def _heads(home: Home, tree_size: int, now: datetime) -> Answer:
    file = home.heads_file
    if not file.parent.is_dir():
        return Answer(False, f"{file.parent} is no folder", f"make the folder {file.parent}")
    try:
        latest = HeadFile(file).latest()
    except (BadHead, OSError) as problem:
        return Answer(
            False, f"{file} cannot be read: {problem}", "restore it from your copy, see `duewell verify`"
        )
    if latest is None and tree_size:
        return Answer(
            False,
            f"{file} holds no head, and {tree_size} facts are sealed",
            "restore it from your copy, or run `duewell seal`",
        )
    if latest is not None and latest.head.size > tree_size:
        text = f"the newest head is over {latest.head.size} facts and the tables have {tree_size}"
        return Answer(False, text, "the tables are older than the heads: see `duewell verify`")
    if latest is not None and latest.head.size < tree_size and now - latest.head.sealed_at > HEAD_WITHIN:
        since = f"{latest.head.sealed_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        text = f"the newest head is over {latest.head.size} of {tree_size} facts, from {since}"
        return Answer(False, text, "run `duewell seal`; `duewell work` does each minute")
    inside = file.is_relative_to(home.directory)
    when = f", the newest from {latest.head.sealed_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if latest else ""
    copy = " (copy them to another machine)" if inside else ""
    text = f"heads are lodged in {file}{when}{copy}"
    return Answer(True, text, "")


def _fonts() -> Answer:
    folder = resources.files("duewell.adapters.channels.letter") / "fonts"
    wanted = [f"{family}-{weight}.ttf" for family in FAMILIES for weight in ("Regular", "Bold")]
    lost = [
        name for name in wanted if not (folder / name).is_file() or (folder / name).read_bytes()[:4] != b"\0\1\0\0"
    ]
    text = (
        f"fonts of letters are there ({', '.join(FAMILIES)})"
        if not lost
        else f"fonts are missing: {', '.join(lost)}"
    )
    return Answer(not lost, text, "install Duewell again")


def _texts(home: Home) -> Answer:
    from duewell.adapters.texts import TextError, Texts

    own = home.directory / "texts"
    try:
        texts = Texts(own)
    except TextError as problem:
        return Answer(False, str(problem), "correct the file, or remove it to send the shipped words")
    where = own if own.is_dir() else "as shipped"
    if not texts.lacking:
        languages = ", ".join(sorted(texts.languages))
        return Answer(True, f"the words of customers are whole in {languages} ({where})", "")
    lacking = sorted({(language, "/".join(rest)) for language, *rest in texts.lacking})
    text = "; ".join(
        f"{language} lacks {', '.join(name for of, name in lacking if of == language)}"
        for language in sorted({language for language, _ in lacking})
    )
    return Answer(False, f"{text} ({where})", "duewell texts check names each sentence; messages without one rest")


def _mail(mail: MailServer) -> Answer:
    address, features = mail.address, mail.features
    if isinstance(address, str):
        return Answer(False, address, _SET_MAIL)
    where = f"{address.host}:{address.port}"
    if isinstance(features, str):
        return Answer(False, f"{where}: {features}", f"mend what it says, or {_SET_MAIL}")
    if address.security == "plain" and not address.is_loopback:
        return Answer(False, f"{where} is spoken to without encryption", "use smtps:// or smtp+starttls://")
    if features.size_max and features.size_max < MESSAGE_BYTES:
        text = f"{where} takes messages of at most {features.size_max:,} bytes"
        return Answer(False, text, f"let it take {MESSAGE_BYTES:,}, for letters that are attached")
    told = [
        "answers",
        {"plain": "not encrypted, on this machine", "tls": "TLS", "starttls": "STARTTLS"}[address.security],
    ]
    told.append("logged in" if address.user is not None else "no login")
    told.append(f"takes {features.size_max:,} bytes" if features.size_max else "names no largest size")
    told.append("8BITMIME" if features.eightbit else "no 8BITMIME (not needed)")
    return Answer(True, f"{where}: {', '.join(told)}", "")
