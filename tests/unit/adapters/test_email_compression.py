"""Stored messages read back exactly, with the dictionary they were stored with."""

from __future__ import annotations

import zlib
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duewell.adapters.channels.email.compression import BadData, compress, decompress
from duewell.adapters.channels.email.dictionaries import LATEST, dictionary, path
from duewell.adapters.channels.email.mime import assemble, parts
from duewell.adapters.channels.email.render import render
from tests.golden.email_samples import SENT_AT, sample

# A dictionary never changes: what was stored with it could no longer be read.
DIGESTS = {1: "3a8c23f852f923610138a2025326fe242560057af0cb94460b33cd7570129a6d"}


def _message(language: str) -> bytes:
    content = sample(language, "kind", "second")
    return assemble(parts(render(content), content, message_id="<a@duewell.example>", sent_at=SENT_AT))


@pytest.mark.parametrize("version", sorted(DIGESTS))
def test_no_dictionary_ever_changes(version):
    assert sha256(dictionary(version)).hexdigest() == DIGESTS[version]


def test_every_dictionary_is_known_here():
    assert max(DIGESTS) == LATEST
    assert not path(LATEST + 1).exists()
    assert all(len(dictionary(version)) <= 32768 for version in DIGESTS)


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_message_shrinks_to_a_tenth_and_reads_back(language):
    data = _message(language)
    version, stored = compress(data)
    assert version == LATEST
    assert len(stored) < len(data) / 10
    assert len(stored) < len(zlib.compress(data, 9)) / 2
    assert decompress(version, stored) == data


@given(st.binary(max_size=2000))
def test_any_bytes_read_back(data):
    version, stored = compress(data)
    assert len(stored) <= len(data)
    assert decompress(version, stored) == data


def test_an_unknown_dictionary_is_named():
    with pytest.raises(LookupError, match="999"):
        decompress(999, b"x")


def test_damaged_or_cut_bytes_are_noticed():
    version, stored = compress(_message("en"))
    for spoiled in (stored[:-1], stored + b"x", b"\x00" + stored[1:], stored[:-1] + bytes([stored[-1] ^ 1])):
        with pytest.raises(BadData):
            decompress(version, spoiled)


def test_a_bomb_is_not_unpacked():
    machine = zlib.compressobj(9, zdict=dictionary(LATEST))
    bomb = machine.compress(b"0" * 10_000_000) + machine.flush()
    with pytest.raises(BadData):
        decompress(LATEST, bomb, longest=1_000_000)
