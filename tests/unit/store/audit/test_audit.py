"""Each sentence of the audit fires on the change that makes it untrue, and none fires on a true book."""

from __future__ import annotations

import json

import pytest

from duewell import cli
from tests.small_book import MESSAGE, US, say, small_book


@pytest.fixture
def home(tmp_path):
    with small_book(tmp_path / "home") as home:
        yield home


def audited(home, capsys) -> dict[int, list[str]]:
    code = cli.main(["--home", str(home.directory), "--json", "audit"])
    told = json.loads(capsys.readouterr().out)
    found = {line["number"]: line["findings"] for line in told["sentences"] if not line["ok"]}
    assert (code, told["ok"]) == ((1, False) if found else (0, True))
    return found


def change(*statements: str) -> None:
    """Edit the tables behind the back of the program."""
    from duewell.store import sql

    sql.execute("pragma foreign_keys = off")
    for (trigger,) in sql.fetch("select name from sqlite_master where type = 'trigger'"):
        sql.execute(f'drop trigger "{trigger}"')
    for statement in statements:
        assert sql.execute(statement) != 0, statement


def test_a_true_book_has_nothing_to_find_and_everything_was_looked_at(home, capsys):
    assert audited(home, capsys) == {}
    assert cli.main(["--home", str(home.directory), "--json", "audit"]) == 0
    looked = [line["checked"] for line in json.loads(capsys.readouterr().out)["sentences"]]
    assert 0 not in looked


@pytest.mark.parametrize(
    ("number", "statement", "finding"),
    [
        (
            9,
            "update person set flags = '[\"minor\"]' where id = 1",
            "person 1 is noted as ['minor'], the facts say []",
        ),
        (9, "update party set person_id = 1000000000", "customer 1 is person 1000000000, the facts say 1"),
        (
            9,
            "update account set person_id = 1000000000",
            "account 1 is asked of person 1000000000, its customer is person 1",
        ),
        (
            1,
            "update receivable set open_minor = 11800",
            "account 1, invoice 1: 11800 is kept as open, the entries say 11900",
        ),
        (
            1,
            "update receivable set charged_minor = 11800",
            "account 1, invoice 1: 11800 is kept as charged, the entries say 11900",
        ),
        (
            1,
            "update account_credit set credit_minor = 0",
            "account 1, credit in EUR: 0 is kept as credit, the entries say 500",
        ),
        (1, "delete from account_credit", "account 1, credit in EUR: 0 is kept as credit, the entries say 500"),
        (
            1,
            "update entry set currency = 'USD' where id = 1",
            "entry 1 in USD of account 1 names an invoice of another",
        ),
        (1, "update entry set to_receivable_id = null where id = 1", "entry 1: receivable beside invoice None"),
        (
            3,
            "insert into mark select 3, kind, at, 1, body, 1, 1, message_id from mark where id = 2",
            f"message {MESSAGE} arrived twice",
        ),
        (
            3,
            "update message_state set state = 'released'",
            f"message {MESSAGE} is released and has 0 attempts that could carry it",
        ),
        (
            3,
            "update attempt set state = 'released'",
            f"message {MESSAGE} is accepted, yet an attempt could still carry it",
        ),
        (3, "delete from mark where id = 2", f"message {MESSAGE} counts as accepted, but no mark says so"),
        (3, "delete from claim", f"message {MESSAGE} holds no claim"),
        (5, "update receivable set reached = 10", "invoice 1 stands at 10, but came as far as 20"),
        (6, "update message set body = '{}'", "run 1 of 2026-03-10: its messages are not those of plan"),
        (6, "update run set proposals = 2", "run 1 claimed 2 messages, 1 are kept"),
        (6, "update claim set stage = 30", f"message {MESSAGE} moved what its plan did not claim: [(1, 20)]"),
        (7, "update run set counts = replace(counts, '3', '4')", "run 1: not every account has an outcome"),
        (7, "update run set counts = replace(counts, 'paid', '')", "run 1: an outcome has no reason"),
        (8, "update hold set reason = ' '", "hold 1 has no reason"),
        (
            8,
            "update hold set review_on = null",
            "hold 1 (dispute) has neither an end nor a review after its start",
        ),
        (8, "update hold_end set ended_on = '2026-03-01'", "hold 1 ended before it started"),
        (
            9,
            "update mark set at = at + 1 where id = 1",
            f"mark 1 was changed: at is {US + 1}, fact account:1 6 says {US}",
        ),
        (9, "update claim set account_id = 2", "account 1, claim (1, 20, 1): kept as None, the facts say ("),
        (9, "update attempt set account_id = 2", "account 1, attempt 1: kept as None, the facts say ("),
        (
            9,
            "update message_state set account_id = 2",
            f"account 1, message {MESSAGE}: kept as None, the facts say",
        ),
        (9, "update receivable set reached_on = '2026-03-01'", "account 1, invoice 1: kept as (20, '2026-03-01')"),
        (9, "update attempt set contacted_at = contacted_at - 1", "account 1, attempt 1: kept as ("),
        (
            10,
            "update rejected_row set remedy = ''",
            "import 1: 1 rejected rows do not say where, why or what to do",
        ),
        (
            10,
            "update import_batch set counts = replace(counts, '2', '3')",
            "import 1: its rows are not those that were taken",
        ),
        (
            11,
            "update payment set occurrence = 2",
            "account 1: of 1 equal payments on 2026-03-09 the last is numbered 2",
        ),
        (12, "update part set data = cast(data || 'x' as blob)", "attempt 1: a part of its message was changed"),
        (
            12,
            'update mark set body = replace(body, \'"bytes":"\', \'"bytes":"0\') where id = 1',
            "attempt 1: its message cannot be rebuilt byte for byte",
        ),
    ],
)
def test_each_sentence_fires_on_what_makes_it_untrue(home, capsys, number, statement, finding):
    change(statement)
    found = audited(home, capsys)
    assert any(text.startswith(finding) for text in found.get(number, [])), found


