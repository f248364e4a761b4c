"""Words of a picture by rapidocr, turned upright and levelled first.

Answers what is printed in a picture and where. Imports numpy and onnxruntime only when first asked:
a worker that never sees a picture stays light.
"""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from ingestio.engines.local.pages import ReadPage, Segment

if TYPE_CHECKING:
    from PIL.Image import Image

LONGEST_SIDE_PX = 1_800
SMALL_SIDE_PX = 900
LEVEL_RADIANS = 0.006
UNSURE = 0.80
"""Mean confidence below this makes it worth trying the picture upside down."""


@dataclass(frozen=True, slots=True)
class Line:
    """One text line as the recogniser gives it: corners in pixels, clockwise from top left."""

    corners: tuple[tuple[float, float], ...]
    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was read with the picture turned `turns` quarters counter-clockwise."""

    lines: tuple[Line, ...]
    turns: int
    confidence: float
    is_sideways: bool


def read_picture(picture: Image, number: int) -> ReadPage:
    """A picture's lines as segments of an upright, level page."""
    picture = sized(picture.convert("RGB"))
    best = _upright(picture)
    width, height = picture.size if best.turns % 2 == 0 else picture.size[::-1]
    skew = _skew(best.lines, width)
    segments = tuple(_segment(line, number, width, height, skew) for line in best.lines)
    return ReadPage(number, height / width, segments, is_ocr=True, turns=best.turns, skew=skew)


@cache
def recogniser() -> Any:  # noqa: ANN401  rapidocr has no types
    """The model, loaded when first asked for."""
    import logging  # noqa: PLC0415

    from rapidocr import RapidOCR  # noqa: PLC0415  numpy, onnxruntime, the model

    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return RapidOCR(params={"Global.log_level": "error"})


def sized(picture: Image) -> Image:
    """Not so large that it is slow, not so small that letters are lost."""
    longest = max(picture.size)
    scale = 1.0
    if longest > LONGEST_SIDE_PX:
        scale = LONGEST_SIDE_PX / longest
    elif longest < SMALL_SIDE_PX:
        scale = min(2.0, 1_200 / longest)
    if scale == 1.0:
        return picture
    width, height = picture.size
    return picture.resize((max(1, int(width * scale)), max(1, int(height * scale))))


def _upright(picture: Image) -> Attempt:
    """The attempt in the direction that reads best."""
    first = _attempt(picture, 0)
    if first.is_sideways:
        return max((_attempt(picture, turns) for turns in (1, 3)), key=lambda a: a.confidence)
    if first.lines and first.confidence < UNSURE:
        turned = _attempt(picture, 2)
        return turned if turned.confidence > first.confidence + 0.05 else first
    return first


def _attempt(picture: Image, turns: int) -> Attempt:
    import numpy as np  # noqa: PLC0415

    pixels = np.rot90(np.asarray(picture)[:, :, ::-1], turns)
    answer = recogniser()(np.ascontiguousarray(pixels), use_cls=False)
    if answer.boxes is None:
        return Attempt((), turns, 0.0, is_sideways=False)
    lines = tuple(
        Line(tuple((float(x), float(y)) for x, y in box), text, float(score))
        for box, text, score in zip(answer.boxes, answer.txts, answer.scores, strict=True)
    )
    long = [line for line in lines if len(line.text) > 3]
    tall = sum(_extent(line, 1) > 1.5 * _extent(line, 0) for line in long)
    confidence = statistics.fmean(line.confidence for line in long) if long else 0.0
    return Attempt(lines, turns, confidence, is_sideways=bool(long) and tall > len(long) / 2)


def _extent(line: Line, axis: int) -> float:
    values = [corner[axis] for corner in line.corners]
    return max(values) - min(values)


def _skew(lines: tuple[Line, ...], width: int) -> float:
    """The usual slope of the long lines in radians, 0 where it is nearly level or unknown."""
    slopes = [
        math.atan2(right[1] - left[1], right[0] - left[0])
        for left, right in ((line.corners[0], line.corners[1]) for line in lines)
        if right[0] - left[0] > 0.12 * width
    ]
    slope = statistics.median(slopes) if len(slopes) >= 4 else 0.0
    return slope if abs(slope) > LEVEL_RADIANS else 0.0


def _segment(line: Line, number: int, width: int, height: int, skew: float) -> Segment:
    corners = [_levelled(x, y, width, height, skew) for x, y in line.corners]
    xs, ys = [x / width for x, _ in corners], [y / width for _, y in corners]
    top_left, top_right, bottom_right, bottom_left = corners
    tall = (abs(bottom_left[1] - top_left[1]) + abs(bottom_right[1] - top_right[1])) / 2
    return Segment(
        line.text, min(xs), min(ys), max(xs), max(ys), 0.75 * tall / width, number, line.confidence
    )


def _levelled(x: float, y: float, width: int, height: int, skew: float) -> tuple[float, float]:
    if not skew:
        return x, y
    cos, sin = math.cos(-skew), math.sin(-skew)
    dx, dy = x - width / 2, y - height / 2
    return dx * cos - dy * sin + width / 2, dx * sin + dy * cos + height / 2
