"""Several channels: a message goes on by the next one where law or world stand in the way of the first."""

from __future__ import annotations

from tests.town import Town

LADDER = """
strategy: paper
title: Mail first, then paper
least_gap_days: 5
steps:
  - stage: first
    offset_days: 7
    channels: [email, letter]
    wait_days: {wait}
    tone: kind
  - stage: second
    offset_days: 21
    channels: [email, letter]
    tone: formal
"""
ANNA = "anna@berg.example"


def settle(town: Town, ladder: str = LADDER.format(wait=3)) -> None:
    """Anna has a mailbox and a house, and owes a hundred since 1 March."""
    (town.home / "strategies").mkdir(exist_ok=True)
    (town.home / "strategies" / "paper.yaml").write_text(ladder, encoding="utf-8")
    town.command("creditor", "edit", "light", "--strategy", "paper", at="2026-02-02T08:00Z")
    town.takes(
        "customers",
        [
            {
                "customer_number": "C-1",
                "name": "Anna Berg",
                "email": ANNA,
                "street": "Am Anger 3",
                "postcode": "99084",
                "city": "Erfurt",
                "country": "DE",
                "phone": "0361 555 0100",
                "customer_type": "person",
            }
        ],
    )
    town.invoices(
        """
        number  customer  issued      due         amount
        INV-1   C-1       2026-02-01  2026-03-01  100.00 EUR
        """
    )


def attempts(town: Town) -> list[tuple[str, str]]:
    """Channel and state of every attempt, in their order."""
    return town.records.rows("select channel, state from attempt order by ordinal, id")


def reached(town: Town) -> int:
    return int(town.records.rows("select reached from receivable")[0][0])


def sound(town: Town) -> None:
    town.command("audit")


def test_a_mail_that_bounces_is_followed_by_a_letter_and_undone_where_it_had_not(either_town: Town) -> None:
    town = either_town
    settle(town)
    # 9 March: the mail is accepted, and the step reached
    town.night("2026-03-09")
    assert town.send(at="2026-03-09T11:00Z")["accepted"] == 1
    assert (attempts(town), reached(town)) == ([("email", "accepted")], 30)
    # 10 March: it comes back, so it was no notice
    told = town.command("contact", "bounced", ANNA, "--reason", "mailbox does not exist", at="2026-03-10T09:00Z")
    assert [one["next"] for one in told["attempts"]] == ["letter"]
    assert attempts(town) == [("email", "returned"), ("letter", "released")]
    assert reached(town) == 0
    sound(town)
    # twice says nothing new
    assert town.command("contact", "bounced", ANNA, "--reason", "again")["attempts"] == []
    # the e-mail sender leaves the letter alone
    assert town.send(at="2026-03-10T11:00Z")["accepted"] == 0
    assert town.why("C-1")["decision"] == "rest"
    # 11 March: somebody had looked at the wrong line
    attempt = str(told["attempts"][0]["attempt"])
    undo = ["contact", "bounced", "--undo", "--reason", "another Anna"]
    assert "the number of the attempt" in town.command(*undo, "anna@muster.example", fails=2)["message"]
    town.command(*undo, attempt, at="2026-03-11T09:00Z")
    assert attempts(town) == [("email", "accepted"), ("letter", "withdrawn")]
    assert reached(town) == 30
    sound(town)
    # and the ladder goes on where it was
    assert town.night("2026-03-23")["proposals"] == {"second": 1}


def test_an_address_that_the_server_refuses_is_followed_by_a_letter(tmp_path) -> None:
    from tests.sink import Rule
    from tests.town import founded

    with founded(tmp_path, None, [Rule("rcpt", "550 5.1.1 no such user")]) as town:
        settle(town)
        town.night("2026-03-09")
        told = town.send(at="2026-03-09T11:00Z")
        assert (told["accepted"], told["refused"]) == (0, 1)
        assert attempts(town) == [("email", "refused"), ("letter", "released")]
        # nobody is asked while a channel is left, and the claim stays
        assert town.command("review", "list")["questions"] == []
        assert town.records.rows("select count(*) from claim where freed") == [(0,)]
        # another night plans nothing beside it
        assert town.run("2026-03-10")["proposals"] == {}
        sound(town)


def test_whoever_wants_no_mails_gets_a_letter_at_once(either_town: Town) -> None:
    town = either_town
    settle(town)
    town.command("stop", "C-1", "--channel", "email", "--reason", "no mails", at="2026-03-08T09:00Z")
    town.plan("2026-03-09", at="2026-03-09T01:00Z")
    assert "by letter and not by email" in " ".join(one["text"] for one in town.why("C-1")["reasons"])
    town.night("2026-03-09")
    assert attempts(town) == [("letter", "released")]
    assert town.send(at="2026-03-09T11:00Z")["accepted"] == 0
    assert town.received() == []
    sound(town)


def test_whoever_stops_mails_between_night_and_noon_gets_a_letter_instead(either_town: Town) -> None:
    town = either_town
    settle(town)
    town.night("2026-03-09")
    town.command("stop", "C-1", "--channel", "email", "--reason", "no mails", at="2026-03-09T09:00Z")
    assert town.send(at="2026-03-09T11:00Z")["withheld"] == {"stops.opt_out": 1}
    assert attempts(town) == [("email", "withheld"), ("letter", "released")]
    assert town.records.rows("select state from message_state") == [("released",)]
    sound(town)


def test_a_refusal_that_ends_soon_is_waited_for_and_takes_no_other_channel(town: Town) -> None:
    settle(town, LADDER.format(wait=2).replace("tone: kind", "tone: kind\n    business_days_only: false"))
    # Sunday, 8 March: closed for contact, and open again on Monday
    planned = town.plan("2026-03-08", at="2026-03-08T01:00Z")
    assert (planned["proposals"], planned["refused"]) == ({}, {"days.weekday": 1})
    town.night("2026-03-08")
    assert attempts(town) == []
    # Monday, 9 March: the mail goes out, and no letter was written meanwhile
    town.night("2026-03-09")
    assert town.send(at="2026-03-09T11:00Z")["accepted"] == 1
    assert attempts(town) == [("email", "accepted")]
    sound(town)


def test_a_mailbox_that_no_mail_can_be_sent_to_does_not_keep_a_letter_back(town: Town) -> None:
    settle(town)
    from duewell.store import sql

    sql.execute("update contact_point set value = 'no mailbox' where channel = 'email'")
    town.night("2026-03-09")
    assert attempts(town) == [("letter", "released")]


def test_a_refusal_that_only_somebody_can_end_on_every_channel_is_kept_whole(town: Town) -> None:
    settle(town)
    town.command("stop", "C-1", "--channel", "email", "--reason", "no mails", at="2026-03-08T09:00Z")
    town.command("stop", "C-1", "--channel", "letter", "--reason", "no letters either")
    planned = town.plan("2026-03-09", at="2026-03-09T01:00Z")
    assert planned["refused"] == {"stops.opt_out": 1}
    told = " ".join(one["text"] for one in town.why("C-1")["reasons"])
    assert "no more e-mail" in told
    assert "no more letters" in told


def test_whoever_pays_while_the_letter_waits_hears_nothing_more(town: Town) -> None:
    settle(town)
    town.night("2026-03-09")
    town.send(at="2026-03-09T11:00Z")
    town.command("contact", "bounced", ANNA, "--reason", "mailbox full", at="2026-03-10T09:00Z")
    town.pays("INV-1", "100.00 EUR", at="2026-03-10T10:00Z")
    assert town.why("C-1")["next"] is None
    sound(town)
