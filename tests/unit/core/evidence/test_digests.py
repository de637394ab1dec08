"""Salted digests of personal data."""

from __future__ import annotations

import hmac

import pytest

from duewell.core import evidence

SALT = bytes(range(16))


def test_a_digest_is_an_hmac_over_domain_and_value():
    assert evidence.salted(SALT, "Zoë") == hmac.digest(SALT, b"duewell digest v1\nZo\xc3\xab", "sha256")


def test_text_and_its_utf8_bytes_have_the_same_digest():
    assert evidence.salted(SALT, "Zoë") == evidence.salted(SALT, "Zoë".encode())


def test_another_salt_gives_another_digest():
    assert evidence.salted(SALT, "a@example.org") != evidence.salted(SALT[::-1], "a@example.org")


def test_a_boundary_between_salt_and_value_cannot_be_moved():
    assert evidence.salted(SALT + b"a", b"b") != evidence.salted(SALT, b"ab")


def test_two_ways_to_write_the_same_letter_are_two_values():
    assert evidence.salted(SALT, "e\u0308") != evidence.salted(SALT, "\u00eb")


def test_a_short_salt_is_refused():
    with pytest.raises(ValueError, match="at least 16 bytes"):
        evidence.salted(SALT[:15], "a")
