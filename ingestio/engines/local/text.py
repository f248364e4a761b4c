"""The text layer of a PDF page as segments: characters joined by geometry, not by stream order.

Answers what is printed and where, whether a layer can be trusted (`is_noise`), and whether a
picture covers the page. Leaves pictures to `ocr`.
"""

# pypdfium2 has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import ctypes
import itertools
import math
import re
import statistics
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pypdfium2.raw as pdfium

from ingestio.engines.local.pages import ReadPage, Segment

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

BOLD_WEIGHT = 600
LETTER_GAP = 0.12
"""A gap of this share of the type size ends a word."""
COLUMN_GAP = 0.95
"""A gap of this share of the type size ends a segment."""
SKIPPED = frozenset({0, 10, 13, 0xFFFE, 0xFFFF})
WORDY = re.compile(r"^[^\W\d_]{2,}[.,:;)!?]?$|^[\d.,/:%€$£-]{2,}$")


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character in upright page points, y growing upwards; `spaced` if a space came before."""

    char: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    weight: int
    spaced: bool

    @property
    def middle(self) -> float:
        """Its vertical centre."""
        return (self.bottom + self.top) / 2


def read_text_page(page: PdfPage, number: int) -> ReadPage:
    """A page's text layer as segments."""
    left, bottom, right, top = page.get_bbox()
    glyphs, turns = _upright(_glyphs(page), (left, bottom, right, top), page.get_rotation() // 90)
    width, height = right - left, top - bottom
    if (page.get_rotation() // 90 - turns) % 2:
        width, height = height, width
    segments = [
        segment
        for row in _rows(glyphs)
        for segment in _segments(_without_doubles(row), number, width, height)
    ]
    return ReadPage(number, height / width, tuple(segments), turns=turns)


def is_noise(segments: tuple[Segment, ...]) -> bool:
    """Whether a text layer is what a poor OCR left: too few words, too many lone letters."""
    tokens = [token for segment in segments for token in segment.text.split()]
    if len(tokens) < 15:
        return False
    wordy = sum(bool(WORDY.match(token)) for token in tokens)
    lone = sum(len(token) == 1 and token.isalpha() for token in tokens)
    return max(1 - wordy / len(tokens), 1.5 * lone / len(tokens)) > 0.62


def picture_cover(page: PdfPage) -> float:
    """The share of the page that its largest picture covers."""
    width, height = page.get_size()
    best = 0.0
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = item.get_bounds()
        best = max(best, (right - left) * (top - bottom) / (width * height))
    return best


def _glyphs(page: PdfPage) -> list[tuple[Glyph, float]]:
    """Every visible character with its angle, in page points."""
    text_page = page.get_textpage()
    ink = [ctypes.c_double() for _ in range(4)]
    loose = pdfium.FS_RECTF()
    found: list[tuple[Glyph, float]] = []
    spaced = False
    for index in range(text_page.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        if code in SKIPPED or 0xD800 <= code < 0xE000:
            continue
        if chr(code).isspace():
            spaced = True
            continue
        pdfium.FPDFText_GetCharBox(text_page, index, *ink)
        pdfium.FPDFText_GetLooseCharBox(text_page, index, loose)
        # The advance box, not the ink: gaps between thin letters would look like spaces.
        left, right = loose.left, loose.right
        if right - left < 0.01:
            left, right = ink[0].value, ink[1].value
        size = abs(loose.top - loose.bottom) or ink[3].value - ink[2].value
        weight = pdfium.FPDFText_GetFontWeight(text_page, index)
        glyph = Glyph(chr(code), left, right, loose.bottom, loose.top, size, weight, spaced)
        found.append((glyph, pdfium.FPDFText_GetCharAngle(text_page, index)))
        spaced = False
    return found


def _upright(
    glyphs: list[tuple[Glyph, float]], bounds: tuple[float, float, float, float], shown: int
) -> tuple[list[Glyph], int]:
    """The characters of the main direction turned upright, and the turns from the shown page."""
    # pdfium counts angles clockwise.
    quarters = [(glyph, -round(angle / (math.pi / 2)) % 4, angle) for glyph, angle in glyphs]
    counts = Counter(quarter for _, quarter, _ in quarters)
    main = counts.most_common(1)[0][0] if counts else 0
    kept = [
        _turned(glyph, main, bounds)
        for glyph, quarter, angle in quarters
        if quarter == main and abs(math.remainder(angle + quarter * math.pi / 2, math.tau)) < 0.2
    ]
    return kept, (shown - main) % 4


def _turned(glyph: Glyph, quarter: int, bounds: tuple[float, float, float, float]) -> Glyph:
    left, bottom, right, top = bounds
    x0, x1, y0, y1 = (
        glyph.left - left,
        glyph.right - left,
        glyph.bottom - bottom,
        glyph.top - bottom,
    )
    width, height = right - left, top - bottom
    match quarter:
        case 0:
            box = (x0, x1, y0, y1)
        case 1:
            box = (y0, y1, width - x1, width - x0)
        case 2:
            box = (width - x1, width - x0, height - y1, height - y0)
        case _:
            box = (height - y1, height - y0, x0, x1)
    size = glyph.size if quarter % 2 == 0 else abs(x1 - x0) or glyph.size
    return Glyph(glyph.char, *box, size, glyph.weight, glyph.spaced)


def _rows(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Characters by line: those whose centres nearly agree and whose sizes are alike."""
    rows: list[list[Glyph]] = []
    lines: list[tuple[float, float]] = []
    for glyph in sorted(glyphs, key=lambda g: -g.middle):
        for index in range(len(rows) - 1, max(-1, len(rows) - 7), -1):
            middle, size = lines[index]
            close = abs(middle - glyph.middle) < 0.35 * min(size, glyph.size)
            if close and 0.5 < size / max(glyph.size, 0.1) < 2:
                rows[index].append(glyph)
                lines[index] = (middle + (glyph.middle - middle) / len(rows[index]), size)
                break
        else:
            rows.append([glyph])
            lines.append((glyph.middle, glyph.size))
    return [sorted(row, key=lambda g: g.left) for row in rows]


def _without_doubles(row: list[Glyph]) -> list[Glyph]:
    """A row without the second copies that some printers draw for bold."""
    kept: list[Glyph] = []
    for glyph in row:
        twin = kept[-1] if kept else None
        if twin and twin.char == glyph.char and abs(twin.left - glyph.left) < 0.12 * glyph.size:
            continue
        kept.append(glyph)
    return kept


def _segments(row: list[Glyph], number: int, width: float, height: float) -> list[Segment]:
    """A row cut at wide gaps, with spaces where letters stand apart."""
    pairs = list(itertools.pairwise(row))
    gaps = [(right.left - left.right) / max(left.size, 0.1) for left, right in pairs]
    near = [gap for gap in gaps if -0.3 < gap < 1.2]
    usual = statistics.median(near) if near else 0.0
    is_letter_spaced = len(near) >= 5 and usual > LETTER_GAP
    word_gap = usual * 1.5 + 0.12 if is_letter_spaced else max(0.12, min(0.2, usual + 0.12))
    segment_gap = max(COLUMN_GAP, word_gap * 2.2)
    text, run, segments = row[0].char, [row[0]], []
    for (_, glyph), gap in zip(pairs, gaps, strict=True):
        if gap > segment_gap:
            segments.append(_segment(text, run, number, width, height))
            text, run = glyph.char, [glyph]
            continue
        is_space = gap > word_gap or (glyph.spaced and not is_letter_spaced and gap > 0.06)
        text += (" " if is_space else "") + glyph.char
        run.append(glyph)
    return [*segments, _segment(text, run, number, width, height)]


def _segment(text: str, run: list[Glyph], number: int, width: float, height: float) -> Segment:
    return Segment(
        text=unicodedata.normalize("NFC", text),
        x0=min(g.left for g in run) / width,
        y0=(height - max(g.top for g in run)) / width,
        x1=max(g.right for g in run) / width,
        y1=(height - min(g.bottom for g in run)) / width,
        height=statistics.median(g.size for g in run) / width * 0.8,
        page=number,
        is_bold=statistics.median(g.weight for g in run) >= BOLD_WEIGHT,
    )