COPY = (
    "insert into message (id, creditor_id, account_id, person_id, run_id, point_id, stage, purpose, channel,"
    " language, body, recorded_at)"
)


def test_an_account_with_two_messages_at_a_time_is_found(home, capsys):
    change(
        f"{COPY} select 'm2', 1, 1, 1, 1, 1, 30, purpose, channel, language, body, {US} from message",
        "insert into message_state values ('m2', 'planned', '', 1, 1)",
        f"{COPY} select 'm3', 1, 1, 1, 1, 1, 30, purpose, channel, language, body, 1 from message"
        f" where id = '{MESSAGE}'",
        "insert into message_state values ('m3', 'unknown', '', 1, 1)",
        f"insert into mark values (3, 'accepted', {US + 5}, 1, '{{}}', 1, 1, 'm2')",
    )
    assert audited(home, capsys)[4] == [
        "account 1 has 2 messages on their way",
        "account 1 got two messages on 2026-03-10",
    ]


def test_a_message_that_was_settled_as_sent_after_it_had_arrived_is_found(home, capsys):
    settled = f"insert into mark values (3, 'settled', {US}, 1, '{{\"as_sent\":%s}}', 1, 1, '{MESSAGE}')"
    change(settled % "false")
    assert 3 not in audited(home, capsys)
    change("delete from mark where id = 3", settled % "true")
    assert audited(home, capsys)[3] == [f"message {MESSAGE} arrived twice"]


# What a demand is held against: a second message, and what its account's facts told before it started.
SECOND = "5e6f7a8b"
PAID = (3, 1, 1, "EUR", 11900, "receivable", 1, "credit", None, "2026-03-09", US, "p")


def second_demand(**other: object) -> None:
    """Another demand for the same invoice, as the same facts would have it, with some parts told otherwise."""
    from django.db import transaction

    from duewell.core import evidence

    told = {
        "parts": [],
        "items": [[1, 11900, 0]],
        "nets": [["EUR", 11900, 500]],
        "advances": [[1, 30]],
        "closes_at": US + 1_000_000,
        **other,
    }
    message = (SECOND, 1, 1, 1, 1, 1, 30, "demand", "email", "en", "{}", US)
    mark = (9, 1, 1, SECOND, "started", US, 1, evidence.canonical(told).decode())
    with transaction.atomic():
        say("account:1", "contact.claimed", {"message": [message]})
        say("account:1", "contact.started", {"mark": [mark]})


def demand_findings(home, capsys) -> list[str]:
    prefix = f"message {SECOND} started on 2026-03-10 although "
    found = audited(home, capsys).get(2, [])
    return [text.removeprefix(prefix) for text in found]


def told_before(stream: str, kind: str, rows: dict[str, list[tuple[object, ...]]]) -> None:
    from django.db import transaction

    with transaction.atomic():
        say(stream, kind, rows)


def test_a_second_demand_that_was_due_is_not_found(home, capsys):
    second_demand()
    assert demand_findings(home, capsys) == []


def test_a_demand_for_something_paid_just_before_is_found(home, capsys):
    told_before("account:1", "ledger.posted", {"entry": [PAID]})
    second_demand()
    assert demand_findings(home, capsys) == [
        "invoice 1 had 0 open and 0 held, not 11900 and 0",
        "its items in EUR add up to 0 and not to 11900",
        "credit of 0 EUR was to be set off, and not 500",
        "nothing of invoice 1 was to be asked for",
    ]


def test_a_demand_that_passes_over_credit_is_found(home, capsys):
    second_demand(nets=[["EUR", 11900, 0]])
    assert demand_findings(home, capsys) == ["credit of 500 EUR was to be set off, and not 0"]


