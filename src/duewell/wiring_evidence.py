"""Wiring of what checks evidence and takes it along: the verifier, the audit and packs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from duewell.adapters.home import Home
from duewell.core.units.ids import CreditorId
from duewell.flows.ports import CreditorView

if TYPE_CHECKING:
    from duewell.flows.audit import Verdict
    from duewell.verify import Report


def evidence_pack(
    home: Home, creditor: CreditorView, account_number: str, path: Path
) -> tuple[Mapping[str, int], bool]:
    """Write what is proven about one account to `path`: what it holds, and whether the person's stream is in it.

    Raises:
        LookupError: the creditor has no such account.
        TooEarly: nothing has been sealed yet.
        OSError: the pack cannot be written.
    """
    from duewell import verify
    from duewell.adapters.channels.email.compression import decompress
    from duewell.adapters.heads import HeadFile
    from duewell.adapters.packs import new_pack
    from duewell.flows.pack import Key, pack
    from duewell.store.archive import StoredArchive

    archive = StoredArchive(creditor.id, account_number, decompress)
    key = Key(home.signing_key().public_key().public_bytes_raw(), Path(verify.__file__).read_bytes())
    with new_pack(path) as write:
        told = pack(archive, HeadFile(home.heads_file).latest(), key, write)
    return told, archive.with_person


def verification(home: Home, heads: Sequence[Path] = (), keys: Sequence[Path] = ()) -> Report:
    """Check the evidence of this home, with its own heads and key and those that were kept elsewhere.

    Raises:
        OSError: a file of heads or keys cannot be read.
        WrongUse: a file of keys is none (the verifier's own exception).
    """
    from duewell import verify
    from duewell.store.snapshot import snapshot, unreadable

    report = verify.Report()
    own = [path for path in (home.heads_file,) if path.exists()]
    known = verify.read_keys(path.read_text() for path in (home.directory / "heads" / "public.key", *keys))
    signed = verify.read_heads((path.read_text() for path in (*own, *heads)), known, report)
    with snapshot() as cursor:
        try:
            verify.verify_database(cursor, signed, report, known)
        except unreadable() as problem:
            report.find(f"the database cannot be read to its end: {problem}")
    return report


def audited(home: Home, tell: Callable[[int], None]) -> list[Verdict]:
    """Ask every sentence that is always true, at one state of the database."""
    from duewell.adapters import zones
    from duewell.adapters.channels.email.compression import decompress
    from duewell.flows.audit import Tally, audit
    from duewell.store import aging, creditors
    from duewell.store.audit import demands, messages, money, outbox, persons, printing, records
    from duewell.store.audit.reading import reader
    from duewell.store.fields import instant
    from duewell.store.snapshot import snapshot

    names = {view.id: view.zone for view in creditors.all_views()}

    def day_of(creditor: int, at: int) -> date:
        return zones.civil_date(names[CreditorId(creditor)], instant(at))

    def aged(creditor: int, day: date) -> dict[str, dict[str, int]]:
        return {currency: line.as_dict() for currency, line in aging.totals(creditor, day).items()}

    def evidence(tally: Tally) -> None:
        report = verification(home)
        tally.look(report.facts)
        for finding in report.findings:
            tally.find(finding)

    with snapshot() as cursor:
        read = reader(cursor)
        return audit(
            {
                1: [
                    partial(money.entries_have_their_form, read),
                    partial(money.balances_are_sums, read),
                    *(partial(money.aging_is_the_ledger, creditor, aged) for creditor in names),
                ],
                2: [partial(demands.no_demand_that_was_not_due, read, day_of)],
                3: [
                    partial(messages.one_message_for_each_claim, read),
                    partial(messages.no_message_is_lost, read),
                ],
                4: [partial(messages.one_message_for_each_account, read, day_of)],
                5: [partial(messages.stages_ascend, read)],
                6: [partial(messages.the_preview_is_the_run, read)],
                7: [partial(messages.every_account_is_counted, read)],
                8: [partial(records.holds_say_why_and_how_long, read)],
                9: [
                    evidence,
                    partial(outbox.follows_from_facts, read),
                    partial(printing.batches_follow_from_facts, read),
                    partial(persons.persons_are_what_the_facts_tell, read),
                ],
                10: [partial(records.bad_rows_are_listed, read)],
                11: [partial(money.equal_payments_count, read)],
                12: [partial(records.kept_messages_are_those_that_left, read, decompress)],
            },
            tell,
        )
