"""What messages show besides their proposals: sender, addressee, numbers of accounts and invoices."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from duewell.core.contact.view import Addressee, Document, View
from duewell.core.units.ids import ReceivableId
from duewell.flows.outbox import Wanted
from duewell.store import creditors, sql


def views(creditor: int, wanted: Sequence[Wanted], languages: Collection[str]) -> dict[str, View]:
    """By message. What is read here may be newer than the case; a change in between fails at the start."""
    if not wanted:
        return {}
    within, params = sql.ids_in("a.id", [one.delivery.account for one in wanted])
    parties = {
        row[0]: row[1:]
        for row in sql.fetch(
            "select a.id, a.number, p.kind, p.name, p.given_name, p.family_name, p.salutation, p.country"
            f" from account a join party p on p.id = a.party_id where {within}",
            params,
        )
    }
    within, params = sql.ids_in("id", [one.proposal.recipient.point for one in wanted])
    addresses = dict(sql.fetch(f"select id, value from contact_point where {within}", params))
    undated = _undated([line.receivable for one in wanted for line in one.proposal.lines])
    sender = creditors.sender(creditor)
    known_languages = frozenset(languages)
    found = {}
    for one in wanted:
        number, *rest = parties[one.delivery.account]
        addressee = Addressee(addresses[one.proposal.recipient.point], *rest)
        documents = {
            ReceivableId(item.id): Document(item.number, None if item.id in undated else item.issued_on)
            for item in one.known.case.items
        }
        found[one.delivery.message] = View(sender, addressee, number, documents, known_languages)
    return found


def _undated(receivables: Sequence[int]) -> set[int]:
    """Invoices of which no day of issue may be claimed.

    Where a list gives none, the import takes the due date or the day of the list, whichever is earlier. An invoice
    that really was issued on such a day loses nothing but the mention.
    """
    within, params = sql.ids_in("r.id", receivables)
    found = set()
    for receivable, issued, due, hour in sql.fetch(
        "select r.id, r.issued_on, r.due_on, b.books_as_of from receivable r"
        f" left join import_batch b on b.id = r.batch where {within}",
        params,
    ):
        issued_on = sql.day(issued)
        of_list = hour is not None and abs((issued_on - sql.instant(hour).date()).days) <= 1
        if of_list or issued_on == sql.day(due):
            found.add(receivable)
    return found
