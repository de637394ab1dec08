"""`verify` repeats the evidence format in its own text; here both texts are held against each other."""

from __future__ import annotations

import ast
import sys
from datetime import UTC
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import example, given
from hypothesis import strategies as st

from duewell import verify
from duewell.core import evidence
from duewell.core.evidence import ed25519, tree
from duewell.core.evidence.instants import microseconds
from duewell.core.evidence.tables import TABLES

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()

drafts = st.lists(
    st.tuples(
        st.builds("{}:{}".format, st.sampled_from(["account", "person", "house"]), st.integers(1, 3)),
        st.sampled_from(sorted(evidence.KINDS)),
        st.none() | st.dates(),
        st.datetimes(timezones=st.just(UTC)),
        st.binary(max_size=50),
    ),
    max_size=20,
)


@given(drafts)
def test_both_hash_facts_and_grow_the_tree_alike(rows):
    facts, _ = evidence.append_many({}, rows)
    report = verify.Report()
    streams, edge = verify.Streams(report, verify.Erasures(report, {})), verify.Edge()
    for fact in facts:
        day = fact.effective_on and fact.effective_on.isoformat()
        at = microseconds(fact.recorded_at)
        stored = verify.Fact(*fact[:3], day, at, fact.body, fact.previous, fact.hash)
        assert streams.follow(stored) == fact.hash
        edge.add(fact.hash)
    assert report.findings == []
    frontier = evidence.Frontier().extend(fact.hash for fact in facts)
    assert (edge.size, tuple(edge.peaks), edge.root()) == (frontier.size, frontier.peaks, frontier.root())


def test_both_judge_inclusion_alike():
    leaves = [b"%d" % number for number in range(40)]
    whole = evidence.Tree(leaves)
    for size in range(1, 41):
        root = whole.root(size)
        for index in range(size):
            proof = whole.inclusion_proof(index, size)
            for place in (index, (index + 1) % size, index - 1, size):
                for offered in (proof, proof[:-1], [*proof, root]):
                    judged = verify.proven(leaves[index], place, size, offered, root)
                    assert judged == tree.verify_inclusion(leaves[index], place, size, offered, root)
                    assert judged == (place == index and offered == proof)


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=100), st.integers(0, 511))
def test_both_judge_signatures_alike(seed, message, bit):
    private = Ed25519PrivateKey.from_private_bytes(seed)
    key, signature = private.public_key().public_bytes_raw(), private.sign(message)
    assert verify.signed(key, signature, message)
    flipped = (int.from_bytes(signature, "little") ^ 1 << bit).to_bytes(64, "little")
    assert not verify.signed(key, flipped, message)
    assert not ed25519.verify(key, flipped, message)


def test_neither_takes_a_second_spelling_of_a_signature():
    order = 2**252 + 27742317777372353535851937790883648493
    signature = KEY.sign(b"message")
    twice = signature[:32] + (int.from_bytes(signature[32:], "little") + order).to_bytes(32, "little")
    for judge in (verify.signed, ed25519.verify):
        assert judge(PUBLIC, signature, b"message")
        assert not judge(PUBLIC, twice, b"message")


# Small y are where keys of small order lie, and where a second spelling, y + p, still fits 255 bits.
small_y = st.integers(0, 18) | st.integers(2**255 - 19, 2**255 - 1) | st.integers(0, 40).map(lambda y: y + 2**255)


@given(st.binary(min_size=32, max_size=32) | small_y.map(lambda y: y.to_bytes(32, "little")))
@example((2**255 - 19 + 3).to_bytes(32, "little"))
def test_both_accept_the_same_keys(key):
    try:
        ed25519.PublicKey(key)
        good = True
    except ed25519.BadKey:
        good = False
    assert (verify._key_multiples(key) is not None) == good


@given(st.integers(0, 2**62), st.binary(min_size=32, max_size=32), st.datetimes(timezones=st.just(UTC)))
def test_verify_reads_the_heads_that_the_sealer_writes(size, root, at):
    head = evidence.TreeHead(size, root, at, evidence.key_id(PUBLIC))
    line = head.line(KEY.sign(head.signing_bytes()))
    report = verify.Report()
    keys = verify.read_keys([PUBLIC.hex() + "\n"])
    assert verify.read_heads([line + "\n"], keys, report) == [verify.Head(size, root, line)]
    assert report.findings == []


def test_both_know_the_same_tables_and_columns():
    assert {table: tuple(columns) for table, columns in verify.COLUMNS.items()} == TABLES


def test_verify_imports_the_standard_library_alone():
    parsed = ast.parse(Path(verify.__file__).read_text())
    imported = {
        name.partition(".")[0]
        for node in ast.walk(parsed)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names])
    }
    assert imported <= sys.stdlib_module_names
