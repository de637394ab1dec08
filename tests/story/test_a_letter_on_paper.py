"""A letter is what the e-mail would have been, on paper: every item, the same sum, and a code that pays it."""

from __future__ import annotations

import json
import zipfile
from hashlib import sha256
from pathlib import Path

from tests import paper
from tests.story.test_channels import settle
from tests.story.test_letters import ON_PAPER
from tests.town import Town, founded

LIGHT = (
    "--street",
    "Lange Straße 3",
    "--postcode",
    "04103",
    "--city",
    "Leipzig",
    "--iban",
    "DE89370400440532013000",
)


def test_forty_invoices_stand_on_pages_that_are_counted_and_the_code_pays_them(
    either_town: Town, tmp_path: Path
) -> None:
    town = either_town
    (town.home / "strategies").mkdir()
    (town.home / "strategies" / "paper.yaml").write_text(ON_PAPER, "utf-8")
    town.command("creditor", "edit", "light", "--strategy", "paper", *LIGHT)
    anna = {
        "customer_number": "C-1",
        "name": "Anna Berg",
        "street": "Gontardstraße 7",
        "postcode": "10178",
        "city": "Berlin",
        "country": "DE",
        "language": "de",
    }
    town.takes("customers", [anna], at="2026-02-02T08:00Z")
    rows = "\n".join(f"INV-{row}  C-1  2026-02-01  2026-03-01  {10 + row}.50 EUR" for row in range(40))
    town.invoices(f"number  customer  issued  due  amount\n{rows}")
    town.night("2026-03-09")
    made = town.command("print", "make", at="2026-03-09T09:00Z")
    assert made["letters"] == 1
    pages = paper.text(Path(made["file"]).read_bytes())
    words = "\n".join(pages)
    assert all(f"INV-{row} " in words for row in range(40))
    assert all(f"Seite {number} von {len(pages)}" in page for number, page in enumerate(pages, start=1))
    assert "Anna Berg\nGontardstraße 7\n10178 Berlin" in pages[0]
    total = sum(1050 + 100 * row for row in range(40))
    (code,) = paper.codes(Path(made["file"]).read_bytes())
    assert f"EUR{total / 100:.2f}" in code.split("\n")
    assert "C-1" in code.split("\n")
    assert town.command("audit")["ok"] is True
    assert town.command("verify")["ok"] is True
    # The proof has the very page that was printed, under a name that a reader opens
    pack = tmp_path / "pack.zip"
    town.command("evidence", "C-1", "--out", str(pack))
    assert town.command("verify", str(pack))["ok"] is True
    with zipfile.ZipFile(pack) as opened:
        (kept,) = (opened.read(name) for name in opened.namelist() if name.endswith(".pdf"))
    assert paper.text(kept) == pages
    listed = json.loads(Path(made["file"]).with_suffix(".json").read_bytes())["listed"]
    assert [line["sha256"] for line in listed] == [sha256(kept).hexdigest()]


def test_a_creditor_without_an_address_writes_no_letters_and_is_told_so(tmp_path: Path) -> None:
    with founded(tmp_path, street="", city="") as town:
        settle(town, ON_PAPER)
        town.night("2026-03-09")
        # The letter waits for nobody: it is withheld with the remedy, and doctor says the same
        made = town.command("print", "make", at="2026-03-09T09:00Z")
        assert (made["letters"], made["withheld"]) == (0, {"cannot_be_written": 1})
        assert any("creditor edit KEY --street" in act["text"] for act in town.why("C-1")["done"])
        found = [check for check in town.command("doctor", fails=1)["checks"] if not check["ok"]]
        assert any("light writes letters and has no postal address" in check["text"] for check in found)
        town.command("creditor", "edit", "light", *LIGHT)
        assert town.command("doctor")["ok"] is True
        # 10 March: with an address the letter is written
        town.night("2026-03-10")
        assert town.command("print", "make", at="2026-03-10T09:00Z")["letters"] == 1
