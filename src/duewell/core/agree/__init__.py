"""Agree: what we and the customer agreed on, and why we wait."""
