"""The bytes of a message: read by Python's own parser they mean what was rendered."""

from __future__ import annotations

import email
import email.policy
import re
from base64 import b64decode
from binascii import a2b_qp
from datetime import UTC, datetime, timedelta, timezone
from email.header import decode_header, make_header
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duewell.adapters.channels.email import headers, quoted
from duewell.adapters.channels.email.mime import Attachment, Parts, assemble, parts
from duewell.adapters.channels.email.render import render
from duewell.core.contact import Addressee
from tests.golden.email_samples import JOINERY, SENT_AT, WERKSTATT, Item, content_of, sample

ID = "<0123456789abcdef@duewell.example>"


def _made(content, at=SENT_AT) -> bytes:
    return assemble(parts(render(content), content, message_id=ID, sent_at=at))


def _read(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    assert not part.defects
    return part.get_content().replace("\r\n", "\n")


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_parser_reads_what_was_rendered(language):
    content = sample(language, "kind", "second")
    rendered = render(content)
    message = _read(_made(content))
    assert message["Subject"] == rendered.subject
    assert message["From"].addresses[0].display_name == content.sender.name
    assert message["From"].addresses[0].addr_spec == content.sender.email_from
    assert message["To"].addresses[0].addr_spec == content.addressee.address
    assert message["Date"].datetime == SENT_AT
    assert message["Message-ID"] == ID
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == language
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert _body(message, "plain") == rendered.text
    assert _body(message, "html") == rendered.html


def test_answers_go_where_the_creditor_reads_them():
    assert _read(_made(content_of([Item("A-1", -7, 1)], JOINERY)))["Reply-To"] == "people@joinery.example"
    message = _read(_made(content_of([Item("A-1", -7, 1)], WERKSTATT)))
    assert message["Reply-To"] is None
    assert message["List-Unsubscribe"].strip() == "<mailto:buchhaltung@werkstatt.example?subject=stop%3A%20A-1>"


def test_an_unsubscribe_link_that_fits_no_line_is_left_out():
    assert _read(_made(content_of([Item("A" * 80, -7, 1)])))["List-Unsubscribe"] is None


def test_every_line_is_ascii_short_and_ended_by_crlf():
    data = _made(sample("de", "formal", "final"))
    lines = data.split(b"\r\n")
    assert data.isascii()
    assert lines[-1] == b""
    assert max(map(len, lines)) <= 76
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")


def test_the_same_message_is_the_same_bytes_and_its_parts_are_its_bytes():
    content = sample("en", "kind", "first")
    made = parts(render(content), content, message_id=ID, sent_at=SENT_AT)
    assert assemble(made) == assemble(parts(render(content), content, message_id=ID, sent_at=SENT_AT))
    assert assemble(Parts(*made)) == made.headers + made.text + made.html


PDF = bytes(range(256)) * 20


def test_a_document_that_goes_along_is_read_back_byte_for_byte():
    content = sample("de", "kind", "first")
    rendered = render(content)
    attached = [Attachment("Kontoauszug C-1.pdf", PDF), Attachment("Rechnung.pdf", b"%PDF-1.7")]
    made = parts(rendered, content, message_id=ID, sent_at=SENT_AT, attached=attached)
    message = _read(assemble(made))
    assert message.get_content_type() == "multipart/mixed"
    words, *documents = message.iter_parts()
    assert words.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in words.iter_parts()] == ["text/plain", "text/html"]
    assert _body(message, "plain") == rendered.text
    assert [(part.get_filename(), part.get_content()) for part in documents] == [
        ("Kontoauszug C-1.pdf", PDF),
        ("Rechnung.pdf", b"%PDF-1.7"),
    ]
    assert all(part.get_content_disposition() == "attachment" for part in documents)


def test_a_message_with_documents_keeps_lines_short_and_is_its_pieces():
    content = sample("en", "kind", "first")
    made = parts(
        render(content), content, message_id=ID, sent_at=SENT_AT, attached=[Attachment("كشف " * 12 + ".pdf", PDF)]
    )
    data = assemble(made)
    assert b"".join(made.pieces) == data
    assert data.isascii()
    assert max(map(len, data.split(b"\r\n"))) <= 76
    assert b"\n" not in data.replace(b"\r\n", b"")


def test_the_same_document_in_two_messages_is_the_same_piece():
    pieces = []
    for number, stage in (("1", "first"), ("2", "second")):
        content = sample("en", "kind", stage)
        attached = [Attachment(f"Statement {number}.pdf", PDF)]
        made = parts(
            render(content), content, message_id=f"<{number}@x.example>", sent_at=SENT_AT, attached=attached
        )
        pieces.append(made.attached)
    assert pieces[0][1] == pieces[1][1]
    assert pieces[0][0] != pieces[1][0]


def test_a_message_without_documents_is_as_it_always_was():
    content = sample("en", "kind", "first")
    assert parts(render(content), content, message_id=ID, sent_at=SENT_AT).attached == ()


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("Statement C-1.pdf", "Statement C-1.pdf"),
        ("Relevé de compte.pdf", "Relevé de compte.pdf"),
        ("كشف حساب.pdf", "كشف حساب.pdf"),
        ("../../etc/passwd", "-..-etc-passwd"),
        ('a"b\r\nBcc: x@y.example.pdf', "a-b Bcc- x@y.example.pdf"),
        ("", "document.pdf"),
        ("é" * 200 + ".pdf", "é" * 119 + "…"),
    ],
)
def test_the_name_of_a_document_reads_as_written_and_leads_nowhere(name: str, read: str):
    content = sample("en", "kind", "first")
    made = parts(render(content), content, message_id=ID, sent_at=SENT_AT, attached=[Attachment(name, PDF)])
    message = _read(assemble(made))
    assert [part.get_filename() for part in message.iter_attachments()] == [read]
    assert "Bcc" not in message
    assert max(map(len, assemble(made).split(b"\r\n"))) <= 76


