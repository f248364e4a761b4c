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
    from ingestio.domain.batches import Pause
    from ingestio.domain.beats import Watch
    from ingestio.domain.mails import MailHealth
    from ingestio.domain.plans import PlanName, SubscriptionStatus
    from ingestio.domain.providers import Outage

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
class QueueCounts:
    """Documents by where they stand, and mails that are still to be sent.

    `put_back` of those that wait are tried again later; `dead_leases` of those in work have no
    worker any more. `oldest_at`: since when the oldest waits, None where nothing does.
    """

    waiting: int
    put_back: int
    in_work: int
    dead_leases: int
    waiting_for_quota: int
    oldest_at: datetime | None
    mails_waiting: int


@dataclass(frozen=True, slots=True)
class QueueHealth:
    """How the queue is doing. The page, `/metrics` and `doctor` all show these figures.

    `failures` are documents by error code, of the last day and not retried since, most first;
    `outage` is the provider that gives no answers, if one does not; `watch` what the processors
    said last.
    """

    at: datetime
    counts: QueueCounts
    finished_last_hour: int
    failures: tuple[tuple[str, int], ...]
    pause: Pause
    outage: Outage | None = None
    watch: Watch | None = None
    mails: MailHealth | None = None

    @property
    def is_stuck(self) -> bool:
        """Somebody should sweep and does not, or nobody is there for what waits."""
        if self.watch is None:
            return False
        return self.watch.is_stuck or (not self.watch.beats and self.counts.waiting > 0)

    @property
    def oldest_waiting_s(self) -> float | None:
        """How long the oldest has waited; None where nothing waits."""
        oldest_at = self.counts.oldest_at
        return max(0.0, (self.at - oldest_at).total_seconds()) if oldest_at else None

    @property
    def failed(self) -> int:
        """Documents that failed in the last day and were not retried."""
        return sum(documents for _, documents in self.failures)


@dataclass(frozen=True, slots=True)
class AuditRow:
    """Who did what, to what: rows are only ever added."""

    at: datetime
    actor_id: UUID | None
    action: str
    subject: str | None
    before: str | None
    after: str | None
