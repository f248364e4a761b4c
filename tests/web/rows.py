"""Batches and documents as the services hand them to the pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from ingestio.domain.batches import BatchDetail, BatchRow, Counts, roll_up
from ingestio.domain.documents import DocumentRow, DocumentStatus, MediaType, ReviewState
from ingestio.domain.prompts import PromptStrategy
from ingestio.domain.usage import WhenPagesRunOut

T0 = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def a_document(**changes: Any) -> DocumentRow:
    plain = DocumentRow(
        id=UUID(int=7),
        batch_id=UUID(int=1),
        filename="invoice.pdf",
        media_type=MediaType.PDF,
        size_bytes=1_000,
        status=DocumentStatus.UPLOADED,
        pages=3,
        kind=None,
        prompt=None,
        prompt_source=None,
        error_code=None,
        review_state=ReviewState.UNREVIEWED,
        generation=1,
        attempt=0,
        updated_at=T0,
    )
    return replace(plain, **changes)


def a_batch(**changes: Any) -> BatchRow:
    counts = changes.get("counts", Counts(total=1))
    plain = BatchRow(
        id=UUID("9c41e07a-0000-4000-8000-000000000001"),
        name="November",
        status=roll_up(counts),
        strategy=PromptStrategy.GLOBAL,
        prompt="Extract total",
        counts=counts,
        total_pages=12,
        when_pages_run_out=WhenPagesRunOut.WAIT,
        round=1,
        created_at=T0,
        submitted_at=T0,
        started_at=T0,
        completed_at=None,
    )
    return replace(plain, **changes)


def a_detail(*documents: DocumentRow, **changes: Any) -> BatchDetail:
    """A batch with these documents, counted."""
    of = {status: sum(d.status is status for d in documents) for status in DocumentStatus}
    counts = Counts(
        total=len(documents),
        completed=of[DocumentStatus.COMPLETED],
        failed=of[DocumentStatus.FAILED],
        cancelled=of[DocumentStatus.CANCELLED],
        waiting=of[DocumentStatus.WAITING_FOR_QUOTA],
        in_work=of[DocumentStatus.PROCESSING],
    )
    pages = {status: sum(d.pages for d in documents if d.status is status) for status in of}
    return BatchDetail(
        batch=a_batch(counts=counts, **changes),
        documents=documents,
        pages_charged=pages[DocumentStatus.COMPLETED],
        pages_held=pages[DocumentStatus.PROCESSING],
        missing_pages=0,
    )
