"""Electronic invoices of other programs: what each says was read in the files by hand, not by the importer."""

# ruff: noqa: E501 (a table reads best with one file a line)

from __future__ import annotations

import os
from pathlib import Path

import pytest

from duewell.adapters.files import e_invoice
from duewell.adapters.files.places import places
from duewell.core.intake import CreditRow
from duewell.core.intake.e_invoice import EInvoice, Fault
from duewell.core.intake.e_invoice_rows import NoDueDate, Rules, Taken, row_of
from duewell.core.intake.sellers import Us

SHARED = Path(os.environ.get("DUEWELL_SHARED", Path(__file__).parents[2] / ".." / "shared")) / "data/invoices"
pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the files of other programs are not beside the project"
)

# File; number, buyer, customer number, currency, minor units to pay, issued, due (or the invoice of a credit note).
READ = """
xrechnung-testsuite/business-cases/standard/01.01a-INVOICE_ubl.xml        | 123456XX   | [Buyer name] | [Buyer identifier] | EUR | 33690 | 2016-04-04 | 2016-04-04
xrechnung-testsuite/business-cases/standard/01.02a-INVOICE_uncefact.xml   | 123456     | [Buyer name] | BI12345678 | EUR | 1260 | 2016-06-21 | 2016-07-05
xrechnung-testsuite/business-cases/standard/01.04a-INVOICE_ubl.xml        | 1234/78/901 | [Buyer name] |  | EUR | 12000 | 2016-06-16 | 2016-06-30
xrechnung-testsuite/business-cases/standard/01.05a-INVOICE_uncefact.xml   | PRG1502112 | [Buyer name] | BI123456 | EUR | 1055530 | 2015-04-24 | 2015-05-08
xrechnung-testsuite/business-cases/standard/01.07a-INVOICE_ubl.xml        | R1234567   | [Buyer name] | B123456789 | EUR | 4522 | 2016-06-30 | 2016-08-14
xrechnung-testsuite/business-cases/standard/01.08a-INVOICE_uncefact.xml   | R123456789 | [Buyer name] |  | EUR | 282587 | 2016-01-18 | 2016-02-01
xrechnung-testsuite/business-cases/standard/01.09a-INVOICE_ubl.xml        | R123456    | [Buyer name] |  | EUR | 719712 | 2016-04-06 | 2016-04-20
xrechnung-testsuite/business-cases/standard/01.12a-INVOICE_uncefact.xml   | Rechnungsnummer | [Buyer name] |  | EUR | 30537 | 2016-03-02 | 2016-03-16
xrechnung-testsuite/business-cases/standard/01.13a-INVOICE_ubl.xml        | Rechnungsnummer | [Buyer name] |  | EUR | 634270 | 2015-01-09 | 2015-01-24
xrechnung-testsuite/business-cases/standard/01.15a-INVOICE_uncefact.xml   | 0000123456 | [Buyer name] |  | EUR | 1068620 | 2017-12-11 | 2018-01-10
xrechnung-testsuite/business-cases/standard/01.18a-INVOICE_ubl.xml        | PRG1502168 | [Buyer name] | BI123456 | EUR | 1055530 | 2015-04-24 | 2015-05-08
xrechnung-testsuite/business-cases/standard/01.20a-INVOICE_uncefact.xml   | 1234567890 | Kunde 1 |  | EUR | 35700 | 2021-01-25 | 2021-02-04
xrechnung-testsuite/business-cases/standard/01.21a-INVOICE_ubl.xml        | 18383 | DB Station&Service AG RB Mitte | 10099 | EUR | 23300 | 2020-11-27 | 2020-12-27
xrechnung-testsuite/business-cases/standard/02.01a-INVOICE_ubl.xml        | 1234567 | [Buyer name] | 138 | EUR | 1282969 | 2018-04-13 | 2018-04-13
xrechnung-testsuite/business-cases/extension/04.01a-INVOICE_ubl.xml       | 12345 | Beispielkunde | 345LA5324 | EUR | 491884 | 2019-05-15 | 2019-05-29
xrechnung-testsuite/business-cases/extension/04.04a-INVOICE_ubl.xml       | 17794 | Bau Auftraggeber | 14217 | EUR | 417544 | 2021-07-14 | 2021-08-13
xrechnung-testsuite/business-cases/extension/05.01a-INVOICE_ubl.xml       | 123456XX | [Buyer name] | [Buyer identifier] | EUR | 36686 | 2016-04-04 | 2016-04-04
xrechnung-testsuite/technical-cases/cius/01.05_minimal_test_uncefact.xml  | 1234567 | [Buyer name] |  | EUR | 474375 | 2018-04-13 | 2018-04-13
akretion-factur-x/xml/factur-x-basicwl.xml                                | F20260023 | LE CLIENT |  | EUR | 10490 | 2026-01-31 | 2026-03-02
akretion-factur-x/xml/factur-x-extended.xml                               | F20260023 | LE CLIENT |  | EUR | 10490 | 2026-01-31 | 2026-03-02
akretion-factur-x/pdf/invoice_EN16931.pdf                                 | F20260023 | LE CLIENT |  | EUR | 10490 | 2026-01-31 | 2026-03-02
akretion-factur-x/xml/ubl-21-extended-ctc-fr.xml                          | F124212 | Ma jolie boutique SARL |  | EUR | 20803 | 2026-06-17 | 2026-07-16
akretion-factur-x/xml/zugferd-comfort.xml                                 | 471102 | Kunden AG Mitte | GE2020211 | EUR | 52987 | 2013-03-05 | 2013-04-04
mustang-library/ubl-creditnote.xml                                        | TOSL108 | The buyercompany inc. |  | EUR | 72900 | 2009-12-15 |
mustang-library/ubl/XRECHNUNG_teilrechnung.ubl.xml                        | 471102 | Kunden AG Mitte | GE2020211 | EUR | 2987 | 2024-11-15 | 2024-12-15
mustang-library/ubl/periods.ubl.xml                                       | 123 | Franz MÃ¼ller | 0088:4304171000002 | CHF | 148 | 2025-02-10 | 2025-02-10
mustang-library/migration/input/ZUGFeRD1-invoice.xml                      | RE-20170509/505 | Theodor Est |  | EUR | 57104 | 2017-05-09 | 2017-05-30
mustang-library/migration/reference/ZUGFeRD2_COMFORT_Einfach.xml          | 471102 | Kunden AG Mitte | GE2020211 | EUR | 52987 | 2013-03-05 | 2013-04-04
mustang-library/cii/bt17-response_1760553749128.cii.xml                   | RE-20170509/505 | Theodor Est |  | USD | 33760 | 2017-05-09 | 2022-02-28
mustang-library/factur-x_invoicingPeriod.xml                              | RE1000 | Beier | 10010 | EUR | 163476 | 2022-08-26 | 2022-08-26
mustang-library/Extended_fremdwaehrung.xml                                | 47110815 | Metallbau Leipzig GmbH & Co. KG | 75969813 | GBP | 52191 | 2024-11-15 | 2024-12-01
mustang-library/testContractReferencedDocument.xml                        | 12115118 | ODIN 59 | 10202 | EUR | 25033 | 2015-01-09 | 2015-01-09
"""
CASES = [tuple(cell.strip() for cell in line.split("|")) for line in READ.strip().splitlines()]
# What says nothing of when it is to be paid, or under conditions only, is asked.
UNDATED = {
    "akretion-factur-x/xml/factur-x-minimum.xml",
    "akretion-factur-x/xml/zugferd-basic.xml",
    "akretion-factur-x/xml/zugferd-extended.xml",
    "mustang-library/cii/facturFrMinimum.xml",
    "mustang-library/cii/minimalDebit.xml",
    "mustang-library/cii/extended_warenrechnung_based_doublecashdiscount.xml",
    "mustang-library/factur-x-extended.xml",
    "mustang-library/line-total-4-decimals.xml",
    "mustang-library/migration/input/ZUGFeRD1_EXTENDED_Warenrechnung.xml",
    "mustang-library/migration/reference/ZUGFeRD2_EXTENDED_Warenrechnung.xml",
    "xrechnung-testsuite/business-cases/standard/01.06a-INVOICE_ubl.xml",
    "xrechnung-testsuite/business-cases/standard/01.06a-INVOICE_uncefact.xml",
    "xrechnung-testsuite/business-cases/standard/01.10a-INVOICE_ubl.xml",
    "xrechnung-testsuite/business-cases/standard/01.10a-INVOICE_uncefact.xml",
}


