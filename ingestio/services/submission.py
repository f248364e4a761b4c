"""Submission: one use case behind the wizard and the API (Spec 5.2, 5.3).

Answers with the batch's id, which is the draft's; a second submission with the same. Leaves the
draft itself to intake, what follows to the processor.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import structlog

from ingestio.db import batches, drafts, submissions
from ingestio.domain.batches import BatchId, BatchStatus
from ingestio.domain.drafts import problems
from ingestio.errors import InvalidDraft, NotFound, RateLimited, Unavailable, UpgradeRequired

if TYPE_CHECKING:
    from uuid import UUID

    from ingestio.db.engine import Database, Session
    from ingestio.domain.accounts import Actor
    from ingestio.domain.drafts import BatchDraft
    from ingestio.domain.plans import Entitlement
    from ingestio.ports import Analytics, Clock, FileStorage, RateLimiter, StatusFeed, WorkQueue
    from ingestio.services.billing import Billing

log = structlog.get_logger(__name__)
_HOUR_S: Final = 3_600


@dataclass(frozen=True, slots=True)
class Submission:
    """Turns drafts into batches."""

    database: Database
    billing: Billing
    storage: FileStorage
    limiter: RateLimiter
    feed: StatusFeed
    queue: WorkQueue
    analytics: Analytics
    clock: Clock

    def submit(self, actor: Actor, draft_id: UUID) -> BatchId:
        """Submit a draft, once: the batch's id, also the second time.

        Raises:
            NotFound, UpgradeRequired, RateLimited, PaymentsUnavailable
            InvalidDraft: with every problem at once.
        """
        if self._is_submitted(actor, draft_id):
            return BatchId(draft_id)
        right = self.billing.entitlement(actor)
        if not right.may_submit:
            raise UpgradeRequired(right.why_not or "Batches need a paid plan.")
        self._check_rate(actor, right)
        submitted = self._submit(actor, draft_id, right)
        if submitted is not None:
            self._follow_up(actor, right, *submitted)
        return BatchId(draft_id)

    def _is_submitted(self, actor: Actor, draft_id: UUID) -> bool:
        with self.database.read(actor.user_id) as session:
            status = batches.status_of(session, actor.user_id, draft_id)
        if status is None:
            raise NotFound
        return status is not BatchStatus.PENDING_UPLOAD

    def _submit(
        self, actor: Actor, draft_id: UUID, right: Entitlement
    ) -> tuple[BatchDraft, list[str]] | None:
        """The draft that became a batch and what was left over; None where it already had."""
        now = self.clock.now()

        def work(session: Session) -> tuple[BatchDraft, list[str]] | None:
            drafts.lock(session, actor.user_id, draft_id)
            draft = drafts.find(session, actor.user_id, draft_id)
            if draft is None:
                return None
            if found := problems(draft, right):
                raise InvalidDraft(found)
            return draft, submissions.submit(session, actor.user_id, draft, now)

        submitted = self.database.write(actor.user_id, work)
        if submitted is None and not self._is_submitted(actor, draft_id):
            raise NotFound  # discarded in another tab meanwhile
        return submitted

    def _follow_up(
        self, actor: Actor, right: Entitlement, draft: BatchDraft, left_over: list[str]
    ) -> None:
        """After the commit: nothing here may undo it, or keep the rest from being done."""
        figures = {
            "documents": len(draft.valid_files),
            "pages": draft.pages,
            "strategy": draft.strategy.value,
        }
        for act in (
            self.queue.wake,
            partial(self.feed.publish, actor.user_id, draft.id),
            partial(self.limiter.hit, _bucket(actor), *_window(right)),
            partial(self.analytics.event, "batch_submitted", actor.user_id, figures),
            *(partial(self.storage.delete, key) for key in left_over),
        ):
            try:
                act()
            except Unavailable as error:
                log.warning("left_out", batch_id=str(draft.id), error=error.message)
            except Exception:
                log.exception("left_out", batch_id=str(draft.id))

    def _check_rate(self, actor: Actor, right: Entitlement) -> None:
        wait_s = self.limiter.peek(_bucket(actor), *_window(right))
        if wait_s is None:
            return
        minutes = max(1, math.ceil(wait_s / 60))
        raise RateLimited(
            f"{right.plan.batches_per_hour} uploads an hour is the limit of {right.plan.label}. "
            f"Next one in {minutes} {'minute' if minutes == 1 else 'minutes'}.",
            math.ceil(wait_s),
        )


def _bucket(actor: Actor) -> str:
    return f"batches:{actor.user_id}"


def _window(right: Entitlement) -> tuple[int, int]:
    return right.plan.batches_per_hour, _HOUR_S
