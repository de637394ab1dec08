"""Is it a real IBAN, country, zone, address? Each check gives the tidy value or raises `ValueError`."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

from duewell.adapters.countries import country_code
from duewell.adapters.zones import is_zone


def iban(text: str) -> str:
    """The IBAN without spaces, its check digits tested (ISO 13616)."""
    import schwifty

    try:
        return str(schwifty.IBAN(text))
    except ValueError as problem:
        raise ValueError(f"{text!r} is not a valid IBAN ({problem}): copy it from the bank statement") from problem


def bic(text: str) -> str:
    """The BIC in capitals, its form tested (ISO 9362)."""
    import schwifty

    try:
        return str(schwifty.BIC(text))
    except ValueError as problem:
        raise ValueError(f"{text!r} is not a valid BIC ({problem})") from problem


def email(text: str) -> str:
    """The address as it is to be written; its syntax is tested, the network is not asked."""
    try:
        return validate_email(text, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as problem:
        raise ValueError(f"{text!r} is not an e-mail address: {problem}") from problem


def zone(text: str) -> str:
    """A zone of the IANA table that belongs to a place, or UTC."""
    if not is_zone(text) or ("/" not in text and text != "UTC"):
        raise ValueError(f"{text!r} is not a time zone: write it as Europe/Berlin or America/New_York")
    return text


def country(text: str) -> str:
    """The ISO 3166 code of a country given as code or as name."""
    found = country_code(text)
    if found is None:
        raise ValueError(f"{text!r} is not a country: write its code, such as DE, or its name")
    return found


def strategy(key: str) -> str:
    """The key of a strategy that exists."""
    from duewell.adapters.strategies import known

    if key not in known():
        raise ValueError(f"there is no strategy {key!r} (known: {', '.join(sorted(known()))})")
    return key
