"""Wiring of e-mails: how the bytes of one are made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from duewell import wiring_letters
from duewell.adapters.home import Home
from duewell.flows.ports import CreditorView

if TYPE_CHECKING:
    from duewell.core.contact.values import Content
    from duewell.flows.outbox import Delivery, Rendered, Wanted


def render_mail(home: Home, creditor: CreditorView) -> Callable[[Content, Wanted, datetime], Rendered]:
    """Makes the bytes of one creditor's messages, with what goes along with them."""
    from duewell.adapters import texts
    from duewell.adapters.channels.email.mime import assemble, parts
    from duewell.adapters.channels.email.render import render
    from duewell.flows.outbox import Rendered
    from duewell.flows.transport import Envelope

    words = texts.of_home(home.directory)
    enclosed = wiring_letters.Enclosures(home, creditor)

    def mail(content: Content, wanted: Wanted, now: datetime) -> Rendered:
        sender = content.sender.email_from
        message_id = f"<{_name(wanted.delivery)}@{sender.rpartition('@')[2]}>"
        attached = enclosed(wanted, content) if wanted.proposal.attach else ()
        made = parts(render(content, words), content, message_id=message_id, sent_at=now, attached=attached)
        return Rendered(Envelope(sender, content.addressee.address, assemble(made)), made.pieces)

    return mail


def _name(delivery: Delivery) -> str:
    """The left side of the Message-ID: the same for every try, so that a server may see that it knows it already.

    A copy says other words to somebody else, so it has one of its own: servers and archives drop what comes
    under an id that they have, and who reads both mailboxes would get one mail of the two. The id of the message
    stays whole before the `@`, where `restored --left` looks for it.
    """
    return f"{delivery.party}.{delivery.message}" if delivery.role else delivery.message
