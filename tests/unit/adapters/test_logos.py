"""What may be a logo: whole PNGs of a sane size, drawings without programs and without anything from elsewhere."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from duewell.adapters import logos

_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">{}</svg>'
)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int = 3, height: int = 2, pixels: bytes | None = None, after: bytes = b"") -> bytes:
    """A grey picture; `pixels` are its unpacked rows, right unless given."""
    rows = (b"\0" + b"\x80" * width) * height if pixels is None else pixels
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body + after


def _file(folder: Path, content: bytes | str) -> Path:
    path = folder / "logo"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_whole_png_and_a_plain_drawing_are_kept_once_under_a_name_that_follows_from_them(tmp_path: Path):
    drawing = _SVG.format(
        '<defs><linearGradient id="a"/></defs><path fill="url(#a)" d="M0 0"/><use xlink:href="#a"/>'
    )
    names = {logos.keep(tmp_path, _file(tmp_path, content)) for content in (png(), drawing, png())}
    assert {name.rpartition(".")[2] for name in names} == {"png", "svg"}
    assert {file.name for file in (tmp_path / "logos").iterdir()} == names


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"GIF89a", "neither PNG nor SVG"),
        (b"", "neither PNG nor SVG"),
        (png()[:-3], "ends in the middle"),
        (png()[:40], "ends in the middle"),
        (png().replace(b"IDAT", b"IDAX"), "was damaged"),
        (png(after=b"<script>"), "follows the end"),
        (png(width=5000), "5000 x 2 pixels"),
        (png(width=0), "0 x 2 pixels"),
        (png(pixels=b"\0" * 3), "other pixels"),
        (png(pixels=bytes(50_000_000)), "other pixels"),
        (b"\x89PNG\r\n\x1a\n", "no beginning"),
        (png() + bytes(1_000_001), "larger than"),
    ],
)
def test_a_png_that_is_not_whole_or_too_large_is_refused(tmp_path: Path, content: bytes, said: str):
    with pytest.raises(ValueError, match=said):
        logos.keep(tmp_path, _file(tmp_path, content))
    assert not (tmp_path / "logos").exists()


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ('<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>', "<script>"),
        ('<metadata><script xmlns="http://www.w3.org/1999/xhtml">1</script></metadata>', "<script>"),
        ("<foreignObject/>", "<foreignObject>"),
        ('<image href="http://elsewhere.example/x.png"/>', "<image>"),
        ('<a href="https://elsewhere.example"/>', "<a>"),
        ('<animate attributeName="href"/>', "<animate>"),
        ('<path onload="alert(1)"/>', "script"),
        ('<path OnClick="alert(1)"/>', "script"),
        ('<use href="http://elsewhere.example/x.svg#a"/>', "outside itself"),
        ('<use xlink:href="data:image/svg+xml;base64,AA"/>', "outside itself"),
        ('<path fill="url(http://elsewhere.example/x)"/>', "outside itself"),
        ("<path style=\"fill: url( '//elsewhere.example')\"/>", "outside itself"),
        ("<style>@import 'http://elsewhere.example/x.css';</style>", "outside itself"),
        ("<style>path{fill:\\75rl(http://elsewhere.example)}</style>", "outside itself"),
        ("<style><![CDATA[a{background:url(http://e.example)}]]></style>", "outside itself"),
        ("<g>" * 120 + "</g>" * 120, "nested"),
        ("<g/>" * 20_001, "elements"),
        ("<g>", "cannot be read"),
    ],
)
def test_a_drawing_that_could_do_or_fetch_something_is_refused(tmp_path: Path, inside: str, said: str):
    with pytest.raises(ValueError, match=said):
        logos.keep(tmp_path, _file(tmp_path, _SVG.format(inside)))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + _SVG.format("&a;"), "entities"),
        ('<?xml-stylesheet href="http://elsewhere.example/x.css"?>' + _SVG.format(""), "style from elsewhere"),
        ("<html><svg/></html>", "no SVG but html"),
    ],
)
def test_what_stands_around_a_drawing_is_looked_at_too(tmp_path: Path, content: str, said: str):
    with pytest.raises(ValueError, match=said):
        logos.keep(tmp_path, _file(tmp_path, content))


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path):
    for file in (tmp_path / "none.png", tmp_path):
        with pytest.raises(ValueError, match="there is no file"):
            logos.checked(file)
