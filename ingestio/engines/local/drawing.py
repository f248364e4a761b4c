"""A page of a file as a picture to look at."""

# pypdfium2 has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestio.domain.documents import MediaType
from ingestio.engines.local.reading import open_image, open_pdf
from ingestio.errors import NotFound

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

LARGEST_SCALE = 6.0
LARGEST_HEIGHT_PX = 12_000
"""A page a hundred times as tall as wide is not drawn at full width."""


def page_picture(path: Path, media_type: MediaType, page: int, width_px: int) -> Image.Image:
    """The page (from 1), upright, at most `width_px` wide.

    Raises:
        NotFound: no such page.
        Unreadable, Encrypted
    """
    if media_type is MediaType.PDF:
        return _pdf_page(path, page, width_px)
    if page != 1:
        raise NotFound
    image = open_image(path)
    image.thumbnail((width_px, LARGEST_HEIGHT_PX))
    return image


def _pdf_page(path: Path, page: int, width_px: int) -> Image.Image:
    with open_pdf(path) as pdf:
        if not 1 <= page <= len(pdf):
            raise NotFound
        sheet = pdf[page - 1]
        width, height = sheet.get_size()
        scale = min(width_px / max(width, 1), LARGEST_HEIGHT_PX / max(height, 1), LARGEST_SCALE)
        return sheet.render(scale=scale).to_pil().convert("RGB")
