"""The press: the same bytes each time, words that are never code, and no page that holds up the others."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from duewell.adapters.channels.letter import press as pressing
from duewell.adapters.channels.letter.press import CannotBeSet, Job, Press
from duewell.adapters.channels.letter.render import job, logo_bytes
from tests import paper
from tests.golden.email_samples import JOINERY, NEUTRAL, Item, content_of
from tests.golden.letter_samples import letter_sample

# A stand-in for a process that hangs at its second page.
_SLOW = """
import json, sys, time
for number, line in enumerate(sys.stdin.buffer):
    if json.loads(line)["data"].get("hang"):
        time.sleep(60)
    sys.stdout.buffer.write(b"ok 2\\n%%" )
    sys.stdout.buffer.flush()
"""


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    """One process for all letters here."""
    with Press(1) as started:
        yield started


def test_the_same_letter_has_the_same_bytes_in_another_process(press: Press):
    letter = job(*letter_sample("de", "formal", "firm"))
    with Press(1) as other:
        assert press.set(letter) == other.set(letter) == press.set(letter)


def test_the_date_of_the_file_is_the_date_of_the_message(press: Press):
    pdf = press.set(job(*letter_sample("en", "kind", "first")))
    assert b"D:20260310000000Z" in pdf


def test_a_letter_says_that_it_is_pdf_a(press: Press):
    pdf = press.set(job(*letter_sample("en", "kind", "first")))
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>U</pdfaid:conformance>" in pdf


@pytest.mark.parametrize(
    "hostile",
    [
        '#read("/etc/passwd")',
        '#import "letter.typ": *',
        "$x$ *bold* _it_ `raw`",
        "\\u{41} // gone",
        "]#panic()[",
        "@label <slip>",
    ],
)
def test_words_of_a_customer_are_never_code(press: Press, hostile: str):
    content, post = letter_sample("en", "kind", "first")
    pages = paper.text(press.set(job(content, post._replace(name=hostile))))
    assert hostile in pages[0]


def test_signs_of_another_page_do_not_make_a_payment_slip(press: Press):
    content = content_of([Item("<slip>", -7, 12000)], JOINERY, NEUTRAL)
    pages = paper.text(press.set(job(content, letter_sample("en", "kind", "first")[1])))
    assert "<slip>" in pages[0]


def test_a_letter_that_no_font_can_show_is_refused_and_the_next_is_made(press: Press):
    content, post = letter_sample("en", "kind", "first")
    with pytest.raises(CannotBeSet, match="font"):
        press.set(job(content, post._replace(name="張偉")))
    assert press.set(job(content, post)).startswith(b"%PDF")


def test_a_font_of_the_installation_lends_the_writing_that_ours_lack(tmp_path: Path):
    other = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
    if not other.exists():
        pytest.skip("Debian's fonts-dejavu-core is not here")
    content, post = letter_sample("en", "kind", "first")
    letter = job(content, post._replace(name="ⵣⵉⵔⵉ ⴰⵎⵖⴰⵔ"))
    with Press(1, fonts=tmp_path / "none") as press, pytest.raises(CannotBeSet, match="font"):
        press.set(letter)
    (tmp_path / other.name).write_bytes(other.read_bytes())
    with Press(1, fonts=tmp_path) as press:
        assert "ⵣⵉⵔⵉ" in paper.text(press.set(letter))[0]


def test_one_bad_letter_stops_only_itself(press: Press):
    content, post = letter_sample("en", "kind", "first")
    names = ["Ann Lee", "張偉", "Bo Lee"]
    made = list(press.set_all(job(content, post._replace(name=name)) for name in names))
    assert [isinstance(letter, CannotBeSet) for letter in made] == [False, True, False]
    assert [paper.text(made[row])[0].count(names[row]) for row in (0, 2)] == [1, 1]


def test_a_page_that_hangs_is_given_up_and_its_process_replaced(monkeypatch: pytest.MonkeyPatch):
    process = pressing._Process([sys.executable, "-c", _SLOW])
    now = datetime(2026, 3, 10, tzinfo=UTC)
    quick, hanging = Job("letter", {}, now), Job("letter", {"hang": True}, now)
    try:
        assert process.set(quick, 10, True) == b"%%"
        first = process._running
        begun = time.monotonic()
        with pytest.raises(CannotBeSet, match=r"within 0\.5 seconds"):
            process.set(hanging, 0.5, True)
        assert time.monotonic() - begun < 5
        assert first is not None and first.returncode is not None
        assert process.set(quick, 10, True) == b"%%"
    finally:
        process.end()


def test_a_process_that_dies_is_replaced():
    process = pressing._Process([sys.executable, "-c", "import sys; sys.stdin.buffer.readline()"])
    try:
        with pytest.raises(CannotBeSet, match="has ended"):
            process.set(Job("letter", {}, datetime(2026, 3, 10, tzinfo=UTC)), 10, True)
        assert process._running is None
    finally:
        process.end()


def test_a_press_that_nobody_closed_leaves_no_process_behind():
    forgotten = Press(1)
    forgotten.set(job(*letter_sample("en", "kind", "first")))
    process = forgotten._free.get()
    running = process._running
    assert running is not None and running.poll() is None
    forgotten._free.put(process)
    del forgotten
    assert running.wait(5) is not None


def test_a_logo_stands_in_the_head(press: Press):
    content, post = letter_sample("en", "kind", "first")
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 10"><rect width="30" height="10"/></svg>'
    plain = press.set(job(content, post))
    letter = job(content, post)
    letter.data["logo"] = "0" * 32 + ".svg"
    pdf = press.set(letter._replace(logo=drawing))
    assert paper.places(plain, "North Sea Joinery Ltd")[0].top < 40
    # The name still stands at the end and at the foot, no longer in the head.
    assert all(place.top > 90 for place in paper.places(pdf, "North Sea Joinery Ltd"))


def test_a_logo_that_is_no_picture_is_refused(press: Press):
    letter = job(*letter_sample("en", "kind", "first"))
    letter.data["logo"] = "1" * 32 + ".png"
    with pytest.raises(CannotBeSet):
        press.set(letter._replace(logo=b"not a picture"))


def test_a_logo_that_is_gone_is_named(tmp_path):
    with pytest.raises(CannotBeSet, match=r"the logo gone\.png cannot be read"):
        logo_bytes("gone.png", tmp_path)
