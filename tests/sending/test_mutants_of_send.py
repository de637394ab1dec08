"""The tests of sending notice when one line of the sender is broken on purpose."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from tests.sending import test_failing_server, test_in_between, test_outbox, test_settling
from tests.sending.office import Office, office
from tests.unit.flows import test_send

Check = Callable[[Office, pytest.MonkeyPatch], None]


class Mutant(NamedTuple):
    """One line, what it becomes, the function that is then replaced, and the test that must notice."""

    what: str
    module: str
    old: str
    new: str
    function: str
    check: Check


def acts(act: Any, reason: str) -> Check:
    """A customer does something just before the start."""

    def check(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        test = test_in_between.test_what_a_customer_does_just_before_the_start_stops_the_message
        test(office, test_in_between.arranging(monkeypatch), act, reason)

    return check


def fails(verb: str, action: str) -> Check:
    """The server puts one message off."""

    def check(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        test_failing_server.test_what_certainly_did_not_arrive_is_tried_again_later(office, verb, action)

    return check


def before_the_start(test: Callable[..., None]) -> Check:
    """A test that arranges something just before the start."""

    def check(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        test(office, test_in_between.arranging(monkeypatch))

    return check


def alone(test: Callable[[Office], None]) -> Check:
    """A test that needs nothing but the office."""

    def check(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        test(office)

    return check


def patched(test: Callable[[Office, pytest.MonkeyPatch], None]) -> Check:
    """A test that patches for itself."""
    return test


def refused(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server refuses one message."""
    test = test_failing_server.test_what_is_refused_frees_its_claims_and_goes_to_a_person
    test(office, "rcpt", "550 5.1.1 nobody", True)


