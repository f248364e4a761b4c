"""Limits that move in mid-period: by the plan, by the period, and who notices (Spec 5.4)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ingestio.domain.plans import PlanName

if TYPE_CHECKING:
    from tests.wiring import House


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
