"""Whatever is committed before the start mark wins, however late it comes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from duewell.adapters.channels.email.transport import Lines
from tests.kills.house import NOW, PLAIN, House
from tests.sending.office import Office

DAY = "2026-03-20"
EVERYBODY = (*PLAIN, "refused", "later")
"""Who gets a message where the server takes all: `held` is held, and `waits` waits."""
OTHERS = [name for name in EVERYBODY if name != "plain2"]


def before(monkeypatch: pytest.MonkeyPatch, step: str, act: Callable[[], object]) -> None:
    """Do something once, right before a step of the outbox."""
    from duewell.store.outbox import StoredOutbox

    going_on, left = getattr(StoredOutbox, step), [act]

    def acting(outbox: object, items: object) -> object:
        if left:
            left.pop()()
        return going_on(outbox, items)

    monkeypatch.setattr(StoredOutbox, step, acting)


@pytest.fixture
def just_before_the_start(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Do something once, when the messages are decided and rendered and none of them has started."""
    return arranging(monkeypatch)


def arranging(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """See the fixture above."""

    def arrange(act: Callable[[], object]) -> None:
        reach, left = Lines.reach, [act]

        def acting(lines: Lines) -> object:
            if left:
                left.pop()()
            return reach(lines)

        monkeypatch.setattr(Lines, "reach", acting)

    return arrange


def invoice(office: Office, house: House) -> str:
    return str(office.rows("select number from receivable where account_id = ?", house.account("plain2"))[0][0])


def pays(office: Office, house: House) -> None:
    record = {"invoice_number": invoice(office, house), "payment_date": "2026-03-10", "amount": "100.01"}
    office.takes(house, "payments", [{**record, "currency": "EUR"}])


def is_recorded_as_paid(office: Office, house: House) -> None:
    number = invoice(office, house)
    office.command(house, "record", "payment", number, "100.01 EUR", "--on", "2026-03-10", "--account", "plain2")


def is_cancelled(office: Office, house: House) -> None:
    number = invoice(office, house)
    words = ["--cancel", "--reason", "never delivered", "--account", "plain2"]
    office.command(house, "record", "correction", number, *words)


def is_credited(office: Office, house: House) -> None:
    record = {"customer_number": "plain2", "credit_date": "2026-03-10", "amount": "500.00", "currency": "EUR"}
    office.takes(house, "credits", [{**record, "credit_number": "CN-1"}])


def disputes(office: Office, house: House) -> None:
    office.command(house, "hold", "add", "plain2", "--kind", "dispute", "--reason", "wrong", "--review", DAY)


def promises(office: Office, house: House) -> None:
    words = ["--kind", "promise", "--until", "2026-03-20", "--reason", "on the phone"]
    office.command(house, "hold", "add", invoice(office, house), "--account", "plain2", *words)


def says_stop(office: Office, house: House) -> None:
    office.command(house, "stop", "plain2", "--reason", "not any more")


def dies(office: Office, house: House) -> None:
    office.command(house, "person", "flag", "add", "plain2", "deceased", "--reason", "her son called")


def is_who_said_stop(office: Office, house: House) -> None:
    office.command(house, "stop", "held", "--reason", "not any more")
    words = ["--yes", "--reason", "the same signature"]
    office.command(house, "customer", "merge", "plain2", "held", *words)


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (pays, "paid"),
        (is_recorded_as_paid, "paid"),
        (is_cancelled, "paid"),
        (is_credited, "credited"),
        (disputes, "disputed"),
        (promises, "promised"),
        (says_stop, "stops.opt_out"),
        (dies, "stops.deceased"),
        (is_who_said_stop, "stops.opt_out"),
    ],
)
def test_what_a_customer_does_just_before_the_start_stops_the_message(
    office: Office, just_before_the_start, act: Callable[[Office, House], None], reason: str
) -> None:
    house = office.house()
    just_before_the_start(lambda: act(office, house))
    sent = office.send(house)
    assert sent.received["plain2"] == 0
    assert sent.told["withheld"][reason] >= 1
    assert office.reason(house, "plain2") == reason
    assert [sent.received[name] for name in OTHERS] == [1] * len(OTHERS), "nobody else waits for it"
    assert office.state(house, "plain2") == "withheld"
    assert office.claims_freed(house, "plain2") == [True]
    assert office.attempts(house, "plain2") == [("withheld", False)]


