"""Properties of evidence: two implementations agree, proofs hold, and every flipped bit shows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from duewell.core import evidence
from duewell.core.evidence import Frontier, Tree, ed25519, proofs, tree

# rfc8785 stays within the whole numbers that a double can hold.
exact_in_double = st.integers(-(2**53) + 1, 2**53 - 1)
text = st.text(st.characters(exclude_categories=("Cs",)))
keys = st.text(st.characters(max_codepoint=127))


def values(scalars: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=20)


plain_values = values(st.none() | st.booleans() | exact_in_double | text)


@given(plain_values)
def test_canonical_agrees_with_rfc_8785(value):
    assert evidence.canonical(value) == rfc8785.dumps(value)


@given(values(st.none() | st.booleans() | st.integers(-(2**63) + 1, 2**63 - 1) | text))
def test_canonical_says_the_value_and_says_it_once(value):
    import json

    spelled = evidence.canonical(value)
    assert json.loads(spelled) == value
    assert evidence.canonical(json.loads(spelled)) == spelled


not_canonical = (
    st.floats()
    | st.binary()
    | st.decimals()
    | st.dates()
    | st.integers(min_value=2**63)
    | st.integers(max_value=-(2**63))
    | st.dictionaries(st.integers() | st.booleans() | st.floats() | st.none(), st.none(), min_size=1)
    | st.dictionaries(st.text(st.characters(min_codepoint=128), min_size=1), st.none(), min_size=1)
    | st.text(st.characters(categories=("Cs",)), min_size=1)
)


@given(plain_values, not_canonical, plain_values)
def test_one_bad_value_anywhere_is_refused(before, bad, after):
    for value in ([before, bad, after], {"a": before, "b": {"c": [bad]}, "d": after}):
        with pytest.raises(evidence.NotCanonical):
            evidence.canonical(value)


# --- facts ---------------------------------------------------------------------------------------------------

drafts = st.lists(
    st.tuples(
        st.builds(
            "{}:{}".format,
            st.sampled_from(["account", "person", "house"]),
            st.integers(1, 3) | st.integers(1, 2**62),
        ),
        st.sampled_from(sorted(evidence.KINDS)),
        st.none() | st.dates(),
        st.datetimes(timezones=st.just(UTC)),
        st.binary(max_size=50),
    ),
    max_size=20,
)


@given(drafts)
def test_every_stream_is_an_unbroken_chain_and_every_fact_rehashes(rows):
    facts, heads = evidence.append_many({}, rows)
    ends: dict[str, tuple[int, bytes]] = {}
    for fact, row in zip(facts, rows, strict=True):
        assert (fact.stream, fact.kind, fact.effective_on, fact.recorded_at, fact.body) == row
        length, latest = ends.get(fact.stream, (0, bytes(32)))
        assert (fact.sequence, fact.previous) == (length + 1, latest)
        assert evidence.rehash(fact) == fact.hash
        ends[fact.stream] = (fact.sequence, fact.hash)
    assert heads == {stream: (stream, length, latest) for stream, (length, latest) in ends.items()}


@given(drafts.filter(bool), st.data())
def test_facts_in_two_batches_are_the_facts_in_one(rows, data):
    cut = data.draw(st.integers(0, len(rows)))
    first, heads = evidence.append_many({}, rows[:cut])
    second, _ = evidence.append_many(heads, rows[cut:])
    assert first + second == evidence.append_many({}, rows)[0]


def _flips(value: object) -> list[object]:
    """The value with one thing changed, in every way that a stored value can change by one bit or one step."""
    match value:
        case None:
            return [date(2026, 3, 10)]
        case datetime():
            return [value + timedelta(microseconds=1), value + timedelta(days=1)]
        case date():
            return [value + timedelta(1), None]
        case int():
            return [value ^ 1 << bit for bit in range(63)]
        case str():
            return [
                value[:at] + chr(ord(character) ^ 1 << bit) + value[at + 1 :]
                for at, character in enumerate(value)
                for bit in range(7)
            ]
        case bytes():
            flipped = (
                value[:at] + bytes([byte ^ 1 << bit]) + value[at + 1 :]
                for at, byte in enumerate(value)
                for bit in range(8)
            )
            return [*flipped, value + b"\x00", value[:-1] + b"" if value else b"\x01"]
    raise AssertionError(f"no flips for {value!r}")


def test_the_hash_notices_every_flipped_bit_of_every_part():
    at = datetime(2026, 3, 10, 7, 30, tzinfo=UTC)
    facts, _ = evidence.append_many(
        {},
        [
            ("account:12", "ledger.posted", date(2026, 3, 9), at, b'{"rows":{"entry":[[1,2,"EUR"]]}}'),
            ("account:12", "agree.held", None, at, b"{}"),
        ],
    )
    tried = 0
    for fact in facts:
        for part in fact._fields[:-1]:
            for flipped in _flips(getattr(fact, part)):
                if flipped == getattr(fact, part):
                    continue
                assert evidence.rehash(fact._replace(**{part: flipped})) != fact.hash, (part, flipped)
                tried += 1
    assert tried > 1000


# --- tree ----------------------------------------------------------------------------------------------------


def naive_root(leaves: list[bytes]) -> bytes:
    """The definition of RFC 9162, section 2.1.1, word for word."""
    if not leaves:
        return tree.EMPTY_ROOT
    if len(leaves) == 1:
        return tree.leaf_hash(leaves[0])
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return tree.node_hash(naive_root(leaves[:k]), naive_root(leaves[k:]))


def naive_path(index: int, leaves: list[bytes]) -> list[bytes]:
    """The definition of RFC 9162, section 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if index < k:
        return [*naive_path(index, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(index - k, leaves[k:]), naive_root(leaves[:k])]


def naive_subproof(first: int, leaves: list[bytes], whole: bool) -> list[bytes]:
    """The definition of RFC 9162, section 2.1.4.1."""
    if first == len(leaves):
        return [] if whole else [naive_root(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if first <= k:
        return [*naive_subproof(first, leaves[:k], whole), naive_root(leaves[k:])]
    return [*naive_subproof(first - k, leaves[k:], False), naive_root(leaves[:k])]


LEAVES = [b"leaf %d" % number for number in range(70)]
ROOTS = [naive_root(LEAVES[:size]) for size in range(71)]


def test_roots_of_all_sizes_up_to_seventy_are_those_of_the_definition():
    whole = Tree(LEAVES)
    for size in range(71):
        assert whole.root(size) == ROOTS[size]
        assert tree.root(LEAVES[:size]) == ROOTS[size]
        assert Frontier().extend(LEAVES[:size]).extend(LEAVES[size:]).root() == ROOTS[70]


def test_inclusion_proofs_of_all_sizes_up_to_seventy_are_those_of_the_definition_and_hold():
    whole = Tree(LEAVES)
    for size in range(1, 71):
        for index in range(size):
            proof = whole.inclusion_proof(index, size)
            assert proof == naive_path(index, LEAVES[:size])
            assert tree.verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])
            assert not tree.verify_inclusion(b"another", index, size, proof, ROOTS[size])
            assert not tree.verify_inclusion(LEAVES[index], index, size, [*proof, ROOTS[1]], ROOTS[size])
            if proof:
                assert not tree.verify_inclusion(LEAVES[index], index, size, proof[:-1], ROOTS[size])


def test_an_inclusion_proof_holds_for_its_place_only():
    whole = Tree(LEAVES)
    for size in (1, 2, 3, 7, 8, 11, 64, 70):
        for index in range(size):
            proof = whole.inclusion_proof(index, size)
            others = [other for other in range(size) if other != index]
            assert not any(
                tree.verify_inclusion(LEAVES[index], other, size, proof, ROOTS[size]) for other in others
            )


def test_consistency_proofs_of_all_sizes_up_to_seventy_are_those_of_the_definition_and_hold():
    whole = Tree(LEAVES)
    for second in range(1, 71):
        for first in range(1, second + 1):
            proof = whole.consistency_proof(first, second)
            assert proof == naive_subproof(first, LEAVES[:second], True)
            assert tree.verify_consistency(first, second, ROOTS[first], ROOTS[second], proof)
            assert not tree.verify_consistency(first, second, ROOTS[first - 1], ROOTS[second], proof)
            assert not tree.verify_consistency(first, second, ROOTS[first], ROOTS[second - 1], proof)
            assert not tree.verify_consistency(first, second, ROOTS[first], ROOTS[second], [*proof, ROOTS[1]])


@given(st.lists(st.lists(st.binary(min_size=32, max_size=32), max_size=9), max_size=12))
def test_a_frontier_grown_in_pieces_and_stored_in_between_has_the_root_of_the_whole(pieces):
    edge = Frontier()
    leaves: list[bytes] = []
    for piece in pieces:
        edge = Frontier.from_bytes(edge.to_bytes()).extend(piece)
        leaves += piece
        assert edge.size == len(leaves)
        assert edge.root() == naive_root(leaves)


@given(st.data())
def test_a_proof_with_a_flipped_bit_does_not_hold(data):
    size = data.draw(st.integers(2, 70))
    index = data.draw(st.integers(0, size - 1))
    proof = Tree(LEAVES).inclusion_proof(index, size)
    step = data.draw(st.integers(0, len(proof) - 1))
    bit = data.draw(st.integers(0, 255))
    proof[step] = (int.from_bytes(proof[step]) ^ 1 << bit).to_bytes(32)
    assert not tree.verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])


