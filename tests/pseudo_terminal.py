"""A person at a real pseudo-terminal: reads what is asked, types answers, and sees how the command ends."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

# The terminal becomes that of the new session first, so that Ctrl-C reaches the command.
_PROGRAM = (
    "import fcntl, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    "from duewell import cli; sys.exit(cli.main())"
)


class Ended:
    """What a command left: its exit code, its data and everything that was shown on the terminal."""

    def __init__(self, code: int, data: str, screen: str) -> None:
        self.code = code
        self.data = data
        self.screen = screen


def type_at(words: Sequence[str], lines: Sequence[str | bytes], seconds: float = 60) -> Ended:
    """Run `duewell` with stdin and stderr on a terminal, typing a line each time a prompt (`> `) is shown.

    Bytes are typed as they are, without a line end. When the lines are used up, Ctrl-D is typed.
    """
    ours, theirs = pty.openpty()
    environment: Mapping[str, str] = {
        **{name: value for name, value in os.environ.items() if name != "DUEWELL_HOME"},
        "PYTHONIOENCODING": "utf-8",
    }
    command = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, *words],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        env=environment,
        start_new_session=True,
    )
    os.close(theirs)
    screen = b""
    left = list(lines)
    unanswered = b""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if not select.select([ours], [], [], 0.1)[0]:
            if command.poll() is not None:
                break
            continue
        try:
            piece = os.read(ours, 4096)
        except OSError:  # the other side has closed: the command is over
            break
        screen += piece
        unanswered += piece
        while b" > " in unanswered:
            unanswered = unanswered.partition(b" > ")[2]
            line = left.pop(0) if left else b"\x04"
            os.write(ours, line if isinstance(line, bytes) else line.encode() + b"\n")
    else:
        command.kill()
    data, _ = command.communicate(timeout=10)
    os.close(ours)
    return Ended(command.returncode, data.decode(), screen.decode("utf-8", "replace").replace("\r\n", "\n"))
