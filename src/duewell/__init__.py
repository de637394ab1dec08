"""Duewell: get paid, kindly."""

__version__ = "0.1.0"

# The house checks itself with assertions; without them a wrong letter could leave. See `__debug__`.
if not __debug__:
    raise RuntimeError("Duewell does not run under python -O: its assertions guard money and law")
