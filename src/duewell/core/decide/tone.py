"""The tone of steps that name none: that of the creditor, and kind where it has none either."""

from __future__ import annotations

from typing import Final

from duewell.core.decide.values import Strategy

KIND: Final = "kind"


def in_tone(strategy: Strategy, tone: str) -> Strategy:
    """The strategy with a tone at every step; a step that names its own keeps it.

    Args:
        strategy: as read from its file, where a tone may be empty.
        tone: of the creditor, `kind` or `formal`; empty where it says none.
    """
    if all(step.tone for step in strategy.steps):
        return strategy
    steps = tuple(step if step.tone else step._replace(tone=tone or KIND) for step in strategy.steps)
    return strategy._replace(steps=steps)
