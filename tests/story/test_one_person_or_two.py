"""Two numbers may be one customer, and one number may have been taken for another: what follows for contact."""

from __future__ import annotations

import pytest

from tests.town import Town


def _two(town: Town) -> None:
    town.customers(
        """
        number  name         email               country  zone
        C-1     Anna Berg    anna@berg.example   DE       Europe/Berlin
        C-2     A. Berg      berg@work.example   DE       Europe/Berlin
        """,
        at="2026-03-02T08:00Z",
    )
    town.invoices(
        """
        number  customer  issued      due         amount
        INV-1   C-1       2026-02-01  2026-03-03  100.00 EUR
        INV-2   C-2       2026-02-01  2026-03-03  80.00 EUR
        """
    )


def _merge(town: Town, *words: str, at: str = "") -> int:
    told = town.command("customer", "merge", "C-1", "C-2", "--yes", "--reason", "same signature", *words, at=at)
    assert told["done"] is True
    return int(told["act"])


def test_a_merge_is_shown_before_it_is_done(town: Town) -> None:
    _two(town)
    town.stops("C-2")
    told = town.command("customer", "merge", "C-1", "C-2", fails=1)
    assert (told["done"], told["answer"]) == (False, "--yes")
    assert [person["customer"] for person in told["before"]] == ["C-1", "C-2"]
    assert [len(person["stops"]) for person in told["before"]] == [0, 1]
    assert [same["number"] for same in told["after"]["customers"]] == ["C-1", "C-2"]
    assert len(told["after"]["stops"]) == 1
    # Nothing was written by looking.
    assert town.records.rows("select count(distinct person_id) from party") == [(2,)]
    assert town.command("customer", "show", "C-1")["person"]["stops"] == []


def test_what_one_asked_for_binds_both_before_during_and_after(either_town: Town) -> None:
    town = either_town
    _two(town)
    # C-2 wants no more messages. 10 March: it turns out that C-1 is the same person.
    town.stops("C-2", at="2026-03-09T08:00Z")
    assert town.plan("2026-03-10")["proposals"] == {"first": 1}
    act = _merge(town, at="2026-03-10T08:00Z")
    assert town.plan("2026-03-10")["proposals"] == {}
    assert town.plan("2026-03-10")["refused"] == {"stops.opt_out": 2}
    # C-1 is noted as vulnerable, which is said of the person.
    town.command("person", "flag", "add", "C-1", "vulnerable", "--reason", "told us on the phone")
    assert town.command("customer", "show", "C-2")["person"]["flags"] == ["vulnerable"]
    # It was a mistake: they are parted again, and both stay as careful as before.
    town.command("customer", "unmerge", str(act), "--yes", "--reason", "another Berg", at="2026-03-11T08:00Z")
    for number in ("C-1", "C-2"):
        person = town.command("customer", "show", number)["person"]
        assert (len(person["stops"]), person["flags"]) == (1, ["vulnerable"])
        assert [same["number"] for same in person["customers"]] == [number]
    # C-1 takes it back for itself: C-2 is not touched.
    town.resumes("C-1")
    town.command("person", "flag", "end", "C-1", "vulnerable", "--reason", "asked again")
    assert town.command("customer", "show", "C-1")["person"]["stops"] == []
    assert len(town.command("customer", "show", "C-2")["person"]["stops"]) == 1
    assert town.command("audit")["ok"] is True
    assert town.command("verify")["ok"] is True
    again = town.command("customer", "unmerge", str(act), "--yes", "--reason", "twice", fails=2)
    assert "taken back before" in again["message"]


def test_contacts_of_both_are_counted_together(town: Town) -> None:
    _two(town)
    # 10 March: both get a first reminder. Then they are joined, and the person has had two contacts.
    town.night("2026-03-10")
    town.send(at="2026-03-10T09:00Z")
    assert len(town.received()) == 2
    act = _merge(town, at="2026-03-10T12:00Z")
    assert town.command("customer", "show", "C-1")["person"]["contacts"] == 2
    # Parted again, each keeps the count of both: nobody is written to more often for a mistake of ours.
    town.command("customer", "unmerge", str(act), "--yes", "--reason", "no", at="2026-03-10T13:00Z")
    assert town.command("customer", "show", "C-1")["person"]["contacts"] == 2
    assert town.command("customer", "show", "C-2")["person"]["contacts"] == 2
    assert town.command("customer", "show", "C-2", at="2026-03-20T08:00Z")["person"]["contacts"] == 0


