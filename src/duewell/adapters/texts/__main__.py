"""Bring every shipped catalogue in step with the English words: `python -m duewell.adapters.texts`."""

from __future__ import annotations

from duewell.adapters.texts.update import SHIPPED, updated

for path in sorted(SHIPPED.glob("*.po")):
    content = updated(path)
    if content != path.read_bytes():
        path.write_bytes(content)
        print(path)
