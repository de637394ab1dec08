"""Wiring of what a person changes about customers and the persons behind them."""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_bytes
from typing import TYPE_CHECKING

from duewell.flows.ports import Clock, CreditorView

if TYPE_CHECKING:
    from duewell.store.customers import Customers
    from duewell.store.flags import Flags


def customers(creditor: CreditorView, clock: Clock, by: str) -> Customers:
    """The customers of one creditor, for one person and one act."""
    from duewell.store.customers import Customers

    return Customers(creditor.id, clock.now(), by, lambda: token_bytes(16))


def flags(creditor: CreditorView, clock: Clock, by: str) -> Flags:
    """What is known of the persons behind one creditor's customers."""
    from duewell.store.flags import Flags

    return Flags(creditor.id, clock.now(), by)


def country_of(text: str) -> str:
    """The code of a country; empty where nobody knows it."""
    from duewell.adapters.countries import country_code

    return country_code(text) or ""


def customer_checks(country: str) -> dict[str, Callable[[str], str]]:
    """What is told of a customer is read as an import reads it; each check gives the tidy value.

    Args:
        country: code of where the customer is: a telephone number without `+` is one of there.
    """
    from duewell.adapters import phones, world_checks

    def number(text: str) -> str:
        return phones.read(text, country)

    return {
        "name": str,
        "salutation": world_checks.one_of(("ms", "mr")),
        "kind": world_checks.one_of(("person", "business", "unknown")),
        "language": _language,
        "country": world_checks.country,
        "zone": world_checks.zone,
        "email": world_checks.email,
        "call": number,
        "sms": number,
        "strategy": world_checks.strategy,
    }


def _language(text: str) -> str:
    from duewell.adapters.files.places import places
    from duewell.core.intake.customers import constants

    try:
        return constants({"language": text}, places())["language"]
    except ValueError:
        raise ValueError(f"{text!r} is not a language: write its code, such as en or de") from None
