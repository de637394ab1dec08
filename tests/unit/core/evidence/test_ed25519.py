"""Ed25519 verification: the vectors of RFC 8032, and strictness about what may pass for a signature."""

from __future__ import annotations

from hashlib import sha512

import pytest

from duewell.core.evidence import ed25519

ORDER = 2**252 + 27742317777372353535851937790883648493

# RFC 8032, section 7.1: tests 1, 2, 3 and SHA(abc): public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        b"",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
        "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        b"\x72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        b"\xaf\x82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        sha512(b"abc").digest(),
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
        "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
]


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_the_vectors_of_the_standard_verify(key, message, signature):
    assert ed25519.verify(bytes.fromhex(key), bytes.fromhex(signature), message)


def test_every_flipped_bit_of_a_signature_shows():
    key, message, signature = VECTORS[1]
    public = ed25519.PublicKey(bytes.fromhex(key))
    good = bytes.fromhex(signature)
    for bit in range(512):
        bad = bytearray(good)
        bad[bit // 8] ^= 1 << bit % 8
        assert not public.verify(bytes(bad), message), bit
    assert public.verify(good, message)


def test_a_second_spelling_of_s_is_refused():
    key, message, signature = VECTORS[2]
    good = bytes.fromhex(signature)
    s = int.from_bytes(good[32:], "little") + ORDER
    assert not ed25519.verify(bytes.fromhex(key), good[:32] + s.to_bytes(32, "little"), message)


@pytest.mark.parametrize("length", [0, 63, 65])
def test_a_signature_of_another_length_is_refused(length):
    key, message, signature = VECTORS[0]
    assert not ed25519.verify(bytes.fromhex(key), (bytes.fromhex(signature) * 2)[:length], message)


# Points of order 1, 2, 4 and 8 (the last two in both parities): under them one signature fits many messages.
SMALL_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
]


@pytest.mark.parametrize("key", SMALL_ORDER)
def test_a_key_of_small_order_is_refused(key):
    with pytest.raises(ed25519.BadKey, match="small order"):
        ed25519.PublicKey(bytes.fromhex(key))
    anything_goes = bytes.fromhex(SMALL_ORDER[0]) + bytes(32)
    assert not ed25519.verify(bytes.fromhex(key), anything_goes, b"pay me")


@pytest.mark.parametrize(
    "key",
    [
        # y = p, p + 1 and 2^255 - 1: second spellings of small numbers
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        # x = 0 with a sign
        "0100000000000000000000000000000000000000000000000000000000000080",
        # y = 2: no such point on the curve
        "0200000000000000000000000000000000000000000000000000000000000000",
        "d75a98",
        "",
    ],
)
def test_a_key_that_is_no_canonical_point_is_refused(key):
    with pytest.raises(ed25519.BadKey, match="canonical encoding"):
        ed25519.PublicKey(bytes.fromhex(key))
