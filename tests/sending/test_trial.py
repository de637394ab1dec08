"""Each text of a strategy to oneself: marked, through the real mail server, without a trace among the books."""

from __future__ import annotations

import os
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from duewell.adapters.channels.email.trial import FIRST_LINE
from tests.kills.house import NOW, House
from tests.sending.office import Office
from tests.sink import Sink
from tests.town.commands import Answer

ME = "me@office.example"


def _test(office: Office, house: House, *words: str, now: str = NOW, faults: Any = ()) -> tuple[Answer, list[Any]]:
    with Sink(faults) as sink:
        os.environ["DUEWELL_SMTP_URL"] = f"{sink.url}?timeout=10&dot_timeout=10"
        try:
            answer = office.give(house, "send", "--test-to", *words, now=now)
        finally:
            del os.environ["DUEWELL_SMTP_URL"]
        assert all(entry.recipients in ((ME,), [ME]) for entry in sink.log())
        return answer, [message_from_bytes(raw, policy=policy.default) for raw in sink.messages()]


def _books(office: Office) -> list[Any]:
    tables = ("fact", "mark", "claim", "attempt", "message", "run", "account", "contact_point")
    return [office.rows(f"select count(*) from {table}") for table in tables]


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_text_arrives_marked_in_subject_first_line_and_page_and_nothing_is_written(
    office: Office, language: str
) -> None:
    house = office.house()
    before = _books(office)
    answer, mails = _test(office, house, ME, "--language", language)
    assert answer.code == 0, answer
    assert [row["stage"] for row in answer.told["tests"]] == ["upcoming", "first", "second", "firm", "final"]
    assert len(mails) == 5
    for mail in mails:
        assert str(mail["Subject"]).startswith("[TEST] ")
        assert ME in str(mail["To"])
        text = mail.get_body(("plain",)).get_content()
        assert text.splitlines()[0].strip() == FIRST_LINE
        assert FIRST_LINE in mail.get_body(("html",)).get_content()
        assert "INV-2026-0417" in text
        assert mail["Content-Language"] == language
    assert _books(office) == before
    assert office.send(house).told["accepted"] > 0, "what is due goes as ever"


def test_it_never_goes_to_an_address_of_a_customer_however_it_is_written(office: Office) -> None:
    house = office.house()
    for address in (house.address("plain1"), house.address("plain1").upper()):
        answer, mails = _test(office, house, address)
        assert (answer.code, mails) == (2, [])
        assert "never goes to customers" in answer.told["message"]
    assert _test(office, house, "nobody")[0].code == 2


def test_only_so_many_go_a_day_and_files_go_always(office: Office, tmp_path: Path) -> None:
    house = office.house()
    later = "2026-04-10T10:00:00+00:00"
    for _ in range(12):
        answer, mails = _test(office, house, ME, now=later)
        assert (answer.code, len(mails)) == (0, 5)
    answer, mails = _test(office, house, ME, now=later)
    assert (answer.code, mails) == (2, [])
    assert "60 test mails went" in answer.told["message"]
    folder = tmp_path / "mails"
    answer, mails = _test(office, house, ME, "--dry-run", str(folder), "--strategy", "business", now=later)
    assert (answer.code, mails) == (0, [])
    files = sorted(folder.iterdir())
    assert next(file.name for file in files) == "01-due-en.eml"
    assert len(files) == len(answer.told["tests"]) == 5
    written = message_from_bytes(files[0].read_bytes(), policy=policy.default)
    assert str(written["Subject"]).startswith("[TEST]")
    assert _test(office, house, ME, now="2026-04-11T10:00:01+00:00")[0].code == 0


def test_a_server_that_does_not_take_it_is_told_and_the_rest_is_not_tried(office: Office) -> None:
    house = office.house()
    answer, mails = _test(
        office, house, ME, now="2026-05-10T10:00:00+00:00", faults=[{"verb": "rcpt", "action": "550 no"}]
    )
    assert (answer.code, mails) == (3, [])
    assert "did not take the test" in answer.talk
    without = office.give(house, "send", "--test-to", ME)
    assert (without.code, "no mail server" in without.told["message"]) == (2, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((ME, "--language", "tlh"), "no texts in 'tlh'"),
        ((ME, "--strategy", "none"), "no strategy 'none'"),
    ],
)
def test_what_cannot_be_meant_is_refused(office: Office, words: tuple[str, ...], said: str) -> None:
    answer, mails = _test(office, office.house(), *words)
    assert (answer.code, mails) == (2, [])
    assert said in answer.told["message"]
    assert office.give(office.house(), "send", "--strategy", "gentle").code == 2
