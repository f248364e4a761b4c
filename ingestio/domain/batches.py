"""One submission and what becomes of it.

Answers a batch's status from its documents (Spec 6.5) and which actions fit it. Leaves keeping the
counts to the database room, in the transaction of each document's move.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from statistics import quantiles
from typing import TYPE_CHECKING, Final, NewType
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ingestio.domain.documents import DocumentRow
    from ingestio.domain.prompts import PromptStrategy
    from ingestio.domain.usage import WhenPagesRunOut

BatchId = NewType("BatchId", UUID)


class BatchStatus(StrEnum):
    """Where a batch stands (Spec 2)."""

    PENDING_UPLOAD = "pending_upload"
    QUEUED = "queued"
    PROCESSING = "processing"
    COMPLETED = "completed"
    PARTIALLY_COMPLETED = "partially_completed"
    FAILED = "failed"
    WAITING_FOR_QUOTA = "waiting_for_quota"
    CANCELLED = "cancelled"


ENDED = frozenset(
    {
        BatchStatus.COMPLETED,
        BatchStatus.PARTIALLY_COMPLETED,
        BatchStatus.FAILED,
        BatchStatus.CANCELLED,
    }
)

MOVES: Final[Mapping[BatchStatus | None, frozenset[BatchStatus]]] = {
    None: frozenset({BatchStatus.PENDING_UPLOAD}),
    BatchStatus.PENDING_UPLOAD: frozenset({BatchStatus.QUEUED}),
    BatchStatus.QUEUED: frozenset(
        {
            BatchStatus.PROCESSING,
            BatchStatus.WAITING_FOR_QUOTA,
            BatchStatus.FAILED,
            BatchStatus.CANCELLED,
        }
    ),
    BatchStatus.PROCESSING: frozenset({BatchStatus.QUEUED, BatchStatus.WAITING_FOR_QUOTA}) | ENDED,
    BatchStatus.WAITING_FOR_QUOTA: frozenset({BatchStatus.QUEUED, BatchStatus.PROCESSING}) | ENDED,
    BatchStatus.COMPLETED: frozenset({BatchStatus.CANCELLED}),
    BatchStatus.PARTIALLY_COMPLETED: frozenset(
        {BatchStatus.PROCESSING, BatchStatus.COMPLETED, BatchStatus.FAILED}
    ),
    BatchStatus.FAILED: frozenset(
        {BatchStatus.QUEUED, BatchStatus.PROCESSING, BatchStatus.CANCELLED}
    ),
    BatchStatus.CANCELLED: frozenset(),
}
"""Every legal move; None is not born yet. The database refuses the others.

They are what `roll_up` gives when documents move or are deleted. From one end to another when a
document is deleted; out of an end by a retry alone, and then with the next round.
"""


@dataclass(frozen=True, slots=True)
class Counts:
    """A batch's documents by where they stand; the six add up to `total`."""

    total: int
    completed: int = 0
    failed: int = 0
    cancelled: int = 0
    waiting: int = 0
    in_work: int = 0

    @property
    def pending(self) -> int:
        """Documents that nobody has claimed yet."""
        ended = self.completed + self.failed + self.cancelled
        return self.total - ended - self.waiting - self.in_work

    @property
    def ended(self) -> int:
        """Documents that are over, whichever way."""
        return self.completed + self.failed + self.cancelled


def roll_up(counts: Counts) -> BatchStatus:
    """The batch's status, first match wins (Spec 6.5)."""
    if counts.in_work or (counts.pending and counts.ended):
        return BatchStatus.PROCESSING
    if counts.pending:
        return BatchStatus.QUEUED
    if counts.waiting:
        return BatchStatus.WAITING_FOR_QUOTA
    if counts.cancelled == counts.total:
        return BatchStatus.CANCELLED
    if counts.completed == counts.total - counts.cancelled:
        return BatchStatus.COMPLETED
    return BatchStatus.PARTIALLY_COMPLETED if counts.completed else BatchStatus.FAILED


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch as the pages and the API show it."""

    id: UUID
    name: str | None
    status: BatchStatus
    strategy: PromptStrategy
    prompt: str | None
    counts: Counts
    total_pages: int
    when_pages_run_out: WhenPagesRunOut
    round: int
    created_at: datetime
    submitted_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    version: int = 0

    @property
    def title(self) -> str:
        """Its name, or a short id."""
        return self.name or f"Batch {str(self.id)[:8]}"

    @property
    def has_ended(self) -> bool:
        """Whether nothing of it will move by itself."""
        return self.status in ENDED

    @property
    def may_cancel(self) -> bool:
        """Whether something is left to cancel."""
        return not self.has_ended and self.status is not BatchStatus.PENDING_UPLOAD

    @property
    def may_retry(self) -> bool:
        """Whether something failed."""
        return self.counts.failed > 0


SORTS = ("name", "status", "progress", "total_pages", "submitted_at", "completed_at")
PAGE_SIZES = (20, 50, 100)


@dataclass(frozen=True, slots=True)
class BatchQuery:
    """What of a list is wanted. `sort` is one of SORTS, with `-` before it for descending."""

    status: BatchStatus | None = None
    q: str = ""
    sort: str = "-submitted_at"
    page: int = 1
    page_size: int = 20


@dataclass(frozen=True, slots=True)
class BatchDetail:
    """A batch with its documents and its pages in the ledger.

    `missing_pages` is what the waiting documents need beyond what is left.
    """

    batch: BatchRow
    documents: tuple[DocumentRow, ...]
    pages_charged: int
    pages_held: int
    missing_pages: int


@dataclass(frozen=True, slots=True)
class Pause:
    """Whether the processor is paused, why, and since when."""

    is_paused: bool
    reason: str | None = None
    at: datetime | None = None


MIN_SAMPLES = 5
"""Below so many measured documents there is no estimate, never a constant (Spec 4.1)."""


def estimate(
    seconds_a_page: Sequence[float], pages: int, at_once: int
) -> tuple[float, float] | None:
    """Seconds that pages will take, as a range: the middle half of what was measured.

    `at_once` is how many documents are worked off beside each other.
    """
    if len(seconds_a_page) < MIN_SAMPLES:
        return None
    low, _, high = quantiles(seconds_a_page, n=4, method="inclusive")
    return low * pages / at_once, high * pages / at_once
