"""The process that sets type: reads jobs from standard input, writes PDFs to standard output. Run by `press`.

A job is one line of JSON with the length of a file that may follow it (a logo). The answer is a line with `ok` or
`bad` and a length, and so many bytes: the PDF, or what is wrong with the words.
"""

from __future__ import annotations

import json
import re
import resource
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

import typst

HERE = Path(__file__).parent
MEMORY_MAX = 2 << 30
_LOGO = re.compile(r"[0-9A-Za-z_-]{1,64}\.(?:svg|png)")


def main(fonts: list[str], memory: int = MEMORY_MAX) -> None:
    """Serve jobs until standard input ends; `fonts` are folders with fonts beside ours."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with tempfile.TemporaryDirectory(prefix="duewell-press-") as directory:
        root = Path(directory)
        # The only folder that a template can read from: our templates and the logos of the jobs.
        shutil.copytree(HERE / "templates", root, dirs_exist_ok=True)
        compiler = typst.Compiler(root=root, font_paths=[str(HERE / "fonts"), *fonts], ignore_system_fonts=True)
        _serve(compiler, root, sys.stdin.buffer, sys.stdout.buffer)


def _serve(compiler: typst.Compiler, root: Path, jobs: BinaryIO, out: BinaryIO) -> None:
    while line := jobs.readline():
        job = json.loads(line)
        logo = jobs.read(job["logo_bytes"])
        try:
            answer, kind = _set(compiler, root, job, logo), b"ok"
        except typst.TypstError as problem:
            answer, kind = _problem(problem).encode("utf-8"), b"bad"
        out.write(b"%s %d\n" % (kind, len(answer)))
        out.write(answer)
        out.flush()


def _set(compiler: typst.Compiler, root: Path, job: dict[str, Any], logo: bytes) -> bytes:
    data = job["data"]
    name = data.get("logo")
    if name:
        if not _LOGO.fullmatch(name):
            raise ValueError("the name of a logo")
        if not (root / name).exists():
            (root / name).write_bytes(logo)
    made = compiler.compile(
        input=str(root / f"{job['template']}.typ"),
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=job["standards"],
        timestamp=job["created"],
        pdf_tags=job["tagged"],
    )
    assert isinstance(made, bytes)
    return made


def _problem(problem: typst.TypstError) -> str:
    """Without the words of the customer: what typst found, and where in the template."""
    return str(problem.message)


if __name__ == "__main__":
    main(sys.argv[1:])
