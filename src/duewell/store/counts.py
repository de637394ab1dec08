"""What metrics count, in a few statements that touch little where indexes allow it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from duewell.store import health, sql


class StoredCounts:
    """Keeps the promise of `flows.metrics.Counts`."""

    def nights(self) -> Mapping[tuple[int, str], int]:
        """Nights by creditor and state."""
        return _by_two(
            "select creditor_id, state, count(*) from duty where kind = 'night' group by creditor_id, state"
        )

    def latest_nights(self) -> Mapping[int, datetime]:
        """When the latest night was done."""
        rows = sql.fetch(
            "select creditor_id, max(ended_at) from duty where kind = 'night' and state = 'done'"
            " group by creditor_id"
        )
        return {creditor: sql.instant(at) for creditor, at in rows}

    def messages(self) -> Mapping[tuple[int, str], int]:
        """Messages by creditor and state."""
        return _by_two("select creditor_id, state, count(*) from message_state group by creditor_id, state")

    def queue(self, now: datetime) -> Mapping[int, tuple[int, datetime]]:
        """Released messages whose time has come, and since when the oldest could have gone."""
        rows = sql.fetch(
            "select creditor_id, count(*), min(not_before) from attempt"
            " where state in ('released', 'started', 'closing') and state = 'released' and not_before <= ?"
            " group by creditor_id",
            [sql.us(now)],
        )
        return {creditor: (count, sql.instant(at)) for creditor, count, at in rows}

    def runs_waiting(self) -> Mapping[int, int]:
        """Runs that wait."""
        return dict(
            sql.fetch(
                "select creditor_id, count(*) from run where state = 'waiting' and proposals > 0"
                " group by creditor_id"
            )
        )

    def questions(self) -> Mapping[tuple[int, str], int]:
        """Open questions by creditor and kind."""
        return _by_two(
            "select creditor_id, kind, count(*) from review_item where state = 'open' group by creditor_id, kind"
        )

    def copies(self) -> Mapping[tuple[int, str], int]:
        """Copies for the archive by creditor and state."""
        return _by_two("select creditor_id, state, count(*) from archive_copy group by creditor_id, state")

    def sealing(self) -> tuple[int, int, datetime | None]:
        """Facts that are sealed, facts that wait, and since when the oldest of these."""
        found = health.sealing()
        return found.tree_size, found.waiting, found.oldest_at


def _by_two(query: str) -> dict[tuple[int, str], int]:
    return {(creditor, word): count for creditor, word, count in sql.fetch(query)}
