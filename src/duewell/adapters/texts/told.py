"""What is told: every sentence chosen and every sum and date written, before it is plain text or a page.

Both forms are made from this one value, so language, sums and reference cannot differ between them.
"""

from __future__ import annotations

from html import escape
from typing import NamedTuple
from unicodedata import bidirectional

from duewell.adapters.texts import formats
from duewell.adapters.texts.reading import Text
from duewell.adapters.texts.sentences import Sentence
from duewell.core.contact.values import Content, Table
from duewell.core.contact.view import Addressee

_LINK = "color:#17594a;"
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_UNBROKEN_MAX = 24
MINUS = "−"


class Line(NamedTuple):
    """One sentence or paragraph in both forms; `html` is safe to insert."""

    text: str
    html: str


class Cells(NamedTuple):
    """One item of a table."""

    number: str
    about: tuple[str, ...]
    """Due date, date of issue, and how much is on hold, if any."""
    open: str


class Grid(NamedTuple):
    """The table of one currency."""

    caption: str
    rows: tuple[Cells, ...]
    more: tuple[str, str] | None
    """Label and sum of the items not shown."""
    totals: tuple[tuple[str, str], ...]
    """Labels and sums that lead from what is open to what is to pay; empty where both are the same."""
    pay: str


class Told(NamedTuple):
    """A whole message. Plain values are not yet escaped; `Line`s are ready."""

    subject: str
    before: tuple[Line, ...]
    """Greeting to the way to pay: what stands above the tables."""
    grids: tuple[Grid, ...]
    details: tuple[tuple[str, Line], ...]
    """Labels and values of the payment."""
    note: str
    after: tuple[Line, ...]
    stop: Line
    sign_off: Line
    creditor: str
    foot: tuple[Line, ...]
    labels: dict[str, str]


def shown(value: str) -> str:
    """A value in HTML: escaped, and kept apart from its surroundings where it is written right to left."""
    marked = escape(value)
    if value.isascii() or not any(bidirectional(character) in _RIGHT_TO_LEFT for character in value):
        return marked
    return f"<bdi>{marked}</bdi>"


def told(content: Content, text: Text, locale: str) -> Told:
    """Choose the sentences that fit the content and fill them."""
    plain, marked = _values(content, text, locale)

    def say(sentence: Sentence) -> Line:
        return Line(sentence.text(plain), sentence.html(marked))

    number = text.plurals.form(content.open_items)
    labels = {name: label.plain % _NOTHING for name, label in text.labels.items() if not label.names}
    return Told(
        subject=text.subject[number].text(plain),
        before=(
            say(text.salutation[_salutation(content.addressee)]),
            say(text.opening[_timing(content), _gathering(content)][number]),
            *(say(part[number]) for part in text.message),
            say(text.pay[number]),
        ),
        grids=tuple(_grid(table, text, labels, locale, len(content.tables) > 1) for table in content.tables),
        details=_details(content, labels, Line(plain["sum"], marked["sum"])),
        note=content.sender.payment_note,
        after=(
            say(text.paid[number]),
            say(text.help["phone" if content.sender.phone else "no_phone"]),
        ),
        stop=say(text.stop[number]),
        sign_off=say(text.sign_off[number]),
        creditor=content.sender.name,
        foot=_foot(content, labels),
        labels=labels,
    )


_NOTHING: dict[str, str] = {}


def _values(content: Content, text: Text, locale: str) -> tuple[dict[str, str], dict[str, str]]:
    """The placeholders in plain text and in HTML, where sums and dates do not break."""
    sums = [formats.money(sum.minor, sum.currency, locale) for sum in content.sums]
    sender, addressee = content.sender, content.addressee
    dates = {
        "date": formats.long_date(content.earliest_due_on, locale),
        "the_date": formats.the_date(content.earliest_due_on, locale),
        "answer_by": formats.long_date(content.answer_by, locale),
        "the_answer_by": formats.the_date(content.answer_by, locale),
    }
    others = {
        "count": formats.count(content.open_items, locale),
        "invoice": content.invoice,
        "reference": content.reference,
        "creditor.name": sender.name,
        "recipient.name": _whole_name(addressee),
        "recipient.family_name": addressee.family_name,
    }
    phone, reply_to = sender.phone, sender.reply_to or sender.email_from
    plain = {
        **dates,
        **others,
        "sum": formats.listed(sums, text.separator, text.last),
        "creditor.phone": phone,
        "creditor.reply_to": reply_to,
    }
    strong = [f'<strong style="white-space:nowrap;">{escape(sum)}</strong>' for sum in sums]
    marked = {
        **{name: shown(value) for name, value in others.items()},
        **{name: _unbroken(value) for name, value in dates.items()},
        "invoice": _unbroken(content.invoice),
        "reference": _unbroken(content.reference),
        "sum": formats.listed(strong, escape(text.separator), escape(text.last)),
        "creditor.phone": _phone(phone),
        "creditor.reply_to": _mail(reply_to),
    }
    return plain, marked


