"""The payment reference: what a payer types, so that the money finds its invoice."""

from __future__ import annotations

from collections.abc import Sequence


def reference(account_number: str, numbers: Sequence[str]) -> str:
    """The number of the one invoice; for several the customer number.

    Args:
        account_number: the customer number on the creditor's invoices, or empty.
        numbers: of the invoices asked for, oldest due first; at least one.

    Several invoices of a customer without a number: the oldest number, which leads to the account.
    """
    if len(numbers) > 1 and account_number:
        return account_number
    return numbers[0]
