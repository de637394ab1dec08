"""What messages show besides their proposals: sender, addressee, numbers of accounts and invoices."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from duewell.core.contact.view import Addressee, Document, View
from duewell.core.units.ids import ReceivableId
from duewell.flows.outbox import Wanted
from duewell.store import creditors, sql


def views(creditor: int, wanted: Sequence[Wanted], languages: Collection[str]) -> dict[int, View]:
    """By attempt. What is read here may be newer than the case; a change in between fails at the start."""
    if not wanted:
        return {}
    within, params = sql.ids_in("a.id", [one.delivery.account for one in wanted])
    accounts = {
        row[0]: row[1:]
        for row in sql.fetch(
            f"select a.id, a.number, p.name from account a join party p on p.id = a.party_id where {within}",
            params,
        )
    }
    # Each sees only himself: whoever gets a copy is its addressee.
    within, params = sql.ids_in("id", [one.proposal.recipient.party for one in wanted])
    parties = {
        row[0]: row[1:]
        for row in sql.fetch(
            f"select id, kind, name, given_name, family_name, salutation, country from party where {within}",
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
        number, debtor = accounts[one.delivery.account]
        to = one.proposal.recipient
        addressee = Addressee(addresses[to.point], *parties[to.party])
        documents = {
            ReceivableId(item.id): Document(item.number, None if item.id in undated else item.issued_on)
            for item in one.known.case.items
        }
        copy_of = debtor if one.delivery.role else ""
        found[one.delivery.attempt] = View(sender, addressee, number, documents, known_languages, copy_of)
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