def test_a_part_payment_just_before_the_start_changes_the_sum_and_not_the_stage(
    office: Office, just_before_the_start
) -> None:
    house = office.house()
    record = {"invoice_number": invoice(office, house), "payment_date": "2026-03-10", "amount": "40.01"}
    just_before_the_start(lambda: office.takes(house, "payments", [{**record, "currency": "EUR"}]))
    sent = office.send(house)
    (text,) = [text for to, text in sent.texts if "plain2@" in to]
    assert "60.00" in text
    assert "100.01" not in text
    (told,) = [body for kind, body in office.marks(house, "plain2") if kind == "started"]
    assert told["nets"] == [["EUR", 60_00, 0]]


def test_a_new_address_just_before_the_start_is_the_one_that_is_used(
    office: Office, just_before_the_start
) -> None:
    house = office.house()
    record = {"customer_number": "plain2", "name": "Plain2", "email": "new@elsewhere.example"}
    just_before_the_start(lambda: office.takes(house, "customers", [record]))
    sent = office.send(house)
    assert (sent.received["plain2"], sent.received["new"]) == (0, 1)
    points = office.rows(
        "select p.value from attempt a join contact_point p on p.id = a.point_id where a.account_id = ?",
        house.account("plain2"),
    )
    assert points == [("new@elsewhere.example",)], "the attempt says where it went"


def test_a_new_bank_account_just_before_the_start_stands_in_every_message(
    office: Office, just_before_the_start
) -> None:
    house = office.house()
    just_before_the_start(lambda: office.edit(house, "--iban", "DE89370400440532013000"))
    sent = office.send(house)
    assert sum(sent.received.values()) == len(EVERYBODY)
    assert all("DE89 3704 0044 0532 0130 00" in text for _, text in sent.texts)
    assert not any("DE02" in text for _, text in sent.texts)


def test_the_kill_switch_just_before_the_start_stops_everything(office: Office, just_before_the_start) -> None:
    house = office.house()
    just_before_the_start(lambda: office.command(house, "halt"))
    sent = office.send(house)
    assert sum(sent.received.values()) == 0
    assert sent.told["halted"] is True
    assert office.send(house).told["halted"] is True, "and nothing leaves as long as it is on"
    office.command(house, "resume")
    assert sum(office.send(house).received.values()) == len(EVERYBODY)


def test_the_kill_switch_between_body_and_dot_stops_the_dot(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = office.house()
    before(monkeypatch, "closing", lambda: office.command(house, "halt"))
    sent = office.send(house)
    assert sum(sent.received.values()) == 0
    assert sent.told["deferred"] == 3, "those that had started are tried again later"
    office.command(house, "resume")
    again = office.send(house, now="2026-03-10T10:10:00+00:00")
    assert sum(again.received.values()) == len(EVERYBODY)


def test_a_run_that_is_taken_back_while_a_message_is_put_off_stays_taken_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = office.house()
    (run,) = office.rows("select max(id) from run where creditor_id = ?", house.view.id)[0]
    before(monkeypatch, "finish", lambda: office.command(house, "release", str(run), "--withdraw"))
    sent = office.send(house, [{"verb": "rcpt", "action": "450 4.2.1 not now"}])
    assert sum(sent.received.values()) == 0
    states = office.rows("select distinct state from message_state where creditor_id = ?", house.view.id)
    assert sorted(states) == [("withdrawn",), ("withheld",)]
    assert sum(office.send(house, now="2026-03-10T18:00:00+00:00").received.values()) == 0
    freed = office.rows("select distinct freed from claim where creditor_id = ?", house.view.id)
    assert [bool(value) for (value,) in freed] == [True], "the next run decides anew"


def test_a_message_that_waits_past_the_hours_goes_out_the_next_morning(office: Office) -> None:
    house = office.house()
    late = "2026-03-10T19:30:00+00:00"
    sent = office.send(house, now=late)
    assert sum(sent.received.values()) == 0
    assert sent.told["withheld"]["hours"] == len(EVERYBODY), sent.told
    assert sum(office.send(house, now="2026-03-11T06:30:00+00:00").received.values()) == 0, "07:30 in Berlin"
    assert sum(office.send(house, now="2026-03-11T07:30:00+00:00").received.values()) == len(EVERYBODY)
    assert late > NOW
