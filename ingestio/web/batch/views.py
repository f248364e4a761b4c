"""What the page shows of a batch: pure, from records to words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypedDict

from ingestio.domain.prompts import PromptStrategy
from ingestio.web import format as fmt
from ingestio.web.batch.pace import remaining_s
from ingestio.web.tallies import Shares, shares

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ingestio.domain.batches import BatchDetail, BatchRow, Counts
    from ingestio.domain.documents import DocumentRow
    from ingestio.domain.usage import PageBalance

STRATEGY_LABELS: dict[PromptStrategy, str] = {
    PromptStrategy.GLOBAL: "Global",
    PromptStrategy.PER_DOCUMENT: "Per-Document",
    PromptStrategy.AUTO: "Auto-Detect",
}
LONG_PROMPT_CHARS = 160
"""What is longer is folded, with "Show more"."""


class CounterLook(NamedTuple):
    """How a counter is called, in full and in the filter, and its colour's class."""

    key: str
    label: str
    short: str
    tone: str


COUNTER_LOOKS = (
    CounterLook("completed", "Completed", "Completed", "done"),
    CounterLook("failed", "Failed", "Failed", "fail"),
    CounterLook("cancelled", "Cancelled", "Cancelled", "stop"),
    CounterLook("in_work", "In work", "In work", "work"),
    CounterLook("waiting", "Waiting for quota", "Waiting", "wait"),
    CounterLook("pending", "Pending", "Pending", "rest"),
)
"""In the order of the bar."""


class Head(TypedDict):
    """What of a batch does not change while it is worked off."""

    id: str
    short_id: str
    title: str
    strategy: str
    prompt: str
    is_prompt_long: bool
    submitted: str


class Progress(TypedDict):
    """What does: sent again with every change, so kept small."""

    status: str
    ended: str
    remaining: str
    bar: Shares
    bar_class: str
    counts: dict[str, str]
    counted: dict[str, str]
    documents: str
    pages: str
    charged: str
    started: str
    completed: str
    waits: str
    waits_until: str
    results: str
    may_cancel: bool
    may_retry: bool


def head(batch: BatchRow) -> Head:
    """A batch's name and what was asked."""
    return Head(
        id=str(batch.id),
        short_id=str(batch.id)[:8],
        title=batch.title,
        strategy=STRATEGY_LABELS[batch.strategy],
        prompt=batch.prompt or "",
        is_prompt_long=len(batch.prompt or "") > LONG_PROMPT_CHARS,
        submitted=fmt.iso(batch.submitted_at),
    )


def progress(
    detail: BatchDetail, balance: PageBalance | None, now: datetime, account_lacks: int = 0
) -> Progress:
    """How far a batch is. What the account has and lacks: only where pages wait."""
    batch, counts = detail.batch, detail.batch.counts
    return Progress(
        status=batch.status.value,
        ended=ended(counts),
        remaining=remaining(detail, now),
        bar=shares(counts),
        bar_class="lg still" if batch.has_ended else "lg",
        counts={key: f"{number:,}" for key, (number, _) in counters(detail).items()},
        counted={key: said for key, (_, said) in counters(detail).items()},
        documents=f"{counts.total:,}",
        pages=f"{batch.total_pages:,}",
        charged=fmt.count(detail.pages_charged, "page"),
        started=fmt.iso(batch.started_at),
        completed=fmt.iso(batch.completed_at),
        waits=_waits(detail, balance),
        waits_until=_waits_until(detail, balance, account_lacks),
        results=f"{counts.completed:,}" if counts.completed else "",
        may_cancel=batch.may_cancel,
        may_retry=batch.may_retry,
    )


def ended(counts: Counts) -> str:
    """`7 of 12 documents ended`."""
    return f"{counts.ended:,} of {fmt.count(counts.total, 'document')} ended"


def page_title(batch: BatchRow) -> str:
    """The tab's title, with the counts, so that a batch is watched from another tab."""
    return f"{ended(batch.counts)} · {batch.title} · IngestIO"


def counters(detail: BatchDetail) -> dict[str, tuple[int, str]]:
    """The six numbers, each with its pages. What failed or was cancelled costs nothing."""
    counts, pages = detail.batch.counts, _pages_by_counter(detail.documents)
    numbers = {
        "completed": (counts.completed, detail.pages_charged, " charged"),
        "failed": (counts.failed, pages["failed"], ", not charged"),
        "cancelled": (counts.cancelled, pages["cancelled"], ", not charged"),
        "in_work": (counts.in_work, detail.pages_held, " held"),
        "waiting": (counts.waiting, pages["waiting"], ""),
        "pending": (counts.pending, pages["pending"], ""),
    }
    return {
        key: (number, f"{fmt.count(counted, 'page')}{after}" if number else "")
        for key, (number, counted, after) in numbers.items()
    }


COUNTER_OF: dict[str, str] = {
    "uploaded": "pending",
    "processing": "in_work",
    "completed": "completed",
    "failed": "failed",
    "waiting_for_quota": "waiting",
    "cancelled": "cancelled",
}
"""Which of the six numbers a document counts in, by its status."""


def _pages_by_counter(documents: Sequence[DocumentRow]) -> dict[str, int]:
    pages = dict.fromkeys(COUNTER_OF.values(), 0)
    for document in documents:
        pages[COUNTER_OF[document.status]] += document.pages
    return pages


def remaining(detail: BatchDetail, now: datetime) -> str:
    """How long it will still take, measured from this batch alone; never invented."""
    batch = detail.batch
    goes_on = batch.counts.pending + batch.counts.in_work
    if not goes_on:
        return ""
    measured = remaining_s(detail.documents, batch.started_at, now)
    if measured is None:
        return "No estimate yet"
    return f"{fmt.estimate(*measured)} for the {goes_on:,} that can go on"


def _waits(detail: BatchDetail, balance: PageBalance | None) -> str:
    waiting = detail.batch.counts.waiting
    if not waiting or balance is None:
        return ""
    pages = _pages_by_counter(detail.documents)["waiting"]
    who = fmt.count(waiting, "document waits", "documents wait")
    return f"{who} for {fmt.count(pages, 'page')}; your plan has {balance.left_pages:,} left."


def _waits_until(detail: BatchDetail, balance: PageBalance | None, account_lacks: int) -> str:
    """How many pages are missing, and what brings them."""
    waiting, missing = detail.batch.counts.waiting, detail.missing_pages
    if not waiting or balance is None:
        return ""
    who = "It goes on by itself" if waiting == 1 else "They go on by themselves"
    if not account_lacks:
        return f"{who} in a moment."
    lack = fmt.count(missing, "page is", "pages are") + " missing"
    if account_lacks > missing:
        lack = (
            f"{lack}, {account_lacks:,} for everything that waits"
            if missing
            else (
                fmt.count(account_lacks, "page is", "pages are") + " missing for what waits before"
            )
        )
    day = fmt.day(balance.period_end)
    return f"{lack}. {who} after an upgrade, a grant of pages, or on {day}."
