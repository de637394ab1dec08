"""Every kind of fact and what it says, in one plain sentence; docs/reference/facts.md has a section for each.

The part before the dot is the room whose verb made the fact. A kind is never renamed or removed, because facts
that bear it stay in the chain for good; a new meaning is a new kind.
"""

from __future__ import annotations

KINDS: dict[str, str] = {
    "intake.imported": "A file was read and its good rows were taken in.",
    "intake.document_kept": "A document of an invoice or credit note was kept, by its salted digest.",
    "intake.undone": "An import was taken back by correcting entries.",
    "party.recorded": "A customer was added, or what we know of one changed.",
    "party.contact_point": "An address, number or other way to reach a customer was added, checked or given up.",
    "party.erased": "Personal data of a person was made unreadable; amounts and days stayed.",
    "party.account": "The segment or the strategy of an account was set by a person.",
    "party.merged": "Customers were joined to one person: what the law counts of one, it counts of all.",
    "party.split": "A customer was taken out of a person, and is one of its own.",
    "party.unmerged": "A merge or a split was taken back.",
    "party.flagged": "A person is known to be vulnerable, represented, dead, insolvent or a minor.",
    "party.flag_ended": "What was noted of a person holds no longer.",
    "party.role": "Somebody came to stand on an account beside whoever owes it, or no longer does.",
    "party.stopped": "A person must no longer be contacted, in the way and for the reason given.",
    "party.stop_ended": "A stop on contacting a person was lifted.",
    "ledger.posted": "Amounts moved in the ledger: an invoice, a payment, a credit, a correction or a write-off.",
    "ledger.rescheduled": "A list or a person moved the due date of an invoice, or a list was taken back.",
    "ledger.allocated": "Money that an account already had was put against its invoices, or released again.",
    "agree.held": "We wait with an account, an invoice or a part of one, for the reason given.",
    "agree.hold_ended": "A hold ended, and says how.",
    "decide.planned": "A run was planned: who would get what, as one digest over the stored proposals.",
    "decide.run": "A planned run was released.",
    "law.refused": "The law gate refused a contact, or the reason for which it refuses changed.",
    "contact.claimed": "A message took the stages that its invoices reach with it, so that no other message can.",
    "contact.freed": "A message gave its stages back, because every channel has certainly failed.",
    "contact.started": "An attempt began; nothing had been sent yet.",
    "contact.closing": "The whole message was handed over except for the sign that ends it.",
    "contact.accepted": "The channel took the message over.",
    "contact.refused": "The channel refused the message for good.",
    "contact.deferred": "The channel asked to try again later.",
    "contact.unknown": "The attempt broke off where nobody can tell whether the message went out.",
    "contact.settled": "An unknown attempt was settled, by a rule or by a person.",
    "contact.returned": "What had been accepted came back: it was no notice, and what it had moved is taken back.",
    "contact.restored": "What was said to have come back had arrived after all.",
    "contact.withheld": "A released message was not sent for now, for the reason given.",
    "contact.released": "Messages were released for sending.",
    "contact.withdrawn": "A message was taken back before it was sent.",
    "contact.copied": "The creditor's archive took over a copy of a message that had been accepted.",
    "house.creditor": "A creditor was added, or its details changed.",
    "house.night": "The night of a creditor ran, failed, or did not happen.",
    "house.strategy": "A version of a strategy came into use.",
    "house.kill_switch": "Sending was stopped for everybody, or allowed again.",
    "review.opened": "A question was put to a person.",
    "review.decided": "A person answered a question.",
}
