"""What is told: every sentence chosen and every sum and date written, before it is plain text or a page.

Both forms are made from this one value, so language, sums and reference cannot differ between them.
"""

from __future__ import annotations

from html import escape
from typing import NamedTuple

from duewell.adapters.texts import formats
from duewell.adapters.texts.direction import as_it_is, isolated, shown
from duewell.adapters.texts.reading import Text
from duewell.adapters.texts.sentences import Sentence
from duewell.core.contact.values import Content, Table
from duewell.core.contact.view import Addressee

_LINK = "color:#17594a;"
_UNBROKEN_MAX = 24
MINUS = "−"


class Line(NamedTuple):
    """One sentence or paragraph in both forms; `html` is safe to insert."""

    text: str
    html: str


class Cells(NamedTuple):
    """One item of a table; its values are isolated already where the words run from right to left."""

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
    """A whole message. Plain values are not yet escaped, and isolated where the words run from right to left."""

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
    comma: str
    """Between the parts of one line, with its space."""
    colon: str
    """Between a label and its value, with its spaces."""
    right_to_left: bool


def told(content: Content, text: Text, locale: str) -> Told:
    """Choose the sentences that fit the content and fill them."""
    subject, plain, marked = _values(content, text, locale)

    def say(sentence: Sentence) -> Line:
        return Line(sentence.text(plain), sentence.html(marked))

    number = text.plurals.form(content.open_items)
    kept = isolated if text.right_to_left else as_it_is
    labels = {name: label.plain % _NOTHING for name, label in text.labels.items() if not label.names}
    return Told(
        subject=text.subject[number].text(subject),
        before=(
            say(text.salutation[_salutation(content.addressee)]),
            *_copied(content, text),
            say(text.opening[_timing(content), _gathering(content)][number]),
            *(say(part[number]) for part in text.message),
            say(text.pay[number]),
        ),
        grids=tuple(_grid(table, text, labels, locale, len(content.tables) > 1) for table in content.tables),
        details=_details(content, text, labels, Line(plain["sum"], marked["sum"])),
        note=kept(content.sender.payment_note),
        after=(
            say(text.paid[number]),
            say(text.help["phone" if content.sender.phone else "no_phone"]),
        ),
        stop=say(text.stop[number]),
        sign_off=say(text.sign_off[number]),
        creditor=kept(content.sender.name),
        foot=_foot(content, text, labels),
        labels=labels,
        comma=text.separator,
        colon=text.colon,
        right_to_left=text.right_to_left,
    )


_NOTHING: dict[str, str] = {}


_Values = dict[str, str]


def _values(content: Content, text: Text, locale: str) -> tuple[_Values, _Values, _Values]:
    """The placeholders in subjects, in plain text, and in HTML, where sums and dates do not break."""
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
        "recipient.family_name": _after_title(addressee.family_name, locale),
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
    if not text.right_to_left:
        return plain, plain, marked
    apart = {name: isolated(value) for name, value in plain.items()}
    apart["sum"] = formats.listed([isolated(sum) for sum in sums], text.separator, text.last)
    marked = {name: f"<bdi>{value}</bdi>" for name, value in marked.items()}
    between = [f"<bdi>{sum}</bdi>" for sum in strong]
    marked["sum"] = formats.listed(between, escape(text.separator), escape(text.last))
    # Subjects stand alone in lists that order them by themselves; isolates would be one more unknown there.
    return plain, apart, marked


def _copied(content: Content, text: Text) -> tuple[Line, ...]:
    """To whom the message speaks, where somebody else reads it."""
    if not content.copy_of:
        return ()
    copy = text.labels["copy"]
    if not text.right_to_left:
        return (Line(copy.text({"debtor": content.copy_of}), copy.html({"debtor": shown(content.copy_of)})),)
    apart, marked = isolated(content.copy_of), f"<bdi>{shown(content.copy_of)}</bdi>"
    return (Line(copy.text({"debtor": apart}), copy.html({"debtor": marked})),)


def _after_title(family_name: str, locale: str) -> str:
    """In the Netherlands a prefix has a capital where no given name stands before: `mevrouw Van den Berg`."""
    return (
        family_name[:1].upper() + family_name[1:] if locale.startswith("nl") and locale != "nl_BE" else family_name
    )


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
    currency, kept = table.currency, isolated if text.right_to_left else as_it_is

    def money(minor: int, sign: str = "") -> str:
        return kept(sign + formats.money(minor, currency, locale))

    totals: tuple[tuple[str, str], ...] = ()
    if table.held_minor or table.credit_minor:
        lesser = (("held", table.held_minor), ("credit", table.credit_minor))
        totals = (
            (labels["total"], money(table.open_minor)),
            *((labels[name], money(minor, MINUS)) for name, minor in lesser if minor),
        )
    more = None
    if table.more_count:
        words = text.more[text.plurals.form(table.more_count)]
        label = words.plain % {"more": kept(formats.count(table.more_count, locale))}
        more = (label, money(table.more_minor))
    rows = []
    for number, issued_on, due_on, open_minor, held_minor in table.rows:
        about = [text.labels["due"].plain % {"due": kept(formats.short_date(due_on, locale))}]
        if issued_on is not None:
            about.append(text.labels["issued"].plain % {"issued": kept(formats.short_date(issued_on, locale))})
        if held_minor:
            about.append(text.labels["row_held"].plain % {"held": money(held_minor)})
        rows.append(
            Cells(
                number=kept(number),
                about=tuple(about),
                open=money(open_minor),
            )
        )
    caption = text.labels["items_in"].plain % {"currency": kept(currency)} if one_of_several else labels["items"]
    return Grid(caption, tuple(rows), more, totals, money(table.pay_minor))


def _details(content: Content, text: Text, labels: dict[str, str], sums: Line) -> tuple[tuple[str, Line], ...]:
    sender = content.sender
    details = []
    if sender.iban:
        # ISO 13616: on paper an IBAN stands in groups of four.
        iban = " ".join(sender.iban[start : start + 4] for start in range(0, len(sender.iban), 4))
        details += [("holder", _line(sender.account_holder or sender.name, text)), ("iban", _line(iban, text))]
        if sender.bic:
            details.append(("bic", _line(sender.bic, text)))
    details += [("amount", sums), ("reference", _line(content.reference, text))]
    return tuple((labels[name], value) for name, value in details)


def _line(value: str, text: Text) -> Line:
    return _apart(Line(value, shown(value))) if text.right_to_left else Line(value, shown(value))


def _apart(line: Line) -> Line:
    return Line(isolated(line.text), f"<bdi>{line.html}</bdi>")


def _foot(content: Content, text: Text, labels: dict[str, str]) -> tuple[Line, ...]:
    sender = content.sender
    lines = [_line(", ".join((sender.name, *sender.address)), text)]
    if sender.phone:
        lines.append(_labelled(labels["phone"], Line(sender.phone, _phone(sender.phone)), text))
    reply_to = sender.reply_to or sender.email_from
    lines.append(_labelled(labels["email"], Line(reply_to, _mail(reply_to)), text))
    return tuple(lines)


def _labelled(label: str, value: Line, text: Text) -> Line:
    if text.right_to_left:
        value = _apart(value)
    return Line(f"{label}{text.colon}{value.text}", f"{escape(label)}{escape(text.colon)}{value.html}")
