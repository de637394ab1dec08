"""Accounts that nobody needs any more: closed, and silent for as long as the creditor keeps them."""

from __future__ import annotations

from datetime import datetime, timedelta

from duewell.flows.erase import Due
from duewell.store import sql


def due(creditor: int, now: datetime, retention_days: int, limit: int) -> list[Due]:
    """Accounts with nothing open whose latest fact is older than that, the oldest first.

    A person is due when all of its accounts with this creditor are.
    """
    before = sql.us(now - timedelta(days=retention_days))
    name = "'account:' || a.id"
    rows = sql.fetch(
        "select a.id, a.number, f.recorded_at from account a join party p on p.id = a.party_id"
        f" join stream s on s.name = {name} join fact f on f.stream = s.name and f.sequence = s.length"
        " where a.creditor_id = ? and p.number not like 'erased:%' and f.recorded_at < ?"
        " and not exists (select 1 from receivable r where r.account_id = a.id and r.creditor_id = ?"
        "  and r.open_minor <> 0)"
        " and not exists (select 1 from account_credit c where c.account_id = a.id and c.credit_minor <> 0)"
        " and not exists (select 1 from message m join message_state t on t.message_id = m.id"
        "  where m.account_id = a.id and t.state in ('planned', 'released', 'unknown'))"
        " and not exists (select 1 from account o join party q on q.id = o.party_id join stream z"
        "  on z.name = 'account:' || o.id join fact g on g.stream = z.name and g.sequence = z.length"
        "  where q.person_id = p.person_id and q.creditor_id = a.creditor_id and g.recorded_at >= ?)"
        " order by f.recorded_at, a.id limit ?",
        [creditor, before, creditor, before, limit],
    )
    return [Due(row[0], row[1], sql.instant(row[2])) for row in rows]
