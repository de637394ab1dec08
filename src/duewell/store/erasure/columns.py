"""Which columns hold personal data, and which do not: every column with text, bytes or JSON is in one of the two.

A test holds this list against the tables, so that a new column cannot be forgotten. What is exported to a person
is read from these columns, and what is erased is written to them: each is a check on the other.
"""

from __future__ import annotations

PERSONAL: dict[str, frozenset[str]] = {
    "party": frozenset("number name given_name family_name salutation language country region zone salt".split()),
    "contact_point": frozenset({"value", "salt"}),
    "account": frozenset({"number", "segment"}),
    "receivable": frozenset({"number", "reference"}),
    "payment": frozenset({"reference", "named", "salt"}),
    "payment_met": frozenset({"reference", "named"}),
    "hold": frozenset({"reason", "salt"}),
    "hold_end": frozenset({"reason", "salt"}),
    "stop": frozenset({"reason", "salt"}),
    "stop_end": frozenset({"reason", "salt"}),
    "person_flag": frozenset({"reason", "salt"}),
    "person_flag_end": frozenset({"reason", "salt"}),
    "person_move": frozenset({"reason", "salt"}),
    "document": frozenset("number name digest salt content".split()),
    "message_state": frozenset({"reason"}),
    "mark": frozenset({"body"}),
    "part": frozenset({"digest", "salt", "data"}),
    "fact": frozenset({"body"}),
    "review_item": frozenset({"text"}),
    "import_batch": frozenset({"file_name", "mapping"}),
    "rejected_row": frozenset({"value", "reason", "remedy"}),
    "import_trace": frozenset({"body"}),
}

PLAIN: dict[str, frozenset[str]] = {
    # What was noted of a person stays with a person that has no name any more: the law counted by it.
    "person": frozenset({"flags"}),
    "person_flag": frozenset({"flag", "recorded_by"}),
    "person_flag_end": frozenset({"recorded_by"}),
    "person_move": frozenset({"kind", "recorded_by"}),
    "print_batch": frozenset("state digest manifest made_by ended_by".split()),
    "print_letter": frozenset({"digest"}),
    "creditor": frozenset(
        (
            "key name street postcode city country zone language email_from reply_to phone account_holder iban bic"
            " payment_note logo tone archive strategies policy"
        ).split()
    ),
    "party": frozenset({"kind"}),
    "contact_point": frozenset({"channel", "state"}),
    "account": frozenset({"strategy", "refusal"}),
    "party_role": frozenset({"role"}),
    "receivable": frozenset({"kind", "currency"}),
    "payment": frozenset({"kind", "currency"}),
    "entry": frozenset("currency from_place to_place cause".split()),
    "account_credit": frozenset({"currency"}),
    "hold": frozenset({"kind", "recorded_by"}),
    "hold_end": frozenset({"recorded_by"}),
    "stop": frozenset({"channel", "recorded_by"}),
    "stop_end": frozenset({"recorded_by"}),
    "strategy_version": frozenset({"key", "digest", "text"}),
    # A line of a plan, like the body of a message, names everything by its id.
    "plan": frozenset({"hash", "counts", "digests", "lines"}),
    "run": frozenset("plan state counts digests recorded_by decided_by".split()),
    "message": frozenset("id purpose channel language body".split()),
    "message_state": frozenset({"state"}),
    "claim": frozenset({"id"}),
    "attempt": frozenset({"channel", "state", "role"}),
    "archive_copy": frozenset({"state"}),
    "mark": frozenset({"kind"}),
    "sequence": frozenset({"name"}),
    "stream": frozenset({"name", "hash"}),
    "fact": frozenset("stream kind previous hash".split()),
    "tree_state": frozenset({"frontier"}),
    "import_batch": frozenset("kind file_digest counts recorded_by".split()),
    "rejected_row": frozenset({"column"}),
    "review_item": frozenset("kind subject state decided_by".split()),
    "duty": frozenset("kind state told problem".split()),
}
"""What the creditor says of itself, words of the program, digests, names of those who work here."""
