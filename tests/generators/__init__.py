"""Generators of values for property tests: strategies (`strategies`), cases (`cases`), columns (`books`).

They draw every field in full generality, close to one day, so that borders are met often.
"""