def _outcome(path: Path, **more):
    told = e_invoice.read(path.name, path.read_bytes()).told
    if isinstance(told, Fault):
        return told
    assert isinstance(told, EInvoice)
    us = Us((told.seller.name.text, *told.seller.ids))
    return row_of(told, 1, Rules(us, None, False, {}, places(), tests_taken=True))


@pytest.mark.parametrize("case", CASES, ids=[case[0].rpartition("/")[2] for case in CASES])
def test_a_real_invoice_says_what_was_read_in_it_by_hand(case):
    name, number, buyer, customer, currency, minor, issued_on, due_on = case
    found = _outcome(SHARED / name)
    assert isinstance(found, Taken), found
    row = found.row
    assert (row.number, row.customer.name, row.customer.number) == (number, buyer, customer)
    assert (row.currency, str(row.amount_minor), str(row.issued_on)) == (currency, minor, issued_on)
    assert (row.invoice if isinstance(row, CreditRow) else row.due_on.isoformat()) == due_on


def test_every_real_file_is_taken_asked_about_or_refused_with_a_reason():
    taken, asked, refused = 0, set(), {}
    files = [path for path in sorted(SHARED.rglob("*")) if path.suffix.lower() in (".xml", ".pdf")]
    for path in files:
        found = _outcome(path)
        if isinstance(found, Taken):
            taken += 1
        elif isinstance(found, NoDueDate):
            asked.add(path.relative_to(SHARED).as_posix())
        else:
            assert found.reason and found.remedy
            refused[path.name] = found.reason
    assert asked == UNDATED
    # PDFs that were never given invoice data: sheets on which a program prints its invoices.
    blank = {name for name, reason in refused.items() if reason == "a PDF without invoice data inside"}
    assert blank == {
        "MustangGnuaccountingBeispielRE-20170509_505PDF14.pdf",
        "MustangGnuaccountingBeispielRE-20170509_505PDFA3.pdf",
        "MustangGnuaccountingBeispielRE-20170509_505blanko.pdf",
        "MustangGnuaccountingBeispielRE-20171118_506blanko.pdf",
        "MustangGnuaccountingBeispielRE-20190610_507blanko.pdf",
        "MustangGnuaccountingBeispielRE-20201121_508blanko.pdf",
        "MustangGnuaccountingBeispielRE-20201121_508blankoA3.pdf",
    }
    assert refused.keys() == blank
    assert taken == len(files) - len(UNDATED) - len(blank) == 99