def test_the_boundary_follows_from_the_id_and_cannot_stand_in_the_content():
    content = content_of([Item("A-1", -7, 1)])
    message = _read(_made(content))
    boundary = message.get_boundary()
    assert boundary is not None
    assert boundary.startswith("=_")
    hostile = content_of([Item(f"--{boundary}--", -7, 1)])
    again = _read(_made(hostile))
    assert again.get_boundary() == boundary
    assert f"--{boundary}--" in _body(again, "plain")


def test_the_date_is_given_in_utc():
    at = datetime(2026, 7, 1, 10, 5, 9, tzinfo=timezone(timedelta(hours=2)))
    assert b"\r\nDate: Wed, 01 Jul 2026 08:05:09 +0000\r\n" in _made(content_of([Item("A-1", -7, 1)]), at)


@pytest.mark.parametrize("value", ["a@b", "<a b@c.example>", "<a@b.example>\r\nBcc: x@y.example", "<@>", ""])
def test_only_a_message_id_can_be_the_id(value):
    content = content_of([Item("A-1", -7, 1)])
    with pytest.raises(headers.BadHeader):
        parts(render(content), content, message_id=value, sent_at=SENT_AT)


def test_a_date_without_a_zone_and_a_wrong_address_build_nothing():
    content = content_of([Item("A-1", -7, 1)])
    with pytest.raises(headers.BadHeader, match="zone"):
        parts(render(content), content, message_id=ID, sent_at=SENT_AT.replace(tzinfo=None))
    nowhere = content_of([Item("A-1", -7, 1)], addressee=Addressee("nowhere"))
    with pytest.raises(headers.BadHeader, match="not an address"):
        parts(render(nowhere), nowhere, message_id=ID, sent_at=SENT_AT)


LONGEST = "a" * 64 + "@" + ".".join(["b" * 60] * 3)
NAMES = [
    "",
    "Acme",
    "Acme, Inc.",
    'The "Best" \\ Co',
    "Möbel & Maß GmbH",
    "=?utf-8?q?x?=",
    "x" * 200,
    "word " * 40,
    "ä" * 120,
    "👋🏽" * 30,
    "a@b.example",
    "A\r\nBcc: evil@example.org",
    "(comment) Ltd",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("address", ["a@example.org", LONGEST])
def test_any_name_makes_one_mailbox_that_reads_as_written(name, address):
    field = headers.mailbox("From", name, address)
    message = _read(f"{field}Subject: end\r\n\r\n".encode("ascii"))
    assert list(message.keys()) == ["From", "Subject"]
    (mailbox,) = message["From"].addresses
    assert mailbox.addr_spec == address
    # Encoded words that meet are one (RFC 2047 section 6.2); the newer parser of Python 3.11 puts spaces between.
    phrase = email.message_from_string(field)["From"].rpartition("<")[0].strip()
    shown = str(make_header(decode_header(phrase))) if phrase.startswith("=?") else mailbox.display_name
    assert shown == " ".join(name.split())
    # RFC 5322 section 2.1.1 wants lines up to 78; only an address that is longer itself makes a longer one.
    assert all(len(line) <= max(76, len(address) + 3) for line in field.split("\r\n"))


@given(st.text(max_size=200))
def test_any_text_makes_one_subject_that_reads_as_written(value):
    field = headers.unstructured("Subject", value)
    message = _read(f"{field}To: end@example.org\r\n\r\n".encode("ascii"))
    assert list(message.keys()) == ["Subject", "To"]
    assert message["Subject"] == headers.clean(value)
    assert all(len(line) <= 76 for line in field.split("\r\n"))


@pytest.mark.parametrize("value", ["ä" * 60, "x" + "ä" * 60, "👋" * 30, "a👋" * 30, "日本語" * 20])
def test_no_encoded_word_is_cut_inside_a_character(value):
    words = re.findall(r"=\?utf-8\?b\?([A-Za-z0-9+/=]+)\?=", headers.unstructured("Subject", value))
    assert len(words) > 1
    assert "".join(b64decode(word).decode("utf-8") for word in words) == value


@pytest.mark.parametrize("length", range(70, 80))
@pytest.mark.parametrize("ending", ["", "=", "ä", "==", " ", "ää"])
def test_a_chunk_that_fills_its_line_leaves_room_for_the_break(length, ending):
    for text in (
        "x" * length + ending,
        "ä" * 5 + "x" * (length - 30) + ending,
        "ä" * (length - 64) + "=" * 3 + ending,
    ):
        encoded = quoted.chunk(text) + quoted.chunk("next")
        assert all(len(line) <= 76 for line in encoded.split("\r\n"))
        assert a2b_qp(encoded).decode("utf-8") == text + "next"


@given(st.lists(st.text(st.characters(exclude_characters="\r", codec="utf-8"), max_size=180), max_size=6))
def test_chunks_laid_end_to_end_read_as_the_texts_laid_end_to_end(texts):
    encoded = "".join(map(quoted.chunk, texts))
    assert all(len(line) <= 76 for line in encoded.split("\r\n"))
    assert "\n" not in encoded.replace("\r\n", "")
    message = _read(
        b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        + encoded.encode("ascii")
    )
    payload = message.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert payload.decode("utf-8").replace("\r\n", "\n") == "".join(texts)


def test_an_instant_reads_back_on_every_day_of_a_year():
    for day in range(366):
        at = datetime(2027, 12, 30, 23, 59, 58, tzinfo=UTC) + timedelta(days=day)
        assert _read(f"Date: {headers.instant(at)}\r\n\r\n".encode("ascii"))["Date"].datetime == at
