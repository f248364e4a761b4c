"""The one catalogue of plans, and what a user may do now.

Every limit on every screen and in every check comes from here (Spec 3). Leaves what Stripe says to
the billing service.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID


class PlanName(StrEnum):
    """The plans on offer."""

    STARTER = "starter"
    PLUS = "plus"
    GROWTH = "growth"


@dataclass(frozen=True, slots=True)
class Plan:
    """A catalogue entry. Prices in cents a month; 0 files means no batches."""

    name: PlanName
    price_cents: int
    pages_per_month: int
    files_per_batch: int
    batches_per_hour: int

    @property
    def label(self) -> str:
        """The plan's name as a person reads it."""
        return self.name.value.capitalize()


PLANS: dict[PlanName, Plan] = {
    PlanName.STARTER: Plan(PlanName.STARTER, 0, 0, 0, 0),
    PlanName.PLUS: Plan(PlanName.PLUS, 2_900, 1_000, 25, 20),
    PlanName.GROWTH: Plan(PlanName.GROWTH, 9_900, 5_000, 100, 60),
}


class SubscriptionStatus(StrEnum):
    """What Stripe says of a subscription; `none` where there is none."""

    ACTIVE = "active"
    TRIALING = "trialing"
    PAST_DUE = "past_due"
    CANCELED = "canceled"
    UNPAID = "unpaid"
    INCOMPLETE = "incomplete"
    NONE = "none"


ELIGIBLE_STATUSES = frozenset({SubscriptionStatus.ACTIVE, SubscriptionStatus.TRIALING})


@dataclass(frozen=True, slots=True)
class Subscription:
    """What the payment side says of one user. Period bounds are aware UTC."""

    plan: PlanName
    status: SubscriptionStatus
    period_start: datetime
    period_end: datetime


@dataclass(frozen=True, slots=True)
class PaymentEvent:
    """Something happened on the payment side; what it is now is asked for, never read off it.

    `user_id` comes with a finished checkout alone: that is how a customer gets to be known.
    """

    id: str
    type: str
    customer_id: str | None
    user_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What this user may do now."""

    plan: Plan
    status: SubscriptionStatus
    period_start: datetime
    period_end: datetime
    is_stale: bool = False

    @property
    def may_submit(self) -> bool:
        """Eligible for batches: a paid plan, and a subscription that runs (Spec 3)."""
        return self.plan.files_per_batch > 0 and self.status in ELIGIBLE_STATUSES

    @property
    def why_not(self) -> str | None:
        """The sentence under "Upgrade Required", or None."""
        if self.may_submit:
            return None
        if self.plan.files_per_batch == 0:
            return (
                f"Batches need a paid plan; yours is {self.plan.label}. "
                "Plus brings 25 files a batch and 1,000 pages a month."
            )
        words = self.status.value.replace("_", " ")
        return (
            f"Your {self.plan.label} subscription is {words}. Batches open again once it is active."
        )


def entitlement(subscription: Subscription, *, is_stale: bool = False) -> Entitlement:
    """The rights that follow from a subscription."""
    return Entitlement(
        PLANS[subscription.plan],
        subscription.status,
        subscription.period_start,
        subscription.period_end,
        is_stale,
    )


def calendar_month(now: datetime) -> tuple[datetime, datetime]:
    """Start of this UTC month and of the next: the period where Stripe gives none."""
    start = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    december = 12
    if start.month == december:
        return start, start.replace(year=start.year + 1, month=1)
    return start, start.replace(month=start.month + 1)
