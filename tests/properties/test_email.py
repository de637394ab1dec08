"""Whatever stands in the books, the message tells the truth about it, and nothing in it gets out of place."""

from __future__ import annotations

import email
import email.policy
import re
from datetime import date, timedelta
from email.message import EmailMessage
from html.parser import HTMLParser
from unicodedata import category

from hypothesis import given
from hypothesis import strategies as st

from duewell.adapters.channels.email.mime import assemble, parts
from duewell.adapters.channels.email.render import render
from duewell.adapters.texts import LANGUAGES, STAGES, TONES, formats, shipped
from duewell.core.contact import Addressee, BadProposal, Content, Sender, clean
from tests.golden.email_samples import SENT_AT, TODAY, Item, content_of

CURRENCIES = ("EUR", "USD", "JPY", "KWD", "CHF")
HOSTILE = st.sampled_from(
    [
        "\r\nBcc: evil@example.org",
        "<script>alert(1)</script>",
        "\u202e\u2066\u200b",
        "%(sum)s {sum} %n",
        "=?utf-8?q?x?=",
        "--=_",
        ".",
        "\x00",
        "]]>&nbsp;",
        "דנה",
        "-->",
    ]
)
WORDS = st.lists(st.one_of(st.text(max_size=12), HOSTILE), max_size=3).map(" ".join)
NUMBERS = st.one_of(
    st.from_regex(r"[A-Z]{1,4}-[0-9]{1,6}(/[0-9]{2})?", fullmatch=True),
    st.tuples(st.sampled_from(["A", "9"]), WORDS).map("".join),
)


@st.composite
def _items(draw: st.DrawFn) -> list[Item]:
    items = []
    for _ in range(draw(st.integers(1, 4))):
        minor = draw(st.integers(1, 10**11))
        held = draw(st.one_of(st.just(0), st.integers(0, minor)))
        due_in = draw(st.integers(-400, 30))
        items.append(Item(draw(NUMBERS), due_in, minor, draw(st.sampled_from(CURRENCIES)), held))
    # Up to, at and above the thirty that are shown.
    more = draw(st.sampled_from([0, 0, 0, 27, 40]))
    return items + [Item(f"M-{row}", row - 30, 1000 + row, CURRENCIES[row % 3], row % 5) for row in range(more)]


@st.composite
def _contents(draw: st.DrawFn) -> Content | None:
    sender = Sender(
        name="A" + draw(WORDS),
        email_from="billing@acme.example",
        reply_to=draw(st.sampled_from(["", "people@acme.example"])),
        address=tuple(draw(st.lists(WORDS, max_size=3))),
        phone=draw(st.one_of(st.just("+44 1632 960123"), st.just(""), WORDS)),
        account_holder=draw(WORDS),
        iban="GB33BUKB20201555555555",
        bic=draw(WORDS),
        payment_note=draw(WORDS),
    )
    addressee = Addressee(
        address="someone@example.org",
        kind=draw(st.sampled_from(["person", "business", "unknown"])),
        name=draw(WORDS),
        given_name=draw(WORDS),
        family_name=draw(WORDS),
        salutation=draw(st.sampled_from(["ms", "mr", ""])),
        country=draw(st.sampled_from(["", "GB", "US", "DE", "AT", "CH", "FR", "MX", "BE", "EG", "MA"])),
    )
    credits = draw(st.dictionaries(st.sampled_from(CURRENCIES), st.integers(0, 10**11), max_size=2))
    try:
        return content_of(
            draw(_items()),
            sender,
            addressee,
            draw(st.sampled_from(STAGES)),
            draw(st.sampled_from(TONES)),
            draw(st.sampled_from(sorted(LANGUAGES))),
            credits,
        )
    except BadProposal:
        # Everything is covered or held: there is nothing to say.
        return None


