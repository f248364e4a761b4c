"""What administrators see: pure, from records to words."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from ingestio.domain.plans import PLANS
from ingestio.domain.wording import short
from ingestio.web import format as fmt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingestio.domain.oversight import AccountRow, QueueHealth

_LOW_SHARE = 10
_SOON_S = 15
"""Three beats: a sweep that young is as good as now."""


class AccountView(TypedDict):
    """A row of the accounts."""

    id: str
    email: str
    initials: str
    role: str
    plan: str
    status: str
    limit: str
    used: str
    reserved: str
    left: str
    is_low: bool
    used_share: float
    held_share: float
    words: str
    in_work: str
    failures: str
    has_failures: bool


class _Watched(TypedDict):
    """The processors, in words."""

    processors: str
    swept: str
    trouble: str


class HealthView(TypedDict):
    """The queue's numbers. `oldest_at` is a moment: the page counts on from it by itself."""

    in_work: str
    waiting: str
    oldest_at: str
    for_quota: str
    last_hour: str
    put_back: str
    dead_leases: str
    has_dead: bool
    failed: str
    mails: str
    is_paused: bool
    reason: str
    paused_at: str
    is_away: bool
    is_stuck: bool
    processors: str
    swept: str
    trouble: str


class FailureView(TypedDict):
    """Documents of the last day that failed for one reason."""

    code: str
    words: str
    documents: str


def account_view(row: AccountRow) -> AccountView:
    """An account with its pages."""
    return AccountView(
        id=str(row.id),
        email=row.email,
        initials=row.email[:2].upper(),
        role=row.role.value,
        plan=PLANS[row.plan].label,
        status=row.status.value.replace("_", " "),
        limit=f"{row.limit_pages:,}",
        used=f"{row.used_pages:,}",
        reserved=f"{row.reserved_pages:,}" if row.reserved_pages else fmt.NONE,
        left=f"{row.left_pages:,}",
        is_low=row.limit_pages > 0 and row.left_pages * 100 < row.limit_pages * _LOW_SHARE,
        used_share=_share(row.used_pages, row.limit_pages),
        held_share=_share(row.reserved_pages, row.limit_pages),
        words=f"{row.used_pages:,} used, {row.reserved_pages:,} held of {row.limit_pages:,} pages",
        in_work=f"{row.batches_in_work:,}",
        failures=f"{row.failures:,}",
        has_failures=row.failures > 0,
    )


def _share(pages: int, limit: int) -> float:
    return round(min(100.0, 100 * pages / limit), 1) if limit else 0.0


def in_order(rows: Sequence[AccountRow], ids: Sequence[str]) -> tuple[AccountRow, ...]:
    """The same rows in the order in which they are shown; as they come where others are there."""
    by_id = {str(row.id): row for row in rows}
    return tuple(by_id[one] for one in ids) if by_id.keys() == set(ids) else tuple(rows)


def health_view(health: QueueHealth) -> HealthView:
    """How the queue is doing."""
    counts, pause = health.counts, health.pause
    return HealthView(
        in_work=f"{counts.in_work:,}",
        waiting=f"{counts.waiting:,}",
        oldest_at=fmt.iso(counts.oldest_at),
        for_quota=f"{counts.waiting_for_quota:,}",
        last_hour=f"{health.finished_last_hour:,}",
        put_back=f"{counts.put_back:,}",
        dead_leases=f"{counts.dead_leases:,}",
        has_dead=counts.dead_leases > 0,
        failed=f"{health.failed:,}",
        mails=f"{counts.mails_waiting:,}",
        is_paused=pause.is_paused,
        reason=pause.reason or "",
        paused_at=fmt.iso(pause.at) if pause.is_paused else "",
        is_away=health.outage is not None,
        is_stuck=health.is_stuck,
        **_watched(health),
    )


def _watched(health: QueueHealth) -> _Watched:
    """Who works documents off, when somebody swept last, and what troubled a scheduler."""
    watch = health.watch
    if watch is None or watch.late_s is None:
        return _Watched(processors="0", swept="No processor runs", trouble="")
    trouble = watch.trouble
    return _Watched(
        processors=f"{len(watch.beats):,}",
        swept="Just now" if watch.late_s < _SOON_S else f"{fmt.duration(watch.late_s)} ago",
        trouble=f"{trouble.trouble}" if trouble else "",
    )


def failure_views(health: QueueHealth) -> list[FailureView]:
    """The failures of the last day by code, most first."""
    return [
        FailureView(code=code, words=short(code), documents=f"{documents:,}")
        for code, documents in health.failures
    ]
