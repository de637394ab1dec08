"""Checkers of what is always true, over one state of the database."""
