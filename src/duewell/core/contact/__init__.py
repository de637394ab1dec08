"""Contact: what a message says, composed from a permit."""

from duewell.core.contact.address import sendable
from duewell.core.contact.clean import clean
from duewell.core.contact.compose import BadProposal, NotPermitted, compose
from duewell.core.contact.language import choose as choose_language
from duewell.core.contact.placeholders import missing, missing_of_creditor
from duewell.core.contact.reference import reference
from duewell.core.contact.values import Content, Row, Table, Words
from duewell.core.contact.view import Addressee, Document, Sender, View

__all__ = [
    "Addressee",
    "BadProposal",
    "Content",
    "Document",
    "NotPermitted",
    "Row",
    "Sender",
    "Table",
    "View",
    "Words",
    "choose_language",
    "clean",
    "compose",
    "missing",
    "missing_of_creditor",
    "reference",
    "sendable",
]
