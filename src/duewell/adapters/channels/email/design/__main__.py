"""Compile the design: `python -m duewell.adapters.channels.email.design`."""

from __future__ import annotations

from duewell.adapters.channels.email.design import COMPILED, compiled

COMPILED.write_text(compiled(), "utf-8")
print(COMPILED)
