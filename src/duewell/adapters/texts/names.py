"""Which texts there are, and the files they stand in."""

from __future__ import annotations

ENGLISH = "en"
TONES = ("kind", "formal")
STAGES = ("upcoming", "due", "first", "second", "firm", "final")
"""Stages with a message. `handover` has none: what is handed over leaves this house."""
LABELS = "labels"
SECTIONS = ("letter", "call")
"""What one channel alone says: a file of its own in each language."""

CALL = "call"
CHANNELS = {"email": "", "letter": "letter", CALL: CALL}
"""Channels, and the section that each needs beside the text of the stage; a call has its section alone."""


def files_of(tone: str, stage: str) -> tuple[str, str, str]:
    """Files that a text is made from, without language and ending: labels, frame, stage."""
    return LABELS, f"{tone}/frame", f"{tone}/{stage}"


def files() -> tuple[str, ...]:
    """Every file that a language has, without language and ending."""
    of_texts = {file: None for tone in TONES for stage in STAGES for file in files_of(tone, stage)}
    return (*of_texts, *SECTIONS)


def of_file(name: str) -> str:
    """`kind/first` of `en/kind/first.yaml`."""
    return name.partition("/")[2].removesuffix(".yaml")
