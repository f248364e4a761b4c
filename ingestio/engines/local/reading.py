"""A file to pages: which pages are read, and each by its text layer or by OCR.

Answers what stands in an untrusted file. Leaves meaning to everything that follows.
"""

# pypdfium2 has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pypdfium2
from PIL import Image, ImageOps

from ingestio.domain.documents import MediaType
from ingestio.domain.results import PageRange
from ingestio.engines.local.pages import ReadDocument, ReadPage
from ingestio.engines.local.text import is_noise, picture_cover, read_text_page
from ingestio.errors import Encrypted, NoPages, Unreadable

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

TEXT_PAGES = (60, 6)
OCR_PAGES = (10, 3)
"""At most so many pages from the front and the back at once: values stand there, OCR takes 2 s a
page. What was left is read where something is missing."""
FEW_CHARS = 25
MOST_ATTACHMENTS = 10
FULL_PAGE = 0.85
OCR_SIDE_PX = 1_800
PICTURE_FORMATS = ("JPEG", "PNG")
"""Decoders that are tried: what a file may be was decided when it came in."""


class NeedsOcr(Exception):
    """A page has no usable text layer, and this worker reads text only."""


def read(
    path: Path, media_type: MediaType, part: PageRange | None = None, *, may_ocr: bool
) -> ReadDocument:
    """The pages of a file, or of a part of it; of many the first and the last.

    Raises:
        Unreadable, Encrypted, NoPages: the file will never work.
        NeedsOcr: `may_ocr` is False and a page has to be looked at as a picture.
    """
    if media_type is not MediaType.PDF:
        if not may_ocr:
            raise NeedsOcr
        return ReadDocument((_read_image(path),), 1)
    with open_pdf(path) as pdf:
        return _read_pdf(pdf, part, may_ocr=may_ocr)


@contextmanager
def open_pdf(path: Path) -> Generator[pypdfium2.PdfDocument]:
    """A PDF, closed afterwards.

    Raises:
        Unreadable, Encrypted, NoPages
    """
    try:
        pdf = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as exc:
        if "password" in str(exc).lower():
            message = "This PDF is protected with a password."
            raise Encrypted(message) from exc
        message = "This PDF is damaged and can't be opened."
        raise Unreadable(message) from exc
    try:
        if len(pdf) == 0:
            message = "This PDF has no pages."
            raise NoPages(message)
        yield pdf
    finally:
        pdf.close()


def open_image(path: Path) -> Image.Image:
    """A picture as a person sees it: its EXIF rotation applied.

    Raises:
        Unreadable
    """
    try:
        # Without `formats` a renamed .eps would start Ghostscript.
        with Image.open(path, formats=PICTURE_FORMATS) as image:
            image.load()
            return ImageOps.exif_transpose(image).convert("RGB")
    except Exception as exc:  # Pillow raises nearly anything on hostile files
        message = "This picture is damaged and can't be opened."
        raise Unreadable(message) from exc


def _read_image(path: Path) -> ReadPage:
    from ingestio.engines.local.ocr import read_picture  # noqa: PLC0415  heavy

    return read_picture(open_image(path), 0)


def _read_pdf(pdf: pypdfium2.PdfDocument, part: PageRange | None, *, may_ocr: bool) -> ReadDocument:
    total = len(pdf)
    wanted = range(part.first - 1, min(part.last, total)) if part else range(total)
    with_ocr = frozenset(_chosen(wanted, OCR_PAGES))
    pages: list[ReadPage] = []
    for number in _chosen(wanted, TEXT_PAGES):
        page = pdf[number]
        read_page = read_text_page(page, number)
        if number not in with_ocr:
            if _is_unread(page, read_page):
                continue
        elif _wants_ocr(page, read_page):
            if not may_ocr:
                raise NeedsOcr
            read_page = _better(read_page, _ocr_page(page, number))
        pages.append(read_page)
    unread = _ranges(sorted(set(wanted) - {page.number for page in pages}))
    return ReadDocument(tuple(pages), total, _invoice_xml(pdf), unread, is_part=part is not None)


def _ranges(numbers: list[int]) -> tuple[PageRange, ...]:
    """Page numbers from 0, in order, as ranges of pages."""
    ranges: list[PageRange] = []
    for page in (number + 1 for number in numbers):
        if ranges and ranges[-1].last == page - 1:
            ranges[-1] = PageRange(ranges[-1].first, page)
        else:
            ranges.append(PageRange(page, page))
    return tuple(ranges)


def _invoice_xml(pdf: pypdfium2.PdfDocument) -> bytes | None:
    """The first attached XML file: an e-invoice carries its data so."""
    for index in range(min(pdf.count_attachments(), MOST_ATTACHMENTS)):
        attachment = pdf.get_attachment(index)
        if attachment.get_name().lower().endswith(".xml"):
            return bytes(attachment.get_data())
    return None


def _chosen(wanted: range, front_and_back: tuple[int, int]) -> list[int]:
    """Page numbers from the front and the back, the middle of a long file left out."""
    front, back = front_and_back
    if len(wanted) <= front + back:
        return list(wanted)
    return [*wanted[:front], *wanted[len(wanted) - back :]]


def _wants_ocr(page: pypdfium2.PdfPage, read_page: ReadPage) -> bool:
    """No text, noise, or somebody's OCR under a full-page picture."""
    return _is_unread(page, read_page) or (
        _chars(read_page) >= FEW_CHARS and picture_cover(page) > FULL_PAGE
    )


def _is_unread(page: pypdfium2.PdfPage, read_page: ReadPage) -> bool:
    """Whether its text layer does not say what it shows."""
    if _chars(read_page) < FEW_CHARS:
        return _shows_something(page)
    return is_noise(read_page.segments)


def _chars(read_page: ReadPage) -> int:
    return sum(len(segment.text) for segment in read_page.segments)


def _shows_something(page: pypdfium2.PdfPage) -> bool:
    """Whether anything is drawn: an empty page needs no OCR."""
    return next(iter(page.get_objects(max_depth=1)), None) is not None


def _ocr_page(page: pypdfium2.PdfPage, number: int) -> ReadPage:
    from ingestio.engines.local.ocr import read_picture  # noqa: PLC0415  heavy

    scale = min(OCR_SIDE_PX / max(page.get_size()), 4.0)
    return read_picture(page.render(scale=scale).to_pil(), number)


def _better(layer: ReadPage, seen: ReadPage) -> ReadPage:
    """The OCR's page, unless it found clearly less than the layer holds."""
    return seen if _chars(seen) > 0.5 * _chars(layer) else layer
