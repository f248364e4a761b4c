"""Limits that move in mid-period: by the plan, by the period, and who notices (Spec 5.4)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ingestio.domain.plans import PlanName
from ingestio.domain.usage import WhenPagesRunOut
from ingestio.errors import PaymentsUnavailable

if TYPE_CHECKING:
    from tests.wiring import House

every_choice = pytest.mark.parametrize("choice", list(WhenPagesRunOut))


@every_choice
def test_after_an_upgrade_nothing_is_set_aside_by_the_old_limit(
    house: House, choice: WhenPagesRunOut
):
    """Nobody has looked at the balance since, and no sweep has come."""
    ada = house.user()
    house.billing.plans[ada.user_id] = PlanName.PLUS
    house.submit(ada, [900])
    house.work_off()
    house.billing.plans[ada.user_id] = PlanName.GROWTH
    batch_id = house.submit(ada, [900, 900], when_pages_run_out=choice)

    house.work_off()

    assert house.statuses(ada, batch_id) == ["completed", "completed"]


@every_choice
def test_the_same_where_the_document_before_was_just_saved(house: House, choice: WhenPagesRunOut):
    ada = house.user()
    house.billing.plans[ada.user_id] = PlanName.PLUS
    batch_id = house.submit(ada, [900, 900], when_pages_run_out=choice)
    steps = house.steps()
    first = steps.claim()
    assert first
    house.billing.plans[ada.user_id] = PlanName.GROWTH

    second = steps.finish_and_claim(first, steps.read(first))

    assert second
    assert second.batch_id == batch_id
    house.check()


@every_choice
def test_a_claim_asks_for_a_plan_once_however_much_does_not_fit(
    house: House, choice: WhenPagesRunOut
):
    ada = house.user()
    house.billing.plans[ada.user_id] = PlanName.PLUS
    house.submit(ada, [900])
    house.work_off()
    batch_id = house.submit(ada, [900] * 5, when_pages_run_out=choice)
    house.billing.asked.clear()

    assert house.steps().claim() is None

    assert house.billing.asked == [ada.user_id]
    assert len({*house.statuses(ada, batch_id)} - {"uploaded"}) == 1


def test_others_are_claimed_before_anybody_is_asked_about_a_plan(house: House):
    ada, bob = house.user(), house.user("bob@example.org")
    house.billing.plans[ada.user_id] = PlanName.PLUS
    for one in (ada, bob):
        house.submit(one, [900])
    house.work_off()
    house.submit(ada, [900])
    house.clock.pass_s(1)
    bobs = house.submit(bob, [1])
    house.billing.asked.clear()

    claim = house.steps().claim()

    assert claim
    assert claim.batch_id == bobs
    assert house.billing.asked == []


def test_where_the_plan_is_known_nowhere_nothing_is_set_aside(house: House):
    ada = house.user()
    house.billing.plans[ada.user_id] = PlanName.PLUS
    house.submit(ada, [900])
    house.work_off()
    batch_id = house.submit(ada, [900], when_pages_run_out=WhenPagesRunOut.FAIL)
    house.billing.error = PaymentsUnavailable("Away.")

    assert house.work_off() == 0

    assert house.statuses(ada, batch_id) == ["uploaded"]


def test_after_a_downgrade_what_is_queued_waits_though_nobody_looked(house: House):
    ada = house.user()
    batch_id = house.submit(ada, [900, 900])
    house.work_off(times=1)
    house.billing.plans[ada.user_id] = PlanName.PLUS

    house.processor().sweep()
    house.work_off()

    assert house.statuses(ada, batch_id) == ["completed", "waiting_for_quota"]


def test_a_subscription_that_is_ended_at_once_leaves_no_pages_of_its_period(house: House):
    ada = house.user()
    house.billing.period = (datetime(2026, 3, 5, tzinfo=UTC), datetime(2026, 4, 5, tzinfo=UTC))
    batch_id = house.submit(ada, [900])
    assert house.usage.balance(ada).left_pages == 5_000
    house.billing.plans[ada.user_id] = PlanName.STARTER
    house.billing.period = (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))

    assert house.usage.balance(ada).left_pages == 0
    house.work_off()

    assert house.statuses(ada, batch_id) == ["waiting_for_quota"]


def test_who_comes_back_to_a_period_goes_on_in_it(house: House):
    ada = house.user()
    house.submit(ada, [900])
    house.work_off()
    month = house.billing.period
    house.billing.period = (datetime(2026, 3, 5, tzinfo=UTC), datetime(2026, 4, 5, tzinfo=UTC))
    assert house.usage.balance(ada).used_pages == 0

    house.billing.period = month

    assert house.usage.balance(ada).used_pages == 900
    house.check()
