"""A folder of electronic invoices becomes what customers owe, with its documents; and can be taken back."""

from __future__ import annotations

from functools import partial

import pytest

from tests import documents
from tests.town import Town


@pytest.fixture
def call(call):
    """Every command is given in the morning of 20 November 2026."""
    return partial(call, "--now", "2026-11-20T16:00Z")


@pytest.fixture
def folder(tmp_path):
    inside = tmp_path / "invoices"
    inside.mkdir()
    return inside


def _aging(call) -> dict[str, int]:
    return call("report", "aging")["totals"]["USD"]


def test_a_folder_comes_in_once_with_its_documents(call, folder):
    (folder / "1.xml").write_bytes(documents.ubl("A-1", "100.00"))
    (folder / "2.pdf").write_bytes(documents.pdf(factur_x=documents.cii("A-2", "50.00")))
    (folder / "deep").mkdir()
    (folder / "deep/3.xml").write_bytes(documents.ubl("CN-1", "30.00", root="CreditNote", preceding="A-1"))
    (folder / "4.xml").write_bytes(documents.ubl("B-9", "70.00", seller="Somebody Else"))
    (folder / "notes.txt").write_text("not looked at")

    looked = call("import", "invoices", str(folder), "--dry-run", exits=1)
    assert (looked["rows"], looked["new"], looked["batch"]) == (4, 3, None)
    assert call("report", "aging")["totals"] == {}

    first = call("import", "invoices", str(folder), exits=1)
    assert (first["new"], first["unchanged"], first["documents"], first["other_files"]) == (3, 0, 3, 1)
    [refused] = first["rejected"]
    assert (refused["file"], refused["value"]) == ("4.xml", "Somebody Else")
    assert "not owed to us" in refused["reason"] and "--seller" in refused["remedy"]
    assert first["totals"] == {"USD": 120_00}, "100.00 less a credit note of 30.00, and 50.00"

    again = call("import", "invoices", str(folder), exits=1)
    assert (again["new"], again["changed"], again["unchanged"], again["documents"]) == (0, 0, 3, 0)
    assert again["totals"] == {"USD": 120_00}
    kept = call("documents", "list", "C-1")["documents"]
    assert [(one["number"], one["is_credit"]) for one in kept] == [("CN-1", True), ("A-2", False), ("A-1", False)]


def test_a_document_comes_out_as_it_came_in(call, folder, tmp_path):
    content = documents.pdf(factur_x=documents.cii("A-2", "50.00"))
    (folder / "2.pdf").write_bytes(content)
    call("import", "invoices", str(folder / "2.pdf"))
    [written] = call("documents", "export", "A-2", "--out", str(tmp_path / "out"))["files"]
    with open(written, "rb") as file:
        assert file.read() == content


def test_a_corrected_invoice_is_no_second_debt(call, folder):
    (folder / "b.xml").write_bytes(documents.ubl("A-1", "100.00"))
    (folder / "a.xml").write_bytes(documents.ubl("A-1K", "80.00", code="384", preceding="A-1"))
    told = call("import", "invoices", str(folder))
    assert (told["new"], told["changed"], told["totals"]) == (1, 1, {"USD": 80_00})
    # The first invoice once more, in another file: the correction counts.
    (folder / "c.xml").write_bytes(documents.ubl("A-1", "100.00", buyer="Amy  Bird"))
    more = call("import", "invoices", str(folder / "c.xml"), exits=1)
    assert "corrected by a.xml" in more["rejected"][0]["reason"]
    assert more["totals"] == {"USD": 80_00}


def test_another_document_with_the_same_number_is_no_correction(call, folder):
    (folder / "a.xml").write_bytes(documents.ubl("A-1", "100.00"))
    call("import", "invoices", str(folder / "a.xml"))
    (folder / "b.xml").write_bytes(documents.ubl("A-1", "900.00"))
    told = call("import", "invoices", str(folder / "b.xml"), exits=1)
    assert "a.xml has the same number and says otherwise" in told["rejected"][0]["reason"]
    assert (told["changed"], told["totals"]) == (0, {"USD": 100_00})
    # In another form, with the same sum, it is one more document of the same invoice.
    (folder / "c.pdf").write_bytes(documents.pdf(factur_x=documents.cii("A-1", "100.00")))
    assert call("import", "invoices", str(folder / "c.pdf"))["unchanged"] == 1
    assert len(call("documents", "list", "A-1")["documents"]) == 2


