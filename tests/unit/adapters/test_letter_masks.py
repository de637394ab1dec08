"""The mask of a code: valid, read by a camera, and as good as the one that segno takes its time for."""

from __future__ import annotations

import random

import pytest
import segno
import zxingcpp
from PIL import Image
from segno.encoder import mask_scores

from duewell.adapters.channels.letter import masks


def _text(seed: int) -> str:
    draw = random.Random(seed)
    length = draw.randrange(1, 320)
    return "".join(draw.choice("ABC abc 019 -/.,\näöüß€") for _ in range(length))


def _slow(text: str) -> segno.QRCode:
    return segno.make_qr(text, error="m", boost_error=False, encoding="utf-8")


@pytest.mark.parametrize("seed", range(40))
def test_a_code_reads_as_the_text_and_is_one_that_segno_makes(seed: int):
    text = _text(seed)
    rows = masks.masked(text, 25)
    version = int(_slow(text).version)
    made = {masks._rows(masks._plain(text, mask, version).matrix) for mask in masks.MASKS}
    assert rows in made
    picture = Image.new("L", (len(rows) + 8, len(rows) + 8), 255)
    for row, line in enumerate(rows):
        for column in range(len(rows)):
            if line >> (len(rows) - 1 - column) & 1:
                picture.putpixel((column + 4, row + 4), 0)
    (code,) = zxingcpp.read_barcodes(
        picture.resize((picture.width * 4, picture.height * 4), 0), formats=zxingcpp.BarcodeFormat.QRCode
    )
    assert code.text == text


@pytest.mark.parametrize("seed", range(20))
def test_points_are_those_of_the_standard_counted_module_by_module(seed: int):
    matrix = _slow(_text(seed)).matrix
    rows, columns = masks._rows(matrix), masks._rows(zip(*matrix, strict=True))
    side = len(rows)
    runs, blocks, _, share = mask_scores(matrix, side, side)
    finders = sum(40 * _like_finders(line, side) for line in (*rows, *columns))
    assert masks.penalty(rows, columns) == runs + blocks + finders + share


def _like_finders(line: int, side: int) -> int:
    text = "0000" + f"{line:0{side}b}" + "0000"
    places = [place for place in range(len(text) - 6) if text[place : place + 7] == "1011101"]
    return sum(
        text[max(0, place - 4) : place] == "0000" or text[place + 7 : place + 11] == "0000" for place in places
    )


def test_the_mask_with_the_fewest_points_is_taken():
    for seed in range(20):
        text = _text(seed)
        version = int(_slow(text).version)
        points = []
        for mask in masks.MASKS:
            matrix = masks._plain(text, mask, version).matrix
            points.append(masks.penalty(masks._rows(matrix), masks._rows(zip(*matrix, strict=True))))
        rows = masks.masked(text, 25)
        columns = tuple(
            int("".join(str(row >> (len(rows) - 1 - column) & 1) for row in rows), 2)
            for column in range(len(rows))
        )
        assert masks.penalty(rows, columns) == min(points)


def test_a_text_that_is_too_long_makes_no_code():
    with pytest.raises(ValueError, match="too long"):
        masks.masked("é" * 400, 13)


def test_a_plain_square_costs_what_the_standard_says():
    # Ten light modules a line: 10 - 2 points each way, 81 blocks of 3, and half of the modules too few are dark.
    rows = (0,) * 10
    assert masks.penalty(rows, rows) == 20 * 8 + 81 * 3 + 10 * 10
