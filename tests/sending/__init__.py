"""Sending as a whole, in this process, on both databases: what comes in between, and every failing server."""
