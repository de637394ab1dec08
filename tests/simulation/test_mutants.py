"""The judge is judged: with one line of the house broken, the simulation must find it out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation import mutants
from tests.simulation.play import play

SEED, DAYS = 5, 60


@pytest.mark.parametrize("mutant", mutants.ALL, ids=lambda mutant: mutant.__name__)
def test_a_broken_line_is_found_out(
    mutant: mutants.Patch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mutant(monkeypatch)
    # Workers are processes of their own and know nothing of the mutant, so nobody is killed here.
    with pytest.raises(AssertionError, match="play it again") as caught:
        play(SEED, DAYS, tmp_path, kills=0, faults=40)
    assert "ended with" not in str(caught.value), "the mutant only crashed"


def test_the_same_days_without_a_mutant_are_right(tmp_path: Path) -> None:
    play(SEED, DAYS, tmp_path, kills=0, faults=40)
