"""A made-up wholesaler, its customers and its billing program, for the demo.

The same seed makes the same books.
"""

from __future__ import annotations

from duewell.adapters.demo.billing import CUSTOMERS_MIN, Billing, Cast, Invoice, Receipt, billing
from duewell.adapters.demo.exports import customers_file, open_items_file, payments_file
from duewell.adapters.demo.people import Customer

__all__ = [
    "CUSTOMERS_MIN",
    "Billing",
    "Cast",
    "Customer",
    "Invoice",
    "Receipt",
    "billing",
    "customers_file",
    "open_items_file",
    "payments_file",
]
