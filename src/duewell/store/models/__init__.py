"""The tables, one file per room. `creditor` is on every row that belongs to one."""

from duewell.store.models.agree import Hold, HoldEnd
from duewell.store.models.contact import ArchiveCopy, Attempt, Claim, Mark, Message, MessageState, Part
from duewell.store.models.decide import Plan, Run, StrategyVersion
from duewell.store.models.evidence import Erasing, Fact, Leaf, Sequence, Stream, TreeState
from duewell.store.models.intake import Document, ImportBatch, ImportTrace, RejectedRow
from duewell.store.models.ledger import AccountCredit, Entry, Payment, PaymentEnd, PaymentMet, Receivable
from duewell.store.models.party import Account, ContactPoint, Creditor, Party, PartyRole, Person, Stop, StopEnd
from duewell.store.models.person import PersonFlag, PersonFlagEnd, PersonMove
from duewell.store.models.print import PrintBatch, PrintLetter
from duewell.store.models.review import ReviewItem
from duewell.store.models.work import Duty

__all__ = [
    "Account",
    "AccountCredit",
    "ArchiveCopy",
    "Attempt",
    "Claim",
    "ContactPoint",
    "Creditor",
    "Document",
    "Duty",
    "Entry",
    "Erasing",
    "Fact",
    "Hold",
    "HoldEnd",
    "ImportBatch",
    "ImportTrace",
    "Leaf",
    "Mark",
    "Message",
    "MessageState",
    "Part",
    "Party",
    "PartyRole",
    "Payment",
    "PaymentEnd",
    "PaymentMet",
    "Person",
    "PersonFlag",
    "PersonFlagEnd",
    "PersonMove",
    "Plan",
    "PrintBatch",
    "PrintLetter",
    "Receivable",
    "RejectedRow",
    "ReviewItem",
    "Run",
    "Sequence",
    "Stop",
    "StopEnd",
    "StrategyVersion",
    "Stream",
    "TreeState",
]
