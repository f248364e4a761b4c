"""What the dashboard shows: pure, from records to lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from ingestio.domain.batches import BatchStatus
from ingestio.web import format as fmt
from ingestio.web import routes
from ingestio.web.components.badges import BATCH_LOOKS
from ingestio.web.tallies import Shares, shares

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingestio.domain.batches import BatchRow
    from ingestio.domain.documents import DocumentRow

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


def attention(
    waiting: Sequence[BatchRow], failed: Sequence[BatchRow], to_review: Sequence[DocumentRow]
) -> list[Attention]:
    """What waits for pages, what failed, what is to check; in that order."""
    lines = [*map(_waits, waiting), *map(_failed, failed)]
    doubtful = [one for one in to_review if one.values_to_check]
    return [*lines, _check(doubtful)] if doubtful else lines


def _waits(batch: BatchRow) -> Attention:
    waiting = batch.counts.waiting
    goes = "It goes on by itself" if waiting == 1 else "They go on by themselves"
    return Attention(
        kind=WAITS,
        title=f"{batch.title} waits for pages",
        text=f"{fmt.count(waiting, 'document')}. {goes} when there are pages.",
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


def _check(documents: Sequence[DocumentRow]) -> Attention:
    values = sum(one.values_to_check for one in documents)
    return Attention(
        kind=TO_CHECK,
        title=f"{fmt.count(values, 'value')} to check in {fmt.count(len(documents), 'document')}",
        text="Each stands beside the place on the page where it was read.",
        action="Start review",
        href=routes.review(documents[0].id),
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
