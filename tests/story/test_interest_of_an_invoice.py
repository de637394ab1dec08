"""What the law adds to an invoice that is paid late is told with every period, its rate and its source."""

from __future__ import annotations

from tests.town import Town


def _owed(town: Town, country: str = "DE", kind: str = "business") -> None:
    town.customers(
        f"""
        number  name       email              country  customer_type
        C-1     Anna Berg  anna@berg.example  {country}  {kind}
        """,
        at="2026-06-01T08:00Z",
    )
    _listed(town)


def _listed(town: Town, at: str = "") -> None:
    town.invoices(
        """
        number  customer  issued      due         amount
        INV-1   C-1       2026-05-01  2026-05-31  1000.00 EUR
        """,
        at=at,
    )


def test_between_businesses_in_germany_with_an_agreed_date(town: Town) -> None:
    _owed(town)
    # 31 August: the customer pays; the day of the payment still counts, and later days do not
    town.pays("INV-1", "1000.00 EUR", on="2026-08-31", at="2026-09-01T08:00Z")
    told = town.command("report", "interest", "INV-1", "--date-agreed", "yes", at="2026-09-15T08:00Z")
    assert (told["rule"], told["from"], told["interest"]) == ("DE.business", "2026-06-01", 26_31)
    assert [(period["days"], period["percent"]) for period in told["periods"]] == [(30, "10.27"), (62, "10.52")]
    assert told["flat_sum"] == {"amount": 40_00, "currency": "EUR", "source": "BGB § 288(5)"}
    assert any("not read at its source (K)" in remark for remark in told["remarks"])


def test_part_of_it_is_paid_and_the_rest_bears_interest_on(town: Town) -> None:
    _owed(town)
    town.pays("INV-1", "400.00 EUR", on="2026-06-10", at="2026-06-11T08:00Z")
    told = town.command("report", "interest", "INV-1", "--date-agreed", "yes", "--as-of", "2026-06-30")
    assert [(period["days"], period["principal"]) for period in told["periods"]] == [(10, 1000_00), (20, 600_00)]


def test_a_consumer_is_not_in_default_until_a_reminder_has_come(town: Town) -> None:
    _owed(town, kind="person")
    told = town.command("report", "interest", "INV-1", at="2026-06-03T08:00Z")
    assert (told["from"], told["interest"], told["flat_sum"]) == (None, 0, None)
    assert "a reminder is needed" in told["not_late"]
    # 8 June: the first reminder is accepted; interest runs from the day after
    _listed(town, at="2026-06-08T05:00Z")
    town.night("2026-06-08")
    assert town.send(at="2026-06-08T09:00Z")["accepted"] == 1
    told = town.command("report", "interest", "INV-1", at="2026-06-30T08:00Z")
    assert (told["rule"], told["from"]) == ("DE.consumer", "2026-06-09")


def test_a_day_without_a_rate_is_no_guess_and_the_rate_can_be_added(town: Town) -> None:
    _owed(town)
    ask = ("report", "interest", "INV-1", "--date-agreed", "yes", "--as-of", "2027-01-31")
    refused = town.command(*ask, fails=2)
    assert "de-base is not known on 2027-01-01" in refused["message"]
    add = ("law", "rates", "--add", "de-base", "--until", "2027-07-01", "--percent", "1,52", "--source", "read")
    # a day that would leave others without a rate is refused, and so is one that is known
    town.command(*add, "--from", "2027-02-01", fails=2)
    town.command(*add, "--from", "2026-07-01", fails=2)
    town.command(*add, "--from", "2027-01-01")
    told = town.command(*ask)
    assert told["periods"][-1]["from"] == "2027-01-01"
    [base] = [
        rate
        for rate in town.command("law", "rates", "--as-of", "2027-01-01")["reference"]
        if rate["rate"] == "de-base"
    ]
    assert (base["percent"], base["known_until"]) == ("1.52", "2027-07-01")


def test_a_country_whose_law_is_not_known_is_said_so(town: Town) -> None:
    _owed(town, country="US", kind="person")
    refused = town.command("report", "interest", "INV-1", fails=2)
    assert "no statutory interest on consumer debts in US" in refused["message"]
    told = town.command("report", "interest", "INV-1", "--law", "fi", "--as-of", "2026-06-30")
    assert told["rule"] == "FI.consumer"


def test_a_contract_cannot_agree_on_less_than_the_law_wants(town: Town) -> None:
    _owed(town, country="FR")
    ask = ("report", "interest", "INV-1", "--law", "FR", "--as-of", "2026-06-20")
    assert "below 7.86 %" in town.command(*ask, "--agreed-rate", "5", fails=2)["message"]
    assert town.command(*ask, "--agreed-rate", "8")["periods"][0]["percent"] == "8"
