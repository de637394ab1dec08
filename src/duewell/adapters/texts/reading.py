"""Reading one text: which keys it has, which placeholders may stand where, how long it may be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from duewell.adapters.texts import formats
from duewell.adapters.texts.errors import TextError
from duewell.adapters.texts.plurals import Plurals
from duewell.adapters.texts.sentences import BadSentence, Sentence, parse

WORDS_MAX = 120
TIMINGS = ("past", "today", "future")
GATHERINGS = ("one", "together", "several")

# Where a placeholder may stand. `invoice` has a value only where one invoice is asked for.
DATES = frozenset({"date", "the_date"})
SUBJECT = frozenset("count reference creditor.name".split()) | DATES
PROSE = SUBJECT | frozenset("sum answer_by the_answer_by creditor.phone creditor.reply_to".split())
INVOICE = frozenset({"invoice"})
SALUTATION = {
    "ms": frozenset({"recipient.family_name", "recipient.name"}),
    "mr": frozenset({"recipient.family_name", "recipient.name"}),
    "name": frozenset({"recipient.name"}),
    "none": frozenset[str](),
}
LABELS: dict[str, frozenset[str]] = {
    **dict.fromkeys("preview items invoice open total held credit pay".split(), frozenset()),
    **dict.fromkeys("payment amount holder iban bic reference phone email stop_word".split(), frozenset()),
    "items_in": frozenset({"currency"}),
    "due": frozenset({"due"}),
    "issued": frozenset({"issued"}),
    "row_held": frozenset({"held"}),
    "copy": frozenset({"debtor"}),
}
_MORE = frozenset({"more"})
# How many words a value usually is, for counting a text before anybody is written to.
_USUAL = {
    "sum": "€120.00 and US$30.00",
    "creditor.name": "North Sea Joinery Ltd",
    "creditor.phone": "+44 20 7946 0958",
    "recipient.name": "Alex Kim",
}
_FRAME = ("salutation", "pay", "paid", "help", "stop", "sign_off")

Numbered = tuple[Sentence, ...]
"""One sentence for each plural form of the language."""


class Text(NamedTuple):
    """The words of one stage in one tone and language, ready to be filled."""

    plurals: Plurals
    right_to_left: bool
    separator: str
    last: str
    colon: str
    """Between a label and its value, with its spaces."""
    subject: Numbered
    salutation: dict[str, Sentence]
    opening: dict[tuple[str, str], Numbered]
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
        return [*self.subject, *prose, *self.labels.values(), *self.more]


def read(
    trees: tuple[dict[str, Any], dict[str, Any], dict[str, Any]],
    files: tuple[str, str, str],
    language: str,
    plurals: Plurals,
    right_to_left: bool,
) -> Text:
    """Check three files, labels and frame and stage, and make a text of them.

    Args:
        files: their names, for messages.
        right_to_left: how the language is written.

    Raises:
        TextError: a key is unknown or missing, a placeholder is not known where it stands, or a message would
            be longer than 120 words.
    """
    labels, frame, own = trees
    _keys(labels, ("list", "opening", "labels"), (), files[0])
    _keys(frame, _FRAME, (), files[1])
    _keys(own, ("subject", "message"), ("opening", *_FRAME), files[2])
    at_frame = {key: _Reader(files[2] if key in own else files[1], key, plurals) for key in _FRAME}
    parts = {**frame, **own}
    opening_at = _Reader(files[2] if "opening" in own else files[0], "opening", plurals)

    opening = opening_at.opening(own.get("opening", labels["opening"]))
    helps = at_frame["help"].mapping(parts["help"], dict.fromkeys(("phone", "no_phone"), PROSE))
    of_labels = _Reader(files[0], "labels", plurals)
    shown = of_labels.mapping(_without(labels["labels"], "more", of_labels), LABELS)
    of_list = dict.fromkeys(("separator", "last", "colon"), frozenset[str]())
    lists = _Reader(files[0], "list", plurals).mapping(labels["list"], of_list)
    text = Text(
        plurals=plurals,
        right_to_left=right_to_left,
        separator=lists["separator"].text({}),
        last=lists["last"].text({}),
        colon=lists["colon"].text({}),
        subject=_Reader(files[2], "subject", plurals).numbered(own["subject"], SUBJECT, INVOICE),
        salutation=at_frame["salutation"].mapping(parts["salutation"], SALUTATION),
        opening=opening,
        message=_Reader(files[2], "message", plurals).message(own["message"]),
        pay=at_frame["pay"].numbered(parts["pay"], PROSE, INVOICE),
        paid=at_frame["paid"].numbered(parts["paid"], PROSE, INVOICE),
        help=helps,
        stop=at_frame["stop"].numbered(parts["stop"], PROSE, INVOICE),
        sign_off=at_frame["sign_off"].numbered(parts["sign_off"], PROSE, INVOICE),
        labels=shown,
        more=_Reader(files[0], "labels.more", plurals).numbered(labels["labels"]["more"], _MORE, frozenset()),
        needs=frozenset(),
    )
    if (words := _longest(text, language)) > WORDS_MAX:
        raise TextError(
            files[2], "", f"the message would have {words} words from greeting to name; at most {WORDS_MAX}"
        )
    return text._replace(needs=_needs(text))


# Every stage of a language reads the same labels and most of the same frame.
_parsed = lru_cache(maxsize=8192)(parse)


class _Reader(NamedTuple):
    """Reads values of one key of one file and says in errors where it stood."""

    file: str
    place: str
    plurals: Plurals

    def sentence(self, value: Any, allowed: frozenset[str]) -> Sentence:
        if not isinstance(value, str) or not value.strip() or "\n" in value:
            raise TextError(self.file, self.place, "write one line of words, in quotes")
        try:
            return _parsed(value, allowed)
        except BadSentence as problem:
            known = ", ".join(f"{{{name}}}" for name in sorted(allowed)) or "none"
            raise TextError(
                self.file, self.place, f"{problem}; placeholders that may stand here: {known}"
            ) from None

    def mapping(self, value: Any, allowed: Mapping[str, frozenset[str]]) -> dict[str, Sentence]:
        _keys(value, tuple(allowed), (), self.file, self.place)
        return {key: self._at(key).sentence(value[key], names) for key, names in allowed.items()}

    def numbered(self, value: Any, allowed: frozenset[str], only_one: frozenset[str]) -> Numbered:
        """One sentence for every number, or `one` and `many` and what other forms the language has."""
        if not isinstance(value, dict):
            return (self.sentence(value, allowed),) * self.plurals.forms
        # What is there for a single thing only has no value where the form stands with other numbers too.
        of_one = allowed | only_one if self.plurals.one_is_alone else allowed
        found = self._forms(value, allowed, "one")
        found[self.plurals.one] = self._at("one").sentence(value["one"], of_one)
        return self._whole(found)

    def _forms(self, value: dict[str, Any], allowed: frozenset[str], *but: str) -> dict[int, Sentence]:
        names = self.plurals.names
        more = tuple(name for name in names if name not in ("one", "many"))
        _keys(value, (*but, "many"), (*more, "one"), self.file, self.place)
        return {
            names[name]: self._at(name).sentence(words, allowed)
            for name, words in value.items()
            if name not in but
        }

    def _whole(self, found: dict[int, Sentence]) -> Numbered:
        return tuple(found.get(form, found[self.plurals.many]) for form in range(self.plurals.forms))

    def several(self, value: Any, allowed: frozenset[str]) -> Numbered:
        """What is never said of one alone."""
        if not isinstance(value, dict):
            return (self.sentence(value, allowed),) * self.plurals.forms
        if self.plurals.one_is_alone:
            value = {**value, "one": value.get("many")}
        return self._whole(self._forms(value, allowed))

    def opening(self, value: Any) -> dict[tuple[str, str], Numbered]:
        _keys(value, TIMINGS, (), self.file, self.place)
        found = {}
        for timing in TIMINGS:
            at = self._at(timing)
            _keys(value[timing], GATHERINGS, (), self.file, at.place)
            for gathering in GATHERINGS:
                of, words = at._at(gathering), value[timing][gathering]
                if gathering == "one":
                    sentences = of.numbered(words, PROSE | INVOICE, frozenset())
                else:
                    sentences = of.several(words, PROSE)
                for sentence in sentences:
                    if not ("sum" in sentence.names and sentence.names & DATES):
                        raise TextError(self.file, of.place, "the first sentence has {sum} and {date}")
                found[timing, gathering] = sentences
        return found

    def message(self, value: Any) -> tuple[Numbered, ...]:
        if not isinstance(value, list) or not value:
            raise TextError(self.file, self.place, "write a list of paragraphs, each after a dash")
        return tuple(self._at(str(row)).numbered(part, PROSE, INVOICE) for row, part in enumerate(value, start=1))

    def _at(self, key: str) -> _Reader:
        return _Reader(self.file, f"{self.place}.{key}", self.plurals)


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
        [sentence for forms in text.opening.values() for sentence in forms],
        *(list(part) for part in (*text.message, text.pay, text.paid, text.stop, text.sign_off)),
        list(text.help.values()),
    ]


def _longest(text: Text, language: str) -> int:
    """Words of the longest variants, with values of usual length, the creditor's name under them included."""

    class _Values(dict[str, str]):
        def __missing__(self, name: str) -> str:
            return "one"

    day, locale = date(2026, 3, 3), formats.locale(language, "")
    values = _Values(_USUAL)
    values |= dict.fromkeys(("date", "answer_by"), formats.long_date(day, locale))
    values |= dict.fromkeys(("the_date", "the_answer_by"), formats.the_date(day, locale))
    name = _words(values["creditor.name"])
    return name + sum(max(_words(variant.text(values)) for variant in variants) for variants in _prose(text))


def _words(sentence: str) -> int:
    """Signs that stand alone, as before a French colon, are none."""
    return sum(any(map(str.isalnum, word)) for word in sentence.split())


def _needs(text: Text) -> frozenset[str]:
    """`help.phone` is used only where there is a phone, so it asks for nothing."""
    sentences = [sentence for variants in _prose(text) for sentence in variants if sentence != text.help["phone"]]
    sentences += text.subject
    return frozenset(name for sentence in sentences for name in sentence.names if name.startswith("creditor."))
