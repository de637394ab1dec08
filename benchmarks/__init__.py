"""Benchmarks: run by hand at full size and in CI at small size; each prints one JSON line. No timed tests."""
