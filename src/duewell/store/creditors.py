"""Creditors: added, shown, edited; every change is a fact of the house."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, Max

from duewell.core.contact.view import Sender
from duewell.core.evidence.rows import body
from duewell.core.units.ids import CreditorId
from duewell.flows.ports import CreditorView
from duewell.store import archive_copies, facts, ids, locks, sql
from duewell.store.models import Creditor, ImportBatch

POLICY: dict[str, Any] = {
    "books_max_age_days": 3,
    "allocation": "oldest_due",
    "unknown_settles_days": 3,
    "retention_days": 0,
    "release_by_two": False,
    "release_auto": False,
    "digest_to": "",
    "acts_as": "creditor",
    "law": {},
}
"""The policy of a creditor that says nothing else."""

FIELDS = (
    "name street postcode city country zone language email_from reply_to phone account_holder iban bic"
    " payment_note logo tone archive strategies policy"
).split()


def all_views() -> list[CreditorView]:
    """Every creditor of this installation, by key."""
    return [view(row) for row in Creditor.objects.order_by("key")]


def present(creditor: int) -> CreditorView:
    """One creditor as it is now."""
    return view(Creditor.objects.get(id=creditor))


def view(row: Creditor) -> CreditorView:
    """The creditor as flows need it."""
    policy = {**POLICY, **row.policy}
    return CreditorView(
        id=CreditorId(row.id),
        key=row.key,
        name=row.name,
        country=row.country,
        zone=row.zone,
        language=row.language,
        strategies=tuple(row.strategies) or ("gentle",),
        books_as_of=row.books_as_of,
        books_age_days_max=policy["books_max_age_days"],
        release_by_two=policy["release_by_two"],
        unknown_settles_days=policy["unknown_settles_days"],
        halted=row.halted,
        version=row.version,
        tone=row.tone,
        release_auto=policy["release_auto"],
        acts_as=policy["acts_as"],
        law=tuple(sorted(policy["law"].items())),
    )


def details(creditor: int) -> dict[str, Any]:
    """All that is kept about a creditor, as plain values."""
    row = Creditor.objects.get(id=creditor)
    told: dict[str, Any] = {"id": row.id, "key": row.key}
    told.update({field: getattr(row, field) for field in FIELDS})
    told["policy"] = {**POLICY, **row.policy}
    told["strategies"] = list(row.strategies) or ["gentle"]
    told["books_as_of"] = row.books_as_of.isoformat() if row.books_as_of else None
    told["halted"] = row.halted
    return told


def sender(creditor: int) -> Sender:
    """The creditor as customers see it."""
    row = sql.one(
        "select name, email_from, reply_to, street, postcode, city, country, phone, account_holder, iban, bic,"
        " payment_note, language from creditor where id = ?",
        [creditor],
    )
    assert row is not None
    name, email_from, reply_to, street, postcode, city, country = row[:7]
    address = tuple(line for line in (street, f"{postcode} {city}".strip(), country) if line)
    return Sender(name, email_from, reply_to, address, *row[7:])


def digest_to(creditor: int) -> str:
    """Where a creditor's digest goes; empty where it wants none or has no address."""
    row = Creditor.objects.get(id=creditor)
    given = str(row.policy.get("digest_to", ""))
    return "" if given == "nobody" else given or row.reply_to or row.email_from


def logos() -> dict[str, str]:
    """The file of each creditor's logo in the folder `logos` of the home, by key; empty where there is none."""
    return dict(Creditor.objects.order_by("key").values_list("key", "logo"))


def add(key: str, given: Mapping[str, Any], now: datetime) -> int:
    """Add a creditor; the values are checked by the flow. Raises `ValueError` where the key is taken."""
    with sql.transaction.atomic():
        if Creditor.objects.filter(key=key).exists():
            raise ValueError(f"there is a creditor {key!r} already: use `duewell creditor edit {key}`")
        creditor = ids.allocate("creditor")[0]
        Creditor.objects.create(id=creditor, key=key, recorded_at=now, **given)
        _record(creditor, "added", given, now)
    return creditor


def edit(creditor: int, given: Mapping[str, Any], now: datetime) -> None:
    """Change some values of a creditor; the fact keeps what they became."""
    with sql.transaction.atomic():
        locks.take_switch(creditor)
        row = Creditor.objects.select_for_update(no_key=True).get(id=creditor)
        for field, value in given.items():
            setattr(row, field, _merged(row.policy, value) if field == "policy" else value)
        row.version += 1
        row.save()
        if "archive" in given:
            archive_copies.readdress(creditor, given["archive"], now)
        # What a letter says changes with the creditor, so every waiting message is decided anew.
        _record(creditor, "edited", given, now)


def _merged(policy: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The policy with what was given; the law country by country, so that one edit says nothing of the others."""
    merged = {**policy, **given}
    if "law" in given:
        merged["law"] = {**policy.get("law", {}), **given["law"]}
    return merged


def set_halted(creditors: Iterable[int], halted: bool, reason: str, now: datetime) -> None:
    """Throw or lift the kill switch of some creditors.

    When it returns, no message of theirs starts or closes any more; what was closing may still say its dot.
    """
    with sql.transaction.atomic():
        for creditor in sorted(creditors):
            locks.take_switch(creditor)
            Creditor.objects.filter(id=creditor).update(halted=halted)
            facts.append(
                [
                    facts.Draft(
                        f"house:{creditor}", "house.kill_switch", None, now, body(halted=halted, reason=reason)
                    )
                ]
            )


def set_books_as_of(creditor: int, at: datetime) -> None:
    """The hour of the newest list of open items; never moves back. The import records the fact."""
    sql.execute(
        "update creditor set books_as_of = ?, version = version + 1"
        " where id = ? and (books_as_of is null or books_as_of < ?)",
        [sql.us(at), creditor, sql.us(at)],
    )


def books_are_back(creditor: int) -> datetime | None:
    """The books are as of the newest list that still stands, and of what hour that is; the undo records it."""
    # Behind the lock: a list that ends just now is either seen here or moves the hour on after this.
    Creditor.objects.select_for_update().get(id=creditor)
    lists = ImportBatch.objects.filter(creditor_id=creditor, kind="invoices", undone_at=None).exclude(counts={})
    hour = lists.aggregate(newest=Max("books_as_of"))["newest"]
    Creditor.objects.filter(id=creditor).update(books_as_of=hour, version=F("version") + 1)
    return hour if hour is None or isinstance(hour, datetime) else sql.instant(hour)


def halted(creditors: Sequence[int]) -> frozenset[int]:
    """Which of these creditors have their kill switch on."""
    within, params = sql.ids_in("id", list(creditors))
    return frozenset(row[0] for row in sql.fetch(f"select id from creditor where {within} and halted", params))


def _record(creditor: int, what: str, given: Mapping[str, Any], now: datetime) -> None:
    draft = facts.Draft(f"house:{creditor}", "house.creditor", None, now, body(what=what, values=dict(given)))
    facts.append([draft])
