"""Segments to visual rows, and what stands left of or above a place on the page.

Answers which row a segment belongs to and which text is the label of a value. What a label means is
in `lexicon`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingestio.engines.local.pages import ReadDocument, Segment

Row: TypeAlias = "tuple[Segment, ...]"

CURRENCY_WORDS = re.compile(r"(?i)\b(?:RM|RH|MYR|USD|EUR|GBP|CHF|INR|Rs)\b\.?")
A_WORD = re.compile(r"[^\W\d_]{2}")
ORDINALS = frozenset({"st", "nd", "rd", "th", "er", "e", "ème"})
PREPOSITION = re.compile(r"(?i)[\d.,\s]*(?:vom|du|of|from|le|van|den|de|am|as of|at|del|dal|rm)")
"""`: 2.1 vom 24.03.2020` is labelled by what stands left of it."""
LABEL_CHARS = 48
ROWS_ABOVE = 25
ABOVE_REACH = 0.12
"""A column heading further above than this share of the page's width does not count."""


@dataclass(frozen=True, slots=True)
class Place:
    """A segment with its row and its column in that row."""

    row: int
    column: int
    segment: Segment


def rows_of(document: ReadDocument) -> list[Row]:
    """Every page's segments as visual rows, top to bottom, each from left to right.

    OCR gives boxes in the order it found them, and a PDF in the order they were drawn.
    """
    return [row for page in document.pages for row in _page_rows(page.segments)]


def left_label(rows: Sequence[Row], place: Place, start: int) -> str:
    """The text before column `start` of a segment, or the nearest words left of it."""
    before = place.segment.text[:start].strip(" :.;|-–—*#=")
    if len(re.sub(r"[\W\d_]", "", before)) >= 2 and not PREPOSITION.fullmatch(before):
        return before[-LABEL_CHARS:]
    taken = ""
    for segment in reversed(rows[place.row][: place.column]):
        taken = f"{segment.text} {taken}"
        if A_WORD.search(CURRENCY_WORDS.sub("", segment.text)):
            break
    return f"{taken} {before}".strip()[-LABEL_CHARS:]


def above_label(rows: Sequence[Row], place: Place, start: int) -> str:
    """The nearest words above the thing at column `start` of a segment, in its column."""
    segment = place.segment
    share = start / max(1, len(segment.text))
    left = min(segment.x0 + (segment.x1 - segment.x0) * share, segment.x1 - 0.01)
    for number in range(place.row - 1, max(-1, place.row - ROWS_ABOVE), -1):
        for other in rows[number]:
            if other.page != segment.page:
                return ""
            if not 0 < segment.middle_y - other.middle_y < ABOVE_REACH:
                continue
            overlaps = min(other.x1, segment.x1) - max(other.x0, left) > -0.01
            if overlaps and A_WORD.search(CURRENCY_WORDS.sub("", other.text)):
                return other.text
    return ""


def row_text(row: Row) -> str:
    """A row's text with single spaces."""
    return " ".join(segment.text for segment in row)


def _page_rows(segments: Sequence[Segment]) -> list[Row]:
    rows: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda s: s.middle_y):
        fits = [(overlap, row) for row in rows[-8:] if (overlap := _fit(row, segment)) > 0]
        if fits:
            max(fits, key=lambda fit: fit[0])[1].append(segment)
        else:
            rows.append([segment])
    for row in rows:
        row.sort(key=lambda s: s.x0)
    rows.sort(key=lambda row: sum(s.middle_y for s in row) / len(row))
    return [tuple(_with_ordinals(row)) for row in rows]


def _with_ordinals(row: list[Segment]) -> list[Segment]:
    """A raised `th` joined with the number before it and the words behind it."""
    joined: list[Segment] = []
    is_open = False
    for segment in row:
        before = joined[-1] if joined else None
        is_near = before is not None and segment.x0 - before.x1 < before.height
        is_ordinal = segment.text.strip() in ORDINALS
        if before is not None and is_near and (is_ordinal or is_open):
            space = "" if is_ordinal else " "
            joined[-1] = replace(before, text=f"{before.text}{space}{segment.text}", x1=segment.x1)
        else:
            joined.append(segment)
        is_open = is_ordinal and is_near
    return joined


def _fit(row: list[Segment], segment: Segment) -> float:
    """How much of its height a segment shares with a row's nearest; 0 where it is not of it."""
    neighbour = min(row, key=lambda s: min(abs(s.x0 - segment.x1), abs(segment.x0 - s.x1)))
    overlap = min(neighbour.y1, segment.y1) - max(neighbour.y0, segment.y0)
    height = min(neighbour.y1 - neighbour.y0, segment.y1 - segment.y0)
    covered = min(neighbour.x1, segment.x1) - max(neighbour.x0, segment.x0)
    width = min(neighbour.x1 - neighbour.x0, segment.x1 - segment.x0)
    is_beside = covered < 0.3 * width
    is_level = abs(neighbour.middle_y - segment.middle_y) < 0.6 * max(height, 1e-4)
    return overlap if overlap > 0.5 * height and is_beside and is_level else 0.0
