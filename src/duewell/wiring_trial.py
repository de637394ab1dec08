"""Wiring of trial mails: each text of a strategy to oneself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from duewell import wiring
from duewell.adapters.home import Home
from duewell.core.decide.values import Step, Strategy
from duewell.flows import trial as flow
from duewell.flows.ports import Clock, CreditorView

_CURRENCY = "EUR"


def strategy(home: Home, creditor: CreditorView, key: str | None) -> Strategy:
    """The strategy that is tried: the one named, else the creditor's first. Raises `NoSuchStrategy`."""
    from duewell.adapters import strategies

    return strategies.load(home.directory, key or creditor.strategies[0], creditor.tone)


def send(
    home: Home, creditor: CreditorView, tried: Strategy, address: str, language: str, clock: Clock
) -> list[flow.Tried]:
    """Send each text of the strategy to an address of one's own.

    Raises:
        CannotTry: the address is a customer's, the creditor has no sender, or too many went today.
        BadMailSetting: DUEWELL_SMTP_URL is missing or wrong, or points outside in a test home.
    """
    from duewell.adapters.channels.email.transport import Lines
    from duewell.adapters.trial_count import TrialCount
    from duewell.store.addresses import KnownAddresses

    steps = flow.steps_by_email(tried)
    server = wiring.mail_server(home)
    count = TrialCount(home.directory / "locks", clock.now)
    flow.check(address, KnownAddresses(), count, len(steps))
    write, sender = _writer(home, creditor, address, language, clock)
    with Lines(server, count=1) as lines:
        return flow.send(steps, write, sender, address, lines, count)


def write_all(
    home: Home, creditor: CreditorView, tried: Strategy, address: str, language: str, clock: Clock, folder: Path
) -> list[flow.Tried]:
    """Write each text of the strategy into a folder, as a file that mail programs open; nothing is sent.

    Raises:
        CannotTry: the creditor has no sender.
        OSError: the folder cannot be written to.
    """
    write, _ = _writer(home, creditor, address, language, clock)
    folder.mkdir(parents=True, exist_ok=True)
    told = []
    for number, step in enumerate(flow.steps_by_email(tried), 1):
        file = folder / f"{number:02}-{step.stage.key}-{language}.eml"
        file.write_bytes(write(step))
        told.append(flow.Tried(step, "written", str(file)))
    return told


def _writer(
    home: Home, creditor: CreditorView, address: str, language: str, clock: Clock
) -> tuple[Callable[[Step], bytes], str]:
    from duewell.adapters import texts
    from duewell.adapters.channels.email.trial import trial
    from duewell.core.contact.sample import sample
    from duewell.store import creditors

    sender = creditors.sender(creditor.id)
    if not sender.email_from:
        raise flow.CannotTry(
            f"{creditor.key} has no sender: duewell creditor edit {creditor.key} --email-from ADDRESS"
        )
    words = texts.of_home(home.directory)
    now = clock.now()
    as_of: date = wiring.day_of(creditor)(now)

    def write(step: Step) -> bytes:
        content = sample(sender, address, step.stage, step.offset_days, step.tone, language, _CURRENCY, as_of)
        return trial(content, words, f"test.{step.stage.key}.{int(now.timestamp())}", now)

    return write, sender.email_from
