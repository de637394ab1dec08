"""What is wrong with a text, and where."""

from __future__ import annotations


class TextError(ValueError):
    """A text cannot be used. `file` and `place` say where, the message what to do."""

    def __init__(self, file: str, place: str, what: str) -> None:
        super().__init__(f"{file}: {place}: {what}" if place else f"{file}: {what}")
        self.file = file
        self.place = place


class Untranslated(KeyError):
    """The language has no such text, or not all of it. Nothing may be said instead."""

    def __init__(self, language: str, *what: str) -> None:
        super().__init__(language, *what)
        self.language = language

    def __str__(self) -> str:
        what = ", ".join(self.args[1:])
        return f"the words of {what} are not all there in the language {self.language}: see `duewell texts check`"
