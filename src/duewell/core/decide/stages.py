"""Stages: one fixed, ordered scale for all strategies, with numbers that leave room between."""

from __future__ import annotations

from enum import IntEnum


class Stage(IntEnum):
    """How far the conversation about a receivable has gone. 0 stands for none."""

    NONE = 0
    UPCOMING = 10
    DUE = 20
    FIRST = 30
    SECOND = 40
    FIRM = 50
    FINAL = 60
    HANDOVER = 70

    @property
    def key(self) -> str:
        """The word that stands in strategies, JSON and texts."""
        return self.name.lower()


BY_KEY = {stage.key: stage for stage in Stage if stage is not Stage.NONE}
STAGE_KEYS = {int(stage): stage.key for stage in Stage}
