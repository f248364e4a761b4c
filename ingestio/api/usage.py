"""The page balance as a script sees it (Spec 9.1)."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from ingestio.api.identity import SignedIn, private_router
from ingestio.bootstrap import call, services
from ingestio.domain.plans import PlanName, SubscriptionStatus

router = private_router("usage")


class UsageShown(BaseModel):
    """This period's pages: what the plan allows, what is used, held and left."""

    plan: PlanName
    status: SubscriptionStatus
    period_start: datetime
    period_end: datetime
    limit_pages: int
    used_pages: int
    reserved_pages: int
    left_pages: int


@router.get("/usage", summary="Pages used and left")
async def get_usage(actor: SignedIn) -> UsageShown:
    """Of the period that runs now."""
    right = await call(services().billing.entitlement, actor)
    balance = await call(services().usage.balance, actor)
    return UsageShown(
        plan=right.plan.name,
        status=right.status,
        period_start=balance.period_start,
        period_end=balance.period_end,
        limit_pages=balance.limit_pages,
        used_pages=balance.used_pages,
        reserved_pages=balance.reserved_pages,
        left_pages=balance.left_pages,
    )