def test_proofs_made_in_one_pass_are_those_of_the_whole_tree(monkeypatch):
    # Small chunks, so that seventy leaves have chunks, levels above them and a torn end.
    monkeypatch.setattr(proofs, "_LEVEL", 3)
    monkeypatch.setattr(proofs, "_CHUNK", 8)
    whole = Tree(LEAVES)
    for size in range(1, 71):
        wanted = range(0, size, 1 + size % 4)
        made = proofs.inclusion_proofs(iter(LEAVES), size, wanted)
        assert made == {index: whole.inclusion_proof(index, size) for index in wanted}


def test_proofs_for_leaves_that_are_not_there_are_refused():
    for size, indexes in ((3, [3]), (3, [-1]), (71, [0])):
        with pytest.raises(ValueError):
            proofs.inclusion_proofs(iter(LEAVES), size, indexes)


# --- signatures ----------------------------------------------------------------------------------------------


def _library_says(key: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


@settings(deadline=None, max_examples=40)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=300), st.data())
def test_signatures_verify_as_the_library_says_before_and_after_a_flipped_bit(seed, message, data):
    private = Ed25519PrivateKey.from_private_bytes(seed)
    key = private.public_key().public_bytes_raw()
    signature = private.sign(message)
    assert ed25519.verify(key, signature, message)

    where = data.draw(st.sampled_from(["signature", "message", "key"]))
    parts = {"signature": signature, "message": message or b"\x00", "key": key}
    changed = bytearray(parts[where])
    bit = data.draw(st.integers(0, 8 * len(changed) - 1))
    changed[bit // 8] ^= 1 << bit % 8
    parts[where] = bytes(changed)
    assert not ed25519.verify(parts["key"], parts["signature"], parts["message"])
    assert not _library_says(parts["key"], parts["signature"], parts["message"])
