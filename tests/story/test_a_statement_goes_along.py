"""A step says `attach: [statement]`: the e-mail brings the statement of account, and the proof holds with it."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests import paper
from tests.documents import pdf
from tests.town import Town

pytestmark = pytest.mark.usefixtures("anna_owes_a_hundred")

STRATEGY = """
strategy: with-statement
title: The second reminder brings the statement of account
grace_days: 0
minimum:
  EUR: "1.00"
least_gap_days: 1
steps:
  - stage: first
    offset_days: 5
    channels: [email]
    tone: kind
  - stage: second
    offset_days: 14
    channels: [email]
    tone: kind
    attach: {attach}
"""


def settle(town: Town, attach: str = "[statement]") -> None:
    (town.home / "strategies").mkdir()
    (town.home / "strategies" / "with-statement.yaml").write_text(STRATEGY.format(attach=attach), "utf-8")
    town.command("creditor", "edit", "light", "--strategy", "with-statement")


def documents(raw: bytes) -> list[tuple[str, bytes]]:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return [(part.get_filename() or "", part.get_content()) for part in message.iter_attachments()]


def test_the_statement_comes_with_the_second_reminder_and_says_what_the_mail_says(
    either_town: Town, tmp_path: Path
) -> None:
    town = either_town
    settle(town)
    # 6 March: the first reminder brings nothing
    town.night("2026-03-06")
    town.send(at="2026-03-06T12:00Z")
    (first,) = town.received()
    assert documents(first.raw) == []
    # 12 March: Anna pays a part
    town.pays("INV-1", "40.00 EUR", on="2026-03-11", at="2026-03-12T08:00Z")
    # 16 March: the second brings the statement, and both ask for the same
    town.night("2026-03-16")
    town.send(at="2026-03-16T12:00Z")
    *_, second = town.received()
    ((name, pdf),) = documents(second.raw)
    assert name == "Statement of account C-1 2026-03-16.pdf"
    (page,) = paper.text(pdf)
    assert second.pay == {"EUR": 60_00}
    assert "To pay €60.00" in page
    assert "Payment, thank you −€40.00 €60.00" in page
    # Everything adds up, and the proof holds the very bytes that left
    assert town.command("audit")["ok"] is True
    pack = tmp_path / "pack.zip"
    town.command("evidence", "C-1", "--out", str(pack))
    assert town.command("verify", str(pack))["ok"] is True
    assert second.raw.replace(b"\r\n", b"\n") in _messages(pack)


def test_invoices_go_along_where_their_documents_were_kept(town: Town, tmp_path: Path) -> None:
    town.invoices(
        """
        number  customer  issued      due         amount
        INV-2   C-1       2026-02-01  2026-03-02  50.00 EUR
        """,
        at="2026-02-02T09:00Z",
    )
    settle(town, "[invoices, statement]")
    folder = tmp_path / "papers"
    folder.mkdir()
    # Of INV-2 nobody has a PDF.
    paper_of_first = pdf("Invoice INV-1, 100.00 EUR")
    (folder / "INV-1.pdf").write_bytes(paper_of_first)
    town.command("import", "invoices", "--documents", str(folder), at="2026-02-03T09:00Z")
    town.night("2026-03-06")
    town.send(at="2026-03-06T12:00Z")
    town.night("2026-03-16")
    town.send(at="2026-03-16T12:00Z")
    *_, second = town.received()
    (statement, _), *others = documents(second.raw)
    assert statement.startswith("Statement of account")
    assert others == [("INV-1.pdf", paper_of_first)]
    assert town.command("verify")["ok"] is True


def _messages(pack: Path) -> list[bytes]:
    import zipfile

    with zipfile.ZipFile(pack) as opened:
        return [opened.read(name).replace(b"\r\n", b"\n") for name in opened.namelist() if name.endswith(".eml")]


def test_a_payment_between_decision_and_sending_keeps_the_statement_from_leaving(town: Town) -> None:
    settle(town)
    town.night("2026-03-06")
    town.send(at="2026-03-06T12:00Z")
    town.night("2026-03-16")
    town.pays("INV-1", "100.00 EUR", on="2026-03-15", at="2026-03-16T09:00Z")
    assert town.send(at="2026-03-16T12:00Z")["withheld"] == {"paid": 1}
    assert len(town.received()) == 1
