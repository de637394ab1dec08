"""The Merkle tree: against published values, and how its edge is stored."""

from __future__ import annotations

import pytest

from duewell.core.evidence import Frontier, Tree, tree

# The leaves and roots of the reference tests of Certificate Transparency (RFC 6962, same tree as RFC 9162).
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(9))
def test_the_roots_are_the_published_ones(size):
    assert tree.root(LEAVES[:size]).hex() == ROOTS[size]
    assert Tree(LEAVES).root(size).hex() == ROOTS[size]


def test_the_proofs_are_the_published_ones():
    whole = Tree(LEAVES)
    assert [node.hex()[:8] for node in whole.inclusion_proof(5)] == ["bc1a0643", "ca854ea1", "d37ee418"]
    assert [node.hex()[:8] for node in whole.inclusion_proof(2, 3)] == ["fac54203"]
    assert [node.hex()[:8] for node in whole.consistency_proof(6, 8)] == ["0ebc5d34", "ca854ea1", "d37ee418"]
    assert [node.hex()[:8] for node in whole.consistency_proof(1, 8)] == ["96a296d2", "5f083f0a", "6b47aaf2"]


def test_a_leaf_cannot_pass_for_a_node():
    left, right = tree.leaf_hash(b"a"), tree.leaf_hash(b"b")
    assert tree.node_hash(left, right) != tree.leaf_hash(left + right)


def test_the_frontier_survives_being_stored():
    edge = Frontier().extend(LEAVES[:7])
    assert len(edge.peaks) == 3
    assert Frontier.from_bytes(edge.to_bytes()) == edge
    assert Frontier.from_bytes(Frontier().to_bytes()) == Frontier()


@pytest.mark.parametrize(
    "broken", [b"", bytes(7), bytes(7) + b"\x01", bytes(8) + bytes(32), bytes(7) + b"\x03" + bytes(63)]
)
def test_a_frontier_that_cannot_be_is_refused(broken):
    with pytest.raises(ValueError, match="frontier"):
        Frontier.from_bytes(broken)


def test_extending_gives_a_new_frontier_and_leaves_the_old_one():
    edge = Frontier().extend(LEAVES[:3])
    root = edge.root()
    assert edge.extend(LEAVES[3:]).root().hex() == ROOTS[8]
    assert edge.extend([]) == edge
    assert edge.root() == root


@pytest.mark.parametrize("index", [-1, 3, 4])
def test_there_is_no_proof_for_a_leaf_outside_the_tree(index):
    with pytest.raises(ValueError, match="no leaf"):
        Tree(LEAVES[:3]).inclusion_proof(index)


@pytest.mark.parametrize(("first", "second"), [(0, 3), (3, 2), (4, 3), (1, 9), (-1, 3)])
def test_there_is_no_proof_between_impossible_sizes(first, second):
    with pytest.raises(ValueError):
        Tree(LEAVES).consistency_proof(first, second)


def test_impossible_claims_are_false_rather_than_an_error():
    root = tree.root(LEAVES)
    assert not tree.verify_inclusion(LEAVES[0], 0, 0, [], root)
    assert not tree.verify_inclusion(LEAVES[0], 8, 8, [], root)
    assert not tree.verify_inclusion(LEAVES[0], -1, 8, [], root)
    assert not tree.verify_consistency(0, 8, tree.EMPTY_ROOT, root, [])
    assert not tree.verify_consistency(9, 8, root, root, [])
    assert not tree.verify_consistency(3, 8, root, root, [])
    assert not tree.verify_consistency(8, 8, root, root, [root])
