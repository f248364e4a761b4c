"""Readers that the product does not count with, in processes of their own: a second opinion."""

from __future__ import annotations

import resource
from multiprocessing import get_context
from typing import TYPE_CHECKING, Self

import pebble

from ingestio.domain.documents import MediaType

if TYPE_CHECKING:
    from pathlib import Path

TIMEOUT_S = 30.0
MEMORY_BYTES = 2 * 1024**3


class Readers:
    """pypdf for PDFs; for pictures OpenCV, which decodes them by libraries of its own."""

    def __init__(self) -> None:
        # Not forked from here: what a long run has mapped by then is beyond the limit.
        self._pool = pebble.ProcessPool(1, initializer=_limit, context=get_context("forkserver"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.stop()
        self._pool.join()

    def pages(self, path: Path, media_type: MediaType) -> int | None:
        """None where it can't read the file."""
        read = _pdf if media_type is MediaType.PDF else _picture
        try:
            return self._pool.schedule(read, args=[str(path)], timeout=TIMEOUT_S).result()
        except (TimeoutError, pebble.ProcessExpired):
            return None


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def _pdf(path: str) -> int | None:
    import logging  # noqa: PLC0415

    from pypdf import PdfReader  # noqa: PLC0415

    logging.disable(logging.CRITICAL)
    try:
        return len(PdfReader(path).pages)
    except Exception:  # noqa: BLE001  pypdf raises whatever the file makes it raise
        return None


def _picture(path: str) -> int | None:
    import cv2  # noqa: PLC0415

    return None if cv2.imread(path) is None else 1
