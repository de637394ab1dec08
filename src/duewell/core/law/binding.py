"""What ties a permit to one proposal: a digest of all that the proposal says."""

from __future__ import annotations

from hashlib import sha256

from duewell.core.decide.values import Proposal


def digest_of(proposal: Proposal) -> str:
    """SHA-256, hexadecimal, over every field of the proposal in a fixed order.

    Parts are set apart by control characters, which no field may contain.
    """
    recipient = proposal.recipient
    head = (
        f"{proposal.account}\x1f{proposal.creditor}\x1f{proposal.as_of}\x1f{proposal.stage:d}\x1f{proposal.purpose}"
        f"\x1f{proposal.tone}\x1f{recipient.party}\x1f{recipient.person}\x1f{recipient.point}\x1f{recipient.channel}"
        f"\x1f{recipient.language}\x1f{proposal.strategy}\x1f{proposal.strategy_digest}\x1f{proposal.fell_due_on}"
    )
    parts = [head]
    parts += [
        f"{receivable}\x1f{currency}\x1f{due_on}\x1f{open_minor}\x1f{held_minor}"
        for receivable, currency, due_on, open_minor, held_minor in proposal.lines
    ]
    parts.append("nets")
    parts += [f"{currency}\x1f{asked}\x1f{credit}" for currency, asked, credit in proposal.nets]
    parts.append("advances")
    parts += [f"{receivable}\x1f{stage:d}" for receivable, stage in proposal.advances]
    return sha256("\x1e".join(parts).encode()).hexdigest()
