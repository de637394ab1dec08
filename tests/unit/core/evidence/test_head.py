"""Tree heads: the bytes that are signed and the line that is lodged elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from duewell.core import evidence
from duewell.core.evidence import BadHead, TreeHead, ed25519

ROOT = bytes(range(32))
HEAD = TreeHead(11, ROOT, datetime(2026, 3, 10, 7, 30, tzinfo=UTC), "0a" * 16)


def test_the_signed_bytes_are_those_the_format_page_describes():
    assert HEAD.signing_bytes() == (
        b"duewell head v1\n"
        + b"\x00\x00\x00\x00\x00\x00\x00\x0b"
        + ROOT
        + b"\x00\x00\x00\x1b2026-03-10T07:30:00.000000Z"
        + b"\x00\x00\x00\x20"
        + b"0a" * 16
    )


def test_a_line_is_read_back_and_its_signature_holds():
    private = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public = private.public_key().public_bytes_raw()
    head = HEAD._replace(key_id=evidence.key_id(public))
    signature = private.sign(head.signing_bytes())
    line = head.line(signature)
    assert line == (
        f'{{"key_id":"56475aa75463474c0285df5dbf2bcab7","root":"{ROOT.hex()}",'
        f'"sealed_at":"2026-03-10T07:30:00.000000Z","signature":"{signature.hex()}","size":11}}'
    )
    read = evidence.read_line(line + "\n")
    assert read.head == head
    assert ed25519.verify(public, read.signature, read.head.signing_bytes())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"size":11', '"size":011'),
        ('"size":11', '"size":11.0'),
        ('"size":11', '"size":true'),
        ('"size":11', '"size":-1'),
        ('"size":11', '"size": 11'),
        ('"size":11', '"size":11,"size":11'),
        ('"size":11', '"size":11,"note":1'),
        (',"size":11', ""),
        ("00010203", "0001020G"),
        ("0a" * 16, "0A" * 16),
        ("0a" * 16, "0a" * 15),
        ("1c1d1e1f", "1c1d1e1F"),
        ("1c1d1e1f", "1c1d1e"),
        ("07:30:00.000000Z", "07:30:00Z"),
        ("{", "["),
        ("ee" * 64, "ee" * 63),
        ("ee" * 64, "EE" * 64),
    ],
)
def test_any_other_line_is_refused(old, new):
    line = HEAD.line(b"\xee" * 64)
    assert evidence.read_line(line).head == HEAD
    assert old in line
    with pytest.raises(BadHead):
        evidence.read_line(line.replace(old, new))


@pytest.mark.parametrize("line", ["", "null", "7", "[]", "{}", "[" * 100_000])
def test_something_else_altogether_is_refused(line):
    with pytest.raises(BadHead):
        evidence.read_line(line)


def test_a_head_that_no_tree_can_have_is_not_signed():
    for head in (HEAD._replace(root=ROOT[1:]), HEAD._replace(size=-1), HEAD._replace(key_id="schlüssel")):
        with pytest.raises(ValueError):
            head.signing_bytes()
