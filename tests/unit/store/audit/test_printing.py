"""The audit notices a print batch that is not what its facts say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.story.test_channels import settle
from tests.story.test_letters import ON_PAPER
from tests.town import founded


def found(town) -> list[str]:
    told = town._run(["audit", "--now", town.now]).told
    return [text for line in told["sentences"] for text in line["findings"]]


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("update print_batch set state = 'cancelled'", "print batch 1 is kept as ('cancelled',"),
        ("update print_batch set digest = 'x'", "print batch 1 is kept as ('handed_over', 'x')"),
        ("delete from print_letter", "letter 1 lies at None, None, its mark says 1, 1"),
        ("update print_letter set position = 7", "letter 1 lies at 1, 7, its mark says 1, 1"),
    ],
)
def test_a_changed_batch_is_found(tmp_path: Path, statement: str, finding: str) -> None:
    with founded(tmp_path) as town:
        settle(town, ON_PAPER)
        town.night("2026-03-09")
        batch = str(town.command("print", "make", at="2026-03-09T09:00Z")["batch"])
        town.command("print", "hand-over", batch)
        assert found(town) == []
        from duewell.store import sql

        for (trigger,) in sql.fetch("select name from sqlite_master where type = 'trigger'"):
            sql.execute(f'drop trigger "{trigger}"')
        assert sql.execute(statement) == 1
        assert any(text.startswith(finding) for text in found(town)), found(town)
