"""The catalogue, and what follows from a subscription (Spec 3)."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest

from ingestio.domain.plans import (
    PLANS,
    PlanName,
    Subscription,
    SubscriptionStatus,
    calendar_month,
    entitlement,
)

START, END = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)


def of(plan: PlanName, status: SubscriptionStatus):
    return entitlement(Subscription(plan, status, START, END))


@pytest.mark.parametrize(
    ("name", "price_cents", "pages", "files", "batches"),
    [
        (PlanName.STARTER, 0, 0, 0, 0),
        (PlanName.PLUS, 2_900, 1_000, 25, 20),
        (PlanName.GROWTH, 9_900, 5_000, 100, 60),
    ],
)
def test_the_catalogue_is_that_of_spec_3(
    name: PlanName, price_cents: int, pages: int, files: int, batches: int
):
    plan = PLANS[name]

    assert plan.name == name
    assert plan.price_cents == price_cents
    assert plan.pages_per_month == pages
    assert plan.files_per_batch == files
    assert plan.batches_per_hour == batches


def test_the_catalogue_has_every_plan():
    assert PLANS.keys() == set(PlanName)


@pytest.mark.parametrize(("plan", "status"), [*product(PlanName, SubscriptionStatus)])
def test_a_paid_plan_that_runs_may_submit_and_nothing_else(
    plan: PlanName, status: SubscriptionStatus
):
    runs = status in {SubscriptionStatus.ACTIVE, SubscriptionStatus.TRIALING}
    is_paid = plan in {PlanName.PLUS, PlanName.GROWTH}

    assert of(plan, status).may_submit is (runs and is_paid)


@pytest.mark.parametrize(("plan", "status"), [*product(PlanName, SubscriptionStatus)])
def test_who_may_not_submit_is_told_why_and_who_may_is_told_nothing(
    plan: PlanName, status: SubscriptionStatus
):
    found = of(plan, status)

    assert (found.why_not is None) is found.may_submit
    assert found.why_not is None or found.why_not.endswith(".")


def test_the_reason_names_the_plan_and_the_status_in_words():
    starter = of(PlanName.STARTER, SubscriptionStatus.ACTIVE).why_not
    past_due = of(PlanName.GROWTH, SubscriptionStatus.PAST_DUE).why_not

    assert starter is not None
    assert "Starter" in starter
    assert past_due is not None
    assert "Growth subscription is past due" in past_due


def test_what_is_known_from_before_says_so():
    plus = Subscription(PlanName.PLUS, SubscriptionStatus.ACTIVE, START, END)

    assert entitlement(plus, is_stale=True).is_stale
    assert entitlement(plus, is_stale=True).may_submit


@pytest.mark.parametrize(
    ("now", "start", "end"),
    [
        ((2026, 3, 10, 12, 30), (2026, 3, 1), (2026, 4, 1)),
        ((2026, 3, 1, 0, 0), (2026, 3, 1), (2026, 4, 1)),
        ((2026, 12, 31, 23, 59), (2026, 12, 1), (2027, 1, 1)),
        ((2028, 2, 29, 1, 1), (2028, 2, 1), (2028, 3, 1)),
    ],
)
def test_a_month_reaches_from_its_first_to_the_next_first(now, start, end):
    moment = datetime(*now, tzinfo=UTC)

    assert calendar_month(moment) == (datetime(*start, tzinfo=UTC), datetime(*end, tzinfo=UTC))
