"""The golden letters: what stands on each page, and the digest of the PDF, for a person to review."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from duewell.adapters.channels.letter.press import CannotBeSet, Press
from duewell.adapters.channels.letter.render import job
from duewell.adapters.texts import LANGUAGES, STAGES, TONES
from tests import paper
from tests.golden.letter_samples import letter_sample

ROOT = Path(__file__).parent / "letter"


def golden_letters() -> Iterator[tuple[Path, bytes]]:
    """Every golden file with the bytes that belong in it."""
    names = [(language, tone, stage) for language in sorted(LANGUAGES) for tone in TONES for stage in STAGES]
    with Press(1) as press:
        for name, made in zip(names, press.set_all(job(*letter_sample(*name)) for name in names), strict=True):
            language, tone, stage = name
            assert not isinstance(made, CannotBeSet), made
            yield ROOT / language / f"{tone}-{stage}.txt", told(made).encode("utf-8")


def told(pdf: bytes) -> str:
    """The digest, the words of each page as a program reads them, and what the codes say."""
    pages = "".join(
        f"--- page {number}\n{words.rstrip()}\n" for number, words in enumerate(paper.text(pdf), start=1)
    )
    codes = "".join(f"--- code\n{code}\n" for code in paper.codes(pdf))
    return f"sha256 {sha256(pdf).hexdigest()}\n{pages}{codes}"
