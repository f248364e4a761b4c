"""Plans where Stripe is not configured: ports.PaymentGateway from the account's own columns.

Nobody pays; the period is the calendar month in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingestio.db import accounts
from ingestio.db.engine import SYSTEM
from ingestio.domain.plans import PlanName, Subscription, SubscriptionStatus, calendar_month
from ingestio.errors import NotConfigured

if TYPE_CHECKING:
    from uuid import UUID

    from ingestio.db.engine import Database
    from ingestio.domain.plans import PaymentEvent
    from ingestio.ports import Clock


@dataclass(frozen=True, slots=True)
class PlanOnFile:
    """What the account says."""

    database: Database
    clock: Clock

    def subscription(self, user_id: UUID, customer_id: str | None) -> Subscription:
        """The recorded plan, for this month; an account that is gone has none."""
        del customer_id
        with self.database.read(SYSTEM) as session:
            found = accounts.plan_of(session, user_id)
        plan, status = found or (PlanName.STARTER, SubscriptionStatus.NONE)
        return Subscription(plan, status, *calendar_month(self.clock.now()))

    def read_event(self, body: bytes, signature: str | None) -> PaymentEvent:
        """There is nobody whose events could be read.

        Raises:
            NotConfigured
        """
        del body, signature
        raise NotConfigured("Stripe is not configured here.")
