"""Letters with a code to pay, and e-mails that bring a statement as PDF. Prints one JSON line for each.

    python -m benchmarks.letters --size small|full [--letters N] [--mails N]

A letter has an address, eight items and a code of its own; nothing of it is ready before. An e-mail is sent with
all its marks into the sink, with the statement of its account made for it. `per_second_and_core` is what the CPU
time of this process and of those that set type would allow, their start included; `per_second` is what happened.
The floor of a letter, in the same run: a page of as many words, set as one text by the same compiler.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import book, measured

if TYPE_CHECKING:
    from duewell.adapters.channels.letter.press import Job

SIZES = {"small": (200, 200), "full": (2_000, 2_000)}
ITEMS = 8
STRATEGY = """
strategy: with-statement
title: Every reminder brings the statement of account
grace_days: 3
minimum:
  EUR: "5.00"
least_gap_days: 6
steps:
"""
STEP = "  - {{stage: {0}, offset_days: {1}, channels: [email], tone: kind, attach: [statement]}}\n"
STAGES = {"upcoming": -4, "first": 5, "second": 14, "firm": 28, "final": 45}


def main() -> int:
    options = _options()
    if options.worker:
        print(json.dumps(WORKERS[options.worker](options)))
        return 0
    letters, mails = SIZES[options.size]
    count = str(options.letters or letters)
    told = measured.in_own_process("benchmarks.letters", "--worker", "letters", "--letters", count)
    print(json.dumps({"benchmark": "letters", **measured.machine(), **told}))
    print(json.dumps({"benchmark": "mails_with_pdf", **measured.machine(), **_mails(options.mails or mails)}))
    return 0


def _mails(count: int) -> dict[str, Any]:
    """Send so many into the sink, from a fresh home whose strategy attaches statements."""
    from tests.sink import spawn

    with measured.home() as folder, spawn(folder.parent / f"{folder.name}.log") as sink:
        os.environ["DUEWELL_SMTP_URL"] = sink.url
        (folder / "strategies").mkdir(exist_ok=True)
        steps = "".join(STEP.format(stage, days) for stage, days in STAGES.items())
        (folder / "strategies" / "with-statement.yaml").write_text(STRATEGY + steps, "utf-8")
        book.build(count * 5, due_share=0.9, closed=0)
        _attach()
        told = ["--home", str(folder), "--connections", "32", "--sink", str(sink.pid)]
        measured.in_own_process("benchmarks.send", "--worker", "release", *told)
        sent = measured.in_own_process("benchmarks.letters", "--worker", "mails", *told)
        sink.path.unlink()
    return sent


def _attach() -> None:
    from django.db import connection

    from duewell.store import creditors

    creditors.edit(creditors.all_views()[0].id, {"strategies": ["with-statement"]}, book.NOW)
    connection.close()


def _send(options: argparse.Namespace) -> dict[str, Any]:
    """Send all of it, and count what the process that sets type took."""
    import gc

    from benchmarks import send_worker

    told = send_worker.send(options)
    # The press has ended with its desk, so what it took is known.
    gc.collect()
    sent = told["messages"]
    of_press = _cpu(resource.RUSAGE_CHILDREN) * 1000 / sent
    per_core = 1000 / (told["client_ms"] + of_press)
    return {
        **told,
        "press_ms": round(of_press, 2),
        "per_second": round(sent / told["seconds"], 1),
        "per_second_and_core": round(per_core, 1),
    }


def _letters(options: argparse.Namespace) -> dict[str, Any]:
    from duewell.adapters.channels.letter.press import Press

    count = options.letters
    with Press(1) as press:
        press.set(_job(0))
        begun, mine = time.perf_counter(), _cpu(resource.RUSAGE_SELF)
        size = sum(len(press.set(_job(number))) for number in range(1, count + 1))
        seconds = time.perf_counter() - begun
        mine = _cpu(resource.RUSAGE_SELF) - mine
    both = mine + _cpu(resource.RUSAGE_CHILDREN)
    return {
        "letters": count,
        "seconds": round(seconds, 2),
        "cpu_ms": round(both / count * 1000, 2),
        "cpu_ms_of_words_and_code": round(mine / count * 1000, 2),
        "bytes": size // count,
        "per_second": round(count / seconds, 1),
        "per_second_and_core": round(count / both, 1),
        "floor_cpu_ms": round(_floor(min(count, 200)), 2),
    }


def _floor(count: int) -> float:
    """CPU milliseconds for a page of plain words, in this process."""
    import typst

    from duewell.adapters.channels.letter import press_worker

    compiler = typst.Compiler(font_paths=[str(press_worker.HERE / "fonts")], ignore_system_fonts=True)
    words = "Ihre Zahlung war fällig; wir erinnern Sie freundlich daran. " * 25
    begun = _cpu(resource.RUSAGE_SELF)
    for number in range(count):
        page = f'#set text(font: "Noto Sans", size: 9.5pt)\n#set document(date: auto)\n{number} {words}'
        compiler.compile(input=page.encode(), format="pdf", pdf_standards=["a-2u"], timestamp=0)
    return (_cpu(resource.RUSAGE_SELF) - begun) / count * 1000


def _job(number: int) -> Job:
    """A letter like no other: names, sums, dates and reference follow from its number."""
    from duewell.adapters.channels.letter.render import job
    from duewell.core.contact.post import Post
    from duewell.core.party.postal import PostalAddress
    from tests.golden.email_samples import FRAU, WERKSTATT, content_of

    content = content_of(list(_items(number)), WERKSTATT, FRAU, "first", "kind", "de")
    content = content._replace(
        as_of=content.as_of + timedelta(days=number % 300), reference=f"C-{10_000 + number}"
    )
    to = PostalAddress("DE", f"Gontardstraße {number}", f"{10_000 + number}", "Berlin")
    office = PostalAddress("DE", "Lange Straße 3", "04103", "Leipzig")
    return job(content, Post(f"Jana Müller-{number}", to, office, f"C-{10_000 + number}"))


def _items(number: int) -> Iterator[Any]:
    from tests.golden.email_samples import Item

    for row in range(ITEMS):
        yield Item(f"INV-{number * ITEMS + row}", -7 - row, 12_000 + number * 37 + row)


def _cpu(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


WORKERS = {"letters": _letters, "mails": _send}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=sorted(SIZES), default="small")
    parser.add_argument("--letters", type=int)
    parser.add_argument("--mails", type=int)
    parser.add_argument("--worker", choices=sorted(WORKERS), help=argparse.SUPPRESS)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--connections", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--sink", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
