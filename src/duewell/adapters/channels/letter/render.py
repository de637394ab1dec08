"""Render: content and the two ends of a letter become PDF/A bytes, the same each time."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path

from duewell.adapters.channels.letter.press import CannotBeSet, Job
from duewell.adapters.channels.letter.sheet import sheet
from duewell.adapters.texts import Texts
from duewell.core.contact.post import Post
from duewell.core.contact.values import Content


def job(content: Content, post: Post, logos: Path | None = None, texts: Texts | None = None) -> Job:
    """What the press is given for one letter.

    Args:
        content: as composed; `content.as_of` is the date on the letter and in the file.
        post: both ends.
        logos: the folder where the file that `post.logo` names lies.
        texts: of the installation; ours by default.

    Raises:
        CannotBeSet: the logo's file is gone, or the creditor has no postal address: the post could not bring back
            a letter that it cannot deliver.
        KeyError: there is no such text.
    """
    if not (post.sender.street and post.sender.city) and not post.sender.lines:
        raise CannotBeSet("the creditor has no postal address: duewell creditor edit KEY --street ... --city ...")
    return Job(
        "letter",
        sheet(content, post, texts),
        datetime.combine(content.as_of, time(), UTC),
        logo_bytes(post.logo, logos),
    )


def logo_bytes(name: str, logos: Path | None) -> bytes:
    """The picture of that name; nothing for no name.

    Raises:
        CannotBeSet: it is gone.
    """
    if not name:
        return b""
    try:
        return ((logos or Path()) / name).read_bytes()
    except OSError as problem:
        raise CannotBeSet(
            f"the logo {name} cannot be read ({problem.strerror}): set it anew with creditor edit --logo"
        ) from problem
