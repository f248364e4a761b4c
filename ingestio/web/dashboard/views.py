"""What the dashboard shows: pure, from records to lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypedDict

from ingestio.domain.batches import BatchStatus
from ingestio.web import format as fmt
from ingestio.web import routes
from ingestio.web.components.badges import BATCH_LOOKS
from ingestio.web.tallies import Shares, shares

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from ingestio.domain.batches import BatchRow

WAITS, FAILED, TO_CHECK = "waits", "failed", "check"


class Attention(TypedDict):
    """Something that a person can move on. `kind` chooses the icon."""

    kind: str
    title: str
    text: str
    action: str
    href: str


class InWork(TypedDict):
    """A batch that moves, or waits."""

    id: str
    title: str
    href: str
    told: str
    bar: Shares


class Need(NamedTuple):
    """What a person can move on: the latest of each, and how many there are.

    `to_check` counts documents and their values; `next_id` is where a review begins.
    """

    waiting: Sequence[BatchRow]
    pages_waiting: Mapping[UUID, int]
    failed: Sequence[BatchRow]
    to_check: tuple[int, int]
    next_id: UUID | None
    batches_waiting: int
    batches_failed: int

    @property
    def things(self) -> int:
        """How many things there are to do, also those that are not shown."""
        return self.batches_waiting + self.batches_failed + bool(self.to_check[0])


def attention(need: Need) -> list[Attention]:
    """What waits for pages, what failed, what is to check; in that order."""
    waiting = [_waits(batch, need.pages_waiting.get(batch.id, 0)) for batch in need.waiting]
    lines = [*waiting, *map(_failed, need.failed)]
    if more := need.batches_waiting + need.batches_failed - len(lines):
        lines.append(_more(more))
    documents, values = need.to_check
    return [*lines, _check(documents, values, need.next_id)] if documents else lines


def _waits(batch: BatchRow, pages: int) -> Attention:
    waiting = batch.counts.waiting
    goes = "It goes on by itself" if waiting == 1 else "They go on by themselves"
    who = fmt.count(waiting, "document waits", "documents wait")
    return Attention(
        kind=WAITS,
        title=f"{batch.title} waits for pages",
        text=f"{who} for {fmt.count(pages, 'page')}. {goes} after an upgrade or a grant.",
        action="See plans",
        href=routes.BILLING,
    )


def _failed(batch: BatchRow) -> Attention:
    who = fmt.count(batch.counts.failed, "document")
    return Attention(
        kind=FAILED,
        title=f"{who} failed in {batch.title}",
        text="Nothing was charged for what failed. Look why, then retry.",
        action="Look",
        href=routes.batch(batch.id),
    )


def _more(batches: int) -> Attention:
    return Attention(
        kind=FAILED,
        title=fmt.count(batches, "more batch failed or waits", "more batches failed or wait"),
        text="The list shows them all.",
        action="All batches",
        href=routes.BATCHES,
    )


def _check(documents: int, values: int, next_id: UUID | None) -> Attention:
    return Attention(
        kind=TO_CHECK,
        title=f"{fmt.count(values, 'value')} to check in {fmt.count(documents, 'document')}",
        text="Each stands beside the place on the page where it was read.",
        action="Start review",
        href=routes.review(next_id) if next_id else routes.REVIEW_QUEUE,
    )


def in_work(batch: BatchRow) -> InWork:
    """A batch with its bar."""
    counts = batch.counts
    progress = f"{counts.ended:,} / {counts.total:,}"
    moves = batch.status is BatchStatus.PROCESSING
    word = "documents" if moves else BATCH_LOOKS[batch.status].word.lower()
    return InWork(
        id=str(batch.id),
        title=batch.title,
        href=routes.batch(batch.id),
        told=f"{progress} {word}" if moves else f"{progress}, {word}",
        bar=shares(counts),
    )
