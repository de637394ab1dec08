"""A trial mail: a sample of a step, marked in subject, first line and page, so that nobody takes it for real."""

from __future__ import annotations

import html
import re
from datetime import datetime
from typing import Final

from duewell.adapters.channels.email import quoted
from duewell.adapters.channels.email.mime import assemble, parts
from duewell.adapters.channels.email.render import Rendered, render
from duewell.adapters.texts import Texts
from duewell.core.contact.values import Content

MARK: Final = "[TEST]"
FIRST_LINE: Final = (
    "TEST. This is a sample with a made-up customer and made-up invoices. It went to you alone; nobody owes this."
)
_BODY: Final = re.compile(r"<body[^>]*>", re.IGNORECASE)
_BANNER: Final = (
    '<div style="margin:0;padding:12px;background:#b91c1c;color:#ffffff;font:bold 16px sans-serif;'
    'text-align:center">{}</div>'
)


def trial(content: Content, texts: Texts, key: str, now: datetime) -> bytes:
    """The mail as RFC 5322 bytes.

    Args:
        content: a sample.
        texts: of the installation.
        key: makes its Message-ID.
        now: its date.
    """
    marked = _marked(render(content, texts))
    message_id = f"<{key}@{content.sender.email_from.rpartition('@')[2]}>"
    return assemble(parts(marked, content, message_id=message_id, sent_at=now))


def _marked(rendered: Rendered) -> Rendered:
    page, count = _BODY.subn(
        lambda body: body[0] + _BANNER.format(html.escape(FIRST_LINE)), rendered.html, count=1
    )
    if not count:
        raise ValueError("the page of the mail has no body to be marked")
    return rendered._replace(
        subject=f"{MARK} {rendered.subject}",
        text=f"{FIRST_LINE}\n\n{rendered.text}",
        page=quoted.whole(page),
    )
