"""What the list shows of batches: pure, from records to words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypedDict

from ingestio.domain.batches import ENDED
from ingestio.web import format as fmt
from ingestio.web import routes
from ingestio.web.batches.query import LISTED, address
from ingestio.web.components.badges import BATCH_LOOKS
from ingestio.web.tallies import Shares, shares

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ingestio.domain.batches import BatchQuery, BatchRow, BatchStatus, Counts


class BatchView(TypedDict):
    """A row of the list."""

    id: str
    href: str
    title: str
    is_named: bool
    status: str
    progress: str
    beside: str
    bar: Shares
    bar_class: str
    pages: str
    pages_words: str
    submitted: str
    completed: str
    may_cancel: bool
    may_retry: bool


class Tab(TypedDict):
    """A status to filter by, and how many batches have it."""

    label: str
    count: str
    href: str
    is_current: bool


def batch_view(row: BatchRow) -> BatchView:
    """A batch as its row shows it."""
    return BatchView(
        id=str(row.id),
        href=routes.batch(row.id),
        title=row.name or str(row.id)[:8],
        is_named=bool(row.name),
        status=row.status.value,
        progress=f"{row.counts.ended:,} / {row.counts.total:,}",
        beside=beside(row.counts),
        bar=shares(row.counts),
        bar_class="still" if row.has_ended else "",
        pages=f"{row.total_pages:,}",
        pages_words=f"{fmt.count(row.total_pages, 'page')} · ",
        submitted=fmt.iso(row.submitted_at),
        completed=fmt.iso(row.completed_at),
        may_cancel=row.may_cancel,
        may_retry=row.may_retry,
    )


def beside(counts: Counts) -> str:
    """What is worth saying beside the progress: `1 failed · 2 waiting`."""
    parts = (
        (counts.failed, "failed"),
        (counts.waiting, "waiting"),
        (counts.cancelled, "cancelled"),
    )
    return " · ".join(f"{number:,} {word}" for number, word in parts if number)


def tabs(query: BatchQuery, tallies: Mapping[BatchStatus, int]) -> list[Tab]:
    """All, then every status that a listed batch can have."""
    every = _tab("All", sum(tallies.get(status, 0) for status in LISTED), query, None)
    one_each = (
        _tab(BATCH_LOOKS[status].word, tallies.get(status, 0), query, status) for status in LISTED
    )
    return [every, *one_each]


def _tab(label: str, number: int, query: BatchQuery, status: BatchStatus | None) -> Tab:
    return Tab(
        label=label,
        count=f"{number:,}",
        href=address(replace(query, status=status, page=1)),
        is_current=query.status is status,
    )


def in_work(tallies: Mapping[BatchStatus, int]) -> str:
    """The line under the title."""
    number = sum(tallies.get(status, 0) for status in LISTED if status not in ENDED)
    return f"{number:,} in work. This list changes by itself." if number else "Nothing in work."


def told(query: BatchQuery, total: int) -> str:
    """`1 to 20 of 43`."""
    first = (query.page - 1) * query.page_size + 1
    return f"{first:,} to {min(total, first + query.page_size - 1):,} of {total:,}" if total else ""


def pages_of(total: int, page_size: int) -> int:
    """How many pages that makes; at least one."""
    return max(1, -(-total // page_size))


def criteria(query: BatchQuery) -> str:
    """What an empty list was filtered by: `Status "Failed", name contains "march".`."""
    parts = [
        f"status “{BATCH_LOOKS[query.status].word}”" if query.status else "",
        f"name contains “{query.q}”" if query.q else "",
    ]
    said = ", ".join(part for part in parts if part)
    return f"{said[:1].upper()}{said[1:]}." if said else ""
