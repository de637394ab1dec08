"""Wiring of what is kept about persons: erased when nobody needs it, told to whoever asks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from duewell import wiring
from duewell.adapters.home import Home
from duewell.core.evidence import key_id
from duewell.flows.erase import Due, Erased, Names, Signer, Wanted
from duewell.flows.ports import Clock, CreditorView

if TYPE_CHECKING:
    from duewell.store.disclosure import Disclosed

DUE_AT_ONCE = 1_000
BY_RULE = "rule"
_RETENTION = "kept for as long as the creditor keeps closed accounts"


def erase(home: Home, creditor: CreditorView, clock: Clock, wanted: Wanted) -> Erased:
    """Erase a person, in the tables, in the files of the home and in the pages of the database.

    Raises:
        NoSuchPerson: nobody is known under that number.
        SomethingOpen: something is open, and it was not said that it stays.
        LogHeld: everything is erased, but readers hold the log of the database: sweep later.
        HomeProblem: the signing key cannot be read.
    """
    from duewell.flows import erase as flow
    from duewell.store.erasure.archive import StoredPersons

    done = flow.erase(StoredPersons(creditor.id, clock.now()), _Traces(home), wanted, _signer(home))
    wiring.seal(home, clock)
    return done


def would_erase(home: Home, creditor: CreditorView, clock: Clock, wanted: Wanted) -> Erased:
    """What `erase` would do; everything is tried and nothing is kept.

    Raises:
        NoSuchPerson: nobody is known under that number.
    """
    from duewell.flows import erase as flow
    from duewell.store import sql
    from duewell.store.erasure.archive import StoredPersons

    with sql.transaction.atomic():
        return flow.look(
            StoredPersons(creditor.id, clock.now()),
            _Traces(home),
            wanted._replace(open_items_stay=True),
            _signer(home),
            lambda: sql.transaction.set_rollback(True),
        )


def due_for_erasure(creditor: CreditorView, clock: Clock, limit: int = DUE_AT_ONCE) -> list[Due]:
    """Accounts that are closed and older than the creditor keeps them; none where it keeps them for good."""
    from duewell.store import creditors
    from duewell.store.erasure.due import due

    days = creditors.details(creditor.id)["policy"]["retention_days"]
    return [] if not days else due(creditor.id, clock.now(), days, limit)


def erase_due(home: Home, creditor: CreditorView, clock: Clock) -> list[Erased]:
    """Erase whoever is due, up to a thousand; for the nightly schedule.

    Raises:
        LogHeld: everything is erased, but readers hold the log of the database.
        HomeProblem: the signing key cannot be read.
    """
    from duewell.flows import erase as flow
    from duewell.store.erasure.archive import StoredPersons

    traces, signer = _Traces(home), _signer(home)
    done: list[Erased] = []
    names: list[Names] = []
    for one in due_for_erasure(creditor, clock):
        wanted = Wanted(one.number, False, False, _RETENTION, BY_RULE)
        archive = StoredPersons(creditor.id, clock.now())
        try:
            if archive.open_things(wanted):
                continue
            erased, named = archive.erase(wanted, signer)
        except (flow.NoSuchPerson, flow.SomethingOpen):
            # A person with two accounts went with the first; or somebody came back while we looked.
            continue
        done.append(erased._replace(files=traces.of_files(named, dry_run=False)))
        names.append(named)
    if done:
        traces.of_pages(Names([name for one in names for name in one.all], ()))
        wiring.seal(home, clock)
    return done


def disclose(home: Home, creditor: CreditorView, who: str, *, everywhere: bool) -> Disclosed:
    """Everything that is held on a person, and the files of the home in which it stands.

    Raises:
        NoSuchPerson: nobody is known under that number.
    """
    from duewell.adapters.channels.email.compression import decompress
    from duewell.store import disclosure
    from duewell.store.erasure import scope

    told = disclosure.disclose(creditor.id, who, decompress, everywhere=everywhere)
    telling = scope.names(scope.find(creditor.id, who, everywhere=everywhere), given=False)
    files = _Traces(home).of_files(Names((), telling), dry_run=True)
    return told._replace(data={**told.data, "files": files})


def write_disclosure(told: Disclosed, folder: Path) -> list[Path]:
    """Write what was told as JSON and as a page, with the messages. Raises `OSError`."""
    from duewell.adapters.disclosure_page import page, plain_json

    folder.mkdir(mode=0o700)
    files: Sequence[tuple[str, bytes]] = [
        ("person.json", plain_json(told.data)),
        ("person.html", page(told.data, _links(told))),
        *((f"messages/{letter.name}", letter.content) for letter in told.messages),
        *((f"documents/{letter.name}", letter.content) for letter in told.documents),
    ]
    written = []
    for name, content in files:
        path = folder / name
        path.parent.mkdir(exist_ok=True, mode=0o700)
        path.write_bytes(content)
        path.chmod(0o600)
        written.append(path)
    return written


def _links(told: Disclosed) -> list[str]:
    return [f"messages/{one.name}" for one in told.messages] + [f"documents/{one.name}" for one in told.documents]


def sweep() -> None:
    """Write the file of the database anew, so that nothing of what was erased stays in it. Writers wait meanwhile.

    Raises:
        LogHeld: readers hold the log of the database.
    """
    from duewell.store.erasure import pages

    pages.rewrite()


def _signer(home: Home) -> Signer:
    key = home.signing_key()
    return Signer(key_id(key.public_key().public_bytes_raw()), key.sign)


class _Traces:
    """Keeps the promise of `flows.erase.Traces`."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def of_files(self, names: Names, *, dry_run: bool) -> list[str]:
        from duewell.adapters import erased_files
        from duewell.core.party.mentions import mentions

        return erased_files.erase(self._home.directory, mentions(names.telling), dry_run=dry_run)

    def of_pages(self, names: Names) -> bool:
        from duewell.store.erasure import pages

        return pages.clean(names.all)
