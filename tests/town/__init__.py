"""The language of the stories.

A `Town` is a small installation whose clock stands where the story puts it; its verbs are the commands of the
program, and its mail arrives in a sink that the story reads:

    town.night("2026-03-10")                        decide and release
    town.disputes("INV-1", at="2026-03-10T07:30Z")
    town.send(at="2026-03-10T12:00Z")
    assert town.received() == []
"""

from tests.town.mail import Item, Mail, read
from tests.town.town import Town, founded

__all__ = ["Item", "Mail", "Town", "founded", "read"]
