"""A person is told what is kept about them, and then it goes: none of it can be read anywhere afterwards."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from email import message_from_bytes
from pathlib import Path
from typing import Any
from unittest import mock
from zlib import decompress

import pytest
from pypdf import PdfWriter

from duewell.core.evidence import beside
from tests.sink import Rule
from tests.town import Town, founded
from tests.town.tables import file_of

INVOICES = 70
OTHER = "Robin Otherwise"


class Canaries:
    """Strings that stand nowhere else. Each is one word, so that it is found however it is quoted."""

    def __init__(self) -> None:
        self.planted: list[str] = []

    def new(self) -> str:
        """One more, planted by whoever asks for it."""
        self.planted.append(f"kanari{len(self.planted):03}qx")
        return self.planted[-1]

    def found_in(self, text: bytes) -> list[str]:
        """Those that can be read in these bytes."""
        lower = text.lower()
        return [word for word in self.planted if word.encode() in lower]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    """A town whose mail server refuses a first message, on either database."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    # The reply has a canary of its own; see `live`.
    faults = [Rule("rcpt", "550 5.1.1 kanari000qx is unknown here", match="kanari", times=1)]
    with founded(tmp_path, url, faults) as opened:
        yield opened


def live(town: Town, canaries: Canaries) -> str:
    """Everything that can be known of a customer: the number under which it is known."""
    new = canaries.new
    reply = new()
    assert reply == "kanari000qx"
    number = new()
    customer = {
        "customer_number": number,
        "customer_name": f"{new()} {new()}",
        "first_name": new(),
        "last_name": new(),
        "email": f"{new()}@{new()}.example",
        "segment": new(),
        "country": "DE",
        "zone": "Europe/Berlin",
    }
    other = {**customer, "customer_number": "C-2", "customer_name": OTHER, "first_name": "Robin"}
    other |= {"last_name": "Otherwise", "email": "robin@otherwise.example", "segment": "gold"}
    town.takes("customers", [customer, other], at="2026-02-02T08:00Z")
    invoices = [
        {
            "invoice_number": new(),
            "customer_number": number,
            "invoice_date": "2026-02-01",
            "due_date": "2026-03-01",
            "invoice_amount": f"{100 + place}.00",
            "currency": "EUR",
            "reference": new(),
        }
        for place in range(INVOICES)
    ]
    foreign = {**invoices[0], "invoice_number": "INV-2", "customer_number": "C-2", "reference": "REF-2"}
    # A row that cannot be read, in a file that is called after the customer
    bad = {**invoices[0], "invoice_number": new(), "due_date": new(), "reference": new()}
    path = town.home.parent / f"{new()} {number}.csv"
    path.write_bytes(file_of([*invoices, foreign, bad]))
    errors = town.home / "errors" / "rejected.csv"
    errors.parent.mkdir()
    told = town.command("import", "invoices", str(path), "--errors", str(errors), fails=1)
    assert told["receivables"]["new"] == INVOICES + 1
    # A later list overwrites a reference, and what it was is kept so that the list can be undone
    again = {**invoices[1], "reference": new()}
    town.takes("invoices", [again], at="2026-02-03T08:00Z")
    # One that waits and one that was written before words stood beside the chain
    for old in (False, True):
        with mock.patch.object(beside, "has_words", (lambda table, row: False) if old else beside.has_words):
            held = ["hold", "add", invoices[2]["invoice_number"], "--kind", "promise", "--until", "2026-02-20"]
            hold = town.command(*held, "--reason", new())
            town.command("hold", "end", str(hold["hold"]), "--reason", new())
            town.command("stop", number, "--reason", new())
            town.command("stop", number, "--end", "--reason", new())
    # 10 March: a run is taken back with a reason, the next is refused by the server, then its address is allowed
    ran = town.run("2026-03-10", at="2026-03-10T01:00Z")
    town.command("release", str(ran["run"]), "--withdraw", "--reason", f"{number} asked {new()}")
    town.night("2026-03-10", at="2026-03-10T02:00Z")
    town.send(at="2026-03-10T11:00Z")
    (question,) = town.command("review", "list")["questions"]
    assert reply in question["text"]
    town.command("review", "allow", str(question["id"]), "--reason", new())
    town.night("2026-03-11")
    town.send(at="2026-03-11T11:00Z")
    assert [mail for mail in town.received() if number in mail.to or "kanari" in mail.to]
    # The sink of a test home keeps its mails in the home
    (town.home / "sent").mkdir()
    for place, raw in enumerate(town.sink.messages()):
        (town.home / "sent" / f"{place}.eml").write_bytes(raw)
    # Everything is paid, in one file now and in one as it once was
    paid = [
        {
            "customer_number": number,
            "invoice_number": invoice["invoice_number"],
            "payment_date": "2026-03-12",
            "amount": invoice["invoice_amount"],
            "currency": "EUR",
            "reference": new(),
        }
        for invoice in invoices
    ]
    # Two real equal payments on one day both count; the second is given back
    town.takes("payments", paid[: INVOICES // 2], at="2026-03-13T08:00Z")
    with mock.patch.object(beside, "has_words", lambda table, row: False):
        town.takes("payments", paid[INVOICES // 2 :])
    by_hand = town.command(
        "record", "payment", number, "5.00 EUR", "--on", "2026-03-12", "--reference", new(), "--reason", new()
    )
    town.command("record", "undo", str(by_hand["payment"]), "--reason", new())
    # A person corrects what is known, notes what they heard, and a document comes for an invoice
    town.command("customer", "edit", number, "--segment", new(), "--reason", new())
    further = f"{new()}@elsewhere.example"
    town.command("customer", "edit", number, "--add", f"email={further}")
    town.command("customer", "edit", number, "--remove", further)
    town.command("person", "flag", "add", number, "vulnerable", "--reason", new())
    town.command("person", "flag", "end", number, "vulnerable", "--reason", new())
    documents = town.home.parent / "documents"
    documents.mkdir()
    pdf = PdfWriter()
    pdf.add_blank_page(595, 842)
    pdf.add_metadata({"/Title": new()})
    pdf.write(documents / f"{invoices[0]['invoice_number']}.pdf")
    town.takes("invoices", [invoices[0]], "--documents", str(documents))
    town.command("halt", "--reason", f"{number} is angry {new()}")
    return number


def everything(town: Town) -> bytes:
    """What can be read in the tables, whichever database they are in."""
    parts: list[bytes] = []
    tables = town.records.tables()
    for table in tables:
        for row in town.records.rows(f'select * from "{table}"'):
            parts += [_bytes(value) for value in row]
    for (content,) in town.records.rows("select content from document"):
        # What is stored packed is read as whoever unpacks it would.
        parts.append(decompress(bytes(content)) if bytes(content) else b"")
    return b"\n".join(parts)


def _bytes(value: Any) -> bytes:
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    return (json.dumps(value) if isinstance(value, dict | list) else str(value)).encode()


def files(town: Town) -> bytes:
    """What can be read in the files of the home: database, log, mails, error files."""
    return b"\n".join(path.read_bytes() for path in sorted(town.home.rglob("*")) if path.is_file())


def amounts(town: Town) -> list[tuple[Any, ...]]:
    return town.records.rows(
        "select id, account_id, currency, amount_minor, from_place, to_place, effective_on from entry order by id"
    ) + town.records.rows("select id, currency, amount_minor, paid_on, occurrence from payment order by id")


def test_two_hundred_strings_are_told_and_then_none_can_be_read(town: Town, tmp_path: Path) -> None:
    canaries = Canaries()
    number = live(town, canaries)
    assert len(canaries.planted) >= 200
    before = canaries.found_in(everything(town) + files(town))
    # Rows that were rejected are kept by their bad cell alone; the rest of the row is in the error file
    assert before == canaries.planted
    # 20 March: the person asks what is kept
    town.command("person", "export", number, "--out", str(tmp_path / "told"), at="2026-03-20T08:00Z")
    told = b"".join(path.read_bytes() for path in (tmp_path / "told").rglob("*.json"))
    told += b"".join(path.read_bytes() for path in (tmp_path / "told" / "documents").iterdir())
    assert OTHER.encode() not in told
    page = (tmp_path / "told" / "person.html").read_bytes()
    # A row that could not be read is in a file that is named; nothing else ties it to anybody
    assert json.loads((tmp_path / "told" / "person.json").read_bytes())["files"][0] == "errors/rejected.csv"
    hidden = set(canaries.planted) - set(canaries.found_in(told))
    assert hidden == unlinked(town, canaries)
    in_documents = {word for word in canaries.found_in(told) if word not in page.decode()}
    assert len(in_documents) == 1
    mails = [message_from_bytes(path.read_bytes()) for path in (tmp_path / "told" / "messages").iterdir()]
    assert [mail for mail in mails if number in str(mail)]
    # and then wants to be forgotten; first somebody looks what that would do
    money = amounts(town)
    would = town.command("person", "erase", number, "--reason", "asked on 20 March", "--dry-run")
    assert canaries.found_in(everything(town) + files(town)) == before
    done = town.command("person", "erase", number, "--reason", "asked on 20 March")
    assert {**done, "dry_run": True} == would
    assert canaries.found_in(everything(town)) == []
    assert canaries.found_in(files(town)) == []
    assert amounts(town) == money
    # The other customer is as before, and everything still verifies
    rows = town.records.rows("select name from party where number = 'C-2'")
    assert rows == [(OTHER,)]
    assert b"REF-2" in everything(town)
    verified = town.command("verify")
    assert verified["ok"], verified["findings"]
    assert verified["erased"] == done["facts"]
    audit = town.command("audit")
    assert audit["ok"], [sentence for sentence in audit["sentences"] if not sentence["ok"]]
    # A second time there is nobody of that number
    answer = town.command("person", "erase", number, "--reason", "again", fails=2)
    assert "nobody is known" in answer["message"]
    # A backup, and what comes back from it, hold nothing either
    town.command("backup", str(tmp_path / "backup"), "--with-keys")
    copies = b"\n".join(path.read_bytes() for path in (tmp_path / "backup").rglob("*") if path.is_file())
    assert canaries.found_in(copies) == []
    # and the account tells nobody's name in its pack, which verifies alone
    (account,) = [
        row[0] for row in town.records.rows("select number from account where number like ?", "erased:%")
    ]
    town.command("evidence", account, "--out", str(tmp_path / "pack.zip"))
    assert town.command("verify", str(tmp_path / "pack.zip"))["ok"]


def unlinked(town: Town, canaries: Canaries) -> set[str]:
    """What stands in the home without a tie to the customer: the cells of a row that could not be read."""
    errors = (town.home / "errors" / "rejected.csv").read_bytes()
    return set(canaries.found_in(errors)) - set(canaries.found_in(_own(town)))


def _own(town: Town) -> bytes:
    rows = town.records.rows("select number, reference from receivable")
    rows += town.records.rows("select number, name from party")
    rows += [
        (bytes(body).decode(),) for (body,) in town.records.rows("select body from fact where stream like ?", "a%")
    ]
    return "\n".join(str(cell) for row in rows for cell in row).encode()


def test_a_changed_row_is_not_passed_off_as_an_erasure(town: Town) -> None:
    canaries = Canaries()
    number = live(town, canaries)
    town.command("person", "erase", number, "--reason", "asked")
    if town.records.is_postgres:
        pytest.skip("the guards are taken away in the file of a database")
    with closing(sqlite3.connect(town.home / "duewell.db")) as database:
        for (trigger,) in database.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            database.execute(f'drop trigger "{trigger}"')
        # Somebody empties the reason of a hold of the other customer, and claims that it was an erasure
        database.execute("update hold set reason = 'somebody else' where id = 1")
        database.commit()
    found = town.command("verify", fails=1)["findings"]
    assert found == ["hold 1 was erased, and has words again: ['somebody else']"]


@pytest.mark.parametrize("stays", [False, True])
def test_while_something_is_open_what_the_claim_needs_stays(town: Town, stays: bool) -> None:
    town.customers(
        """
        number  name       email              country  zone           segment
        C-1     Anna Berg  anna@berg.example  DE       Europe/Berlin  oldies
        """,
        at="2026-02-02T08:00Z",
    )
    town.invoices(
        """
        number   customer  issued      due         amount
        INV-old  C-1       2026-01-01  2026-02-01  100.00 EUR
        INV-new  C-1       2026-02-01  2026-03-01  50.00 EUR
        """
    )
    town.pays("INV-old", "100.00 EUR", reference="the old one")
    words = ["person", "erase", "C-1", "--reason", "asked", *(["--open-items-stay"] if stays else [])]
    answer = town.command(*words, fails=1 if stays else 2)
    text = everything(town)
    if not stays:
        assert "INV-new" in answer["message"]
        assert b"INV-old" in text and b"the old one" in text
        return
    assert answer["open"] == ["invoice INV-new of account C-1 has 50.00 EUR open"]
    assert b"INV-old" not in text and b"the old one" not in text
    for needed in (b"INV-new", b"Anna Berg", b"anna@berg.example"):
        assert needed in text
    # The claim is still asked for, and paid; then the rest can go
    assert town.plan("2026-03-10", at="2026-03-10T01:00Z")["proposals"] == {"first": 1}
    town.pays("INV-new", "50.00 EUR", at="2026-03-11T08:00Z")
    town.command("person", "erase", "C-1", "--reason", "asked")
    assert b"Anna" not in everything(town)
    assert town.command("verify")["ok"]
    assert town.command("audit")["ok"]


def test_closed_accounts_go_when_the_creditor_need_not_keep_them_any_more(town: Town) -> None:
    town.customers(
        """
        number  name        email               country  zone
        C-1     Anna Berg   anna@berg.example   DE       Europe/Berlin
        C-2     Bela Kosch  bela@kosch.example  DE       Europe/Berlin
        C-3     Cleo Marx   cleo@marx.example   DE       Europe/Berlin
        """,
        at="2024-02-02T08:00Z",
    )
    town.invoices(
        """
        number  customer  issued      due         amount
        INV-1   C-1       2024-02-01  2024-03-01  100.00 EUR
        INV-2   C-2       2024-02-01  2024-03-01  100.00 EUR
        """
    )
    town.pays("INV-1", "100.00 EUR")
    # For good, unless the creditor says otherwise
    assert town.command("person", "due-for-erasure", at="2026-02-02T08:00Z")["due"] == []
    town.command("creditor", "edit", "light", "--retention-days", "700")
    # Bela owes something; Cleo has come back lately
    town.command("stop", "C-3", "--reason", "no")
    town.invoices("number  customer  issued  due  amount\nINV-3  C-3  2026-02-01  2026-02-01  1.00 EUR")
    town.pays("INV-3", "1.00 EUR")
    assert [one["account"] for one in town.command("person", "due-for-erasure")["due"]] == ["C-1"]
    assert town.command("person", "due-for-erasure", "--erase")["erased"] == 1
    assert town.command("person", "due-for-erasure")["due"] == []
    text = everything(town)
    assert b"Anna" not in text and b"Bela" in text and b"Cleo" in text
    assert town.command("verify")["ok"]


def test_one_creditor_neither_tells_nor_erases_what_another_knows(town: Town, tmp_path: Path) -> None:
    details = ["--name", "Dark", "--country", "DE", "--zone", "Europe/Berlin"]
    town.command("creditor", "add", "dark", *details, at="2026-02-02T08:00Z")
    person = {"customer_name": "Anna Berg", "email": "anna@berg.example", "country": "DE", "zone": "Europe/Berlin"}
    for creditor, number in (("light", "L-1"), ("dark", "D-1")):
        town.takes("customers", [{"customer_number": number, **person}], "--creditor", creditor)
    assert town.records.rows("select count(*) from person") == [(1,)]
    town.command("stop", "L-1", "--creditor", "light", "--reason", "said to all")
    told = tmp_path / "told"
    town.command("person", "export", "L-1", "--creditor", "light", "--out", str(told))
    assert b"D-1" not in (told / "person.json").read_bytes()
    town.command("person", "erase", "L-1", "--creditor", "light", "--reason", "asked")
    text = everything(town)
    assert b"L-1" not in text and b"D-1" in text and b"said to all" in text
    town.command("person", "erase", "D-1", "--creditor", "dark", "--reason", "asked")
    text = everything(town)
    assert b"D-1" not in text and b"Anna" not in text and b"said to all" not in text
    assert town.command("verify")["ok"]
    # Where one answers for all creditors, one word is enough
    for creditor, number in (("light", "L-2"), ("dark", "D-2")):
        town.takes("customers", [{"customer_number": number, **person}], "--creditor", creditor)
    done = town.command("person", "erase", "D-2", "--creditor", "dark", "--everywhere", "--reason", "asked")
    assert done["accounts"] == 2
    text = everything(town)
    assert b"D-2" not in text and b"L-2" not in text and b"Anna" not in text
