"""Wiring of what a person changes about customers and the persons behind them."""

from __future__ import annotations

import re
from collections.abc import Callable
from secrets import token_bytes
from typing import TYPE_CHECKING, Final

from duewell.flows.ports import Clock, CreditorView

if TYPE_CHECKING:
    from duewell.store.customers import Customers
    from duewell.store.flags import Flags

_E164: Final = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)


def customers(creditor: CreditorView, clock: Clock, by: str) -> Customers:
    """The customers of one creditor, for one person and one act."""
    from duewell.store.customers import Customers

    return Customers(creditor.id, clock.now(), by, lambda: token_bytes(16))


def flags(creditor: CreditorView, clock: Clock, by: str) -> Flags:
    """What is known of the persons behind one creditor's customers."""
    from duewell.store.flags import Flags

    return Flags(creditor.id, clock.now(), by)


def customer_checks() -> dict[str, Callable[[str], str]]:
    """What is told of a customer is read as an import reads it; each check gives the tidy value."""
    from duewell.adapters import world_checks

    return {
        "name": str,
        "salutation": world_checks.one_of(("ms", "mr")),
        "kind": world_checks.one_of(("person", "business", "unknown")),
        "language": _language,
        "country": world_checks.country,
        "zone": world_checks.zone,
        "email": world_checks.email,
        "call": _number,
        "sms": _number,
        "strategy": world_checks.strategy,
    }


def _language(text: str) -> str:
    from duewell.adapters.files.places import places
    from duewell.core.intake.customers import constants

    try:
        return constants({"language": text}, places())["language"]
    except ValueError:
        raise ValueError(f"{text!r} is not a language: write its code, such as en or de") from None


def _number(text: str) -> str:
    tidy = re.sub(r"[\s()/.-]", "", text)
    if _E164.fullmatch(tidy) is None:
        raise ValueError(f"{text!r} is not a whole telephone number: write it with its country, as +49 30 1234567")
    return tidy
