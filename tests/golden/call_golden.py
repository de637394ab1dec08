"""The golden calls: what a collector reads aloud in each language, for a person to review."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from duewell.adapters.channels.call.spoken import Spoken, spoken
from duewell.adapters.texts import LANGUAGES, shipped
from duewell.core.contact.call import COLLECTOR, script
from tests.golden.email_samples import sample

ROOT = Path(__file__).parent / "call"
STAGES = ("upcoming", "first", "second", "final")
"""Together they have one invoice and several, one currency and two, what is due and what will be."""


def golden_calls() -> Iterator[tuple[Path, bytes]]:
    """Every golden file with the bytes that belong in it."""
    for language in sorted(LANGUAGES):
        for stage in STAGES:
            content = sample(language, "kind", stage)
            said = spoken(script(content, (COLLECTOR,)), shipped(), "Kim Doe")
            yield ROOT / language / f"{stage}.txt", as_text(said).encode("utf-8")


def as_text(said: Spoken) -> str:
    """The lines in the order in which they are said."""
    parts = [
        ("before it is known who answers", said.before),
        ("once it is the customer", (*said.statements, said.matter, said.ask)),
        ("what the customer can do", (*said.options, said.thanks)),
        ("somebody else answers", (said.to_others,)),
        ("a machine answers", (said.voicemail or "-",)),
    ]
    return "\n".join(line for name, lines in parts for line in (f"# {name}", *lines, ""))
