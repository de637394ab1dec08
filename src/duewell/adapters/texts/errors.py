"""What is wrong with a text, and where."""

from __future__ import annotations


class TextError(ValueError):
    """A text cannot be used. `file` and `place` say where, the message what to do."""

    def __init__(self, file: str, place: str, what: str) -> None:
        super().__init__(f"{file}: {place}: {what}" if place else f"{file}: {what}")
        self.file = file
        self.place = place
