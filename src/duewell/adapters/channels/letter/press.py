"""The press: sets letters in processes of their own, each within a limit of time.

No words of a customer can hold up a batch: a process that does not answer in time is ended and replaced, and the
letter it was at comes back as `CannotBeSet`. A process is also replaced after some thousand letters, since type
setters remember what they have set.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
import weakref
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any, Final, NamedTuple, Self

STANDARDS: Final = ("a-2u",)
SECONDS: Final = 20.0
JOBS_MAX: Final = 2_000
_COMMAND: Final = (sys.executable, "-m", "duewell.adapters.channels.letter.press_worker")
_CHUNK: Final = 1 << 16


class CannotBeSet(ValueError):
    """This paper cannot be made; says why in words for a person. Others are not touched."""


class Job(NamedTuple):
    """One paper to set."""

    template: str
    """`letter` or `statement`."""
    data: dict[str, Any]
    created: datetime
    """Aware; stands in the file as its date. The same job makes the same bytes."""
    logo: bytes = b""
    """Of the file that `data["logo"]` names."""


class Press(AbstractContextManager["Press"]):
    """Some processes that set type.

    Args:
        processes: how many work at the same time; by default one for each core this process may use.
        seconds: how long one paper may take.
        tagged: with structure for those who have a page read to them.
        fonts: a folder with fonts for writings that ours do not hold; it need not be there.
    """

    def __init__(
        self,
        processes: int | None = None,
        seconds: float = SECONDS,
        tagged: bool = True,
        fonts: Path | None = None,
    ) -> None:
        self._count = processes or len(os.sched_getaffinity(0))
        self._seconds = seconds
        self._tagged = tagged
        self._free: SimpleQueue[_Process] = SimpleQueue()
        command = (*_COMMAND, str(fonts)) if fonts is not None and fonts.is_dir() else _COMMAND
        started = [_Process(command) for _ in range(self._count)]
        for process in started:
            self._free.put(process)
        self._threads = ThreadPoolExecutor(self._count, thread_name_prefix="press")
        # Whoever forgets to close a press leaves no process behind.
        self._end = weakref.finalize(self, _end, started, self._threads)

    def __exit__(self, *args: object) -> None:
        self.close()

    def __enter__(self) -> Self:
        return self

    def close(self) -> None:
        """End every process. Nothing is set after this."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._end()

    def set(self, job: Job) -> bytes:
        """The paper as PDF.

        Raises:
            CannotBeSet: a character that no font has, a logo that cannot be read, or too long a time.
        """
        process = self._free.get()
        try:
            return process.set(job, self._seconds, self._tagged)
        finally:
            self._free.put(process)

    def set_all(self, jobs: Iterable[Job]) -> Iterator[bytes | CannotBeSet]:
        """Each paper in the order of the jobs, or why there is none; few are held in memory at once."""
        waiting: list[Future[bytes | CannotBeSet]] = []
        for job in jobs:
            waiting.append(self._threads.submit(self._tried, job))
            if len(waiting) > 2 * self._count:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()

    def _tried(self, job: Job) -> bytes | CannotBeSet:
        try:
            return self.set(job)
        except CannotBeSet as problem:
            return problem


def _end(processes: Sequence[_Process], threads: ThreadPoolExecutor) -> None:
    threads.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.end()


class _Process:
    """One process, started when it is first needed and again when it was ended."""

    def __init__(self, command: Sequence[str] = _COMMAND) -> None:
        self._command = tuple(command)
        self._running: subprocess.Popen[bytes] | None = None
        self._done = 0

    def set(self, job: Job, seconds: float, tagged: bool) -> bytes:
        if self._done >= JOBS_MAX:
            self.end()
        told = {
            "template": job.template,
            "data": job.data,
            "created": int(job.created.timestamp()),
            "standards": list(STANDARDS),
            "tagged": tagged,
            "logo_bytes": len(job.logo),
        }
        line = json.dumps(told, ensure_ascii=False).encode("utf-8") + b"\n" + job.logo
        self._done += 1
        try:
            kind, answer = self._asked(line, time.monotonic() + seconds)
        except TimeoutError:
            self.end()
            raise CannotBeSet(f"the page was not finished within {seconds:g} seconds") from None
        except (OSError, EOFError):
            self.end()
            raise CannotBeSet("the process that sets type has ended in the middle of this page") from None
        if kind != b"ok":
            raise CannotBeSet(answer.decode("utf-8"))
        return answer

    def end(self) -> None:
        running, self._running, self._done = self._running, None, 0
        if running is not None:
            running.kill()
            running.communicate()

    def _asked(self, line: bytes, until: float) -> tuple[bytes, bytes]:
        if self._running is None:
            # Of its own session: a key that stops this program lets it finish, and it ends when its input does.
            self._running = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
                start_new_session=True,
            )
            assert self._running.stdin and self._running.stdout
            os.set_blocking(self._running.stdin.fileno(), False)
        into, out = self._running.stdin, self._running.stdout
        assert into is not None and out is not None
        _write(into, line, until)
        head, rest = _line(out, until)
        kind, length = head.split()
        return kind, _exactly(out, int(length), rest, until)


def _write(into: IO[bytes], data: bytes, until: float) -> None:
    view = memoryview(data)
    while view:
        _wait([], [into], until)
        try:
            view = view[os.write(into.fileno(), view[:_CHUNK]) :]
        except BlockingIOError:
            continue


def _line(out: IO[bytes], until: float) -> tuple[bytes, bytes]:
    got = b""
    while b"\n" not in got:
        got += _some(out, until)
    head, _, rest = got.partition(b"\n")
    return head, rest


def _exactly(out: IO[bytes], length: int, got: bytes, until: float) -> bytes:
    pieces, have = [got], len(got)
    while have < length:
        piece = _some(out, until)
        pieces.append(piece)
        have += len(piece)
    return b"".join(pieces)


def _some(out: IO[bytes], until: float) -> bytes:
    _wait([out], [], until)
    piece = os.read(out.fileno(), _CHUNK)
    if not piece:
        raise EOFError
    return piece


def _wait(reading: list[IO[bytes]], writing: list[IO[bytes]], until: float) -> None:
    left = until - time.monotonic()
    if left <= 0 or not any(select.select(reading, writing, [], left)[:2]):
        raise TimeoutError
