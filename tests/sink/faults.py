"""A seeded program of faults: which verb of which message gets which treatment."""

from __future__ import annotations

import collections
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

VERBS: Final = "connect ehlo helo starttls auth mail rcpt data body dot rset quit".split()
ACTIONS: Final = ("hang", "drop", "garbage", "accept-hang", "accept-drop", "accept-garbage")


class Rule(NamedTuple):
    """One line of the program; a message that meets several is treated by the first.

    Args:
        verb: one of `VERBS`. `body` is the first bytes after DATA, before the dot is looked for.
        action: a reply such as "451" or "451 4.7.1 slow down"; `hang`: no answer, the connection stays open;
            `drop`: the connection is reset; `garbage`: an answer that is none. For `dot` also `accept-hang`,
            `accept-drop` and `accept-garbage`: the message is accepted and logged first.
        match: treat only what contains this, in any case: the recipient for rcpt, the sender for mail, all
            recipients for data, body and dot, the argument for other verbs.
        nth: treat only the nth that matches, counted from 1.
        probability: treat each that matches with this probability.
        times: stop after this many treatments.
    """

    verb: str
    action: str
    match: str = ""
    nth: int | None = None
    probability: float = 1.0
    times: int | None = None


class Faults:
    """The program at work: asked once for every verb, it counts and draws.

    A draw depends on the seed, the rule, the matched text and how often that text came before, and not on the
    order in which connections happen to be served; so the same seed gives the same faults.

    Raises:
        ValueError: a rule names an unknown verb or action.
    """

    def __init__(self, rules: Iterable[Rule | Mapping[str, Any]] = (), seed: int = 0) -> None:
        self._seed = seed
        self._matched: collections.Counter[tuple[int, str]] = collections.Counter()
        self._met: collections.Counter[int] = collections.Counter()
        self._fired: collections.Counter[int] = collections.Counter()
        self._by_verb: dict[str, list[tuple[int, Rule]]] = {verb: [] for verb in VERBS}
        for index, given in enumerate(rules):
            rule = given if isinstance(given, Rule) else Rule(**given)
            known = rule.action in ACTIONS or (rule.action[:3].isdigit() and rule.action[3:4] in ("", " "))
            if rule.verb not in VERBS or not known or (rule.action.startswith("accept") and rule.verb != "dot"):
                raise ValueError(f"no such fault: {rule}")
            self._by_verb[rule.verb].append((index, rule))

    def action(self, verb: str, text: str = "") -> str | None:
        """What happens to this verb instead of the usual, or None."""
        rules = self._by_verb[verb]
        if not rules:
            return None
        return next((rule.action for index, rule in rules if self._applies(index, rule, text.lower())), None)

    def _applies(self, index: int, rule: Rule, text: str) -> bool:
        if rule.match.lower() not in text:
            return False
        self._met[index] += 1
        self._matched[index, text] += 1
        if rule.nth is not None and self._met[index] != rule.nth:
            return False
        if rule.times is not None and self._fired[index] >= rule.times:
            return False
        if rule.probability < 1.0:
            drawn = f"{self._seed}|{index}|{text}|{self._matched[index, text]}"
            digest = hashlib.sha256(drawn.encode("utf-8", "surrogateescape")).digest()
            if int.from_bytes(digest[:8], "big") >= rule.probability * 2**64:
                return False
        self._fired[index] += 1
        return True
