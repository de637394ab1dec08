"""Encodings: proved by the bytes, judged by letters within words, or asked."""

from __future__ import annotations

import pytest

from duewell.core.intake.encoding import EncodingSniffer
from duewell.core.intake.findings import Decision, Undecided


def sniff(content: bytes, block: int = 7) -> Decision | Undecided:
    sniffer = EncodingSniffer()
    for at in range(0, len(content), block):
        sniffer.feed(content[at : at + block])
    return sniffer.finish()


GERMAN = "Kunde;Ort\nMüller;Straßburg\nBäcker;Köln\nGroß;Ährenfeld\n"
FRENCH = "Client;Ville\nHélène Lefèvre;Orléans\nÉclair;Besançon\n"


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "cp850", "mac-roman", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [GERMAN, FRENCH])
def test_names_with_accents_show_their_encoding(text, encoding):
    # UTF-16 without a mark shows in the first bytes, and files are read in large blocks.
    block = 4_096 if encoding.startswith("utf-16") else 7
    assert sniff(text.encode(encoding), block).value == encoding


@pytest.mark.parametrize(
    ("encoding", "told"), [("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("utf-32", "utf-32")]
)
def test_a_byte_order_mark_proves_itself(encoding, told):
    found = sniff(GERMAN.encode(encoding), block=64)
    assert found.value == told
    assert "byte order mark" in found.why


def test_plain_ascii_reads_the_same_in_all():
    assert sniff(b"Customer;Amount\nSmith;12.00\n").value == "ascii"


def test_the_words_that_decide_are_shown_with_their_lines():
    found = sniff(GERMAN.encode("cp1252"))
    assert [(evidence.row, evidence.value) for evidence in found.evidence] == [
        (2, "Müller"),
        (2, "Straßburg"),
        (3, "Bäcker"),
    ]


def test_a_single_word_that_reads_well_in_two_encodings_is_asked():
    found = sniff("Jönköping\n".encode("cp850"))
    assert isinstance(found, Undecided)
    assert found.answer.startswith("--encoding")
    assert {evidence.column for evidence in found.examples} == {"cp1252", "cp850", "mac-roman"}


def test_a_few_damaged_words_in_a_utf8_file_do_not_make_it_another():
    content = "".join(f"Müßig {word}\n" for word in ("Käse", "Öl", "Brötchen")).encode() + b"M\xfcller\n"
    assert sniff(content).value == "utf-8"


def test_letters_of_eastern_europe_are_asked_rather_than_misread():
    assert isinstance(sniff("Łódź;Wałęsa;Żółw\n".encode("cp1250")), Undecided)


def test_what_was_said_is_doubted_where_the_bytes_prove_it_wrong():
    sniffer = EncodingSniffer()
    sniffer.feed(GERMAN.encode())
    assert sniffer.contradicts("cp1252").options == ("utf-8",)
    assert sniffer.contradicts("UTF-8") is None
    plain = EncodingSniffer()
    plain.feed(b"nothing but letters")
    assert plain.contradicts("cp1252") is None


def test_a_cell_of_a_million_letters_costs_no_more_than_its_length():
    # A pattern that looked back from every letter would take hours here.
    content = "Müller;".encode("cp1252") + b"x" * 1_000_000 + b"\n" + "Käse;Größe;Süß\n".encode("cp1252")
    assert sniff(content, block=1 << 20).value == "cp1252"
