"""What the codes say, and when there is none."""

from __future__ import annotations

import pytest

from duewell.adapters.channels.letter import codes, epc, swiss
from duewell.adapters.channels.letter.epc import epc_text
from duewell.core.party.postal import PostalAddress
from duewell.core.units.money import Money

EUR = Money(12345, "EUR")
IBAN, QR_IBAN, GERMAN = "CH9300762011623852957", "CH4431999123000889012", "DE89370400440532013000"
ZURICH = PostalAddress("CH", "Häringstrasse 2", "8001", "Zürich")
US = swiss.Ends("Alpenholz Möbel AG", ZURICH)
PAYER = swiss.Ends("Pia Rutschmann", PostalAddress("DE", "Marktgasse 28", "9400", "Lindau"))


def test_an_epc_code_says_who_gets_how_much_for_what():
    assert epc_text("Möbel & Maß", GERMAN, "", EUR, "INV-7") == (
        "BCD\n002\n1\nSCT\n\nMöbel & Maß\nDE89370400440532013000\nEUR123.45\n\n\nINV-7"
    )


def test_an_iso_reference_stands_in_its_own_line_of_an_epc_code():
    text = epc_text("A", GERMAN, "COBADEFFXXX", EUR, "RF18539007547034")
    assert text is not None and text.split("\n")[4:] == [
        "COBADEFFXXX",
        "A",
        GERMAN,
        "EUR123.45",
        "",
        "RF18539007547034",
    ]


@pytest.mark.parametrize(
    ("name", "iban", "sum", "reference"),
    [
        ("A", GERMAN, Money(1, "USD"), "INV-7"),
        ("A", GERMAN, Money(0, "EUR"), "INV-7"),
        ("A", GERMAN, Money(100_000_000_000, "EUR"), "INV-7"),
        ("A", "TR330006100519786457841326", EUR, "INV-7"),
        ("", GERMAN, EUR, "INV-7"),
        ("A", GERMAN, EUR, "I" * 141),
        ("A", GERMAN, EUR, ""),
        ("é" * 70, GERMAN, EUR, "ß" * 140),
    ],
)
def test_what_the_standard_cannot_carry_makes_no_epc_code(name: str, iban: str, sum: Money, reference: str):
    assert epc_text(name, iban, "", sum, reference) is None


def test_the_largest_sum_and_the_longest_name_still_make_an_epc_code():
    text = epc_text("N" * 71, GERMAN, "", Money(99_999_999_999, "EUR"), "R" * 140)
    assert text is not None
    assert text.split("\n")[5] == "N" * 70
    assert "EUR999999999.99" in text
    assert codes.drawn(text, longest_version=epc.VERSION_MAX)


def test_a_payment_part_follows_the_guidelines_line_by_line():
    bill = swiss.bill(US, PAYER, QR_IBAN, Money(194975, "CHF"), "21000000000313947143000901")
    assert bill is not None
    assert bill.text.split("\n") == [
        "SPC", "0200", "1", QR_IBAN,
        "S", "Alpenholz Möbel AG", "Häringstrasse", "2", "8001", "Zürich", "CH",
        "", "", "", "", "", "", "",
        "1949.75", "CHF",
        "S", "Pia Rutschmann", "Marktgasse", "28", "9400", "Lindau", "DE",
        "QRR", "210000000003139471430009017", "", "EPD",
    ]  # fmt: skip
    assert (bill.amount, bill.iban) == ("1 949.75", "CH44 3199 9123 0008 8901 2")
    assert bill.reference == "21 00000 00003 13947 14300 09017"
    assert bill.creditor == ("Alpenholz Möbel AG", "Häringstrasse 2", "8001 Zürich")
    assert bill.debtor == ("Pia Rutschmann", "Marktgasse 28", "DE - 9400 Lindau")


@pytest.mark.parametrize(
    ("iban", "reference", "kind", "structured", "message"),
    [
        (QR_IBAN, "2041", "QRR", "000000000000000000000020418", ""),
        (QR_IBAN, "210000000003139471430009017", "QRR", "210000000003139471430009017", ""),
        (IBAN, "RF18539007547034", "SCOR", "RF18539007547034", ""),
        (IBAN, "539007547034", "SCOR", "RF18539007547034", ""),
        (IBAN, "INV-7", "NON", "", "INV-7"),
        (IBAN, "inv7", "NON", "", "inv7"),
    ],
)
def test_the_account_and_the_reference_decide_the_kind(
    iban: str, reference: str, kind: str, structured: str, message: str
):
    bill = swiss.bill(US, PAYER, iban, Money(100, "CHF"), reference)
    assert bill is not None
    assert bill.text.split("\n")[-4:] == [kind, structured, message, "EPD"]


@pytest.mark.parametrize(
    ("creditor", "iban", "sum", "reference"),
    [
        (US, IBAN, Money(100, "USD"), "7"),
        (US, GERMAN, Money(100, "CHF"), "7"),
        (US, QR_IBAN, Money(100, "CHF"), "INV-7"),
        (US, QR_IBAN, Money(100, "CHF"), "0"),
        (US, IBAN, Money(0, "CHF"), "7"),
        (US, IBAN, Money(100_000_000_000, "CHF"), "7"),
        (US, IBAN, Money(100, "CHF"), "счёт"),
        (US._replace(address=PostalAddress("CH", "Gasse 1", "", "Zürich")), IBAN, Money(100, "CHF"), "7"),
        (US._replace(name="Мебель"), IBAN, Money(100, "CHF"), "7"),
    ],
)
def test_what_the_guidelines_cannot_carry_makes_no_payment_part(
    creditor: swiss.Ends, iban: str, sum: Money, reference: str
):
    assert swiss.bill(creditor, PAYER, iban, sum, reference) is None


def test_a_payer_who_does_not_fit_writes_it_in_by_hand():
    bill = swiss.bill(US, PAYER._replace(name="張偉"), IBAN, Money(100, "CHF"), "7")
    assert bill is not None
    assert bill.debtor == ()
    assert bill.text.split("\n")[20:27] == [""] * 7
