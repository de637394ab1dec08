"""What a collector reads aloud, in the customer's language: as lines of text, and as the bytes that are kept."""

from __future__ import annotations

from typing import Any, NamedTuple

from duewell.adapters import texts
from duewell.adapters.texts import formats
from duewell.adapters.texts.direction import isolated
from duewell.core.contact.call import Script
from duewell.core.evidence.canonical import canonical


class Spoken(NamedTuple):
    """The lines of a script, in order. `voicemail` is empty where no message is to be left."""

    language: str
    before: tuple[str, ...]
    """Until the person is known to be the customer."""
    statements: tuple[str, ...]
    matter: str
    ask: str
    options: tuple[str, ...]
    thanks: str
    to_others: str
    not_to_others: tuple[str, ...]
    """What is not told to them, in plain English for the collector."""
    voicemail: str


_NOT_TOLD = {
    "debt": "that anything is owed",
    "sum": "how much",
    "invoice": "for which invoice",
    "number": "the customer number",
}


def spoken(script: Script, words: texts.Texts, caller: str) -> Spoken:
    """Fill the sentences.

    Args:
        caller: the name of whoever calls.

    Raises:
        Untranslated: the language lacks some of them.
    """
    content = script.content
    language = content.words.language
    section = words.section(language, "call")
    lists = words.text(language, "kind", "first")
    locale = formats.locale(language, content.country)
    sums = [formats.money(sum.minor, sum.currency, locale) for sum in content.sums]
    addressee = content.addressee
    values = {
        "caller": caller,
        "creditor.name": content.sender.name,
        "creditor.phone": content.sender.phone,
        "recipient.name": addressee.name or f"{addressee.given_name} {addressee.family_name}".strip(),
        "sum": formats.listed(sums, lists.separator, lists.last),
        "count": formats.count(content.open_items, locale),
        "invoice": content.invoice,
        "date": formats.long_date(content.earliest_due_on, locale),
        "reference": content.reference,
    }
    if section.right_to_left:
        values = {name: isolated(value) for name, value in values.items()}

    def say(key: str) -> str:
        # A name may end with a point of its own, as firms' names do.
        return section.say(key, values).replace("..", ".")

    return Spoken(
        language=language,
        before=tuple(say(key) for key in script.before),
        statements=tuple(say(key) for key in script.statements),
        matter=section.say_of(script.matter, content.open_items, values),
        ask=say("ask"),
        options=tuple(say(f"option_{key}") for key in script.options),
        thanks=say("thanks"),
        to_others=say(script.to_others),
        not_to_others=tuple(_NOT_TOLD[key] for key in script.not_to_others),
        voicemail=say("voicemail") if script.voicemail else "",
    )


def as_values(said: Spoken) -> dict[str, Any]:
    """The script as JSON has it."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in said._asdict().items()}


def as_bytes(said: Spoken) -> bytes:
    """The bytes that are kept of what a collector had to say: canonical JSON."""
    return canonical(as_values(said))
