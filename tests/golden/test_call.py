"""What is said on the telephone in every language, as reviewed; and nothing of a debt to anybody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from duewell.adapters.channels.call.spoken import as_bytes, spoken
from duewell.adapters.texts import LANGUAGES, formats, shipped
from duewell.core.contact.call import BEFORE, COLLECTOR, NOT_TO_OTHERS, OPTIONS, script
from tests.golden.call_golden import ROOT, STAGES, golden_calls
from tests.golden.email_samples import sample

WANTED = dict(golden_calls())
AGAIN = "run `python -m tests.golden.regenerate` and review what changed"


@pytest.mark.parametrize("path", sorted(WANTED), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_call_is_as_reviewed(path: Path):
    assert path.exists(), AGAIN
    assert path.read_text("utf-8") == WANTED[path].decode("utf-8"), AGAIN


def test_no_golden_call_is_left_over():
    assert {path for path in ROOT.rglob("*") if path.is_file()} == set(WANTED), AGAIN


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("stage", STAGES)
def test_nobody_but_the_customer_hears_of_sums_invoices_and_references(language: str, stage: str):
    content = sample(language, "kind", stage)
    said = spoken(script(content), shipped(), "Kim Doe")
    locale = formats.locale(language, content.country)
    secrets = [formats.money(sum.minor, sum.currency, locale) for sum in content.sums]
    secrets += [row.number for table in content.tables for row in table.rows]
    secrets += [content.reference, formats.long_date(content.earliest_due_on, locale)]
    for line in (*said.before, said.to_others, said.voicemail):
        assert [secret for secret in secrets if secret in line] == []
    for secret in (secrets[0], formats.long_date(content.earliest_due_on, locale)):
        assert secret in said.matter
    assert said.statements == ()


def test_a_script_says_what_the_law_of_the_place_wants_and_leaves_no_message_without_a_number():
    content = sample("en", "kind", "first")
    assert script(content, (COLLECTOR,)).statements == (COLLECTOR,)
    silent = script(content._replace(sender=content.sender._replace(phone="")))
    assert (silent.voicemail, spoken(silent, shipped(), "Kim").voicemail) == (False, "")
    assert (silent.before, silent.options, silent.not_to_others) == (BEFORE, OPTIONS, NOT_TO_OTHERS)
    assert script(sample("en", "kind", "upcoming")).matter == "matter_upcoming"


def test_the_same_script_is_kept_as_the_same_bytes():
    one, other = (as_bytes(spoken(script(sample("de", "kind", "first")), shipped(), "Kim")) for _ in range(2))
    assert one == other
    assert one != as_bytes(spoken(script(sample("de", "kind", "first")), shipped(), "Alex"))
