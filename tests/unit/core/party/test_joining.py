"""What the law keeps of two persons binds both, once they were thought to be one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from duewell.core.party.joining import FLAGS, Kept, Wish, lacking, together

EVERYBODY = Wish(None, "", None, "no more, please")
NO_EMAIL = Wish(7, "email", None, "no e-mails")

WISHES = st.builds(
    Wish,
    st.sampled_from([None, 1, 2]),
    st.sampled_from(["", "email", "call"]),
    st.sampled_from([None, 5]),
    st.sampled_from(["asked", "wrote"]),
)
KEPT = st.builds(Kept, st.lists(WISHES, max_size=4).map(tuple), st.frozensets(st.sampled_from(FLAGS), max_size=3))


def reach(kept: Kept) -> set[tuple[object, ...]]:
    return {wish[:3] for wish in kept.wishes}


def test_a_wish_and_a_flag_of_one_are_lacking_at_the_other():
    found = lacking(Kept((), frozenset({"minor"})), Kept((EVERYBODY, NO_EMAIL), frozenset({"minor", "deceased"})))
    assert found == Kept((EVERYBODY, NO_EMAIL), frozenset({"deceased"}))


def test_the_same_wish_in_other_words_is_not_said_twice():
    said = Kept((NO_EMAIL._replace(reason="by phone"),), frozenset())
    assert lacking(said, Kept((NO_EMAIL,), frozenset())) == Kept((), frozenset())


@given(KEPT, KEPT)
def test_nothing_of_either_is_lost_and_nothing_is_made_up(one: Kept, other: Kept):
    more = lacking(one, other)
    assert reach(one) | reach(more) == reach(one) | reach(other)
    assert one.flags | more.flags == one.flags | other.flags
    assert reach(more) <= reach(other)
    assert not reach(more) & reach(one)
    whole = together([one, other])
    assert reach(whole) == reach(one) | reach(other)
    assert lacking(whole, one) == lacking(whole, other) == Kept((), frozenset())
