"""Ask a mail server what it can do: connect, encrypt, log in, say goodbye. Nothing is sent."""

from __future__ import annotations

from duewell.adapters.channels.email import smtp_url
from duewell.adapters.channels.email.line import Line
from duewell.adapters.channels.email.session import Features
from duewell.adapters.channels.email.transport import drive, trust


class Unusable(Exception):
    """The server cannot be used; the message says why, without secrets."""


def probe(address: smtp_url.SmtpAddress) -> Features:
    """What the server offers after the login.

    Raises:
        Unusable: no connection, no encryption, no login.
        smtp_url.BadUrl: the file of certificates cannot be used.
    """
    line = Line(address, None if address.security == "plain" else trust(address.ca))
    (problem,) = drive([line.reach()])
    features = line.features
    drive([line.quit()])
    if problem is not None:
        raise Unusable(problem.text)
    return features
