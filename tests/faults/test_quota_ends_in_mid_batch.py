"""Ten pages, twenty documents: what does not fit waits or fails, and goes on by itself (row 22)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ingestio.db import operations
from ingestio.db.engine import SYSTEM
from ingestio.domain.batches import BatchStatus
from ingestio.domain.documents import DocumentStatus
from ingestio.domain.usage import WhenPagesRunOut
from tests.faults.living import eventually, in_status
from tests.wiring import House, build

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from uuid import UUID

    from ingestio.db.engine import Database
    from ingestio.domain.accounts import Actor
    from ingestio.domain.plans import Entitlement

PAGES, DOCUMENTS = 10, 20


class SmallPlan:
    """Billing with a plan of ten pages a month."""

    def __init__(self, house: House) -> None:
        self.large, self.pages = house.billing, PAGES

    def entitlement(self, actor: Actor) -> Entitlement:
        return self.entitlement_of(actor.user_id)

    def entitlement_of(self, user_id: UUID) -> Entitlement:
        right = self.large.entitlement_of(user_id)
        return replace(right, plan=replace(right.plan, pages_per_month=self.pages))


@pytest.fixture
def house(either_database: Database, tmp_path: Path) -> House:
    made = build(either_database, tmp_path)
    small = SmallPlan(made)
    made.billing = small  # type: ignore[assignment]
    made.usage = replace(made.usage, billing=small)
    return made


def work_off(house: House) -> None:
    """Threads and sweeps, as the scheduler drives them, until nothing moves any more."""
    processor = house.processor(size=4)
    open_ones = (DocumentStatus.UPLOADED, DocumentStatus.PROCESSING)

    def rests() -> bool:
        processor.run_once()
        processor.drain(10)
        return not any(in_status(house, one) for one in open_ones)

    assert eventually(rests, 20)
    processor.stop(5)


def grant(house: House, ada: Actor) -> None:
    right, now = house.billing.entitlement(ada), house.clock.now()
    house.database.write(
        SYSTEM,
        lambda session: operations.grant(
            session,
            user_id=ada.user_id,
            right=right,
            pages=DOCUMENTS - PAGES,
            reason="asked for",
            by=ada.user_id,
            now=now,
        ),
    )


def higher_limit(house: House, _ada: Actor) -> None:
    house.billing.pages = DOCUMENTS


def new_period(house: House, _ada: Actor) -> None:
    april = house.billing.large.period[1]
    house.billing.large.period = (april, april + timedelta(days=30))
    house.clock.at = april + timedelta(minutes=1)


@pytest.mark.parametrize("comes", [grant, higher_limit, new_period])
def test_what_waits_goes_on_by_the_sweep_alone(
    house: House, figure: Callable[..., None], comes: Callable[[House, Actor], None]
):
    ada = house.user()
    batch_id = house.submit(ada, [1] * DOCUMENTS)
    work_off(house)
    detail = house.detail(ada, batch_id)
    assert detail.batch.status is BatchStatus.WAITING_FOR_QUOTA
    assert (detail.batch.counts.completed, detail.batch.counts.waiting) == (PAGES, PAGES)
    assert detail.missing_pages == DOCUMENTS - PAGES
    work_off(house)
    assert house.detail(ada, batch_id).batch.counts.waiting == DOCUMENTS - PAGES

    comes(house, ada)
    work_off(house)

    detail = house.detail(ada, batch_id)
    assert detail.batch.status is BatchStatus.COMPLETED
    assert detail.pages_charged == DOCUMENTS
    assert len(house.engine.asked) == DOCUMENTS
    counts = detail.batch.counts
    share = 100 * (counts.completed - PAGES) // (DOCUMENTS - PAGES)
    figure(
        "22",
        f"{DOCUMENTS} documents, {PAGES} pages, then {comes.__name__}, "
        f"{house.database.engine.dialect.name}",
        failed=counts.failed,
        resumed_percent=share,
    )
    assert (counts.failed, share) == (0, 100)


def test_with_fail_the_rest_fails_uncharged_and_is_retried_after_a_grant(
    house: House, figure: Callable[..., None]
):
    ada = house.user()
    batch_id = house.submit(ada, [1] * DOCUMENTS, when_pages_run_out=WhenPagesRunOut.FAIL)
    work_off(house)
    detail = house.detail(ada, batch_id)
    assert detail.batch.status is BatchStatus.PARTIALLY_COMPLETED
    counts, codes = detail.batch.counts, {one.error_code for one in detail.documents}
    assert (counts.completed, counts.failed) == (PAGES, DOCUMENTS - PAGES)
    assert codes == {None, "quota_exceeded"}
    assert (detail.pages_charged, len(house.engine.asked)) == (PAGES, PAGES)

    grant(house, ada)
    work_off(house)
    assert house.detail(ada, batch_id).batch.counts.failed == DOCUMENTS - PAGES, "failed is failed"
    assert house.batches.retry_failed(ada, batch_id) == DOCUMENTS - PAGES
    work_off(house)

    detail = house.detail(ada, batch_id)
    assert detail.batch.status is BatchStatus.COMPLETED
    assert detail.pages_charged == DOCUMENTS
    figure(
        "22",
        f"the same with fail, {house.database.engine.dialect.name}",
        failed=counts.failed,
        charged_of_failed=0,
        completed_after_retry=detail.batch.counts.completed,
    )


def test_what_waits_goes_on_oldest_first_over_all_batches(house: House):
    ada = house.user()
    first = house.submit(ada, [1] * 12)
    house.clock.pass_s(60)
    second = house.submit(ada, [1] * 3)
    work_off(house)
    house.billing.pages = PAGES + 2
    work_off(house)
    assert house.statuses(ada, first) == ["completed"] * 12
    assert house.statuses(ada, second) == ["waiting_for_quota"] * 3

    house.billing.pages = PAGES + 4
    work_off(house)

    assert house.statuses(ada, second) == ["completed"] * 2 + ["waiting_for_quota"]


def test_a_document_larger_than_what_is_left_holds_up_none_that_fit(house: House):
    ada = house.user()
    batch_id = house.submit(ada, [8, 9, 2])
    work_off(house)
    assert house.statuses(ada, batch_id) == ["completed", "waiting_for_quota", "completed"]
    assert house.detail(ada, batch_id).missing_pages == 9


def test_a_lowered_limit_takes_nothing_back_and_starts_nothing(house: House):
    ada = house.user()
    batch_id = house.submit(ada, [1] * DOCUMENTS)
    work_off(house)
    house.billing.pages = 5
    work_off(house)
    balance = house.usage.balance(ada)
    assert (balance.limit_pages, balance.used_pages, balance.left_pages) == (5, PAGES, 0)
    assert house.detail(ada, batch_id).batch.counts.waiting == DOCUMENTS - PAGES

    house.billing.pages = PAGES + 1
    work_off(house)

    assert house.detail(ada, batch_id).batch.counts.completed == PAGES + 1


def test_what_waits_is_cancelled_without_a_charge(house: House):
    ada = house.user()
    batch_id = house.submit(ada, [1] * DOCUMENTS)
    work_off(house)
    house.batches.cancel(ada, batch_id)
    detail = house.detail(ada, batch_id)
    assert detail.batch.status is BatchStatus.COMPLETED, "cancelled ones are left aside (Spec 6.5)"
    assert (detail.batch.counts.cancelled, detail.pages_charged) == (DOCUMENTS - PAGES, PAGES)
