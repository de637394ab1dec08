"""Text files: bytes to lines, once to learn the encoding and again for every pass over the rows."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import BinaryIO

from duewell.core.intake import dialect, records
from duewell.core.intake.dialect import Dialect
from duewell.core.intake.encoding import EncodingSniffer
from duewell.core.intake.findings import AS_SAID, Decision, FileRefused, Undecided
from duewell.core.intake.mapping import Mapping
from duewell.core.intake.table import Chunk

Opener = Callable[[], BinaryIO]

_BLOCK_BYTES = 1 << 20
_LINES_A_CHUNK = 20_000
_FIRST_LINES = 500
_LOOKED_AT = 50_000
_LINE_MAX = 16 << 20
"""Characters; a longer line is no table, and reading it would fill the memory."""


class CsvTable:
    """A text file whose cells are separated by a sign; see `duewell.core.intake.table.Table`."""

    typed = False

    def __init__(self, name: str, opener: Opener, kind: str, said: Mapping) -> None:
        """Learns encoding and separator. Raises `FileRefused`: the bytes are no text in the encoding given."""
        self.name = name
        self._opener = opener
        outcome = self._encoding_of(said.encoding)
        self.decisions: Sequence[Decision] = ()
        self.questions: Sequence[Undecided] = ()
        self.separator = ","
        if isinstance(outcome, Undecided):
            self.questions = (outcome,)
            return
        self._encoding = outcome.value
        first = [line[:_LOOKED_AT] for line in islice(self._lines(), _FIRST_LINES)]
        self._dialect, decisions, questions = dialect.decide(first, kind, said.separator_sign(), said.header_row)
        self.decisions = (outcome, *decisions)
        self.questions = questions
        self.separator = self._dialect.separator
        header = dialect.find_header(dialect.split(first, self._dialect), kind)
        self._shape = records.look(first, self._dialect, header.names)

    def _encoding_of(self, said: str | None) -> Decision | Undecided:
        if said is not None:
            try:
                codecs.lookup(said)
                "".encode(said)
            except LookupError:
                raise FileRefused(f"There is no encoding {said!r}.", "Use one such as utf-8 or cp1252.") from None
        sniffer = EncodingSniffer()
        with self._opener() as file:
            while block := file.read(_BLOCK_BYTES):
                sniffer.feed(block)
        if said is None:
            return sniffer.finish()
        return sniffer.contradicts(said) or Decision("encoding", said, AS_SAID)

    def chunks(self) -> Iterator[Chunk]:
        """All records from the beginning."""
        return records.records(self._blocks(), self._dialect, self._shape, 2 if self._dialect.skip_first else 1)

    def _blocks(self) -> Iterator[Sequence[str]]:
        lines = self._lines()
        if self._dialect.skip_first:
            next(lines, None)
        while block := list(islice(lines, _LINES_A_CHUNK)):
            yield block

    def _lines(self) -> Iterator[str]:
        """Lines with their ends: LF, CR LF or CR. Bytes that are no text become lone surrogates in their row."""
        decoder = codecs.getincrementaldecoder(self._encoding)(errors=self._errors())
        left = ""
        with self._opener() as file:
            while True:
                block = file.read(_BLOCK_BYTES)
                text = left + self._decoded(decoder, block)
                if not block:
                    yield from io.StringIO(text, newline="")
                    return
                # The last line may go on, and so may a CR that is followed by LF.
                end = max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1
                left = text[end:]
                if len(left) > _LINE_MAX:
                    raise FileRefused(
                        f"A line is longer than {_LINE_MAX:,} characters; this is no table of rows.",
                        "Export the list again with one row a line.",
                    )
                yield from io.StringIO(text[:end], newline="")

    def _errors(self) -> str:
        return "strict" if self._encoding.lower().startswith(("utf-16", "utf-32", "utf_16")) else "surrogateescape"

    def _decoded(self, decoder: codecs.IncrementalDecoder, block: bytes) -> str:
        try:
            return decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            raise FileRefused(
                f"The file cannot be read as {self._encoding}: {error.reason}.",
                "Export it again as UTF-8, or name the encoding with --encoding.",
            ) from None


__all__ = ["CsvTable", "Dialect", "Opener"]
