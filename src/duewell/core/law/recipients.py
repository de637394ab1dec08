"""Recipients: who besides the debtor may hear of a debt.

A debt is nobody's business but the debtor's and of those who answer for it or speak for the debtor. Of a firm's
debt whoever stands on the account may hear. Whoever is not known to be a firm is treated as a consumer.
"""

from __future__ import annotations

from duewell.core.decide.values import Proposal
from duewell.core.law.book import Book
from duewell.core.law.values import BUSINESS, Refusal, Standing

KEY = "recipients"
ROLES = "recipients.consumer_roles"


def refusals(proposal: Proposal, standing: Standing, book: Book) -> tuple[Refusal, ...]:
    """A copy for somebody who has no part in a consumer's debt; never the message to the debtor."""
    day = proposal.as_of
    if not proposal.role or standing.debt == BUSINESS or not book.applies(KEY, (ROLES,), day):
        return ()
    if proposal.role in book.words(ROLES, day):
        return ()
    text = f"A consumer's debt is told to no {proposal.role.replace('_', ' ')}: it is not theirs to know."
    return (Refusal(KEY, text, book.source_on(ROLES, day), None),)
