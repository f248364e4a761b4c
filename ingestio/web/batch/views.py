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

    from ingestio.domain.batches import BatchDetail, Counts
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


class Counter(TypedDict):
    """One of the six numbers that add up to the documents; pressed, it filters by itself."""

    key: str
    label: str
    short: str
    count: str
    pages: str
    tone: str


class Summary(TypedDict):
    """The batch above its documents."""

    id: str
    short_id: str
    title: str
    status: str
    strategy: str
    prompt: str
    is_prompt_long: bool
    ended: str
    remaining: str
    bar: Shares
    bar_class: str
    counters: list[Counter]
    documents: str
    pages: str
    charged: str
    submitted: str
    started: str
    completed: str
    waits: str
    waits_until: str
    results: str
    may_cancel: bool
    may_retry: bool


def summary(detail: BatchDetail, balance: PageBalance | None, now: datetime) -> Summary:
    """A batch as its page shows it. `balance` is needed only where something waits for pages."""
    batch, counts = detail.batch, detail.batch.counts
    return Summary(
        id=str(batch.id),
        short_id=str(batch.id)[:8],
        title=batch.title,
        status=batch.status.value,
        strategy=STRATEGY_LABELS[batch.strategy],
        prompt=batch.prompt or "",
        is_prompt_long=len(batch.prompt or "") > LONG_PROMPT_CHARS,
        ended=f"{counts.ended:,} of {fmt.count(counts.total, 'document')} ended",
        remaining=remaining(detail, now),
        bar=shares(counts),
        bar_class="lg still" if batch.has_ended else "lg",
        counters=counters(detail),
        documents=f"{counts.total:,}",
        pages=f"{batch.total_pages:,}",
        charged=fmt.count(detail.pages_charged, "page"),
        submitted=fmt.iso(batch.submitted_at),
        started=fmt.iso(batch.started_at),
        completed=fmt.iso(batch.completed_at),
        waits=_waits(detail, balance),
        waits_until=_waits_until(counts, balance),
        results=f"{counts.completed:,}" if counts.completed else "",
        may_cancel=batch.may_cancel,
        may_retry=batch.may_retry,
    )


def page_title(summed: Summary) -> str:
    """The tab's title, with the counts, so that a batch is watched from another tab."""
    return f"{summed['ended']} · {summed['title']} · IngestIO"


def counters(detail: BatchDetail) -> list[Counter]:
    """The six, in the order of the bar. What failed or was cancelled costs nothing, and says so."""
    counts, pages = detail.batch.counts, _pages_by_counter(detail.documents)
    charged, held = detail.pages_charged, detail.pages_held
    numbers = {
        "completed": (counts.completed, charged, " charged"),
        "failed": (counts.failed, pages["failed"], ", not charged"),
        "cancelled": (counts.cancelled, pages["cancelled"], ", not charged"),
        "in_work": (counts.in_work, held, " held"),
        "waiting": (counts.waiting, pages["waiting"], ""),
        "pending": (counts.pending, pages["pending"], ""),
    }
    return [_counter(look, *numbers[look.key]) for look in COUNTER_LOOKS]


def _counter(look: CounterLook, count: int, pages: int, after: str) -> Counter:
    said = f"{fmt.count(pages, 'page')}{after}" if count else ""
    return Counter(
        key=look.key,
        label=look.label,
        short=look.short,
        count=f"{count:,}",
        pages=said,
        tone=look.tone,
    )


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


def _waits_until(counts: Counts, balance: PageBalance | None) -> str:
    if not counts.waiting or balance is None:
        return ""
    who = "It goes on by itself" if counts.waiting == 1 else "They go on by themselves"
    day = fmt.day(balance.period_end)
    return f"{who} after an upgrade, a grant of pages, or on {day}."
