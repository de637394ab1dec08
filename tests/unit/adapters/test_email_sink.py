"""The sink that demo and test homes send into: it keeps what it is given, byte for byte, and says so only then."""

from __future__ import annotations

import smtplib
import socket
from pathlib import Path

import pytest

from duewell.adapters.channels.email.sink import SIZE_MAX, Sink, sink

_MAIL = b"Subject: Test\r\n\r\nKind words.\r\n.hidden dot\r\n..two dots\r\n"


def _client(server: Sink) -> smtplib.SMTP:
    return smtplib.SMTP("127.0.0.1", server.server_address[1], timeout=10)


def test_a_message_lies_in_the_folder_as_it_was_sent(tmp_path: Path) -> None:
    with sink(tmp_path / "mails") as server, _client(server) as client:
        client.sendmail("us@example.org", ["anna@example.org"], _MAIL)
    assert [path.name for path in (tmp_path / "mails").iterdir()] == ["0001-anna@example.org.eml"]
    assert (tmp_path / "mails" / "0001-anna@example.org.eml").read_bytes() == _MAIL


def test_numbers_go_on_and_names_stay_within_the_folder(tmp_path: Path) -> None:
    for recipient in ("a@example.org", "../../etc/passwd@example.org"):
        with sink(tmp_path) as server, _client(server) as client:
            client.sendmail("us@example.org", [recipient], _MAIL)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "0001-a@example.org.eml",
        "0002-.._.._etc_passwd@example.org.eml",
    ]


def test_several_messages_go_over_one_connection_and_reset_forgets(tmp_path: Path) -> None:
    with sink(tmp_path) as server, _client(server) as client:
        client.sendmail("us@example.org", ["a@example.org"], _MAIL)
        client.mail("us@example.org")
        client.rcpt("nobody@example.org")
        client.rset()
        assert client.docmd("DATA")[0] == 503
        client.sendmail("us@example.org", ["b@example.org"], _MAIL)
    assert sorted(path.name[5:6] for path in tmp_path.iterdir()) == ["a", "b"]


def test_words_out_of_order_and_unknown_ones_are_refused(tmp_path: Path) -> None:
    with sink(tmp_path) as server, _client(server) as client:
        assert client.docmd("MAIL", "FROM:<us@example.org>")[0] == 503
        client.ehlo()
        assert client.docmd("RCPT", "TO:<a@example.org>")[0] == 503
        assert client.docmd("MAIL", "FROM us")[0] == 501
        assert client.docmd("EXPN", "staff")[0] == 500


def test_a_message_without_its_final_dot_is_nobodys(tmp_path: Path) -> None:
    with sink(tmp_path) as server:
        with socket.create_connection(("127.0.0.1", server.server_address[1]), 10) as wire:
            wire.sendall(
                b"EHLO me\r\nMAIL FROM:<us@example.org>\r\nRCPT TO:<a@example.org>\r\nDATA\r\nSubject: x\r\n"
            )
            wire.shutdown(socket.SHUT_WR)
            while wire.recv(4096):
                pass
        assert list(tmp_path.iterdir()) == []


def test_what_is_too_large_is_refused_and_the_conversation_goes_on(tmp_path: Path) -> None:
    with sink(tmp_path) as server, _client(server) as client:
        with pytest.raises(smtplib.SMTPDataError, match="552"):
            client.sendmail("us@example.org", ["a@example.org"], b"x" * (SIZE_MAX + 1))
        client.sendmail("us@example.org", ["a@example.org"], _MAIL)
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_that_takes_nothing_defers_the_message(tmp_path: Path) -> None:
    folder = tmp_path / "mails"
    with sink(folder) as server, _client(server) as client:
        folder.rmdir()
        with pytest.raises(smtplib.SMTPDataError, match="452"):
            client.sendmail("us@example.org", ["a@example.org"], _MAIL)
