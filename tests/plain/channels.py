"""Channels, plainly: one question after the other, each answer looked at once."""

from __future__ import annotations

from datetime import datetime, timedelta


def taken(answers: list[tuple[str, object]], since: datetime, wait_days: int) -> tuple[str, str, datetime | None]:
    """Which channel is taken or waited for, what is said of it, and until when nothing is.

    Args:
        answers: in the order of the step, channel and `yes`, `ask`, an instant until which it is refused, or None
            where only a person can end the refusal.

    Returns:
        Channel, `yes`, `ask`, `waits` or `no`, and the first instant at which something may change.
    """
    for channel, said in answers:
        if said in ("yes", "ask"):
            return channel, str(said), None
        if isinstance(said, datetime) and said - since <= timedelta(days=wait_days):
            return channel, "waits", said
    ends = sorted(said for _, said in answers if isinstance(said, datetime))
    return answers[0][0], "no", ends[0] if ends else None
