"""What an administrator sees: accounts with their pages, and how the queue is doing (Spec 4.5).

Values only. Leaves who may look to the admin service, and counting to the database room.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from ingestio.domain.accounts import Role
    from ingestio.domain.plans import PlanName, SubscriptionStatus

ACCOUNT_SORTS: Final = (
    "email",
    "plan",
    "limit_pages",
    "used_pages",
    "reserved_pages",
    "left_pages",
    "batches_in_work",
    "failures",
    "created_at",
)
"""What accounts can be sorted by, with `-` before it for descending."""
MAX_GRANT_PAGES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account. Pages are of its present period; without one, of its plan."""

    id: UUID
    email: str
    role: Role
    plan: PlanName
    status: SubscriptionStatus
    limit_pages: int
    used_pages: int
    reserved_pages: int
    left_pages: int
    batches_in_work: int
    failures: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class QueueHealth:
    """The queue, counted in documents. `oldest_waiting_s` is None where nothing waits."""

    waiting: int
    in_work: int
    waiting_for_quota: int
    ended_last_hour: int
    oldest_waiting_s: float | None
    is_paused: bool
    pause_reason: str | None
    paused_at: datetime | None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """Who did what, to what: rows are only ever added."""

    at: datetime
    actor_id: UUID | None
    action: str
    subject: str | None
    before: str | None
    after: str | None
