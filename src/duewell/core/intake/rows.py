"""What a file says, row by row, in typed values: the only thing that leaves the intake.

Amounts are minor units of the row's currency, days are `date`. `row` is the line of the file (or the row of the
sheet) where it begins; `records` is how many records of the file it was made from: it counts as that many.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from duewell.core.intake.findings import Rejected, Remark, Skipped


class CustomerRow(NamedTuple):
    """A customer. Blank is "", for days None."""

    row: int
    number: str
    name: str
    """How to call it; never blank, the number if the file gives nothing else."""
    company: str = ""
    first_name: str = ""
    last_name: str = ""
    person: str = ""
    salutation: str = ""
    """`ms`, `mr` or nothing."""
    emails: tuple[str, ...] = ()
    phone: str = ""
    mobile: str = ""
    street: str = ""
    street2: str = ""
    postal_code: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    """ISO 3166 alpha-2."""
    zone: str = ""
    """IANA name."""
    language: str = ""
    """ISO 639-1."""
    kind: str = ""
    """`person` or `business`."""
    segment: str = ""
    vat_number: str = ""
    account: str = ""
    role: str = ""
    """As what it stands on the account beside whoever owes it: a word of `core.party.roles.Role`."""
    currency: str = ""
    terms_days: int | None = None
    records: int = 1

    @property
    def key(self) -> str:
        """By what the file knows the customer: the number, or the name where there is none."""
        return self.number or self.name


class Paid(NamedTuple):
    """Money that an invoice's own row says was paid on it."""

    amount_minor: int
    paid_on: date
    so_far: bool = False
    """All that was paid until then, as a column of a list says it, and not one payment."""


class InvoiceRow(NamedTuple):
    """An invoice that is owed, or was.

    At least one of `amount_minor` and `open_minor` is known. `open_minor` is what the file says is still owed, a
    target balance; None where the file says only what was billed and nothing of payments. `payments` are those the
    file names; amount, payments and open need not add up (credits, discounts): then `open_minor` counts.
    """

    row: int
    number: str
    customer: CustomerRow
    currency: str
    issued_on: date | None
    due_on: date
    amount_minor: int | None
    open_minor: int | None
    payments: tuple[Paid, ...] = ()
    disputed: bool = False
    blocked: bool = False
    """The books say not to remind."""
    level: int | None = None
    """Dunning level reached before, if a column gives it."""
    reference: str = ""
    records: int = 1


class PaymentRow(NamedTuple):
    """Money received; `invoices` are the numbers it names, if any."""

    row: int
    payment_id: str
    customer: CustomerRow
    invoices: tuple[str, ...]
    amount_minor: int
    currency: str
    paid_on: date
    reference: str = ""
    records: int = 1


class CreditRow(NamedTuple):
    """A credit note; `invoice` is the number it corrects, if it says so. Amounts are above zero."""

    row: int
    number: str
    customer: CustomerRow
    invoice: str
    amount_minor: int
    open_minor: int | None
    """What of it is not used yet, if the file says so."""
    currency: str
    issued_on: date | None
    reference: str = ""
    records: int = 1


Row = InvoiceRow | CustomerRow | PaymentRow | CreditRow


class Batch(NamedTuple):
    """Some of a file, typed and checked."""

    rows: list[Row]
    rejected: list[Rejected]
    skipped: list[Skipped]
    remarks: list[Remark]

    @property
    def records(self) -> int:
        """Records of the file that these are: each counts exactly once in all batches together."""
        return sum(row.records for row in self.rows) + len(self.rejected) + len(self.skipped)
