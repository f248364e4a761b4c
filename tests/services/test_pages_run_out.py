"""Pages that run out while a batch is worked off: who waits, who fails, who goes on (Spec 5.4)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlmodel import col, select

from ingestio.db.engine import SYSTEM
from ingestio.db.tables import ExtractionJob
from ingestio.domain.batches import BatchStatus
from ingestio.domain.documents import DocumentStatus
from ingestio.domain.plans import PlanName
from ingestio.domain.usage import WhenPagesRunOut
from ingestio.errors import (
    PaymentsUnavailable,
)

if TYPE_CHECKING:
    from tests.wiring import House


def test_what_does_not_fit_waits_and_goes_on_after_an_upgrade(house: House):
    ada = house.user()
    house.billing.plans[ada.user_id] = PlanName.PLUS
    batch_id = house.submit(ada, [600, 600, 400])
    house.work_off()
    detail = house.detail(ada, batch_id)
    assert house.statuses(ada, batch_id) == ["completed", "waiting_for_quota", "completed"]
    assert detail.batch.status is BatchStatus.WAITING_FOR_QUOTA
    assert detail.missing_pages == 600
    assert detail.documents[1].attempt == 0
    house.processor().sweep()
    assert house.statuses(ada, batch_id)[1] == "waiting_for_quota"
    house.billing.plans[ada.user_id] = PlanName.GROWTH
    house.processor().sweep()
    house.work_off()
    detail = house.detail(ada, batch_id)
    assert detail.batch.status is BatchStatus.COMPLETED
    assert detail.pages_charged == 1_600


def test_what_waits_goes_on_in_the_next_period(house: House):
    ada = house.user()
    house.billing.plans[ada.user_id] = PlanName.PLUS
    batch_id = house.submit(ada, [900, 300])
    house.work_off()
    april = house.billing.period[1]
    house.billing.period = (april, april + timedelta(days=30))
    house.clock.at = april + timedelta(minutes=1)
    house.processor().sweep()
    house.work_off()
    assert house.statuses(ada, batch_id) == ["completed", "completed"]
    assert house.usage.balance(ada).used_pages == 300


def test_with_fail_what_does_not_fit_ends_failed_and_uncharged(house: House):
    ada = house.user()
    house.billing.plans[ada.user_id] = PlanName.PLUS
    batch_id = house.submit(ada, [900, 300], when_pages_run_out=WhenPagesRunOut.FAIL)
    house.work_off()
    detail = house.detail(ada, batch_id)
    assert detail.documents[1].status is DocumentStatus.FAILED
    assert detail.documents[1].error_code == "quota_exceeded"
    assert detail.batch.status is BatchStatus.PARTIALLY_COMPLETED
    assert detail.pages_charged == 900
    with house.database.read(SYSTEM) as session:
        of_it = col(ExtractionJob.document_id) == detail.documents[1].id
        job = session.exec(select(ExtractionJob).where(of_it)).one()
        assert (job.status.value, job.error_code) == ("failed", "quota_exceeded")


def test_pages_that_wait_are_counted_for_each_batch_of_their_owner(house: House):
    ada, bob = house.user(), house.user("bob@example.org")
    house.usage.balance(bob)
    first, second = house.submit(ada, [5_100, 5_200, 1]), house.submit(ada, [6_000])
    house.submit(bob, [7_000])
    house.work_off()
    assert house.batches.pages_waiting(ada) == {first: 10_300, second: 6_000}


def test_a_hold_is_settled_in_the_period_where_it_was_made(house: House):
    ada = house.user()
    house.submit(ada, [7])
    steps = house.steps(lease_s=10**7)
    claim = steps.claim()
    assert claim is not None
    april = house.billing.period[1]
    house.billing.period = (april, april + timedelta(days=30))
    house.clock.at = april + timedelta(minutes=1)
    assert steps.finish(claim, steps.read(claim))
    house.check()
    assert house.usage.balance(ada).used_pages == 0


def test_a_user_whose_plan_is_known_nowhere_waits_without_stopping_others(house: House):
    ada, bob = house.user(), house.user("bob@example.org")
    house.usage.balance(bob)
    house.submit(ada, [1])
    house.clock.pass_s(1)
    bobs = house.submit(bob, [1])
    house.billing.error = PaymentsUnavailable("Away.")
    assert house.work_off() == 1
    assert house.statuses(bob, bobs) == ["completed"]
    house.billing.error = None
    assert house.work_off() == 1
