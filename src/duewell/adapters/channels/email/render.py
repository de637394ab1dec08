"""Render: content becomes a subject, a plain text and a page, all three from the same values.

The subject names the matter and its reference and never the sum, since subjects stand on locked screens.
The plain text is a full message of its own and says the same as the page.
"""

from __future__ import annotations

from binascii import a2b_qp
from typing import NamedTuple

from duewell.adapters.channels.email.page import page
from duewell.adapters.channels.email.plain import plain
from duewell.adapters.texts import Texts, formats, shipped
from duewell.adapters.texts.told import told
from duewell.core.contact.values import Content

_SUBJECT_MAX = 250


class Rendered(NamedTuple):
    """What the customer reads."""

    language: str
    subject: str
    text: str
    """Lines end with a line feed."""
    page: str
    """HTML in quoted-printable, as it stands in the message: most of it was encoded long before."""
    stop_word: str
    """What a customer answers who wants no more e-mails."""

    @property
    def html(self) -> str:
        """The page as a browser reads it; lines end with a line feed."""
        return a2b_qp(self.page).decode("utf-8").replace("\r\n", "\n")


def render(content: Content, texts: Texts | None = None) -> Rendered:
    """Fill the words of the content's stage, tone and language.

    Args:
        content: as composed; its customer data is clean already.
        texts: of the installation; ours by default.

    Raises:
        texts.Untranslated: the language has no such text, or not all of it.
        KeyError: there is no such text, such as for the stage `handover`.
    """
    words, stage = content.words, content.words.stage.key
    text = (texts or shipped()).text(words.language, words.tone, stage)
    said = told(content, text, formats.locale(words.language, content.country))
    subject = (
        said.subject if len(said.subject) <= _SUBJECT_MAX else said.subject[: _SUBJECT_MAX - 1].rstrip() + "…"
    )
    return Rendered(
        words.language, subject, plain(said), page(said, subject, words.language), said.labels["stop_word"]
    )
