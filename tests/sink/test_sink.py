"""The sink itself: a judge has to be judged first."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import signal
import smtplib
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sink import Faults, Rule, Sink, read, spawn
from tests.sink.journal import Journal
from tests.sink.protocol import Connection
from tests.sink.server import House, Offer

BODY = b"Subject: due\r\nMessage-ID: <one@firm.example>\r\n\r\n..dots\r\n.\r\nend\r\n"


class Memory(asyncio.Transport):
    """A connection that goes nowhere and remembers what was said."""

    def __init__(self) -> None:
        super().__init__()
        self.said = b""
        self.closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.said += data

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed


def connected(**offer: object) -> tuple[Connection, Memory, House]:
    house = House(Offer(**offer), Faults(), Journal(), traced=True)  # type: ignore[arg-type]
    connection, memory = Connection(house, 1), Memory()
    connection.connection_made(memory)
    return connection, memory, house


def codes(memory: Memory) -> list[str]:
    return [line[:3].decode() for line in memory.said.splitlines() if line[3:4] == b" "]


def stuffed(data: bytes) -> bytes:
    return (b"\r\n" + data).replace(b"\r\n.", b"\r\n..")[2:] + b".\r\n"


# Reading


line = st.one_of(st.sampled_from([b"", b".", b"..", b"\r", b"\n."]), st.binary(max_size=20))
body = st.lists(line, max_size=6).map(
    lambda lines: b"".join(raw.replace(b"\r\n", b"") + b"\r\n" for raw in lines).replace(b"\r\r\n", b"\r\n")
)


@given(bodies=st.lists(body, min_size=1, max_size=3), cuts=st.lists(st.integers(0, 400), max_size=12))
def test_bodies_are_the_same_however_the_bytes_are_cut(bodies: list[bytes], cuts: list[int]) -> None:
    said = b"EHLO me\r\n"
    for data in bodies:
        said += b"MAIL FROM:<a@firm.example> BODY=8BITMIME\r\nRCPT TO:<b@x.example>\r\nDATA\r\n" + stuffed(data)
    said += b"QUIT\r\n"
    connection, memory, house = connected()
    places = sorted({0, len(said), *(cut for cut in cuts if cut < len(said))})
    for start, end in itertools.pairwise(places):
        connection.data_received(said[start:end])
    assert [data for _, data in house.journal.accepted] == bodies
    assert codes(memory) == ["220", "250", *["250", "250", "354", "250"] * len(bodies), "221"]
    assert memory.closed


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (b"MAIL FROM:<a@x.example>\r\n", ["503"]),
        (b"EHLO me\r\nRCPT TO:<a@x.example>\r\nDATA\r\n", ["250", "503", "503"]),
        (b"EHLO me\r\nMAIL FROM:<a@x.example>\r\nDATA\r\n", ["250", "250", "503"]),
        (b"EHLO me\r\nMAIL FROM:<a@x.example>\r\nMAIL FROM:<a@x.example>\r\n", ["250", "250", "503"]),
        (b"EHLO me\r\nMAIL FROM:<a@x.example>\r\nRSET\r\nRCPT TO:<b@x.example>\r\n", ["250", "250", "250", "503"]),
        (b"EHLO me\r\nMAIL a@x.example\r\n", ["250", "501"]),
        (b"EHLO me\r\nMAIL FROM:<>\r\nRCPT TO:<b>\r\n", ["250", "250", "501"]),
        (b"EHLO me\r\nMAIL FROM:<a@x.example> SIZE=2000\r\n", ["250", "552"]),
        (b"EHLO me\r\nMAIL FROM:<a@x.example> NONSENSE\r\n", ["250", "555"]),
        (b"EHLO me\r\nMAIL FROM:<\xc3\xa4@x.example>\r\n", ["250", "553"]),
        (b"EHLO me\r\nMAIL FROM:<\xc3\xa4@x.example> SMTPUTF8\r\n", ["250", "250"]),
        (b"EHLO me\r\nSTARTTLS\r\nAUTH PLAIN x\r\nVRFY a\r\nNOOP\r\n", ["250", "503", "504", "500", "250"]),
        (b"EHLO " + b"x" * 20_000, ["500"]),
    ],
)
def test_the_order_of_commands_is_kept(said: bytes, expected: list[str]) -> None:
    connection, memory, house = connected(size=1000)
    connection.data_received(said)
    assert codes(memory) == ["220", *expected]
    assert house.journal.accepted == []


def test_a_client_that_pipelines_unasked_is_shown_the_door() -> None:
    connection, memory, house = connected(pipelining=False)
    connection.data_received(b"EHLO me\r\nMAIL FROM:<a@x.example>\r\n")
    assert codes(memory) == ["220", "250", "503"]
    assert memory.closed
    assert (1, "PIPELINED") in house.trace


def test_the_log_reports_lines_that_are_too_long_and_bytes_beyond_ascii() -> None:
    connection, _, house = connected()
    connection.data_received(b"EHLO me\r\n")
    for data in (b"x" * 998 + b"\r\n", b"x" * 999 + b"\r\n", "ü\r\n".encode()):
        connection.data_received(b"MAIL FROM:<a@x.example>\r\nRCPT TO:<b@x.example>\r\nDATA\r\n" + stuffed(data))
    entries = [entry for entry, _ in house.journal.accepted]
    assert [(entry.longest, entry.line_too_long, entry.eight_bit) for entry in entries] == [
        (998, False, False),
        (999, True, False),
        (2, False, True),
    ]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"Message-ID: <a@x>\r\nSubject: b", "<a@x>"),
        (b"Subject: b\r\nmessage-id:\r\n <a@x>", "<a@x>"),
        (b"Subject: b", ""),
    ],
)
def test_the_message_id_comes_from_the_head_alone(head: bytes, expected: str) -> None:
    journal = Journal()
    journal.write(head + b"\r\n\r\nMessage-ID: <body@x>\r\n", "", ["b@x.example"], 0.0, 1, False)
    assert journal.accepted[0][0].message_id == expected


# Faults


def test_the_same_seed_gives_the_same_faults_whatever_the_order() -> None:
    names = [f"c{number}@x.example" for number in range(2_000)]
    rule = {"verb": "rcpt", "probability": 0.1, "action": "451"}

    def struck(seed: int, order: list[str]) -> set[str]:
        faults = Faults([rule], seed)
        return {name for name in order if faults.action("rcpt", name)}

    assert struck(1, names) == struck(1, names[::-1])
    assert struck(1, names) != struck(2, names)
    assert 140 < len(struck(1, names)) < 260


def test_a_message_that_comes_again_is_drawn_anew() -> None:
    faults = Faults([Rule("rcpt", "451", probability=0.5)], seed=3)
    drawn = [faults.action("rcpt", "ann@x.example") is not None for _ in range(50)]
    assert 10 < sum(drawn) < 40


def test_rules_count_what_they_match() -> None:
    faults = Faults([Rule("rcpt", "451", match="ANN", nth=2), Rule("rcpt", "550", match="ben", times=1)])
    names = ["ann@x", "ben@x", "ann@x", "ben@x", "ann@x"]
    assert [faults.action("rcpt", name) for name in names] == [None, "550", "451", None, None]
    assert faults.action("mail", "ann@x") is None


@pytest.mark.parametrize(
    "rule",
    [
        {"verb": "vrfy", "action": "451"},
        {"verb": "rcpt", "action": "explode"},
        {"verb": "rcpt", "action": "accept-drop"},
    ],
)
def test_a_rule_that_means_nothing_is_refused(rule: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="no such fault"):
        Faults([rule])


# As a server, met by another client


@contextlib.contextmanager
def client(port: int) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", port, local_hostname="test", timeout=20) as connection:
        yield connection


def test_the_standard_client_is_understood() -> None:
    with Sink() as sink, client(sink.port) as connection:
        connection.sendmail("a@firm.example", ["b@x.example", "c@x.example"], BODY)
        connection.sendmail("a@firm.example", ["d@x.example"], BODY)
        first, second = sink.log()
        assert first.recipients == ["b@x.example", "c@x.example"]
        assert (first.sender, first.message_id) == ("a@firm.example", "<one@firm.example>")
        assert second.recipients == ["d@x.example"]
        assert first.mail_at <= first.at <= second.at
        assert sink.messages() == [BODY, BODY]


def test_an_accepted_message_is_in_the_log_before_the_client_knows(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with spawn(log, store=tmp_path / "store") as sink, client(sink.port) as connection:
        for count in range(1, 6):
            connection.sendmail("a@firm.example", [f"c{count}@x.example"], BODY)
            assert len(read(log)) == count
        entry = sink.log()[0]
        assert entry.file is not None
        assert Path(entry.file).read_bytes() == BODY
    with spawn(log) as sink, client(sink.port) as connection:
        connection.sendmail("a@firm.example", ["again@x.example"], BODY)
    assert len(read(log)) == 6


def test_accepted_without_a_reply_is_logged_and_refused_is_not(tmp_path: Path) -> None:
    faults = [Rule("dot", "accept-drop", match="ann@"), Rule("dot", "drop", match="ben@")]
    with spawn(tmp_path / "log", faults) as sink:
        for name in ("ann@x.example", "ben@x.example"):
            with pytest.raises(smtplib.SMTPServerDisconnected), client(sink.port) as connection:
                connection.sendmail("a@firm.example", [name], BODY)
        assert [entry.recipients for entry in sink.log()] == [["ann@x.example"]]


def test_the_program_stops_at_a_signal_and_says_where_it_listens(tmp_path: Path) -> None:
    (tmp_path / "faults.json").write_text(json.dumps([{"verb": "connect", "action": "554 closed today"}]))
    command = [
        sys.executable,
        "-m",
        "tests.sink",
        "--log",
        str(tmp_path / "log"),
        "--faults",
        str(tmp_path / "faults.json"),
    ]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        assert said["pid"] == process.pid
        with socket.create_connection(("127.0.0.1", said["port"]), 20) as connection:
            assert connection.recv(100) == b"554 closed today\r\n"
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(20) == 0


def test_a_log_that_does_not_exist_yet_is_empty(tmp_path: Path) -> None:
    assert read(tmp_path / "log") == []
