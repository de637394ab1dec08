"""The golden e-mails: what each text looks like in plain text, as a page and as bytes, for a person to review."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from duewell.adapters.channels.email.mime import assemble, parts
from duewell.adapters.channels.email.render import render
from duewell.adapters.texts import LANGUAGES, SECTIONS, STAGES, TONES, formats, shipped
from duewell.adapters.texts.sentences import Sentence
from tests.golden.email_samples import SENT_AT, sample

ROOT = Path(__file__).parent / "email"
_VALUES = {
    "count": "3",
    "invoice": "INV-2041",
    "reference": "C-20417",
    "creditor.name": "North Sea Joinery",
    "creditor.phone": "+44 1632 960123",
    "recipient.name": "Alex Kim",
    "recipient.family_name": "Kim",
}


def golden() -> Iterator[tuple[Path, bytes]]:
    """Every golden file with the bytes that belong in it."""
    for language in sorted(LANGUAGES):
        yield ROOT / language / "every-sentence.txt", every_sentence(language).encode("utf-8")
        for tone in TONES:
            for stage in STAGES:
                content = sample(language, tone, stage)
                rendered = render(content)
                name = f"{tone}-{stage}"
                made = parts(
                    rendered, content, message_id=f"<{tone}.{stage}.{language}@duewell.example>", sent_at=SENT_AT
                )
                text = f"Subject: {rendered.subject}\n\n{rendered.text}"
                yield ROOT / language / f"{name}.txt", text.encode("utf-8")
                yield ROOT / language / f"{name}.html", rendered.html.encode("utf-8")
                yield ROOT / language / f"{name}.eml", assemble(made)


class _Named(dict[str, str]):
    """A value that is not known here is shown by its name."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


def every_sentence(language: str) -> str:
    """Each sentence of a language in each of its variants, once, under the first text that has it."""
    values = {**_VALUES, **_local(language)}
    seen: set[str] = set()
    lines: list[str] = []
    for tone in TONES:
        for stage in STAGES:
            sentences = [sentence.text(values) for sentence in _of_text(language, tone, stage, values)]
            fresh = [sentence for sentence in dict.fromkeys(sentences) if sentence not in seen]
            seen.update(fresh)
            lines += [f"# {tone}, {stage}", *fresh, ""]
    named = _Named(values)
    for name in SECTIONS:
        section = shipped().section(language, name)
        lines += [f"# {name}"]
        lines += [f"{key}: {sentence.text(named)}" for key, sentence in section.sentences.items()]
        for key, forms in section.numbered.items():
            lines += [f"{key}: {sentence.text(named)}" for sentence in dict.fromkeys(forms)]
        lines.append("")
    return "\n".join(lines)


def _local(language: str) -> dict[str, str]:
    """What stands in a sentence when only the words are reviewed."""
    locale, due_on, answer_by = formats.locale(language, ""), date(2026, 3, 3), date(2026, 3, 17)
    return {
        "sum": formats.money(12000, "EUR", locale),
        "date": formats.long_date(due_on, locale),
        "the_date": formats.the_date(due_on, locale),
        "answer_by": formats.long_date(answer_by, locale),
        "the_answer_by": formats.the_date(answer_by, locale),
    }


def _of_text(language: str, tone: str, stage: str, values: dict[str, str]) -> list[Sentence]:
    return [
        sentence
        for sentence in shipped().text(language, tone, stage).sentences()
        if sentence.names <= values.keys()
    ]
