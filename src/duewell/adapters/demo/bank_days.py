"""Banks of the made-up world book on working days."""

from __future__ import annotations

from datetime import date, timedelta


def working(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