def _unbroken(value: str) -> str:
    """Kept on one line, unless it would not fit the narrowest screen."""
    return (
        f'<span style="white-space:nowrap;">{shown(value)}</span>' if len(value) <= _UNBROKEN_MAX else shown(value)
    )


def _phone(phone: str) -> str:
    dialled = "".join(character for character in phone if character in "+0123456789")
    return (
        f'<a href="tel:{dialled}" style="{_LINK}white-space:nowrap;">{escape(phone)}</a>'
        if dialled
        else escape(phone)
    )


def _mail(address: str) -> str:
    return f'<a href="mailto:{escape(address)}" style="{_LINK}">{escape(address)}</a>'


def _timing(content: Content) -> str:
    if content.earliest_due_on == content.as_of:
        return "today"
    return "past" if content.earliest_due_on < content.as_of else "future"


def _gathering(content: Content) -> str:
    if content.open_items == 1:
        return "one"
    return "together" if content.earliest_due_on == content.latest_due_on else "several"


def _salutation(addressee: Addressee) -> str:
    """Ms and Mr only where the customer said so; a firm without a person gets a greeting without a name."""
    if addressee.kind == "business" and not addressee.given_name and not addressee.family_name:
        return "none"
    if addressee.salutation in ("ms", "mr") and _is_name(addressee.family_name):
        return addressee.salutation
    return "name" if _is_name(_whole_name(addressee)) else "none"


def _whole_name(addressee: Addressee) -> str:
    return f"{addressee.given_name} {addressee.family_name}".strip() or addressee.name


def _is_name(name: str) -> bool:
    """A number or a code in the place of a name is no name to greet."""
    return any(map(str.isalpha, name)) and not any(map(str.isdigit, name))


def _grid(table: Table, text: Text, labels: dict[str, str], locale: str, one_of_several: bool) -> Grid:
    currency = table.currency
    totals: tuple[tuple[str, str], ...] = ()
    if table.held_minor or table.credit_minor:
        lesser = (("held", table.held_minor), ("credit", table.credit_minor))
        totals = (
            (labels["total"], formats.money(table.open_minor, currency, locale)),
            *((labels[name], MINUS + formats.money(minor, currency, locale)) for name, minor in lesser if minor),
        )
    more = None
    if table.more_count:
        words = text.more[text.plurals.form(table.more_count)]
        label = words.plain % {"more": formats.count(table.more_count, locale)}
        more = (label, formats.money(table.more_minor, currency, locale))
    rows = []
    for number, issued_on, due_on, open_minor, held_minor in table.rows:
        about = [text.labels["due"].plain % {"due": formats.short_date(due_on, locale)}]
        if issued_on is not None:
            about.append(text.labels["issued"].plain % {"issued": formats.short_date(issued_on, locale)})
        if held_minor:
            about.append(text.labels["row_held"].plain % {"held": formats.money(held_minor, currency, locale)})
        rows.append(
            Cells(
                number=number,
                about=tuple(about),
                open=formats.money(open_minor, currency, locale),
            )
        )
    caption = text.labels["items_in"].plain % {"currency": currency} if one_of_several else labels["items"]
    return Grid(caption, tuple(rows), more, totals, formats.money(table.pay_minor, currency, locale))


def _details(content: Content, labels: dict[str, str], sums: Line) -> tuple[tuple[str, Line], ...]:
    sender = content.sender
    details = []
    if sender.iban:
        # ISO 13616: on paper an IBAN stands in groups of four.
        iban = " ".join(sender.iban[start : start + 4] for start in range(0, len(sender.iban), 4))
        details += [("holder", _line(sender.account_holder or sender.name)), ("iban", _line(iban))]
        if sender.bic:
            details.append(("bic", _line(sender.bic)))
    details += [("amount", sums), ("reference", _line(content.reference))]
    return tuple((labels[name], value) for name, value in details)


def _line(value: str) -> Line:
    return Line(value, shown(value))


def _foot(content: Content, labels: dict[str, str]) -> tuple[Line, ...]:
    sender = content.sender
    postal = ", ".join((sender.name, *sender.address))
    lines = [_line(postal)]
    if sender.phone:
        lines.append(
            Line(f"{labels['phone']}: {sender.phone}", f"{escape(labels['phone'])}: {_phone(sender.phone)}")
        )
    reply_to = sender.reply_to or sender.email_from
    lines.append(Line(f"{labels['email']}: {reply_to}", f"{escape(labels['email'])}: {_mail(reply_to)}"))
    return tuple(lines)
