"""Commands of this group are declared here."""

from __future__ import annotations

import argparse


def add(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Declare the commands."""
