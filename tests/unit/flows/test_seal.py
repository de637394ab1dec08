"""Sealing: the head follows the leaves, survives a crash in between, and is lodged once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from duewell.adapters.heads import HeadFile
from duewell.core import evidence
from duewell.core.evidence import BadHead, Frontier, ed25519
from duewell.flows.seal import BATCH, Sealed, Signer, seal

AT = datetime(2026, 3, 10, 7, 30, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
SIGNER = Signer(evidence.key_id(PUBLIC), KEY.sign)


class MemoryTree:
    """Keeps the promise of `Tree` for leaves in a list."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []
        self.edge = Frontier()

    def grow(self, leaves_max: int) -> tuple[int, Frontier]:
        some, self.waiting = self.waiting[:leaves_max], self.waiting[leaves_max:]
        self.edge = self.edge.extend(some)
        return len(some), self.edge


@pytest.fixture
def tree():
    return MemoryTree()


@pytest.fixture
def heads(tmp_path):
    return HeadFile(tmp_path / "heads" / "heads.jsonl")


def lines(tmp_path):
    return (tmp_path / "heads" / "heads.jsonl").read_text().splitlines()


def test_what_is_new_is_sealed_under_a_signed_head(tree, heads, tmp_path):
    tree.waiting = [bytes([number]) * 32 for number in range(5)]
    leaves = list(tree.waiting)
    assert seal(tree, heads, SIGNER, AT) == Sealed(5, 5)
    (line,) = lines(tmp_path)
    head, signature = evidence.read_line(line)
    assert (head.size, head.root, head.sealed_at) == (5, Frontier().extend(leaves).root(), AT)
    assert ed25519.verify(PUBLIC, signature, head.signing_bytes())


def test_nothing_new_lodges_nothing(tree, heads, tmp_path):
    assert seal(tree, heads, SIGNER, AT) == Sealed(0, 0)
    assert not (tmp_path / "heads" / "heads.jsonl").exists()
    tree.waiting = [bytes(32)]
    seal(tree, heads, SIGNER, AT)
    assert seal(tree, heads, SIGNER, AT + timedelta(minutes=1)) == Sealed(0, 1)
    assert len(lines(tmp_path)) == 1


def test_many_facts_take_several_transactions_and_one_head(tree, heads, tmp_path):
    tree.waiting = [b"%032d" % number for number in range(BATCH + 1)]
    assert seal(tree, heads, SIGNER, AT) == Sealed(BATCH + 1, BATCH + 1)
    assert len(lines(tmp_path)) == 1


def test_a_crash_between_leaves_and_head_is_made_good_by_the_next_sealing(tree, heads, tmp_path):
    tree.waiting = [bytes(32)] * 3

    def crash(message: bytes) -> bytes:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seal(tree, heads, Signer(SIGNER.key_id, crash), AT)
    assert heads.latest_size() == -1
    assert seal(tree, heads, SIGNER, AT) == Sealed(0, 3)
    assert heads.latest_size() == 3


def test_a_line_torn_by_a_crash_is_written_again(tree, heads, tmp_path):
    tree.waiting = [bytes(32)] * 3
    seal(tree, heads, SIGNER, AT)
    whole = (tmp_path / "heads" / "heads.jsonl").read_bytes()
    (tmp_path / "heads" / "heads.jsonl").write_bytes(whole + whole[:100])
    assert heads.latest_size() == 3
    tree.waiting = [bytes(32)]
    seal(tree, heads, SIGNER, AT)
    assert [evidence.read_line(line).head.size for line in lines(tmp_path)] == [3, 4]


def test_a_second_sealer_that_comes_late_adds_no_line(tree, heads, tmp_path):
    tree.waiting = [bytes(32)] * 3
    seal(tree, heads, SIGNER, AT)
    late = evidence.TreeHead(2, bytes(32), AT, SIGNER.key_id)
    heads.lodge(late, KEY.sign(late.signing_bytes()))
    assert [evidence.read_line(line).head.size for line in lines(tmp_path)] == [3]


def test_a_damaged_file_of_heads_is_not_built_upon(tree, heads, tmp_path):
    tree.waiting = [bytes(32)] * 3
    seal(tree, heads, SIGNER, AT)
    (tmp_path / "heads" / "heads.jsonl").write_text("somebody was here\n")
    tree.waiting = [bytes(32)]
    with pytest.raises(BadHead):
        seal(tree, heads, SIGNER, AT)
