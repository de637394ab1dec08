"""The pages keep up with the code: links lead somewhere; commands, settings and kinds of fact have their place."""

from __future__ import annotations

import argparse
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from duewell import cli
from duewell.core.evidence.kinds import KINDS
from tests.tidy.repository import DOCS, ROOT, SOURCE, files, texts

_REFERENCE = DOCS / "reference"
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)
_SETTING = re.compile(r"\b(?:DUEWELL_[A-Z0-9_]*[A-Z0-9]|DATABASE_URL)\b")
# Every command takes these; the page says so once.
_EVERYWHERE = {"-h", "--help", "--home", "--json", "--now"}
_CHANGELOG_ORDER = ["Law", "Money", "Security", "Added", "Changed", "Fixed", "Removed"]


def _prose(path: Path) -> str:
    return _FENCE.sub("", path.read_text(encoding="utf-8"))


def _headings(path: Path) -> list[str]:
    return [text.replace("`", "") for text in _HEADING.findall(_prose(path))]


def _slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _sections(path: Path) -> dict[str, str]:
    """The text under each heading, up to the next one."""
    parts = re.split(r"^#{1,6} +(.+?) *$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {name.replace("`", ""): text for name, text in zip(parts[1::2], parts[2::2], strict=True)}


def _pages() -> list[Path]:
    return [path for path in files() if path.suffix == ".md"]


def test_every_relative_link_leads_somewhere():
    lost = []
    for page in _pages():
        for link in _LINK.findall(_prose(page)):
            if re.match(r"[a-z]+:", link):
                continue
            target, _, anchor = link.partition("#")
            there = (page.parent / target).resolve() if target else page
            known = there.exists() and (not anchor or anchor in {_slug(text) for text in _headings(there)})
            if not known:
                lost.append(f"{page.relative_to(ROOT)} -> {link}")
    assert lost == []


def test_every_page_is_in_the_index():
    index = DOCS / "README.md"
    listed = {(DOCS / link.partition("#")[0]).resolve() for link in _LINK.findall(_prose(index))}
    missing = [
        str(page.relative_to(DOCS))
        for page in _pages()
        if page.is_relative_to(DOCS) and page != index and page not in listed
    ]
    assert missing == []


def _commands(parser: argparse.ArgumentParser, name: str) -> Iterator[tuple[str, set[str]]]:
    """Each command that does something, and its own options."""
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        yield name, {text for action in parser._actions for text in action.option_strings} - _EVERYWHERE
    for group in groups:
        for word, inner in group.choices.items():
            yield from _commands(inner, f"{name} {word}")


def test_every_command_and_option_has_its_section_and_no_section_is_stale():
    commands = dict(_commands(cli.parser(), "duewell"))
    sections = _sections(_REFERENCE / "commands.md")
    assert sorted(commands.keys() - sections.keys()) == []
    assert sorted({name for name in sections if name.startswith("duewell ")} - commands.keys()) == []
    unsaid = [
        f"{name} {option}"
        for name, options in commands.items()
        for option in sorted(options)
        if not re.search(re.escape(option) + r"(?![\w-])", sections[name])
    ]
    assert unsaid == []


def test_every_setting_stands_on_its_page_and_no_entry_is_stale():
    code = [
        *texts(".py", below=SOURCE),
        *texts(".py", below=ROOT / "tests"),
        *texts(".py", below=ROOT / "benchmarks"),
    ]
    used = {name for path, text in code if "tidy" not in path.parts for name in _SETTING.findall(text)}
    assert {text for text in _headings(_REFERENCE / "settings.md") if _SETTING.fullmatch(text)} == used


def test_every_kind_of_fact_has_its_section_and_no_section_is_stale():
    described = {text for text in _headings(_REFERENCE / "facts.md") if re.fullmatch(r"[a-z]+\.[a-z_]+", text)}
    assert described == set(KINDS)


def test_every_dependency_has_its_reasons_in_a_decision_record():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = [
        *project["project"]["dependencies"],
        *(name for extra in project["project"]["optional-dependencies"].values() for name in extra),
        *(name for group in project["dependency-groups"].values() for name in group),
    ]
    names = {re.split(r"[\[<>=~!; ]", text, maxsplit=1)[0].lower() for text in asked}
    records = "\n".join(text for _, text in texts(".md", below=DOCS / "decisions"))
    assert {name for name in names if not re.search(rf"(?<![\w-]){name}(?![\w-])", records)} == set()


def test_decision_records_are_numbered_and_complete():
    records = sorted(path for path in files() if path.parent == DOCS / "decisions")
    numbers = [path.name[:4] for path in records]
    assert numbers == [f"{number:04}" for number in range(1, len(records) + 1)]
    for record in records:
        wanted = ["Context", "Decision", "Consequences", "What would change our mind"]
        assert [text for text in _headings(record) if text in wanted] == wanted, record.name


def test_the_changelog_tells_law_and_money_first():
    sections = [text for text in _headings(ROOT / "CHANGELOG.md") if text in _CHANGELOG_ORDER]
    assert sections
    release: list[str] = []
    for text in _headings(ROOT / "CHANGELOG.md")[1:]:
        if text in _CHANGELOG_ORDER:
            release.append(text)
            assert release == sorted(set(release), key=_CHANGELOG_ORDER.index), release
        else:
            release = []


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [("What is always true", "what-is-always-true"), ("`--json`, in short", "--json-in-short")],
)
def test_anchors_are_made_as_readers_see_them(heading: str, anchor: str):
    assert _slug(heading.replace("`", "")) == anchor
