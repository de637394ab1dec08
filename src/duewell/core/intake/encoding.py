"""In which encoding a text file is written: decided on all of its bytes.

A byte order mark or valid UTF-8 proves itself. Anything else is one byte per character, and three families are
in use among exports: Windows (cp1252), DOS (cp850) and old Macintosh (mac-roman). The same bytes are read in
each, and the reading wins in which foreign characters are letters that stand where letters can stand: `Müller`
against `M³ller` and `M¸ller`. Where two readings are as good as each other, it is asked.
"""

from __future__ import annotations

import codecs
import re
from unicodedata import category

from duewell.core.intake.findings import Decision, Evidence, Undecided, shown

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SINGLE = ("cp1252", "cp850", "mac-roman")
_ANSWER = "--encoding utf-8|cp1252|cp850|mac-roman|..."
# Bounded, so that a cell of a million letters costs no more than any other text of its length.
_WORD = re.compile(rb"[A-Za-z']{0,30}[\x80-\xff][A-Za-z\x80-\xff']{0,30}")
_WORDS_MAX = 5_000
_SHOWN_BLOCKS = 3
_LINE_MAX = 1 << 16
# Share of the words that the winner may fail to explain: real files hold a few damaged ones.
_DAMAGED_PERCENT = 10
# Letters that western names really use, and those that other readings of the same bytes turn up.
_COMMON = frozenset("äöüßÄÖÜéèêëáàâçñóíúÉ")
_RARE = frozenset("õÕðÐþÞýÝŸﬁﬂƒıŒÃÂ")
_BESIDE_LETTERS = frozenset("„“”‚‘’«»‹›€£§©®™´`¨°ªº\u00a0\u00ad")


class EncodingSniffer:
    """Is fed a file block by block and then says in which encoding it is written."""

    def __init__(self) -> None:
        self._mark: str | None = None
        self._started = False
        self._ascii = True
        self._utf8 = codecs.getincrementaldecoder("utf-8")()
        self._utf8_valid = True
        self._tail = b""
        self._line = 1
        self._words: dict[bytes, int] = {}
        self._collected = 0

    def feed(self, block: bytes) -> None:
        """The next bytes of the file, in order; blocks of any size."""
        if not self._started:
            self._started = True
            self._mark = _by_mark(block) or _by_zero_bytes(block)
        if self._mark is not None:
            return
        if self._utf8_valid:
            try:
                self._utf8.decode(block)
            except UnicodeDecodeError:
                self._utf8_valid = False
        if self._ascii and not block.isascii():
            self._ascii = False
        # While all is UTF-8 a few words are enough to show; the rest is needed only to judge between encodings.
        wanted = self._collected < _SHOWN_BLOCKS if self._utf8_valid else len(self._words) < _WORDS_MAX
        if wanted and (self._tail or not block.isascii()):
            self._collected += not block.isascii()
            self._collect(block)
        else:
            self._line += block.count(b"\n")
            self._tail = b""

    def _collect(self, block: bytes) -> None:
        """Words with foreign characters and the line of their first appearance."""
        text = self._tail + block
        # A block may end within a word: what follows its last line waits, unless no line ever ends.
        end = text.rfind(b"\n") + 1 or (len(text) if len(text) > _LINE_MAX else 0)
        text, self._tail = text[:end], text[end:]
        if not text.isascii():
            for match in _WORD.finditer(text):
                if match.group() not in self._words and len(self._words) < _WORDS_MAX:
                    self._words[match.group()] = self._line + text.count(b"\n", 0, match.start())
        self._line += text.count(b"\n")

    def finish(self) -> Decision | Undecided:
        """The encoding, with the words that decide it; or the question where nothing does."""
        if self._mark is not None:
            why = "the file begins with a byte order mark"
            if self._mark.startswith("utf-16-"):
                why = "every second byte is zero"
            return Decision("encoding", self._mark, why)
        if self._utf8_valid:
            try:
                self._utf8.decode(b"", final=True)
            except UnicodeDecodeError:
                self._utf8_valid = False
        self._collect(b"\n")
        if self._ascii:
            return Decision("encoding", "ascii", "only unaccented letters: every encoding reads the same")
        if self._utf8_valid:
            return Decision("encoding", "utf-8", "all of it is valid UTF-8", self._evidence("utf-8"))
        return self._judge()

    def contradicts(self, said: str) -> Undecided | None:
        """A question if what was said about the encoding cannot be: the file proves that it is UTF-8 or UTF-16."""
        found = self.finish()
        if isinstance(found, Undecided) or found.value == "ascii" or not found.value.startswith("utf"):
            return None
        if said.lower().replace("_", "-").startswith(found.value[:5]):
            return None
        if not self._utf8_valid and self._mark is None:
            return None
        return Undecided(
            "encoding",
            f"You said {said}, but {found.why}. In which encoding is it written?",
            (found.value,),
            f"--encoding {found.value}",
            found.evidence,
        )

    def _evidence(self, codec: str, words: list[bytes] | None = None) -> tuple[Evidence, ...]:
        chosen = list(self._words)[:3] if words is None else words[:3]
        return tuple(
            Evidence(self._words[word], "", shown(word.decode(codec, errors="replace"))) for word in chosen
        )

    def _judge(self) -> Decision | Undecided:
        words = list(self._words)
        valid = [word for word in words if _decoded(word, "utf-8") is not None]
        # Bytes of another encoding are hardly ever valid UTF-8 by chance: a majority of words is proof.
        if len(valid) * 2 > len(words):
            return Decision(
                "encoding",
                "utf-8",
                f"{len(valid)} of {len(words)} words with accents are UTF-8; rows with the others are rejected",
                self._evidence("utf-8", valid),
            )
        scores = {codec: _score(words, codec) for codec in _SINGLE}
        ranked = sorted(_SINGLE, key=lambda codec: scores[codec])
        best, second = scores[ranked[0]], scores[ranked[1]]
        explained = best[0] * 100 <= len(words) * _DAMAGED_PERCENT
        # A mere habit of spelling (third figure) decides only where it shows several times.
        clear = best[:2] < second[:2] or best[2] + 3 <= second[2]
        if explained and clear:
            return Decision(
                "encoding",
                ranked[0],
                f"not UTF-8; read as {ranked[0]} the foreign characters are letters within words",
                self._evidence(ranked[0]),
            )
        examples = tuple(
            Evidence(evidence.row, codec, evidence.value)
            for codec in _SINGLE
            for evidence in self._evidence(codec)[:2]
        )
        return Undecided(
            "encoding",
            "In which encoding is the file written? The examples show the same words as each would read them.",
            _SINGLE,
            _ANSWER,
            examples,
        )


