"""A statement of account as paper: what was charged, paid and is owed, in the customer's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Final

from duewell.adapters.channels.letter import labels
from duewell.adapters.channels.letter.press import Job
from duewell.adapters.channels.letter.render import logo_bytes
from duewell.adapters.channels.letter.sheet import frame, kept_apart
from duewell.adapters.texts import Section, Texts, formats
from duewell.core.contact.clean import clean
from duewell.core.contact.post import Post
from duewell.core.contact.view import Sender

_MINUS: Final = "−"
# Money that a list of the creditor's books told of, whichever way: the customer sees that the sum was adjusted.
_ADJUSTED: Final = frozenset({"seen", "in_list", "applied", "released"})


def job(
    told: Mapping[str, Any],
    sender: Sender,
    post: Post,
    language: str,
    country: str,
    logos: Path | None = None,
    texts: Texts | None = None,
) -> Job:
    """What the press is given for one statement.

    Args:
        told: as `flows.statement.statement` returns it. Lines that only move money already received onto an
            invoice change nothing that is owed and are left out.
        sender: the creditor.
        post: both ends; an address without lines leaves the window to the name.
        language: one of ours.
        country: of the customer; with the language it decides how dates and sums are written.
        logos: the folder where the file that `post.logo` names lies.
        texts: of the installation; ours by default.

    Raises:
        CannotBeSet: the logo's file is gone.
        texts.Untranslated: the language has no words for it.
    """
    as_of = date.fromisoformat(told["as_of"])
    locale = formats.locale(language, country)
    own = labels.paper(language, texts)
    day = formats.long_date(as_of, locale)
    comma = "،" if own.right_to_left else ","
    subject = f"{own.say('statement')}{comma} {own.say('as_of', {'date': day})}"
    data = frame(sender, post, language, subject, day, texts)
    data["labels"] = {name: own.say(name) for name in ("day", "what", "amount", "balance", "none")}
    data["accounts"] = [
        _account(currency, balance, told["lines"], own, locale) for currency, balance in told["balances"].items()
    ]
    return Job("statement", data, datetime.combine(as_of, time(), UTC), logo_bytes(post.logo, logos))


def _account(
    currency: str, balance: int, lines: list[dict[str, Any]], own: Section, locale: str
) -> dict[str, Any]:
    shown = [line for line in lines if line["currency"] == currency and line["amount_minor"]]

    def sum(minor: int) -> str:
        return kept_apart(signed(minor, currency, locale), own)

    rows = [
        {
            "day": formats.short_date(date.fromisoformat(line["on"]), locale),
            "what": _what(line, own),
            "amount": sum(line["amount_minor"]),
            "balance": sum(line["balance_minor"]),
        }
        for line in shown
    ]
    if shown and (before := shown[0]["balance_minor"] - shown[0]["amount_minor"]):
        # Only a part of the time is shown: what was owed before it comes first.
        rows.insert(0, {"day": "", "what": own.say("brought"), "amount": "", "balance": sum(before)})
    return {
        "caption": own.say("balance_in", {"currency": currency}),
        "lines": rows,
        "label": own.say("in_credit" if balance < 0 else "owed"),
        "sum": sum(abs(balance)),
    }


def _what(line: dict[str, Any], own: Section) -> str:
    kind = own.say("kind_" + ("moved" if line["kind"] in _ADJUSTED else line["kind"]))
    return f"{kind} {kept_apart(clean(line['invoice']), own)}".rstrip()


def signed(minor: int, currency: str, locale: str) -> str:
    """A sum as it changes what is owed; below zero in the customer's favour."""
    return (_MINUS if minor < 0 else "") + formats.money(abs(minor), currency, locale)
