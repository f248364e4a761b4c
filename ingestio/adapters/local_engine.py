"""ports.Classifier and ports.Extractor: the embedded engine, in helper processes.

Answers from the text workers where a document has text, from the OCR worker where it has not.
Leaves the reading to `engines.local` and the processes to `helper_processes`.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, TypeVar

from ingestio.adapters.helper_processes import HelperPool
from ingestio.domain.documents import MediaType
from ingestio.engines.local import work
from ingestio.engines.local.reading import OCR_PAGES, TEXT_PAGES, NeedsOcr

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ingestio.domain.documents import DocumentKind
    from ingestio.domain.results import Classification, Extraction
    from ingestio.ports import SourceDocument

P = ParamSpec("P")
T = TypeVar("T")
TEXT_WORKERS: Final = 2
OCR_WORKERS: Final = 1
TEXT_TIMEOUT_S: Final = 20.0
TEXT_TIMEOUT_S_A_PAGE: Final = 0.5
OCR_TIMEOUT_S: Final = 60.0
OCR_TIMEOUT_S_A_PAGE: Final = 15.0
"""About ten times what a page takes, for a machine that does other things as well."""
REMEMBERED: Final = 2_000


class LocalEngine:
    """Reads documents on this machine, without network or key. Safe from many threads."""

    name: str = "local"

    def __init__(self, data_dir: Path) -> None:
        self.text_helpers = HelperPool(TEXT_WORKERS, data_dir)
        self._ocr_helpers = HelperPool(OCR_WORKERS, data_dir)
        self._wants_ocr: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def start(self) -> None:
        """Have the text workers ready; the OCR worker comes with the first picture."""
        self.text_helpers.start()

    def stop(self) -> None:
        """End all helpers."""
        self.text_helpers.stop()
        self._ocr_helpers.stop()

    def classify(self, document: SourceDocument) -> Classification:
        """See ports.Classifier."""
        return self._call(document, work.classify)

    def extract(
        self, document: SourceDocument, prompt: str | None, kind: DocumentKind | None
    ) -> Extraction:
        """See ports.Extractor."""
        return self._call(document, work.extract, prompt, kind)

    def _call(
        self,
        document: SourceDocument,
        function: Callable[Concatenate[work.Job, P], T],
        *args: P.args,
        **kw: P.kwargs,
    ) -> T:
        if document.media_type is MediaType.PDF and not self._is_known_to_want_ocr(document):
            pages = min(_pages(document), sum(TEXT_PAGES))
            timeout_s = TEXT_TIMEOUT_S + TEXT_TIMEOUT_S_A_PAGE * pages
            job = _job(document, may_ocr=False)
            try:
                return self.text_helpers.call(timeout_s, function, job, *args, **kw)
            except NeedsOcr:
                self._remember_wants_ocr(document)
        timeout_s = OCR_TIMEOUT_S + OCR_TIMEOUT_S_A_PAGE * min(_pages(document), sum(OCR_PAGES))
        job = _job(document, may_ocr=True)
        return self._ocr_helpers.call(timeout_s, function, job, *args, **kw)

    def _is_known_to_want_ocr(self, document: SourceDocument) -> bool:
        with self._lock:
            return document.sha256 in self._wants_ocr

    def _remember_wants_ocr(self, document: SourceDocument) -> None:
        with self._lock:
            self._wants_ocr[document.sha256] = None
            while len(self._wants_ocr) > REMEMBERED:
                self._wants_ocr.popitem(last=False)


def _job(document: SourceDocument, *, may_ocr: bool) -> work.Job:
    part = document.part.pages if document.part else None
    return work.Job(document.path.resolve(), document.media_type, document.sha256, may_ocr, part)


def _pages(document: SourceDocument) -> int:
    part = document.part
    return part.pages.last - part.pages.first + 1 if part else document.pages
