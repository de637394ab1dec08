"""Journals: files in which an invoice is an entry with several rows, one per account of the ledger.

Only the rows of the accounts that hold what customers owe are read: what they debit is billed, what they credit
is paid or credited. The rows of the other accounts are the other side of the same entries.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping as Dictionary
from collections.abc import Sequence

from duewell.core.intake import mapping
from duewell.core.intake.columns import Layout
from duewell.core.intake.findings import Decision, Evidence, Undecided, shown
from duewell.core.intake.table import Cell, as_text

FIELDS = ("transaction", "gl_account", "gl_type")
ANSWER = "--receivable-account NAME"
_RECEIVABLE = re.compile(
    r"(?:trade |system |other )?(?:accounts? )?receivables?(?: .*|\b.*)?|a/?r|trade debtors.*|"
    r"debtors?(?: control.*)?|"
    r"(?:sonstige )?forderungen.*|debitoren.*|kundenforderungen.*",
    re.IGNORECASE,
)
_BANK = re.compile(
    r".*\b(?:cash|bank|checking|paypal|stripe|clearing|undeposited|kasse|konto|girokonto)\b.*", re.IGNORECASE
)
_REVENUE = re.compile(r".*(?:income|revenue|sales|services|erl(?:ö|oe)se|umsatz|ertr(?:ä|ae)ge).*", re.IGNORECASE)
_MONEY_IN = re.compile(r".*(?:payment|zahlung|received|receipt|eingang).*", re.IGNORECASE)


def is_receivable(account: str, kind: str, named: frozenset[str]) -> bool:
    """Whether an account of the ledger holds what customers owe.

    Args:
        account: its name; `kind` its type or group, either may be "".
        named: the accounts that a person has named; if there are any, only these.
    """
    if named:
        return account in named
    return bool(_RECEIVABLE.fullmatch(account.strip()) or _RECEIVABLE.fullmatch(kind.strip()))


def means_money(counter_account: str, text: str) -> bool:
    """Whether a credit on a receivable is money received rather than a credit note.

    The other account says so (a bank, not revenue), or else the text of the entry.
    """
    if counter_account.strip():
        if _BANK.fullmatch(counter_account):
            return True
        if _REVENUE.fullmatch(counter_account):
            return False
    return _MONEY_IN.fullmatch(text) is not None or not counter_account.strip()


class JournalLook:
    """Looks whether a file is a journal, and for its receivable accounts."""

    def __init__(self, layout: Layout, said: mapping.Mapping) -> None:
        columns = layout.fields
        shaped = "transaction" in columns and ("gl_account" in columns or "gl_type" in columns)
        money = {"debit", "credit"} <= set(columns) or "amount" in columns
        self.active = said.lines == mapping.JOURNAL or (said.lines is None and shaped and money)
        self._said = said
        self._named = frozenset(said.receivable_accounts)
        self._accounts: Counter[str] = Counter()
        self._first: Evidence | None = None
        self._layout = layout
        self.receivable_rows = 0
        self.other_rows = 0

    def receivable(self, columns: Dictionary[str, Sequence[Cell]], count: int) -> list[bool]:
        """For each row whether it belongs to a receivable account."""
        names = [as_text(cell) for cell in columns.get("gl_account", [""] * count)]
        kinds = [as_text(cell) for cell in columns.get("gl_type", [""] * count)]
        known: dict[tuple[str, str], bool] = {}
        result = []
        for pair in zip(names, kinds, strict=True):
            if pair not in known:
                known[pair] = is_receivable(pair[0], pair[1], self._named)
            result.append(known[pair])
        return result

    def look(self, columns: Dictionary[str, Sequence[Cell]], lines: Sequence[int]) -> list[bool]:
        """The next rows; returns which of them belong to receivable accounts."""
        flags = self.receivable(columns, len(lines))
        self.receivable_rows += sum(flags)
        self.other_rows += len(flags) - sum(flags)
        if self._first is None and any(flags):
            field = "gl_account" if "gl_account" in columns else "gl_type"
            at = flags.index(True)
            self._first = Evidence(lines[at], self._layout.name(field), shown(as_text(columns[field][at])))
        if len(self._accounts) < 1_000:
            self._accounts.update(as_text(cell) for cell in columns.get("gl_account", columns.get("gl_type", ())))
        return flags

    def decide(self) -> Decision | Undecided:
        """Which rows of the journal are read."""
        if self.receivable_rows:
            why = f"an entry per account; {self.receivable_rows:,} rows belong to what customers owe and are read"
            return Decision("lines", mapping.JOURNAL, why, (self._first,) if self._first else ())
        return Undecided(
            "lines",
            "The file is a journal. Which of its accounts hold what customers owe?",
            tuple(name for name, _ in self._accounts.most_common(20)),
            ANSWER,
        )