def test_what_is_prepaid_is_not_owed(call, folder):
    (folder / "a.xml").write_bytes(documents.ubl("A-1", "0.00", total="100.00", prepaid="100.00"))
    told = call("import", "invoices", str(folder))
    assert (told["new"], told["totals"]) == (1, {})


def test_a_missing_due_date_is_asked_and_nothing_is_written(call, folder):
    (folder / "a.xml").write_bytes(documents.ubl("A-1", "100.00", due_on=""))
    (folder / "b.xml").write_bytes(documents.ubl("A-2", "100.00"))
    asked = call("import", "invoices", str(folder), exits=1)
    [question] = asked["questions"]
    assert (question["what"], question["examples"][0]["column"]) == ("terms", "a.xml")
    assert call("report", "aging")["totals"] == {}
    assert call("import", "invoices", str(folder), "--terms", "30")["new"] == 2


def test_another_name_of_the_creditor_is_asked(call, folder):
    (folder / "a.xml").write_bytes(documents.ubl("A-1", "100.00", seller="Acme Incorporated"))
    asked = call("import", "invoices", str(folder), exits=1)
    assert asked["questions"][0]["what"] == "seller"
    assert call("import", "invoices", str(folder), "--seller", "Acme Incorporated")["new"] == 1


def test_options_for_tables_are_wrong_use(call, folder):
    (folder / "a.xml").write_bytes(documents.ubl("A-1", "100.00"))
    told = call("import", "invoices", str(folder), "--amounts", "open", exits=2)
    assert "--amounts" in told["message"]


def test_a_list_that_shows_the_same_invoice_changes_nothing_of_it(call, folder, tmp_path):
    (folder / "a.xml").write_bytes(documents.ubl("A-1", "100.00"))
    call("import", "invoices", str(folder))
    listed = tmp_path / "list.csv"
    listed.write_text(
        "Invoice,Customer No,Customer,Due Date,Open Amount,Currency\nA-1,C-1,Amy Bird,2026-10-15,60.00,USD\n"
    )
    told = call("import", "invoices", str(listed))
    assert (told["new"], told["changed"], told["totals"]) == (0, 1, {"USD": 60_00})
    again = call("import", "invoices", str(folder))
    assert (again["unchanged"], again["totals"]) == (1, {"USD": 60_00})


def test_an_import_is_taken_back_with_its_documents(call, folder):
    (folder / "a.xml").write_bytes(documents.ubl("A-1", "100.00"))
    batch = call("import", "invoices", str(folder))["batch"]
    call("import", "undo", str(batch))
    assert _aging_is_nothing(call)
    assert call("documents", "list", "C-1")["documents"] == []
    assert call("import", "invoices", str(folder))["new"] == 1
    assert _aging(call)["total"] == 100_00


def _aging_is_nothing(call) -> bool:
    totals = call("report", "aging")["totals"]
    return all(row["total"] == 0 for row in totals.values())


def test_it_is_not_taken_back_once_money_was_put_against_it(call, folder):
    (folder / "a.xml").write_bytes(documents.ubl("A-1", "100.00"))
    batch = call("import", "invoices", str(folder))["batch"]
    call("record", "payment", "A-1", "40.00", "--on", "2026-11-19")
    told = call("import", "undo", str(batch), exits=2)
    assert "money was put against A-1" in told["message"]
    assert _aging(call)["total"] == 60_00


