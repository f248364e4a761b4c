"""ports.PagePictures: pages drawn by pdfium or Pillow in a text worker, the last ones kept.

Answers with JPEG bytes. Leaves drawing to `engines.local.drawing`: files are untrusted and pdfium
is not thread-safe, so it never runs in the server itself.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from ingestio.engines.local import work

if TYPE_CHECKING:
    from pathlib import Path

    from ingestio.adapters.helper_processes import HelperPool
    from ingestio.domain.documents import MediaType

TIMEOUT_S: Final = 20.0
KEPT_BYTES: Final = 48 * 1024 * 1024
WIDEST_PX: Final = 3_000

_Key = tuple[str, int, int, int, int]


class PdfiumPictures:
    """Draws pages in the engine's text workers (`LocalEngine.text_helpers`)."""

    def __init__(self, helpers: HelperPool) -> None:
        self._helpers = helpers
        self._kept: OrderedDict[_Key, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def jpeg(self, path: Path, media_type: MediaType, page: int, width_px: int) -> bytes:
        """See ports.PagePictures."""
        width_px = max(1, min(width_px, WIDEST_PX))
        stat = path.stat()
        key = (str(path), stat.st_mtime_ns, stat.st_size, page, width_px)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        drawn = self._helpers.call(TIMEOUT_S, work.draw, path.resolve(), media_type, page, width_px)
        self._keep(key, drawn)
        return drawn

    def _keep(self, key: _Key, drawn: bytes) -> None:
        with self._lock:
            self._kept[key] = drawn
            while sum(map(len, self._kept.values())) > KEPT_BYTES and len(self._kept) > 1:
                self._kept.popitem(last=False)
