"""A document's pages as the OpenAI engine sends them, and where a quote stands on them.

Answers each page's rows of text with boxes, or that it has to be shown as a picture. `read_pages`
runs in a helper process: files are untrusted.
"""

# pypdfium2 has no types.
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ingestio.domain.documents import MediaType
from ingestio.domain.results import Box
from ingestio.engines.local.reading import FEW_CHARS, FULL_PAGE, open_pdf
from ingestio.engines.local.text import is_noise, picture_cover, read_text_page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pypdfium2

    from ingestio.domain.results import PageRange

MAX_PAGES: Final = 60
MAX_PICTURES: Final = 12
"""So many fit one question; the others are asked about in the next."""
SHIELD: Final = "\u2039"
"""A look-alike of "<"."""


@dataclass(frozen=True, slots=True)
class Row:
    """A run of text and where it stands, in shares of the page."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class SentPage:
    """One page (from 1): its rows, or none where it is sent as a picture."""

    number: int
    rows: tuple[Row, ...]

    @property
    def is_picture(self) -> bool:
        """Whether it has no text of its own to send."""
        return not self.rows

    @property
    def text(self) -> str:
        """Its rows, a line each."""
        return "\n".join(row.text for row in self.rows)


def read_pages(path: Path, media_type: MediaType, wanted: PageRange) -> tuple[SentPage, ...]:
    """The first of the wanted pages, as many as one question holds.

    Raises:
        Unreadable, Encrypted, NoPages
    """
    if media_type is not MediaType.PDF:
        return (SentPage(1, ()),)
    with open_pdf(path) as pdf:
        read: list[SentPage] = []
        pictures = 0
        for number in range(wanted.first, min(len(pdf), wanted.last) + 1):
            page = _sent(pdf[number - 1], number)
            pictures += page.is_picture
            if len(read) >= MAX_PAGES or pictures > MAX_PICTURES:
                break
            read.append(page)
        return tuple(read)


def _sent(page: pypdfium2.PdfPage, number: int) -> SentPage:
    found = read_text_page(page, number - 1)
    chars = sum(len(segment.text) for segment in found.segments)
    if chars < FEW_CHARS or is_noise(found.segments) or picture_cover(page) > FULL_PAGE:
        return SentPage(number, ())
    return SentPage(
        number,
        tuple(Row(s.text, found.box(s.x0, s.y0, s.x1, s.y1)) for s in found.segments if s.text),
    )


def find_quote(page: SentPage, quote: str) -> Box | None:
    """Where a quote stands on a page, white space and case aside; None where it does not."""
    wanted = squeezed(quote)
    if not wanted:
        return None
    squeezed_rows = [squeezed(row.text) for row in page.rows]
    start = "".join(squeezed_rows).find(wanted)
    if start < 0:
        return None
    return _around(_hit(page.rows, squeezed_rows, start, start + len(wanted)))


def shielded(text: str) -> str:
    """A page's text without the sign that our marks are made of, so that it can't forge one."""
    return text.replace("<", SHIELD)


def squeezed(text: str) -> str:
    """Text without what may differ between a page and a quote from it."""
    return shielded("".join(text.split()).casefold())


def _hit(rows: Sequence[Row], texts: Sequence[str], start: int, end: int) -> list[Box]:
    """The part of each row that lies between two places of the squeezed text."""
    boxes: list[Box] = []
    begins = 0
    for row, text in zip(rows, texts, strict=True):
        first, last = max(start - begins, 0), min(end - begins, len(text))
        if first < last:
            width = row.box.x1 - row.box.x0
            x0 = row.box.x0 + width * first / len(text)
            x1 = row.box.x0 + width * last / len(text)
            boxes.append(Box(x0, row.box.y0, x1, row.box.y1))
        begins += len(text)
    return boxes


def _around(boxes: Sequence[Box]) -> Box:
    return Box(
        min(box.x0 for box in boxes),
        min(box.y0 for box in boxes),
        max(box.x1 for box in boxes),
        max(box.y1 for box in boxes),
    )
