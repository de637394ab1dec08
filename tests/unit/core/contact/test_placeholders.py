"""What a message would lack is known before it is planned."""

from __future__ import annotations

import pytest

from duewell.core.contact import Sender, missing, missing_of_creditor

WHOLE = Sender("Acme Ltd", "billing@acme.example", iban="DE89370400440532013000")


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({}, ()),
        ({"name": " \u200b"}, ("creditor.name",)),
        ({"email_from": ""}, ("creditor.email_from",)),
        ({"email_from": "billing"}, ("creditor.email_from",)),
        ({"iban": ""}, ("creditor.iban",)),
        ({"iban": "", "payment_note": "Pay at the desk."}, ()),
        ({"reply_to": "nobody"}, ("creditor.reply_to",)),
        ({"name": "", "email_from": "", "iban": ""}, ("creditor.name", "creditor.email_from", "creditor.iban")),
    ],
)
def test_a_creditor_needs_a_name_a_sending_address_and_a_way_to_be_paid(change, names):
    assert missing_of_creditor(WHOLE._replace(**change)) == names


def test_what_the_texts_use_is_needed_too_and_named_once():
    needed = {"creditor.phone", "creditor.name", "creditor.reply_to", "sum"}
    assert missing_of_creditor(WHOLE, needed) == ("creditor.phone",)
    assert missing_of_creditor(WHOLE._replace(phone="+44 1632 960123"), needed) == ()
    assert missing_of_creditor(WHOLE._replace(name=""), needed) == ("creditor.name", "creditor.phone")


def test_a_recipient_needs_an_address_and_nothing_else():
    assert missing((), "a@example.org") == ()
    assert missing((), "") == ("recipient.address",)
    assert missing(("creditor.iban",), "not an address") == ("creditor.iban", "recipient.address")
