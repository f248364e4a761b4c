"""What reading a file gives: pages of segments with boxes.

Answers where a segment lies on the page a person sees. Leaves making segments to `text` and `ocr`,
and rows to `layout`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ingestio.domain.results import Box, PageRange


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text on one row without a wide gap inside.

    Coordinates are shares of the page's width on both axes, upright, origin top left. `height` is
    the size of the type, `page` counts from 0.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    height: float
    page: int = 0
    confidence: float = 1.0
    is_bold: bool = False

    @property
    def middle_x(self) -> float:
        """The centre from left to right."""
        return (self.x0 + self.x1) / 2

    @property
    def middle_y(self) -> float:
        """The centre from top to bottom."""
        return (self.y0 + self.y1) / 2


@dataclass(frozen=True, slots=True)
class ReadPage:
    """One page. `ratio` is height / width of the upright page.

    `turns` quarter turns counter-clockwise made the shown page upright, and `skew` radians more
    made its rows level: `box` undoes both.
    """

    number: int
    ratio: float
    segments: tuple[Segment, ...]
    is_ocr: bool = False
    turns: int = 0
    skew: float = 0.0

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """A rectangle of the upright page as shares of the page as it is shown."""
        corners = [self._shown(x, y) for x, y in ((x0, y0), (x1, y0), (x0, y1), (x1, y1))]
        xs = [min(1.0, max(0.0, x)) for x, _ in corners]
        ys = [min(1.0, max(0.0, y)) for _, y in corners]
        return Box(min(xs), min(ys), max(xs), max(ys))

    def _shown(self, x: float, y: float) -> tuple[float, float]:
        centre_x, centre_y = 0.5, self.ratio / 2
        cos, sin = math.cos(self.skew), math.sin(self.skew)
        dx, dy = x - centre_x, y - centre_y
        x, y = dx * cos - dy * sin + centre_x, dx * sin + dy * cos + centre_y
        share_x, share_y = x, y / self.ratio
        for _ in range(self.turns % 4):
            share_x, share_y = 1 - share_y, share_x
        return share_x, share_y


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """The pages that were read, in order. `total_pages` may be more: the middle is left out.

    `xml` is an attached invoice as data, where the file carries one. `unread` are the pages that
    were wanted and left out; `is_part`: others were not wanted.
    """

    pages: tuple[ReadPage, ...]
    total_pages: int
    xml: bytes | None = None
    unread: tuple[PageRange, ...] = ()
    is_part: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether what is not here stands nowhere on the document."""
        return not self.is_part and not self.unread

    @property
    def has_words(self) -> bool:
        """Whether anything could be read at all."""
        return any(segment.text.strip() for page in self.pages for segment in page.segments)

    @property
    def is_ocr(self) -> bool:
        """Whether any page came from a picture, so that words may be misspelt."""
        return any(page.is_ocr for page in self.pages)

    def page(self, number: int) -> ReadPage:
        """The page with this number (from 0)."""
        return next(page for page in self.pages if page.number == number)
