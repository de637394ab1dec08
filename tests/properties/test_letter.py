"""Language, sum and reference are the same in letter, e-mail and code, whatever stands in the books."""

from __future__ import annotations

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duewell.adapters.channels.email.render import render
from duewell.adapters.channels.letter.press import CannotBeSet, Press
from duewell.adapters.channels.letter.references import is_creditor_reference, is_qr_reference
from duewell.adapters.channels.letter.render import job
from duewell.adapters.texts import LANGUAGES, STAGES, TONES, formats, shipped
from duewell.adapters.texts.told import Told, told
from duewell.core.contact import BadProposal, Content, Sender
from duewell.core.contact.post import Post
from tests import paper
from tests.golden.email_samples import FRAU, JOINERY, WERKSTATT, Item, content_of
from tests.golden.letter_samples import HOUSES, OFFICES

IBANS = ("DE89370400440532013000", "CH9300762011623852957", "CH4431999123000889012", "GB33BUKB20201555555555")
NUMBERS = st.one_of(
    st.from_regex(r"[A-Z]{1,4}-[0-9]{1,6}(/[0-9]{2})?", fullmatch=True),
    st.from_regex(r"[1-9][0-9]{0,11}", fullmatch=True),
    st.from_regex(r"[A-Z][A-Z0-9]{0,9}", fullmatch=True),
)


@st.composite
def _letters(draw: st.DrawFn) -> tuple[Content, Post] | None:
    iban = draw(st.sampled_from(IBANS))
    sender: Sender = draw(st.sampled_from([JOINERY, WERKSTATT]))._replace(iban=iban, bic="")
    office = HOUSES["CH"] if iban.startswith("CH") else OFFICES[sender.language]
    items = [
        Item(
            draw(NUMBERS), draw(st.integers(-400, 30)), draw(st.integers(1, 10**12)), draw(st.sampled_from(_MONEY))
        )
        for _ in range(draw(st.sampled_from([1, 1, 3])))
    ]
    language = draw(st.sampled_from(sorted(LANGUAGES)))
    credits = {"EUR": draw(st.integers(0, 1000))}
    house = HOUSES[draw(st.sampled_from(sorted(HOUSES)))]
    try:
        content = content_of(
            items, sender, FRAU, draw(st.sampled_from(STAGES)), draw(st.sampled_from(TONES)), language, credits
        )
    except BadProposal:
        return None
    return content, Post("Jana Müller", house, office, "C-20417")


_KINDS = {
    "BCD": ("INV-7", IBANS[0]),
    "NON": ("INV-7", IBANS[1]),
    "SCOR": ("INV7", IBANS[1]),
    "QRR": ("2041", IBANS[2]),
}
_MONEY = ("EUR", "CHF", "USD", "JPY")


def test_letter_code_and_e_mail_agree_on_language_sum_and_reference():
    with Press(1) as press:

        @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @given(_letters())
        def agree(letter: tuple[Content, Post] | None) -> None:
            if letter is not None:
                _agrees(press, *letter)

        agree()
        # However the dice fall, every kind of code is read.
        for kind, (number, iban) in _KINDS.items():
            content = content_of(
                [Item(number, -7, 12345, "EUR" if kind == "BCD" else "CHF")], WERKSTATT._replace(iban=iban)
            )
            assert _agrees(press, content, Post("Jana Müller", HOUSES["CH"], HOUSES["CH"])) == {kind}


def _agrees(press: Press, content: Content, post: Post) -> set[str]:
    pdf = press.set(job(content, post))
    words = _bare("".join(paper.text(pdf)))
    mail = render(content)
    assert f"/Lang({content.words.language}".encode() in pdf
    # Each sentence, label and sum of the e-mail stands in the letter too; how to stop e-mails does not.
    text = shipped().text(content.words.language, content.words.tone, content.words.stage.key)
    said = told(content, text, formats.locale(content.words.language, content.country))
    assert said.subject in mail.subject
    for part in (*(line.text for line in (*said.before, *said.after, said.sign_off)), *_cells(said)):
        assert part in mail.text, part
        # A reader of files gives words that run from right to left back in another order: seen, not compared.
        assert said.right_to_left or _bare(part) in words, part
    assert said.right_to_left or _bare(said.subject) in words
    assert _bare(said.stop.text) not in words
    kinds = set()
    sums = {sum.currency: sum for sum in content.sums}
    for code in paper.codes(pdf):
        lines = code.replace("\r", "").split("\n")
        if lines[0] == "BCD":
            kinds.add("BCD")
            assert lines[7] == f"EUR{sums['EUR'].minor / 100:.2f}"
            assert lines[6] == content.sender.iban
            assert lines[10] == content.reference
        else:
            assert lines[0] == "SPC"
            kinds.add(lines[27])
            assert lines[3] == content.sender.iban
            assert lines[18] == f"{sums[lines[19]].minor / 100:.2f}"
            assert _means(lines[27], lines[28], lines[29], content.reference)
    return kinds


def _cells(said: Told) -> list[str]:
    cells = []
    for grid in said.grids:
        cells += [grid.caption, grid.pay, *(cell for total in grid.totals for cell in total)]
        cells += [cell for row in grid.rows for cell in (row.number, *row.about, row.open)]
    return cells


def _means(kind: str, structured: str, message: str, reference: str) -> bool:
    if kind == "QRR":
        return is_qr_reference(structured) and int(structured[:-1]) == int(reference)
    if kind == "SCOR":
        return is_creditor_reference(structured) and structured[4:] == reference
    return kind == "NON" and message == reference


def _bare(text: str) -> str:
    """Without any space: lines break elsewhere on paper."""
    return re.sub(r"\s|\u200b", "", text)


_HOSTILE = st.sampled_from(
    [
        "#read(\"/etc/passwd\")",
        "\u202e\u2066\u200b",
        "]#panic()[",
        "$x^2$",
        "דנה",
        "أحمد",
        "張偉",
        "🌸",
        "\x00\x1b[2J",
        "a" * 200,
        "ﷺ" * 40,
        "Z̷̢͎͈a̴l̶g̵o",
        "https://pay.example/?a=1&b=2#c",
    ]
)  # fmt: skip
_WORDS = st.lists(st.one_of(st.text(max_size=20), _HOSTILE), max_size=4).map(" ".join)


def test_whatever_stands_in_the_books_makes_a_letter_or_a_reason_and_never_something_else():
    with Press(1, seconds=10) as press:

        @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @given(_WORDS, _WORDS, _WORDS, _WORDS)
        def hold(name: str, street: str, number: str, note: str) -> None:
            sender = WERKSTATT._replace(payment_note=note, name=name or "X")
            try:
                content = content_of([Item(f"A {number}", -7, 12345)], sender, FRAU, "first", "kind", "de")
            except BadProposal:
                return
            to = HOUSES["DE"]._replace(street=street, city=name)
            letter = job(content, Post(name, to, OFFICES["de"]._replace(street=street or "X"), number))
            try:
                pdf = press.set(letter)
            except CannotBeSet as reason:
                assert "font" in str(reason), reason
                return
            assert pdf == press.set(letter)
            # Nothing of it ran, and the sum is still the sum.
            assert "123,45 €" in "".join(paper.text(pdf))
            for code in paper.codes(pdf):
                assert code.split("\n")[7] == "EUR123.45"

        hold()
