"""Wiring of what concerns several channels: who else stands on an account, and mails that bounced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duewell.flows.ports import Clock, CreditorView

if TYPE_CHECKING:
    from duewell.store.bounces import StoredBounces
    from duewell.store.roles import Roles


def roles(creditor: CreditorView, clock: Clock, by: str) -> Roles:
    """Who stands on the accounts of one creditor."""
    from duewell.store.roles import Roles

    return Roles(creditor.id, clock.now(), by)


def bounces(creditor: CreditorView, clock: Clock, by: str) -> StoredBounces:
    """Mails of one creditor that bounced."""
    from duewell.store.bounces import StoredBounces

    return StoredBounces(creditor.id, clock.now(), by)
