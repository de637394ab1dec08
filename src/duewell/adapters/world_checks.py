"""Is it a real IBAN, country, zone, address? Each check gives the tidy value or raises `ValueError`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

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


def bank_of(iban: str) -> tuple[str, str]:
    """Name and BIC of the bank that keeps a valid account; empty where the bank's country publishes no list."""
    import schwifty

    account = schwifty.IBAN(iban)
    return account.bank_name or "", str(account.bic or "")


def phone(text: str) -> str:
    """A telephone number as a person may dial it; spaces in a row become one.

    With its country's code in front it must be possible there.
    """
    tidy = " ".join(text.split())
    if tidy.startswith("+"):
        from duewell.adapters import phones

        phones.read(tidy, "")
    digits = sum(letter.isdecimal() for letter in tidy)
    if not 5 <= digits <= 20 or not all(letter.isdecimal() or letter in " +-/()." for letter in tidy):
        raise ValueError(f"{text!r} is not a telephone number: write it as +49 30 1234567")
    return tidy


def bic(text: str) -> str:
    """The BIC in capitals, its form tested (ISO 9362)."""
    import schwifty

    try:
        return str(schwifty.BIC(text))
    except ValueError as problem:
        raise ValueError(
            f"{text!r} is not a valid BIC ({problem}): write it as DEUTDEFF or DEUTDEFF500"
        ) from problem


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


def one_of(words: Sequence[str]) -> Callable[[str], str]:
    """A check that takes one of these words, in capitals or not."""

    def check(text: str) -> str:
        if text.strip().lower() not in words:
            raise ValueError(f"{text!r} is not one of {', '.join(words)}")
        return text.strip().lower()

    return check


def law(text: str) -> str:
    """The code of a country that has a rule book of its own."""
    from duewell.adapters.files.rulebook_file import shipped_books

    code = country(text)
    known = sorted({book.place.partition("-")[0] for book in shipped_books() if book.place})
    if code not in known:
        raise ValueError(f"there is no rule book for {code} (known: {', '.join(known)}); the default holds there")
    return code


def strategy(key: str) -> str:
    """The key of a strategy that exists."""
    from duewell.adapters.strategies import known

    if key not in known():
        raise ValueError(f"there is no strategy {key!r} (known: {', '.join(sorted(known()))})")
    return key