def with_fakes(test: Callable[..., None]) -> Check:
    """A test of the flow with fakes."""

    def check(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        test(test_send.sender(monkeypatch))

    return check


OUTBOX, OUTCOMES = "duewell.store.outbox", "duewell.store.outcomes"
RECOVERY, SEND = "duewell.store.recovery", "duewell.flows.send"
MUTANTS = [
    Mutant(
        "the account's version is not compared",
        OUTBOX,
        "accounts.get(wanted.delivery.account) == case.version",
        "True",
        "StoredOutbox.start",
        acts(test_in_between.pays, "paid"),
    ),
    Mutant(
        "the person's version is not compared",
        OUTBOX,
        "persons.get(standing.person) == standing.version",
        "standing.person in persons",
        "StoredOutbox.start",
        acts(test_in_between.says_stop, "stops.opt_out"),
    ),
    Mutant(
        "two messages of one person start together",
        OUTBOX,
        "del persons[standing.person]",
        "pass",
        "StoredOutbox.start",
        alone(test_outbox.test_of_two_messages_to_one_person_only_one_starts_at_a_time),
    ),
    Mutant(
        "the creditor's version is not compared",
        OUTBOX,
        "wanted.house == house",
        "True",
        "StoredOutbox.start",
        before_the_start(test_in_between.test_a_new_bank_account_just_before_the_start_stands_in_every_message),
    ),
    Mutant(
        "the permit is not looked at when the message starts",
        OUTBOX,
        "and wanted.permit.covers(now)",
        "",
        "StoredOutbox.start",
        alone(test_outbox.test_a_permit_that_closed_while_the_worker_waited_starts_nothing),
    ),
    Mutant(
        "the civil date is not looked at when the message starts",
        OUTBOX,
        "and wanted.proposal.as_of == self._wires.day_of(now)",
        "",
        "StoredOutbox.start",
        alone(test_outbox.test_what_was_decided_before_midnight_is_decided_again_after_it),
    ),
    Mutant(
        "the kill switch is not looked at when a message starts",
        OUTBOX,
        "if halted:",
        "if False:",
        "StoredOutbox.start",
        before_the_start(test_in_between.test_the_kill_switch_just_before_the_start_stops_everything),
    ),
    Mutant(
        "the kill switch is not looked at before the dot",
        OUTBOX,
        "if self.halted():",
        "if False:",
        "StoredOutbox.closing",
        patched(test_in_between.test_the_kill_switch_between_body_and_dot_stops_the_dot),
    ),
    Mutant(
        "a worker starts what another has leased",
        OUTBOX,
        "and state = ? and token = ? returning id",
        "and state = ? and token <> -1 - ? returning id",
        "StoredOutbox._move",
        alone(test_outbox.test_a_lease_that_has_ended_is_taken_by_the_next_and_the_first_can_start_nothing),
    ),
    Mutant(
        "the attempt does not say where it went",
        OUTBOX,
        "if changed:",
        "if False:",
        "StoredOutbox._readdress",
        before_the_start(test_in_between.test_a_new_address_just_before_the_start_is_the_one_that_is_used),
    ),
    Mutant(
        "a claim is freed too early",
        OUTCOMES,
        'claims.free(_messages(over), "withdrawn"',
        'claims.free(_messages([*over, *deferred]), "withdrawn"',
        "finish",
        fails("rcpt", "450 4.2.1 not now"),
    ),
    Mutant(
        "what did not arrive stays a contact",
        OUTCOMES,
        '"" if end in ("accepted", "unknown") else ", contacted_at = null"',
        '""',
        "_still_ours",
        fails("dot", "451 4.3.0 try later"),
    ),
    Mutant(
        "a refused address stays in use",
        OUTCOMES,
        "update contact_point set state = 'refused'",
        "update contact_point set state = 'usable'",
        "_refused",
        refused,
    ),
    Mutant(
        "a withdrawn run is forgotten",
        OUTCOMES,
        "in withdrawn else",
        "in () else",
        "_end_of",
        patched(
            test_in_between.test_a_run_that_is_taken_back_while_a_message_is_put_off_stays_taken_back,
        ),
    ),
    Mutant(
        "what was closing is tried again",
        RECOVERY,
        'left.state == "started"], "deferred")',
        'left.state != "released"], "deferred")',
        "_take_over",
        alone(test_outbox.test_a_message_that_was_taken_over_can_be_neither_closed_nor_finished),
    ),
    Mutant(
        "a living worker loses its work",
        RECOVERY,
        "if dead or left.lease_until < sql.us(real_now)",
        "if True",
        "recover",
        alone(test_outbox.test_a_worker_that_lives_keeps_its_work_until_its_lease_ends),
    ),
    Mutant(
        "an unknown message is settled a day early",
        RECOVERY,
        "timedelta(days=days)",
        "timedelta(days=days - 1)",
        "settle_by_rule",
        alone(test_settling.test_an_unknown_message_counts_as_sent_when_the_policys_days_are_over),
    ),
    Mutant(
        "a server without login counts as a try",
        SEND,
        "    if outcome.server:\n        return",
        "    if False:\n        return",
        "_finished",
        alone(test_failing_server.test_a_server_that_wants_a_login_ends_the_sending_and_no_try_is_counted),
    ),
    Mutant(
        "the dot is said however late",
        SEND,
        "<= DOT_WITHIN",
        "<= 10**9",
        "_Sending._converse",
        with_fakes(test_send.test_a_dot_is_said_only_within_two_seconds_of_the_closing_mark),
    ),
    Mutant(
        "what was taken over is said nevertheless",
        SEND,
        "lost = [(draft, line) for draft, line in ready if draft.attempt not in held]",
        "held, lost = {draft.attempt for draft, _ in ready}, []",
        "_Sending._converse",
        with_fakes(test_send.test_a_message_whose_closing_mark_was_not_written_is_dropped_before_its_dot),
    ),
]


@pytest.fixture(scope="module", name="worksite")
def _worksite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office of its own, for what mutants leave behind is not sound."""
    with office(tmp_path_factory.mktemp("worksite"), checked=False) as found:
        yield found


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.what)
def test_a_broken_line_of_the_sender_is_noticed(
    worksite: Office, mutant: Mutant, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as sound:
        mutant.check(worksite, sound)
    with monkeypatch.context() as broken:
        _break(mutant, broken)
        with pytest.raises((AssertionError, ValueError)):
            mutant.check(worksite, broken)


def _break(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the function as it reads with the broken line in the place of the sound one."""
    module = importlib.import_module(mutant.module)
    source = inspect.getsource(module)
    assert source.count(mutant.old) == 1, f"the line is not there exactly once: {mutant.old}"
    copy = ModuleType(mutant.module)
    copy.__file__ = module.__file__
    exec(compile(source.replace(mutant.old, mutant.new), str(module.__file__), "exec"), vars(copy))  # noqa: S102
    owner, _, name = mutant.function.rpartition(".")
    place: Any = getattr(module, owner) if owner else module
    monkeypatch.setattr(place, name, getattr(getattr(copy, owner) if owner else copy, name))
