"""Questions on a terminal, one after the other: each with a default, an example and a check at once.

Questions go to stderr, as all talk does; answers are read from stdin, whole lines.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from duewell.cli.output import WorldFailed

BACK: Final = "<"
STOP: Final = "!"
EMPTY: Final = "-"
HELP: Final = "?"
INTRODUCTION: Final = (
    f"Enter takes what stands in brackets. {BACK} goes back, {EMPTY} leaves it empty, {HELP} shows an example,"
    f" {STOP} stops without keeping anything."
)


class Question(NamedTuple):
    """One question. Checks, defaults and remarks see the answers that were given before."""

    field: str
    text: str
    example: str
    check: Callable[[str], str]
    """The tidy answer. Raises `ValueError` with what is wrong and the remedy."""
    needed: bool = False
    default: Callable[[Mapping[str, str]], str] = lambda answers: ""
    remark: Callable[[str, Mapping[str, str]], str] = lambda answer, answers: ""
    wanted: Callable[[Mapping[str, str]], bool] = lambda answers: True
    """Whether it is asked at all, after what was answered before."""


class Terminal:
    """The person at the other end."""

    def say(self, text: str) -> None:
        """A line or more."""
        print(text, file=sys.stderr, flush=True)

    def read(self, prompt: str) -> str:
        """One line. Raises `WorldFailed` where the person has gone."""
        print(prompt, end="", file=sys.stderr, flush=True)
        try:
            line = sys.stdin.readline()
        except UnicodeDecodeError:
            # Half a letter of another encoding: what was typed is lost, and the question stands.
            return "\x00"
        except KeyboardInterrupt:
            line = ""
        if not line:
            self.say("")
            raise stopped()
        return line.strip()


def stopped() -> WorldFailed:
    """The person wants no more of it."""
    return WorldFailed("stopped, and nothing was kept")


def interview(questions: Sequence[Question], known: Mapping[str, str], terminal: Terminal) -> dict[str, str]:
    """Ask what is not known yet, show a summary, and let it be corrected; the confirmed answers by field.

    Args:
        questions: in their order.
        known: answers that were given already; they are shown in the summary and not asked.
        terminal: who answers.

    Raises:
        WorldFailed: the person stopped; nothing was kept.
    """
    answers = dict(known)
    terminal.say(INTRODUCTION)
    _ask_all(questions, known, answers, terminal)
    while True:
        shown = [question for question in questions if question.wanted(answers)]
        terminal.say("")
        for number, question in enumerate(shown, 1):
            terminal.say(f"{number:>3}  {question.text}: {answers.get(question.field) or '(none)'}")
        said = terminal.read(f"Keep this? [yes], a number to change it, {STOP} to stop > ").lower()
        if said in ("", "y", "yes", "j", "ja"):
            unanswered = [one for one in shown if one.needed and not answers.get(one.field)]
            if not unanswered:
                return {one.field: answers.get(one.field, "") for one in shown}
            _ask_one(unanswered[0], answers, terminal)
        elif said in (STOP, "n", "no", "nein"):
            raise stopped()
        elif said.isascii() and said.isdecimal() and 1 <= int(said) <= len(shown):
            _ask_one(shown[int(said) - 1], answers, terminal)
        else:
            terminal.say(f"  {said!r} is neither yes nor a number from 1 to {len(shown)}")


def _ask_all(
    questions: Sequence[Question], known: Mapping[str, str], answers: dict[str, str], terminal: Terminal
) -> None:
    asked: list[int] = []
    place = 0
    while place < len(questions):
        question = questions[place]
        if question.field in known or not question.wanted(answers):
            place += 1
        elif _ask_one(question, answers, terminal):
            asked.append(place)
            place += 1
        elif asked:
            place = asked.pop()
        else:
            terminal.say("  this is the first question")


def _ask_one(question: Question, answers: dict[str, str], terminal: Terminal) -> bool:
    """Put the answer among the answers; False where the person wants to go back."""
    present = answers.get(question.field)
    default = question.default(answers) if present is None else present
    terminal.say("")
    while True:
        said = terminal.read(f"{question.text}{f' [{default}]' if default else ''} > ")
        if said == STOP:
            raise stopped()
        if said == BACK:
            return False
        if said == HELP:
            terminal.say(f"  for example: {question.example}")
            continue
        answer = default if not said else "" if said == EMPTY else said
        try:
            answers[question.field] = tidy = _checked(question, answer)
        except ValueError as problem:
            terminal.say(f"  {problem}")
            terminal.say(f"  for example: {question.example}")
            continue
        if tidy and (remark := question.remark(tidy, answers)):
            terminal.say(f"  {remark}")
        return True


def _checked(question: Question, answer: str) -> str:
    if any(ord(letter) < 32 or 0x7F <= ord(letter) < 0xA0 or 0xD800 <= ord(letter) < 0xE000 for letter in answer):
        raise ValueError("that holds a key that is no letter, such as an arrow: type the line again")
    if answer:
        return question.check(answer)
    if question.needed:
        raise ValueError("this cannot be left empty")
    return ""
