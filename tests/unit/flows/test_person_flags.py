"""Which flags can be noted of a person."""

from __future__ import annotations

import pytest

from duewell.core.units.ids import PersonId
from duewell.flows import person as flow


class Kept:
    def add(self, person: PersonId, flag: str, reason: str) -> int:
        return 1


@pytest.mark.parametrize("flag", ["deceased", "inconvenient_time:sat,sun", "inconvenient_point:17"])
def test_a_flag_that_the_law_reads_is_kept(flag):
    assert flow.add(Kept(), PersonId(1), flag, "told us") == 1


@pytest.mark.parametrize("flag", ["rich", "inconvenient_time:mornings", "inconvenient_point:work", "inconvenient"])
def test_a_flag_that_nobody_reads_is_refused_with_what_there_is(flag):
    with pytest.raises(flow.BadFlag, match="inconvenient_time:"):
        flow.add(Kept(), PersonId(1), flag, "told us")
