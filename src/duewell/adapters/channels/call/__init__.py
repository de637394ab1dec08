"""Calls: the words that a collector has on the screen, in the customer's language. Nothing is dialled here."""
