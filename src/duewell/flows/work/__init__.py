"""Work: nights, sending, sealing, janitors and digests on one schedule, in one process.

Page: docs/how-to/run-it-every-day.md.
"""
