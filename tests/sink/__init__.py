"""A real SMTP server for tests, on this machine only, that fails on purpose.

In a thread:   with Sink(faults=[{"verb": "rcpt", "match": "ann@", "action": "451", "times": 1}]) as sink: ...
As a process:  with spawn(log=path, faults=[...]) as sink: ...   or   python -m tests.sink --port 0 --log FILE
The judge:     sink.log() or read(path): what was accepted, written before the client was told.
"""

from tests.sink.faults import Faults, Rule
from tests.sink.journal import Accepted, read
from tests.sink.process import SinkProcess, spawn
from tests.sink.server import Offer, Sink

__all__ = ["Accepted", "Faults", "Offer", "Rule", "Sink", "SinkProcess", "read", "spawn"]
