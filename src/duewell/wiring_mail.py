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
    from duewell.flows.outbox import Rendered, Wanted


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
        # The id goes with every try of the same message, so that a server may see that it knows it already.
        message_id = f"<{wanted.delivery.message}@{sender.rpartition('@')[2]}>"
        attached = enclosed(wanted, content) if wanted.proposal.attach else ()
        made = parts(render(content, words), content, message_id=message_id, sent_at=now, attached=attached)
        return Rendered(Envelope(sender, content.addressee.address, assemble(made)), made.pieces)

    return mail
