"""What runs inside a helper process: read a file once, then classify, extract or draw it.

Answers with plain values. The last documents read are remembered by their sha-256, so that
classifying and extracting one document reads (and OCRs) it once. Leaves limits, time-outs and
crashes to the adapter.
"""

from __future__ import annotations

import io
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingestio.engines.local import drawing, einvoice, engine
from ingestio.engines.local.reading import read

if TYPE_CHECKING:
    from pathlib import Path

    from ingestio.domain.documents import DocumentKind, MediaType
    from ingestio.domain.results import Classification, Extraction, PageRange
    from ingestio.engines.local.einvoice import EInvoice
    from ingestio.engines.local.pages import ReadDocument

REMEMBERED = 8


@dataclass(frozen=True, slots=True)
class Job:
    """A file to read; `may_ocr` where this process may load the OCR model. `part` None: all."""

    path: Path
    media_type: MediaType
    sha256: str
    may_ocr: bool
    part: PageRange | None = None


_remembered: OrderedDict[
    tuple[str, bool, PageRange | None], tuple[ReadDocument, EInvoice | None]
] = OrderedDict()


def classify(job: Job) -> Classification:
    """The type of a file.

    Raises:
        DocumentRejected: one of its family.
        NeedsOcr: not here.
    """
    document, stated = _document(job)
    return engine.classify(document, stated)


def extract(job: Job, prompt: str | None, kind: DocumentKind | None) -> Extraction:
    """The fields of a file; raises what `classify` does, and PromptNamesNoFields, NothingFound."""
    document, stated = _document(job)
    return engine.extract(document, prompt, kind, stated)


def draw(path: Path, media_type: MediaType, page: int, width_px: int) -> bytes:
    """A page as JPEG; raises NotFound, Unreadable."""
    picture = drawing.page_picture(path, media_type, page, width_px)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=82, optimize=True)
    return buffer.getvalue()


def _document(job: Job) -> tuple[ReadDocument, EInvoice | None]:
    key = (job.sha256, job.may_ocr, job.part)
    if key in _remembered:
        _remembered.move_to_end(key)
        return _remembered[key]
    document = read(job.path, job.media_type, job.part, may_ocr=job.may_ocr)
    _remembered[key] = (document, einvoice.parse(document.xml) if document.xml else None)
    while len(_remembered) > REMEMBERED:
        _remembered.popitem(last=False)
    return _remembered[key]
