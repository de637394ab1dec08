"""The sheet: a letter's content as the plain values that its template sets, every word chosen and code drawn."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from babel import Locale

from duewell.adapters.channels.letter import codes, epc, labels, swiss
from duewell.adapters.channels.letter.layouts import layout
from duewell.adapters.channels.letter.payment import Code, Slip, ways
from duewell.adapters.texts import Section, Texts, formats, shipped
from duewell.adapters.texts.direction import isolated
from duewell.adapters.texts.told import Grid, told
from duewell.core.contact.clean import clean
from duewell.core.contact.post import Post
from duewell.core.contact.values import Content
from duewell.core.contact.view import Sender
from duewell.core.party import postal
from duewell.core.party.postal import PostalAddress

_PLACES: Final = re.compile(r"(\{pages?\})")
_LINE_MAX: Final = 120
_NAME_MAX: Final = 200


def sheet(content: Content, post: Post, texts: Texts | None = None) -> dict[str, Any]:
    """What the template `letter` is given.

    Raises:
        KeyError: there is no text of this language, tone and stage.
    """
    words = content.words
    locale = formats.locale(words.language, content.country)
    said = told(content, (texts or shipped()).text(words.language, words.tone, words.stage.key), locale)
    own = labels.paper(words.language, texts)
    found = ways(content, post)
    slips = [way for way in found if isinstance(way, Slip)]
    # A payment part says by itself how to pay; the words are for the sums that have none.
    worded = len(slips) < len(content.sums)
    return {
        **frame(
            content.sender, post, words.language, said.subject, formats.long_date(content.as_of, locale), texts
        ),
        "labels": {name: said.labels[name] for name in ("invoice", "open", "pay", "payment")},
        "before": [line.text for line in said.before],
        "tables": [table(grid, said.comma) for grid in said.grids],
        "details": [[label, value.text] for label, value in said.details] if worded else [],
        "note": said.note,
        "codes": [_code(way, content, own, locale) for way in found if isinstance(way, Code)],
        "slips": [_slip(way, content, own, locale) for way in slips],
        "after": [line.text for line in said.after],
        "sign_off": said.sign_off.text,
    }


def frame(
    sender: Sender, post: Post, language: str, subject: str, day: str, texts: Texts | None = None
) -> dict[str, Any]:
    """What every paper has around its own: head, window, facts beside it, the words of its pages."""
    own = labels.paper(language, texts)
    pages = own.say("page", {"page": "{page}", "pages": "{pages}"})
    facts = (
        (own.say("date"), day),
        (own.say("customer"), kept_apart(clean(post.customer_number), own)),
        (own.say("phone"), kept_apart(sender.phone, own)),
        (own.say("email"), kept_apart(sender.reply_to or sender.email_from, own)),
    )
    return {
        "language": language,
        "right_to_left": own.right_to_left,
        "subject": subject,
        "date": day,
        "pages": [part for part in _PLACES.split(pages) if part],
        "layout": layout(post.sender.country),
        "logo": post.logo or None,
        "sender": ends(sender.name, post.sender, post.address.country, language),
        "to": {"lines": window_lines(post.name, post.address, post.sender.country, sender.language)},
        "facts": [[label, value] for label, value in facts if value],
        "slips": [],
    }


def kept_apart(value: str, own: Section) -> str:
    """A number or an address among words; where these run from right to left it keeps its own order."""
    return isolated(value) if own.right_to_left else value


def window_lines(name: str, address: PostalAddress, posted_in: str, language: str) -> list[str]:
    """Name, address and, where it goes abroad, the country in capitals in the language of the country of posting.

    Source: Universal Postal Convention, Regulations, article 17-107: the country of destination in capital
    letters, preferably in the language of the country of origin.
    """
    lines = [clean(name, _NAME_MAX), *(clean(line, _LINE_MAX) for line in postal.lines(address))]
    if posted_in and address.country != posted_in:
        lines.append(country_name(address.country, language).upper())
    return [line for line in lines if line]


@lru_cache(maxsize=1024)
def country_name(country: str, language: str) -> str:
    """The country in a language, or its code where the language has no word for it."""
    return str(Locale.parse(formats.locale(language, "")).territories.get(country, country))


def ends(name: str, address: PostalAddress, to_country: str, language: str) -> dict[str, Any]:
    """The sender in its three places: by name, as one line above the window, and at the foot."""
    lines = [line for part in postal.lines(address) if (line := clean(part, _LINE_MAX))]
    if to_country != address.country:
        lines.append(country_name(address.country, language))
    return {"name": name, "line": " · ".join((name, *lines)) if lines else "", "foot": [name, *lines]}


def table(grid: Grid, comma: str) -> dict[str, Any]:
    """One currency's items, what is told of each joined by commas of the language."""
    return {
        "caption": grid.caption,
        "rows": [{"number": row.number, "about": comma.join(row.about), "open": row.open} for row in grid.rows],
        "more": None if grid.more is None else list(grid.more),
        "totals": [list(pair) for pair in grid.totals],
        "pay": grid.pay,
    }


def _code(way: Code, content: Content, own: Section, locale: str) -> dict[str, str]:
    # With several codes beside one another each says which sum it pays.
    caption: str = own.say("scan")
    if len(content.sums) > 1:
        caption += f": {formats.money(way.sum.minor, way.sum.currency, locale)}"
    return {
        "svg": codes.drawn(way.text, longest_version=epc.VERSION_MAX),
        "alt": _alt(way, content, own, locale),
        "caption": caption,
    }


def _slip(way: Slip, content: Content, own: Section, locale: str) -> dict[str, Any]:
    bill = way.bill
    return {
        "words": labels.slip(content.words.language),
        "code": {
            "svg": codes.drawn(bill.text, longest_version=swiss.VERSION_MAX, swiss=True),
            "alt": _alt(way, content, own, locale),
        },
        "account": [bill.iban, *bill.creditor],
        "reference": bill.reference,
        "message": bill.message,
        "debtor": list(bill.debtor),
        "currency": bill.currency,
        "amount": bill.amount,
    }


def _alt(way: Code | Slip, content: Content, own: Section, locale: str) -> str:
    """For those who have the page read to them."""
    sum = formats.money(way.sum.minor, way.sum.currency, locale)
    return own.say("code", {"sum": sum, "reference": content.reference})
