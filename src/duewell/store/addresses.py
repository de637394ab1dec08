"""Whose address is it?"""

from __future__ import annotations

from duewell.store import sql


class KnownAddresses:
    """Keeps the promise of `flows.trial.Addresses` over every creditor of the installation."""

    def is_customers(self, address: str) -> bool:
        """Whether any contact point has, or had, this address; capitals do not matter."""
        exact = sql.one("select 1 from contact_point where channel = 'email' and value = ? limit 1", [address])
        return exact is not None or (
            sql.one(
                "select 1 from contact_point where channel = 'email' and lower(value) = ? limit 1",
                [address.lower()],
            )
            is not None
        )
