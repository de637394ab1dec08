"""Wiring of `doctor`: what is asked, in order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import TYPE_CHECKING

from duewell.adapters.doctor_checks import MailServer, machine_checks
from duewell.adapters.home import Home
from duewell.core.units.ids import CreditorId
from duewell.flows.doctor import Answer, Check
from duewell.flows.ports import Clock

if TYPE_CHECKING:
    from duewell.adapters.sender_alignment import Told
    from duewell.store.health import Sealing

SEALED_WITHIN = timedelta(minutes=10)
RELEASED_WITHIN = timedelta(days=1)
SENT_WITHIN = timedelta(days=1)
BACKED_UP_WITHIN = timedelta(days=2)
_SPACE_FREE_MIN = 256_000_000


def checks(home: Home, clock: Clock) -> list[Check]:
    """What `doctor` asks, in order."""
    from duewell.adapters import clock_checks
    from duewell.store import health

    mail = MailServer()
    now = clock.now()
    sealing = health.sealing()
    return [
        *machine_checks(home, mail, sealing.tree_size, now),
        Check("clock", lambda: clock_checks.clock(now, health.newest_fact(), mail.greeting)),
        Check("zones", lambda: clock_checks.zone_data(now)),
        Check("database", _database),
        Check("sealed", lambda: _sealed(sealing, now)),
        Check("creditors", lambda: _creditors(home)),
        *_senders(home),
        Check("runs", lambda: _runs(now)),
        Check("sending", lambda: _sending(now)),
        Check("archive", _archive),
        Check("nights", lambda: _nights(home, now)),
        Check("backup", lambda: _backup(home, now)),
    ]


def _database() -> Answer:
    from duewell.store import health

    found = health.database()
    text = f"{found.version}, {found.size_bytes / 1_000_000:,.1f} MB"
    if not found.writable:
        return Answer(
            False, f"{text}: nothing can be written", "look at the rights of the file, the disk, the server"
        )
    if found.journal not in ("", "wal"):
        return Answer(
            False,
            f"{text}: journal mode {found.journal}",
            "readers would wait for writers: is it on a network disk? move it to a local one",
        )
    if not found.durable:
        return Answer(False, f"{text}: a power cut may lose marks of sent mails", "set synchronous_commit to on")
    if found.free_bytes > max(_SPACE_FREE_MIN, found.size_bytes // 2):
        text += f", of which {found.free_bytes / 1_000_000:,.0f} MB are free"
        return Answer(False, text, "stop `work`, then: sqlite3 duewell.db vacuum")
    mode = ", write-ahead log" if found.journal else ""
    return Answer(True, f"{text}{mode}, written to and durable", "")


def _backup(home: Home, now: datetime) -> Answer:
    from duewell.adapters import backups

    if home.test:
        return Answer(True, "a test home needs none", "")
    latest, remedy = backups.latest(home), "duewell backup FILE.tar, each day, onto another machine"
    if latest is None:
        return Answer(False, "never backed up by `duewell backup`", remedy)
    text = f"last backed up at {latest:%Y-%m-%d %H:%M} UTC"
    return Answer(now - latest <= BACKED_UP_WITHIN, text, remedy)


def _sealed(sealing: Sealing, now: datetime) -> Answer:
    if sealing.waiting and sealing.oldest_at is not None and now - sealing.oldest_at > SEALED_WITHIN:
        since = f"{sealing.oldest_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        text = f"{sealing.waiting:,} fact(s) are not sealed, the oldest from {since}"
        return Answer(False, text, "run `duewell seal`; `duewell work` does each minute")
    return Answer(
        True, f"{sealing.tree_size:,} facts are sealed, {sealing.waiting:,} wait for the next minute", ""
    )


def _creditors(home: Home) -> Answer:
    """Whether each creditor has what its messages cannot do without."""
    from duewell.adapters import texts
    from duewell.core.contact.placeholders import missing_of_creditor
    from duewell.store import creditors

    views = creditors.all_views()
    if not views:
        return Answer(False, "there is no creditor yet", "duewell creditor add asks for what it needs")
    needed = texts.of_home(home.directory).needs
    lacking = {view.key: missing_of_creditor(creditors.sender(view.id), needed) for view in views}
    lost = [
        key for key, name in creditors.logos().items() if name and not (home.directory / "logos" / name).is_file()
    ]
    if lost:
        text = f"the logo of {', '.join(lost)} is gone from the folder logos"
        return Answer(False, text, "give it again: duewell creditor edit KEY --logo FILE")
    found = [f"{key} lacks {', '.join(names)}" for key, names in lacking.items() if names]
    found += [f"{key} writes letters and has no postal address" for key in _without_address(home)]
    if not found:
        return Answer(True, f"{len(views)} creditor(s) with all that messages need", "")
    return Answer(False, "; ".join(found), "duewell creditor edit KEY asks for it; until then its messages wait")


def _without_address(home: Home) -> list[str]:
    """Creditors whose strategies name letters, which need to say where they come from."""
    from duewell.adapters import strategies
    from duewell.adapters.files.marked_yaml import BadYaml
    from duewell.store import creditors

    found = []
    for view in creditors.all_views():
        try:
            ladders = [strategies.load(home.directory, key) for key in view.strategies]
        except (strategies.NoSuchStrategy, BadYaml):
            continue  # Found and told by whatever uses the strategy.
        details = creditors.details(view.id)
        if any("letter" in step.channels for ladder in ladders for step in ladder.steps) and not (
            details["street"] and details["city"]
        ):
            found.append(view.key)
    return found


def _senders(home: Home) -> list[Check]:
    """Four checks for each domain that a creditor sends from."""
    from duewell.adapters.sender_alignment import WHAT
    from duewell.store import creditors

    domains = sorted(
        {creditors.sender(view.id).email_from.rpartition("@")[2].lower() for view in creditors.all_views()} - {""}
    )
    found = []
    for domain in domains:
        # Asked once for the four, and only when the first of them is.
        told = cache(partial(_told, home, domain))
        found += [Check(f"{what} of {domain}", partial(_sender, home, told, what)) for what in WHAT]
    return found


def _sender(home: Home, told: Callable[[], dict[str, Told] | str], what: str) -> Answer:
    if home.test:
        return Answer(True, "not asked: a test home sends to nobody", "")
    found = told()
    if isinstance(found, str):
        return Answer(True, f"not known: {found}", "")
    return Answer(not found[what].remedy, found[what].text, found[what].remedy)


def _told(home: Home, domain: str) -> dict[str, Told] | str:
    """What names tell of a domain, or why nothing is known."""
    from duewell.adapters.name_server import NameServer, Silent
    from duewell.adapters.sender_alignment import alignment
    from duewell.adapters.work_settings import read_work_settings

    selectors = read_work_settings(home.directory).dkim_selectors
    try:
        return {one.what: one for one in alignment(domain, selectors, NameServer())}
    except Silent as problem:
        return str(problem)


def _runs(now: datetime) -> Answer:
    from duewell.store import creditors, health

    keys = {view.id: view.key for view in creditors.all_views()}
    waiting = health.waiting_runs()
    late = [run for run in waiting if now - run.recorded_at > RELEASED_WITHIN]
    if late:
        listed = ", ".join(
            f"run {run.run} of {keys[_id(run.creditor)]} ({run.proposals} messages)" for run in late[:5]
        )
        more = f" and {len(late) - 5} more" if len(late) > 5 else ""
        text = f"waiting for a release for more than a day: {listed}{more}"
        return Answer(False, text, f"duewell release {late[0].run}, or take it back with --withdraw")
    return Answer(
        True, f"{len(waiting)} run(s) wait for a release" if waiting else "no run waits for a release", ""
    )


def _sending(now: datetime) -> Answer:
    from duewell.store import creditors, health

    halted = [view.key for view in creditors.all_views() if view.halted]
    if halted:
        return Answer(
            False, f"sending is halted for {', '.join(halted)}", "duewell resume, once the reason is gone"
        )
    count = health.overdue_attempts(now - SENT_WITHIN)
    if count:
        text = f"{count:,} released message(s) could have gone a day ago"
        return Answer(False, text, "run `duewell send`; it says what holds them up")
    return Answer(True, "no released message is late", "")


def _archive() -> Answer:
    from duewell.store import creditors, health

    keys = {view.id: view.key for view in creditors.all_views()}
    refused = {keys[_id(creditor)]: count for creditor, count in health.refused_copies().items()}
    if refused:
        text = ", ".join(f"the archive of {key} refused {count:,} copies" for key, count in refused.items())
        return Answer(
            False, text, "mend the archive, then duewell creditor edit KEY --archive ADDRESS: they are sent again"
        )
    return Answer(True, "no archive refused a copy", "")


def _nights(home: Home, now: datetime) -> Answer:
    """Whether the latest night that was due has been done, and somebody is there for the next."""
    from duewell.adapters.home import HomeProblem
    from duewell.adapters.tickers import latest_nights_missing
    from duewell.adapters.work_settings import read_work_settings
    from duewell.store import creditors
    from duewell.store.duties import Duties
    from duewell.store.shift import somebody

    try:
        settings = read_work_settings(home.directory)
    except HomeProblem as problem:
        return Answer(False, str(problem), "correct the table [work] in duewell.toml")
    begun = Duties(lambda: now).latest_nights()
    if not begun:
        return Answer(True, "no schedule is used yet (duewell work)", "")
    kept = Duties(lambda: now).kept(now.date() - timedelta(days=7))
    missing = latest_nights_missing(creditors.all_views(), settings.rota_of, now, Duties(lambda: now))
    lost = [f"{view.key}: {day.isoformat()} {state or 'did not happen'}" for view, day, state in missing]
    if lost:
        text = f"the latest night is not done ({'; '.join(lost)})"
        return Answer(False, text, "start `duewell work` (systemctl start duewell); its log says what failed")
    if not somebody(home.directory / "locks"):
        return Answer(
            False, "nights were done, and nobody is at work now", "start `duewell work` (systemctl start duewell)"
        )
    missed = sum(done.state == "missed" for (_, _, kind), done in kept.items() if kind == "night")
    week = f"; {missed} of the last week did not happen" if missed else ""
    return Answer(True, f"the latest nights are done and somebody is at work{week}", "")


def _id(creditor: int) -> CreditorId:
    return CreditorId(creditor)
