"""Logs: whole lines, never more than a few files, and nothing in them that is not a number or a plain word."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from multiprocessing import Process
from pathlib import Path

import pytest

from duewell.adapters.event_log import BadLogSetting, EventLog, RotatedFile, opened

AT = datetime(2026, 3, 10, 9, tzinfo=UTC)


def test_an_event_has_its_name_its_instant_and_its_fields(monkeypatch: pytest.MonkeyPatch):
    lines: list[str] = []
    EventLog(lines.append, lambda: AT)("night.done", creditor=7, day=date(2026, 3, 10), late=False, problem=None)
    told = json.loads(lines[0])
    assert told.pop("process") > 0
    assert told == {
        "at": "2026-03-10T09:00:00.000+00:00",
        "event": "night.done",
        "creditor": 7,
        "day": "2026-03-10",
        "late": False,
        "problem": None,
    }


@pytest.mark.parametrize(
    "text",
    [
        "maria@example.org",
        "Maria Muster",
        "pass word",
        "a" * 65,
        "Straße",
        "1; drop table",
        "line\nbreak",
        "+49 30 1",
    ],
)
def test_text_that_is_no_plain_word_is_not_written(text: str):
    lines: list[str] = []
    EventLog(lines.append)("night.failed", problem=text)
    assert json.loads(lines[0])["problem"] == "hidden"
    assert text not in lines[0]


def test_the_setting_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    opened(tmp_path)("a.b")
    monkeypatch.setenv("DUEWELL_LOG", "stderr")
    opened(tmp_path)("c.d")
    monkeypatch.setenv("DUEWELL_LOG", "file")
    opened(tmp_path, "stderr")("e.f")
    assert "c.d" in capsys.readouterr().err
    assert [json.loads(line)["event"] for line in (tmp_path / "logs" / "duewell.jsonl").open()] == ["e.f"]
    assert (tmp_path / "logs" / "duewell.jsonl").stat().st_mode & 0o077 == 0
    monkeypatch.setenv("DUEWELL_LOG", "everywhere")
    with pytest.raises(BadLogSetting, match="one of stderr, file, off"):
        opened(tmp_path)


def test_a_full_file_moves_aside_and_the_oldest_goes(tmp_path: Path):
    file = RotatedFile(tmp_path / "logs" / "a.jsonl", bytes_max=100, files_max=3)
    for number in range(40):
        file.write(f"line {number:04}")
    kept = sorted(path.name for path in (tmp_path / "logs").glob("a.jsonl*"))
    assert kept == ["a.jsonl", "a.jsonl.1", "a.jsonl.2"]
    lines = [line for name in reversed(kept) for line in (tmp_path / "logs" / name).read_text().splitlines()]
    assert lines == [f"line {number:04}" for number in range(40 - len(lines), 40)]
    assert all((tmp_path / "logs" / name).stat().st_size <= 100 for name in kept)


def _write(path: Path, who: int) -> None:
    file = RotatedFile(path, bytes_max=3_000, files_max=1_000)
    for number in range(300):
        file.write(f"{who} {number:04}")


def test_processes_that_write_and_rotate_at_once_lose_no_line_and_mix_none(tmp_path: Path):
    path = tmp_path / "logs" / "a.jsonl"
    writers = [Process(target=_write, args=(path, who)) for who in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    lines = [line for file in (tmp_path / "logs").glob("a.jsonl*") for line in file.read_text().splitlines()]
    assert sorted(lines) == sorted(f"{who} {number:04}" for who in range(3) for number in range(300))


def test_a_log_that_cannot_be_written_to_stops_nobody(tmp_path: Path):
    (tmp_path / "logs").write_text("a file where the folder should be")
    EventLog(RotatedFile(tmp_path / "logs" / "a.jsonl").write)("night.done")
