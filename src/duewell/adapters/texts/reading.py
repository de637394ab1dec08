"""Reading one text: which keys it has, which placeholders may stand where, how long it may be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from duewell.adapters.texts.sentences import BadSentence, Sentence, parse

WORDS_MAX = 120
TIMINGS = ("past", "today", "future")
GATHERINGS = ("one", "together", "several")

# Where a placeholder may stand. `invoice` has a value only where one invoice is asked for.
PROSE = frozenset("sum date count reference answer_by creditor.name creditor.phone creditor.reply_to".split())
SUBJECT = frozenset("date count reference creditor.name".split())
INVOICE = frozenset({"invoice"})
SALUTATION = {
    "ms": frozenset({"recipient.family_name", "recipient.name"}),
    "mr": frozenset({"recipient.family_name", "recipient.name"}),
    "name": frozenset({"recipient.name"}),
    "none": frozenset[str](),
}
LABELS: dict[str, frozenset[str]] = {
    **dict.fromkeys("preview items invoice open total held credit pay".split(), frozenset()),
    **dict.fromkeys("payment amount holder iban bic reference phone email".split(), frozenset()),
    "items_in": frozenset({"currency"}),
    "due": frozenset({"due"}),
    "issued": frozenset({"issued"}),
    "row_held": frozenset({"held"}),
}
_MORE = frozenset({"more"})
# How many words a value usually is, for counting a text before anybody is written to.
_USUAL = {
    "sum": "€120.00 and US$30.00",
    "date": "3 March 2026",
    "answer_by": "3 March 2026",
    "creditor.name": "North Sea Joinery Ltd",
    "creditor.phone": "+44 20 7946 0958",
    "recipient.name": "Alex Kim",
}
_FRAME = ("salutation", "pay", "paid", "help", "stop", "sign_off")

Numbered = dict[str, Sentence]
"""`one` and `many`."""


class TextError(ValueError):
    """A text cannot be used. `file` and `place` say where, the message what to do."""

    def __init__(self, file: str, place: str, what: str) -> None:
        super().__init__(f"{file}: {place}: {what}" if place else f"{file}: {what}")
        self.file = file
        self.place = place


class Text(NamedTuple):
    """The words of one stage in one tone and language, ready to be filled."""

    separator: str
    last: str
    subject: Numbered
    salutation: dict[str, Sentence]
    opening: dict[tuple[str, str], Sentence]
    """By timing and gathering, such as `("past", "one")`."""
    message: tuple[Numbered, ...]
    pay: Numbered
    paid: Numbered
    help: dict[str, Sentence]
    stop: Numbered
    sign_off: Numbered
    labels: dict[str, Sentence]
    more: Numbered
    needs: frozenset[str]
    """Placeholders of the creditor that this text cannot do without."""

    def sentences(self) -> list[Sentence]:
        """Every sentence in every variant, in the order of a message."""
        prose = [sentence for variants in _prose(self) for sentence in variants]
        return [*self.subject.values(), *prose, *self.labels.values(), *self.more.values()]


def read(labels: dict[str, Any], frame: dict[str, Any], own: dict[str, Any], files: tuple[str, str, str]) -> Text:
    """Check three files and make a text of them.

    Raises:
        TextError: a key is unknown or missing, a placeholder is not known where it stands, or a message would
            be longer than 120 words.
    """
    _keys(labels, ("list", "opening", "labels"), (), files[0])
    _keys(frame, _FRAME, (), files[1])
    _keys(own, ("subject", "message"), ("opening", *_FRAME), files[2])
    at_frame = {key: _Reader(files[2] if key in own else files[1], key) for key in _FRAME}
    parts = {**frame, **own}
    opening_at = _Reader(files[2] if "opening" in own else files[0], "opening")

    opening = opening_at.opening(own.get("opening", labels["opening"]))
    helps = at_frame["help"].mapping(parts["help"], dict.fromkeys(("phone", "no_phone"), PROSE))
    of_labels = _Reader(files[0], "labels")
    shown = of_labels.mapping(_without(labels["labels"], "more", of_labels), LABELS)
    lists = _Reader(files[0], "list").mapping(labels["list"], dict.fromkeys(("separator", "last"), frozenset()))
    text = Text(
        separator=lists["separator"].text({}),
        last=lists["last"].text({}),
        subject=_Reader(files[2], "subject").numbered(own["subject"], SUBJECT, INVOICE),
        salutation=at_frame["salutation"].mapping(parts["salutation"], SALUTATION),
        opening=opening,
        message=_Reader(files[2], "message").message(own["message"]),
        pay=at_frame["pay"].numbered(parts["pay"], PROSE, INVOICE),
        paid=at_frame["paid"].numbered(parts["paid"], PROSE, INVOICE),
        help=helps,
        stop=at_frame["stop"].numbered(parts["stop"], PROSE, INVOICE),
        sign_off=at_frame["sign_off"].numbered(parts["sign_off"], PROSE, INVOICE),
        labels=shown,
        more=_Reader(files[0], "labels.more").numbered(labels["labels"]["more"], _MORE, frozenset()),
        needs=frozenset(),
    )
    if (words := _longest(text)) > WORDS_MAX:
        raise TextError(
            files[2], "", f"the message would have {words} words from greeting to name; at most {WORDS_MAX}"
        )
    return text._replace(needs=_needs(text))


class _Reader(NamedTuple):
    """Reads values of one key of one file and says in errors where it stood."""

    file: str
    place: str

    def sentence(self, value: Any, allowed: frozenset[str]) -> Sentence:
        if not isinstance(value, str) or not value.strip() or "\n" in value:
            raise TextError(self.file, self.place, "write one line of words, in quotes")
        try:
            return parse(value, allowed)
        except BadSentence as problem:
            known = ", ".join(f"{{{name}}}" for name in sorted(allowed)) or "none"
            raise TextError(
                self.file, self.place, f"{problem}; placeholders that may stand here: {known}"
            ) from None

    def mapping(self, value: Any, allowed: Mapping[str, frozenset[str]]) -> dict[str, Sentence]:
        _keys(value, tuple(allowed), (), self.file, self.place)
        return {key: self._at(key).sentence(value[key], names) for key, names in allowed.items()}

    def numbered(self, value: Any, allowed: frozenset[str], only_one: frozenset[str]) -> Numbered:
        if not isinstance(value, dict):
            both = self.sentence(value, allowed)
            return {"one": both, "many": both}
        return self.mapping(value, {"one": allowed | only_one, "many": allowed})

    def opening(self, value: Any) -> dict[tuple[str, str], Sentence]:
        _keys(value, TIMINGS, (), self.file, self.place)
        found = {}
        for timing in TIMINGS:
            at = self._at(timing)
            allowed = {gathering: PROSE | (INVOICE if gathering == "one" else set()) for gathering in GATHERINGS}
            for gathering, sentence in at.mapping(value[timing], allowed).items():
                if not {"sum", "date"} <= sentence.names:
                    raise TextError(
                        self.file, f"{at.place}.{gathering}", "the first sentence has {sum} and {date}"
                    )
                found[timing, gathering] = sentence
        return found

    def message(self, value: Any) -> tuple[Numbered, ...]:
        if not isinstance(value, list) or not value:
            raise TextError(self.file, self.place, "write a list of paragraphs, each after a dash")
        return tuple(self._at(str(row)).numbered(part, PROSE, INVOICE) for row, part in enumerate(value, start=1))

    def _at(self, key: str) -> _Reader:
        return _Reader(self.file, f"{self.place}.{key}")


def _keys(value: Any, required: tuple[str, ...], optional: tuple[str, ...], file: str, place: str = "") -> None:
    if not isinstance(value, dict):
        raise TextError(file, place, f"write the keys {', '.join(required)}")
    for key in required:
        if key not in value:
            raise TextError(file, place, f"{key!r} is missing")
    for key in value:
        if key not in required and key not in optional:
            raise TextError(file, place, f"{key!r} is not known; the keys are {', '.join(required + optional)}")


def _without(value: Any, key: str, at: _Reader) -> Any:
    if not isinstance(value, dict) or key not in value:
        raise TextError(at.file, at.place, f"{key!r} is missing")
    return {name: words for name, words in value.items() if name != key}


def _prose(text: Text) -> list[list[Sentence]]:
    """What stands between greeting and name, each with its variants."""
    return [
        list(text.salutation.values()),
        list(text.opening.values()),
        *(list(part.values()) for part in (*text.message, text.pay, text.paid, text.stop, text.sign_off)),
        list(text.help.values()),
    ]


def _longest(text: Text) -> int:
    """Words of the longest variants, with values of usual length, the creditor's name under them included."""

    class _Values(dict[str, str]):
        def __missing__(self, name: str) -> str:
            return "one"

    values = _Values(_USUAL)
    name = len(values["creditor.name"].split())
    return name + sum(max(len(variant.text(values).split()) for variant in variants) for variants in _prose(text))


def _needs(text: Text) -> frozenset[str]:
    """`help.phone` is used only where there is a phone, so it asks for nothing."""
    sentences = [sentence for variants in _prose(text) for sentence in variants if sentence != text.help["phone"]]
    sentences += text.subject.values()
    return frozenset(name for sentence in sentences for name in sentence.names if name.startswith("creditor."))