class _Read(HTMLParser):
    """The words of a page in order, its tags, and its tables as rows of cells."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.rows: list[list[str]] = []
        self._cell: list[str] | None = None
        self._hidden = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]
        self._hidden = tag in ("style", "title")
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td") and self.rows:
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False
        if tag in ("th", "td") and self._cell is not None:
            self.rows[-1].append(_seen("".join(self._cell)))
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        self.words.append(data)
        if self._cell is not None:
            self._cell.append(data)

    @property
    def text(self) -> str:
        return _seen("".join(self.words))


# First strong isolate, its end, and the mark that CLDR writes before Arabic sums.
DIRECTION = dict.fromkeys(map(ord, "\u2068\u2069\u200f"))


def _seen(text: str) -> str:
    """What a reader sees: spaces of any kind alike, marks of direction not at all."""
    return " ".join(text.translate(DIRECTION).split())


def _minor(written: str, currency: str) -> int:
    """The amount read back from what a person reads."""
    digits = re.sub(r"[^0-9]", "", written)
    assert digits, f"no amount in {written!r} of {currency}"
    return int(digits)


@given(_contents())
def test_text_and_page_show_the_same_sums_and_they_are_those_of_the_content(content):
    if content is None:
        return
    locale = formats.locale(content.words.language, content.country)
    rendered = render(content)
    page = _Read(rendered.html)
    plain = [_seen(line) for line in rendered.text.split("\n")]
    sums = [_seen(formats.money(sum.minor, sum.currency, locale)) for sum in content.sums]
    text = shipped().text(content.words.language, content.words.tone, content.words.stage.key)
    label = text.labels["pay"].plain
    start = _seen(f"{label}{text.colon}|")[:-1]
    on_page = [row[1] for row in page.rows if row[:1] == [label]]
    in_text = [line.removeprefix(start) for line in plain if line.startswith(start)]
    assert on_page == in_text
    assert [_minor(written, table.currency) for written, table in zip(on_page, content.tables, strict=True)] == [
        table.pay_minor for table in content.tables
    ]
    for written in (*sums, content.reference):
        assert written in page.text
        assert any(written in line for line in plain)
    for table in content.tables:
        # The column adds up: items and the rest are what is open; less held and credit is what is to pay.
        assert sum(row.open_minor for row in table.rows) + table.more_minor == table.open_minor
        assert table.open_minor - table.held_minor - table.credit_minor == table.pay_minor
        for row in table.rows:
            written = _seen(formats.money(row.open_minor, table.currency, locale))
            assert any(cells[-1] == written and cells[0].startswith(row.number) for cells in page.rows if cells)


@given(_contents())
def test_the_first_sentence_has_every_sum_and_the_date(content):
    if content is None:
        return
    locale = formats.locale(content.words.language, content.country)
    first = render(content).text.split("\n\n")[1].translate(DIRECTION)
    assert "\n" not in first
    assert formats.long_date(content.earliest_due_on, locale) in first
    for sum in content.sums:
        assert formats.money(sum.minor, sum.currency, locale).translate(DIRECTION) in first


@given(_contents())
def test_at_most_120_words_stand_between_greeting_and_name(content):
    if content is None:
        return
    # Names of customers and creditors may be long; the words around them are ours.
    blocks = render(content).text.split("\n\n")
    tables = len(content.tables) + 1
    words = content.words
    labels = shipped().text(words.language, words.tone, words.stage.key).labels
    starts = (labels["items"].plain, labels["items_in"].plain.partition("%")[0])
    first_table = next(row for row, block in enumerate(blocks) if block.startswith(starts))
    prose = [*blocks[:first_table], *blocks[first_table + tables : -1]]
    text = " ".join(prose).translate(DIRECTION)
    for sum in content.sums:
        written = formats.money(sum.minor, sum.currency, formats.locale(words.language, content.country))
        text = text.replace(written.translate(DIRECTION), "sum")
    for name in (
        content.sender.name,
        content.sender.phone,
        content.reference,
        content.invoice,
        content.addressee.name,
        content.addressee.given_name,
        content.addressee.family_name,
    ):
        if name:
            text = text.replace(name, "name")
    assert len([word for word in text.split(" ") if any(map(str.isalnum, word))]) <= 120


@given(_contents())
def test_nothing_in_a_name_or_number_becomes_a_header_a_tag_or_a_hidden_character(content):
    if content is None:
        return
    rendered = render(content)
    data = assemble(parts(rendered, content, message_id="<a@duewell.example>", sent_at=SENT_AT))
    assert data.isascii()
    assert max(map(len, data.split(b"\r\n"))) <= 76
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    allowed = (
        "From To Reply-To Subject Date Message-ID Auto-Submitted List-Unsubscribe Content-Language MIME-Version"
    )
    assert set(message.keys()) <= {*allowed.split(), "Content-Type"}
    assert len(message.keys()) == len(set(message.keys()))
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    for kind, wanted in (("plain", rendered.text), ("html", rendered.html)):
        part = message.get_body((kind,))
        assert part is not None
        assert part.get_content().replace("\r\n", "\n") == wanted
    page = _Read(rendered.html)
    assert not page.tags & {"script", "img", "iframe", "link", "object", "form", "base", "svg"}
    assert all(address.startswith(("tel:", "mailto:")) for address in page.addresses)
    shown = rendered.text + rendered.html + rendered.subject
    if content.words.language == "ar":
        # Ours alone, since nothing in a name or number brings one along; each that begins ends.
        assert rendered.text.count("\u2068") == rendered.text.count("\u2069") > 0
        assert not {"\u2068", "\u2069"} & set(rendered.html + rendered.subject)
        shown = shown.translate(DIRECTION)
    for character in set(shown) - {"\n"}:
        assert category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(-400, 400))
def test_the_tense_follows_the_day(as_of, days):
    item = Item("A-1", days, 100)
    content = content_of([item])
    shift = as_of - TODAY
    content = content._replace(
        as_of=as_of, earliest_due_on=content.earliest_due_on + shift, latest_due_on=content.latest_due_on + shift
    )
    first = render(content).text.split("\n\n")[1].translate(DIRECTION)
    written = formats.long_date(as_of + timedelta(days=days), "en_GB")
    verb = "was due on" if days < 0 else "is due today," if days == 0 else "is due on"
    assert first == f"Your payment of €1.00 for invoice A-1 {verb} {written}."


@given(WORDS)
def test_a_number_is_shown_as_it_is_cleaned(number):
    content = content_of([Item("N" + number, -3, 100)])
    assert content.reference == clean("N" + number)
    assert content.reference in _Read(render(content).html).text