def test_pdfs_are_tied_to_what_a_list_brought(call, tmp_path):
    listed = tmp_path / "list.csv"
    listed.write_text(
        "Invoice,Customer No,Customer,Due Date,Open Amount,Currency\n"
        "RE-2026-101,C-1,Amy,2026-10-15,60.00,USD\nRE-2026-102,C-1,Amy,2026-10-16,70.00,USD\n"
    )
    pdfs = tmp_path / "pdfs"
    pdfs.mkdir()
    (pdfs / "Rechnung RE-2026_101.pdf").write_bytes(documents.pdf())
    (pdfs / "scan7.pdf").write_bytes(documents.pdf("Invoice RE-2026-102, thank you"))
    (pdfs / "scan8.pdf").write_bytes(documents.pdf("RE-2026-101 and RE-2026-102"))
    (pdfs / "broken.pdf").write_bytes(b"%PDF-1.4")

    looked = call("import", "invoices", str(listed), "--documents", str(pdfs), "--dry-run", exits=1)["tied"]
    assert (looked["documents"], looked["new"], looked["batch"]) == (4, 2, None)
    tied = call("import", "invoices", str(listed), "--documents", str(pdfs), exits=1)["tied"]
    assert [(tie["file"], tie["invoice"], tie["by"]) for tie in tied["ties"]] == [
        ("Rechnung RE-2026_101.pdf", "RE-2026-101", "name"),
        ("scan7.pdf", "RE-2026-102", "text"),
    ]
    assert [(left["file"], left["candidates"]) for left in tied["left"]] == [
        ("broken.pdf", []),
        ("scan8.pdf", ["RE-2026-101", "RE-2026-102"]),
    ]
    again = call("import", "invoices", "--documents", str(pdfs), exits=1)["tied"]
    assert (again["new"], again["known"], again["batch"]) == (0, 2, None)
    assert [one["name"] for one in call("documents", "list", "RE-2026-102")["documents"]] == ["scan7.pdf"]
    call("import", "undo", str(tied["batch"]))
    assert call("documents", "list", "C-1")["documents"] == []
    assert _aging(call)["total"] == 130_00


def test_a_file_that_only_calls_itself_a_pdf_is_not_kept_beside_an_invoice(call, folder, tmp_path):
    (folder / "a.xml").write_bytes(documents.ubl("A-1", "100.00"))
    call("import", "invoices", str(folder))
    pdfs = tmp_path / "pdfs"
    pdfs.mkdir()
    (tmp_path / "secret").write_text("root:x:0:0")
    (pdfs / "A-1.pdf").symlink_to(tmp_path / "secret")
    tied = call("import", "invoices", "--documents", str(pdfs), exits=1)["tied"]
    assert (tied["new"], tied["ties"]) == (0, [])
    assert [(left["file"], left["reason"]) for left in tied["left"]] == [
        ("A-1.pdf", "it is no PDF, cannot be read, or is too large")
    ]


def test_documents_of_one_creditor_are_nothing_to_another(call, folder):
    (folder / "a.xml").write_bytes(documents.ubl("A-1", "100.00"))
    call("import", "invoices", str(folder))
    call("creditor", "add", "other", "--name", "Other", "--country", "US", "--zone", "America/New_York")
    told = call("documents", "list", "A-1", "--creditor", "other", exits=2)
    assert told["error"] == "not_found"
    (folder / "a.xml").write_bytes(documents.ubl("A-1", "100.00", seller="Other"))
    assert call("import", "invoices", str(folder), "--creditor", "other")["new"] == 1


def test_the_facts_tell_of_documents_and_hold(call, folder):
    (folder / "a.xml").write_bytes(documents.ubl("A-1", "100.00"))
    call("import", "invoices", str(folder))
    assert call("verify")["ok"]
    assert call("audit")["ok"]


def test_it_is_not_taken_back_once_a_message_asked_for_it(either_town: Town, tmp_path):
    either_town.customers(
        """
        number  name       email              country  zone
        C-1     Anna Berg  anna@berg.example  DE       Europe/Berlin
        """,
        at="2026-02-02T08:00Z",
    )
    paper = tmp_path / "a.xml"
    told = {
        "issued": "2026-02-01",
        "due_on": "2026-03-01",
        "currency": "EUR",
        "country": "DE",
        "buyer": "Anna Berg",
    }
    seller = either_town.command("creditor", "show", "light", at="2026-02-02T08:00Z")["name"]
    paper.write_bytes(documents.ubl("INV-1", "100.00", seller=seller, email="anna@berg.example", **told))
    batch = either_town.command("import", "invoices", str(paper), at="2026-02-02T09:00Z")["batch"]
    either_town.night("2026-03-10")
    either_town.send(at="2026-03-10T11:00Z")
    assert len(either_town.received()) == 1
    told_later = either_town.command("import", "undo", str(batch), at="2026-03-11T09:00Z", fails=2)
    assert "a message has asked for INV-1 since" in told_later["message"]