@pytest.mark.parametrize(
    ("kind", "receivable", "starts_on", "until_on", "ended_on", "finding"),
    [
        ("promise", None, "2026-03-10", "2026-03-11", None, "the account was held (promise, hold 2)"),
        ("promise", None, "2026-03-01", "2026-03-10", None, None),
        ("grace", None, "2026-03-11", "2026-03-20", None, None),
        ("hardship", None, "2026-03-01", None, None, "the account was held (hardship, hold 2)"),
        ("hardship", None, "2026-03-01", None, "2026-03-10", None),
        ("hardship", None, "2026-03-01", None, "2026-03-11", "the account was held (hardship, hold 2)"),
        ("dispute", 1, "2026-03-10", None, None, "invoice 1 had 11900 open and 11900 held, not 11900 and 0"),
    ],
)
def test_a_demand_during_a_hold_is_found(home, capsys, kind, receivable, starts_on, until_on, ended_on, finding):
    hold = (2, 1, 1, receivable, kind, None, starts_on, until_on, "2026-03-12", "asked", US, "")
    told_before("account:1", "agree.held", {"hold": [hold]})
    if ended_on:
        told_before("account:1", "agree.hold_ended", {"hold_end": [(2, 1, 2, ended_on, "asked", US, "")]})
    second_demand()
    found = demand_findings(home, capsys)
    assert (finding in found) if finding else found == []


@pytest.mark.parametrize(
    ("creditor", "channel", "point", "found"),
    [(None, "", None, True), (1, "email", 1, True), (1, "letter", None, False)],
)
def test_a_demand_to_a_person_who_said_stop_is_found(home, capsys, creditor, channel, point, found):
    told_before("person:1", "party.stopped", {"stop": [(2, 1, creditor, channel, point, "asked", US, US, "")]})
    second_demand()
    assert demand_findings(home, capsys) == (["the person had said stop (stop 2)"] if found else [])


def test_a_stop_said_after_the_start_is_no_reproach(home, capsys):
    second_demand()
    told_before("person:1", "party.stopped", {"stop": [(2, 1, None, "", None, "asked", US, US, "")]})
    assert demand_findings(home, capsys) == []


def test_a_demand_after_its_permit_had_closed_is_found(home, capsys):
    second_demand(closes_at=US)
    assert demand_findings(home, capsys) == [f"message {SECOND} started after its permit had closed"]


def test_postgresql_is_asked_the_same(tmp_path, postgres_url):
    from duewell import wiring_evidence
    from duewell.store import sql

    with small_book(tmp_path / "home", postgres_url) as home:
        verdicts = wiring_evidence.audited(home, lambda number: None)
        assert [verdict.findings for verdict in verdicts] == [()] * len(verdicts)
        assert all(verdict.checked for verdict in verdicts)
        sql.execute("update receivable set open_minor = 11800")
        found = {
            verdict.number: verdict.findings[0]
            for verdict in wiring_evidence.audited(home, lambda number: None)
            if verdict.found
        }
    assert found == {
        1: "account 1, invoice 1: 11800 is kept as open, the entries say 11900",
        9: "receivable 1: open_minor is 11800, its entries add up to 11900",
    }


@pytest.mark.parametrize(
    ("report", "findings"),
    [
        ({"EUR": {"current": 0, "d1_30": 11900, "unapplied": 500, "total": 11400}}, []),
        (
            {"EUR": {"current": 0, "d1_30": 11800, "unapplied": 500, "total": 11400}},
            ["aging in EUR: its buckets do not add up to its total 11400"],
        ),
        (
            {"EUR": {"current": 0, "d1_30": 11900, "unapplied": 0, "total": 11900}},
            ["aging in EUR: its total is 11900, the ledger says 11400"],
        ),
        ({}, ["aging in EUR: its total is 0, the ledger says 11400"]),
        (
            {"EUR": {"d1_30": 11900, "unapplied": 500, "total": 11400}, "USD": {"d1_30": 1, "total": 1}},
            ["aging in USD: its total is 1, the ledger says 0"],
        ),
    ],
)
def test_the_aging_report_is_held_against_the_entries(home, report, findings):
    from duewell.flows.audit import Tally
    from duewell.store.audit.money import aging_is_the_ledger

    tally = Tally()
    aging_is_the_ledger(1, lambda creditor, day: report, tally)
    assert tally.findings == findings


def test_books_that_move_while_they_are_aged_are_read_again(home):
    from duewell.flows.audit import Tally
    from duewell.store import sql
    from duewell.store.audit.money import aging_is_the_ledger

    asked: list[str] = []

    def report(creditor: int, day: object) -> dict[str, dict[str, int]]:
        if not asked:
            sql.execute(
                "insert into entry select 9, currency, 100, from_place, to_place, effective_on, recorded_at,"
                " cause, account_id, creditor_id, from_receivable_id, to_receivable_id from entry where id = 1"
            )
        asked.append(str(day))
        return {"EUR": {"d1_30": 12000, "unapplied": 500, "total": 11500}}

    tally = Tally()
    aging_is_the_ledger(1, report, tally)
    assert (asked, tally.checked, tally.findings) == (["2026-03-09", "2026-03-09"], 1, [])
