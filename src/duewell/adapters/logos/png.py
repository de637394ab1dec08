"""Is it a whole PNG of a size that a letter can carry? Source: PNG Specification, third edition (W3C, 2025)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Final

SIDE_MAX: Final = 4_000
"""Pixels; a picture beyond it takes a machine's memory when it is unpacked."""
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_SAMPLES: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Samples a pixel, by colour type."""
_REMEDY: Final = "save it again as PNG from the program it was made with"


def check_png(content: bytes) -> None:
    """Look through all of it: chunks and their checksums, size, and that the pixels are all there.

    Raises:
        ValueError: what is wrong, and the remedy.
    """
    if not content.startswith(_SIGNATURE):
        raise ValueError(f"the PNG was damaged on its way: {_REMEDY}")
    chunks = list(_chunks(content))
    if not chunks or chunks[0][0] != b"IHDR" or len(chunks[0][1]) != 13 or chunks[-1][0] != b"IEND":
        raise ValueError(f"the PNG has no beginning or no end: {_REMEDY}")
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    if not (0 < width <= SIDE_MAX and 0 < height <= SIDE_MAX):
        raise ValueError(
            f"the logo has {width} x {height} pixels: at most {SIDE_MAX:,} on a side, 600 wide are enough"
        )
    if colour not in _SAMPLES or depth not in (1, 2, 4, 8, 16):
        raise ValueError(f"the PNG has colours that do not exist: {_REMEDY}")
    row = 1 + -(-width * depth * _SAMPLES[colour] // 8)
    # An interlaced picture is seven smaller ones, whose rows end on whole bytes of their own.
    most = row * height + (8 * (width + height) + 64 if interlaced else 0)
    pixels = _unpacked(b"".join(data for name, data in chunks if name == b"IDAT"), most)
    if pixels > most or (pixels < row * height and not interlaced) or not pixels:
        raise ValueError(f"the PNG has other pixels than its size says: {_REMEDY}")


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(_SIGNATURE)
    while place < len(content):
        if place + 12 > len(content):
            raise ValueError(f"the PNG ends in the middle: {_REMEDY}")
        length, name = struct.unpack_from(">I4s", content, place)
        end = place + 12 + length
        if end > len(content):
            raise ValueError(f"the PNG ends in the middle: {_REMEDY}")
        data = content[place + 8 : end - 4]
        if zlib.crc32(name + data) != struct.unpack_from(">I", content, end - 4)[0]:
            raise ValueError(f"the PNG was damaged on its way: {_REMEDY}")
        yield name, data
        place = end
        if name == b"IEND" and place != len(content):
            raise ValueError(f"something follows the end of the PNG: {_REMEDY}")


def _unpacked(data: bytes, most: int) -> int:
    """How many bytes the pixels are, at most one more than `most`: a bomb is not unpacked."""
    try:
        return len(zlib.decompressobj().decompress(data, most + 1))
    except zlib.error as problem:
        raise ValueError(f"the pixels of the PNG cannot be unpacked: {_REMEDY}") from problem
