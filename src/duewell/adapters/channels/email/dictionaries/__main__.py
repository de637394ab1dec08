"""Make the next dictionary: `python -m duewell.adapters.channels.email.dictionaries`. Then raise `LATEST`."""

from __future__ import annotations

from duewell.adapters.channels.email import dictionaries

version = 1
while dictionaries.path(version).exists():
    version += 1
dictionaries.path(version).write_bytes(dictionaries.built())
print(dictionaries.path(version))
