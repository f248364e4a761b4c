"""What administrators see: pure, from records to words."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from ingestio.domain.plans import PLANS
from ingestio.web import format as fmt

if TYPE_CHECKING:
    from ingestio.domain.oversight import AccountRow, QueueHealth

_LOW_SHARE = 10


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


class HealthView(TypedDict):
    """The queue's numbers."""

    in_work: str
    waiting: str
    oldest: str
    for_quota: str
    last_hour: str
    is_paused: bool
    reason: str


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


def health_view(health: QueueHealth) -> HealthView:
    """How the queue is doing."""
    oldest = health.oldest_waiting_s
    return HealthView(
        in_work=f"{health.in_work:,}",
        waiting=f"{health.waiting:,}",
        oldest=fmt.duration(oldest) if oldest is not None else fmt.NONE,
        for_quota=f"{health.waiting_for_quota:,}",
        last_hour=f"{health.ended_last_hour:,}",
        is_paused=health.is_paused,
        reason=health.pause_reason or "",
    )