def test_a_merge_between_decision_and_sending_is_heard(town: Town) -> None:
    _two(town)
    town.stops("C-2")
    town.night("2026-03-10")
    # Noon: C-1 is C-2, who wants no messages. The one that was released is not sent.
    _merge(town, at="2026-03-10T10:00Z")
    assert town.send(at="2026-03-10T12:00Z")["withheld"] == {"stops.opt_out": 1}
    assert town.received() == []


def test_a_customer_who_was_joined_by_the_import_is_taken_out(either_town: Town) -> None:
    town = either_town
    # Two customers with one name and address are one person to the import.
    town.customers(
        """
        number  name       email
        C-1     Anna Berg  anna@berg.example
        C-2     Anna Berg  anna@berg.example
        """,
        at="2026-03-02T08:00Z",
    )
    town.stops("C-1")
    split = ["customer", "split", "C-2", "--reason", "mother and daughter"]
    assert town.command(*split, fails=1)["done"] is False
    act = town.command(*split, "--yes")["act"]
    person = town.command("customer", "show", "C-2")["person"]
    assert ([same["number"] for same in person["customers"]], len(person["stops"])) == (["C-2"], 1)
    assert "counted alone already" in town.command(*split, "--yes", fails=2)["message"]
    # And back.
    town.command("customer", "unmerge", str(act), "--yes", "--reason", "one after all")
    assert len(town.command("customer", "show", "C-2")["person"]["customers"]) == 2
    assert [row[0] for row in town.records.rows("select kind from person_move order by id")] == [
        "split",
        f"undo:{act}",
    ]
    assert town.command("verify")["ok"] is True


def test_an_act_that_others_rest_on_is_taken_back_last(town: Town) -> None:
    _two(town)
    first = _merge(town)
    second = town.command("customer", "split", "C-2", "--yes", "--reason", "no")["act"]
    refused = town.command("customer", "unmerge", str(first), "--yes", "--reason", "no", fails=2)
    assert f"customer unmerge {second}" in refused["message"]


def test_customers_of_two_creditors_are_joined_on_the_level_of_the_operator(town: Town) -> None:
    _two(town)
    town.command("creditor", "add", "other", "--name", "Other Ltd", "--country", "DE", "--zone", "Europe/Berlin")
    file = town.home.parent / "others.csv"
    file.write_text("customer_number,name,email\nX-9,Anna Berg-Meyer,anna@meyer.example\n")
    town.command("import", "customers", str(file), "--creditor", "other")
    words = ["customer", "merge", "C-1", "X-9", "--creditor", "light", "--other-creditor", "other"]
    told = town.command(*words, fails=1)
    assert {same["number"] for same in told["after"]["customers"]} == {"C-1", "X-9"}
    town.command(*words, "--yes", "--reason", "new name after the wedding")
    town.command("stop", "X-9", "--creditor", "other", "--reason", "enough")
    shown = town.command("customer", "show", "C-1", "--creditor", "light")["person"]
    # The other creditor's customer is counted here and not named.
    assert ([same["number"] for same in shown["customers"]], shown["elsewhere"]) == (["C-1"], 1)
    assert len(shown["stops"]) == 1


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["merge", "C-1", "C-9", "--yes", "--reason", "x"], "no customer 'C-9'"),
        (["merge", "C-1", "C-1", "--yes", "--reason", "x"], "one person already"),
        (["merge", "C-1", "C-2", "--yes"], "needs its reason"),
        (["merge", "C-1", "C-2", "--other-creditor", "nobody"], "no creditor 'nobody'"),
        (["unmerge", "5", "--yes", "--reason", "x"], "no merge and no split 5"),
        (["edit", "C-1"], "nothing to change"),
        (["edit", "C-1", "--country", "Atlantis"], "not a country"),
        (["edit", "C-1", "--add", "email=nonsense"], "not an e-mail address"),
        (["edit", "C-1", "--add", "call=12"], "its area code is missing"),
        (["edit", "C-1", "--add", "anna@berg.example"], "write the channel before it"),
        (["edit", "C-1", "--remove", "who@berg.example"], "it has: anna@berg.example"),
        (["edit", "C-1", "--strategy", "harsh"], "no strategy 'harsh'"),
        (["edit", "C-1", "--name", " "], "needs a name"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(town: Town, words: list[str], why: str) -> None:
    _two(town)
    before = town.records.rows("select count(*) from fact")
    assert why in town.command("customer", *words, fails=2)["message"]
    assert town.records.rows("select count(*) from fact") == before