def _by_mark(block: bytes) -> str | None:
    return next((codec for mark, codec in _MARKS if block.startswith(mark)), None)


def _by_zero_bytes(block: bytes) -> str | None:
    """UTF-16 without a mark: mostly Latin text leaves every second byte zero."""
    sample = block[:4_000]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if half >= 4 and odd * 10 > half * 7 and even * 10 < half:
        return "utf-16-le"
    if half >= 4 and even * 10 > half * 7 and odd * 10 < half:
        return "utf-16-be"
    return None


def _decoded(word: bytes, codec: str) -> str | None:
    try:
        return word.decode(codec)
    except UnicodeDecodeError:
        return None


def _score(words: list[bytes], codec: str) -> tuple[int, int, int]:
    """Impossible words, words with unlikely characters, words with uncommon letters: less is better."""
    impossible = unlikely = uncommon = 0
    for word in words:
        text = _decoded(word, codec)
        judged = 3 if text is None else _judged(text)
        impossible += judged == 3
        unlikely += judged == 2
        uncommon += judged == 1
    return impossible, unlikely, uncommon


def _judged(word: str) -> int:
    """0 good, 1 uncommon letter, 2 unlikely character, 3 impossible."""
    worst = 0
    for index, character in enumerate(word):
        if character.isascii():
            continue
        before = word[index - 1] if index else ""
        after = word[index + 1] if index + 1 < len(word) else ""
        worst = max(worst, _character(character, before, after, word))
    return worst


def _character(character: str, before: str, after: str, word: str) -> int:
    if category(character) not in ("Lu", "Ll"):
        if before.isalpha() and after.isalpha():
            return 0 if character == "’" else 3
        if character in _BESIDE_LETTERS:
            return 0
        # Signs with nothing at their sides say little; a sign glued to a word speaks against the reading.
        return 2 if before.isalpha() or after.isalpha() else 1
    inside = before.isalpha()
    if inside and character.isupper() and any(other.islower() and other.isascii() for other in word):
        return 3
    if inside and character.islower() and character != "ß" and before.isupper() and after.isupper():
        return 3
    if character in _RARE:
        return 2
    return 0 if character in _COMMON else 1
