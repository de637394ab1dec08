"""Copies of all tables at one state, made while others write, and the way back from them."""
