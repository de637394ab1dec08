"""An e-mail as its reader sees it: stage, items, sums and reference, read back from the bytes that arrived.

Nothing here knows how a message is made. Amounts are read digit by digit, so that a sum that is written
wrongly is read wrongly too.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from typing import NamedTuple

_SIGNS = {"€": "EUR", "£": "GBP", "$": "USD", "US$": "USD", "¥": "JPY", "JP¥": "JPY"}
_SIGN = r"US\$|JP¥|€|£|\$|¥|[A-Z]{3}"
_DIGITS = r"\d(?:[\d.,’']*\d)?"
_SUM = re.compile(
    rf"(?:(?P<before>{_SIGN})\s?(?P<digits>{_DIGITS}))|(?:(?P<figures>{_DIGITS})\s(?P<after>{_SIGN}))"
)
_EXPONENTS = {"JPY": 0, "KWD": 3}
_DAY = r"\d{1,2} \w+ \d{4}|\w+ \d{1,2}, \d{4}|\d\d\.\d\d\.\d{4}"
_ROW = re.compile(
    rf"(?P<number>.+?), (?:due|fällig am) (?P<due>{_DAY})(?:, (?:issued|vom) (?P<issued>{_DAY}))?"
    r"(?:, (?P<held>.+?) (?:on hold|zurückgestellt))?: (?P<open>.+)"
)
_DATES = ("%d %b %Y", "%b %d, %Y", "%d.%m.%Y")
_STAGES = {
    "upcoming": ("For your diary", "Advance notice", "Für Ihren Kalender", "Vorabinformation"),
    "due": ("how to pay", "Payment details", "so zahlen Sie", "Zahlungsangaben"),
    "first": ("friendly reminder", "Payment reminder", "Freundliche Erinnerung", "Zahlungserinnerung"),
    "final": ("Please answer", "Your answer is needed", "Bitte antworten Sie", "Ihre Antwort ist nötig"),
    "firm": ("Please look at", "Please settle", "Bitte sehen Sie nach", "Bitte zahlen oder antworten"),
    "second": ("still open", "pen invoice", "noch offen", "ffene Rechnung"),
}
"""Words of subjects; a stage is the first whose words are there."""


class Item(NamedTuple):
    """One line of the table: what is open, and what of it is not asked for."""

    number: str
    due_on: date
    currency: str
    open_minor: int
    held_minor: int


class Mail(NamedTuple):
    """One message as it arrived."""

    to: str
    at: datetime
    id: str
    language: str
    subject: str
    stage: str
    items: tuple[Item, ...]
    pay: dict[str, int]
    """Per currency, what the table asks to be paid."""
    credit: dict[str, int]
    opening: dict[str, int]
    """The sums of the first sentence."""
    amount: dict[str, int]
    """The sums of the payment details."""
    reference: str
    text: str
    page: str
    """The words of the HTML part, without its markup."""
    raw: bytes

    @property
    def numbers(self) -> list[str]:
        """The invoices on it, in their order."""
        return [item.number for item in self.items]


def read(raw: bytes) -> Mail:
    """Read one message from its bytes.

    Raises:
        ValueError: it does not have the shape of a message to a customer.
    """
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    parts = {part.get_content_type(): part.get_content() for part in message.walk() if not part.is_multipart()}
    if set(parts) - {"application/pdf"} != {"text/plain", "text/html"}:
        raise ValueError(f"a message has a plain and an HTML part, not {sorted(parts)}")
    text = parts["text/plain"].replace("\r\n", "\n")
    subject = str(message["Subject"])
    blocks = text.split("\n\n")
    items: list[Item] = []
    pay: dict[str, int] = {}
    credit: dict[str, int] = {}
    details: dict[str, str] = {}
    for block in blocks[2:]:
        lines = block.split("\n")
        if lines[0].startswith(("What is open", "Was offen ist", "Was in ")):
            _table(lines[1:], items, pay, credit)
        elif lines[0] in ("How to pay", "So zahlen Sie"):
            details = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
    amount = details.get("Amount") or details.get("Betrag", "")
    to = message["To"].addresses[0]
    return Mail(
        to=f"{to.username}@{to.domain}",
        at=parsedate_to_datetime(str(message["Date"])).astimezone(UTC),
        id=str(message["Message-ID"]).strip().strip("<>").partition("@")[0],
        language=str(message["Content-Language"]),
        subject=subject,
        stage=_stage(subject),
        items=tuple(items),
        pay=pay,
        credit=credit,
        opening=sums(blocks[1].split(" for ")[0].split(" für ")[0]),
        amount=sums(amount),
        reference=details.get("Reference") or details.get("Verwendungszweck", ""),
        text=text,
        page=_words(parts["text/html"]),
        raw=raw,
    )


def sums(text: str) -> dict[str, int]:
    """The sums of money in a piece of text, by currency: `Your payment of €5.00 and $3.00`."""
    found: dict[str, int] = {}
    for match in _SUM.finditer(text):
        sign = match["before"] or match["after"]
        currency = _SIGNS.get(sign, sign)
        found[currency] = found.get(currency, 0) + _minor(match["digits"] or match["figures"], currency)
    return found


def _minor(digits: str, currency: str) -> int:
    exponent = _EXPONENTS.get(currency, 2)
    whole = re.sub(r"\D", "", digits)
    if exponent and (len(digits) <= exponent or digits[-exponent - 1] not in ".,"):
        raise ValueError(f"{digits} {currency} lacks its decimals")
    return int(whole)


def _table(lines: list[str], items: list[Item], pay: dict[str, int], credit: dict[str, int]) -> None:
    for line in lines:
        row = _ROW.fullmatch(line)
        if row is not None:
            ((currency, open_minor),) = sums(row["open"]).items()
            held = sums(row["held"])[currency] if row["held"] else 0
            items.append(Item(row["number"], _day(row["due"]), currency, open_minor, held))
        elif line.startswith(("To pay: ", "Zu zahlen: ")):
            pay.update(sums(line.split(": ", 1)[1]))
        elif line.startswith(("Your credit: ", "Ihr Guthaben: ")):
            credit.update(sums(line.split(": ", 1)[1]))


def _day(text: str) -> date:
    for form in _DATES:
        try:
            return datetime.strptime(text.replace("Sept ", "Sep "), form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    raise ValueError(f"{text!r} is not a date of a table")


def _stage(subject: str) -> str:
    for stage, words in _STAGES.items():
        if any(word in subject for word in words):
            return stage
    raise ValueError(f"no stage writes {subject!r}")


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._skip = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._skip += tag in ("style", "script", "head")

    def handle_endtag(self, tag: str) -> None:
        self._skip -= tag in ("style", "script", "head")

    def handle_data(self, data: str) -> None:
        if not self._skip:
            self.found.append(data)


def _words(html: str) -> str:
    parser = _Words()
    parser.feed(html)
    return re.sub(r"\s+", " ", "".join(parser.found)).strip()
