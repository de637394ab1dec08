"""Reading files of other programs: what they are, what they leave open, and their rows in typed values.

`read` looks at an opened table and gives a `Reading`: decisions with their evidence, questions with the option
that answers each, and, where there are no questions, batches of rows.
"""

from duewell.core.intake.columns import ColumnUse
from duewell.core.intake.findings import (
    Decision,
    Evidence,
    FileRefused,
    Rejected,
    Remark,
    Skipped,
    Undecided,
)
from duewell.core.intake.mapping import Mapping
from duewell.core.intake.plan import Places
from duewell.core.intake.reading import KINDS, Reading, read
from duewell.core.intake.rows import Batch, CreditRow, CustomerRow, InvoiceRow, Paid, PaymentRow, Row
from duewell.core.intake.table import Table

__all__ = [
    "KINDS",
    "Batch",
    "ColumnUse",
    "CreditRow",
    "CustomerRow",
    "Decision",
    "Evidence",
    "FileRefused",
    "InvoiceRow",
    "Mapping",
    "Paid",
    "PaymentRow",
    "Places",
    "Reading",
    "Rejected",
    "Remark",
    "Row",
    "Skipped",
    "Table",
    "Undecided",
    "read",
]
