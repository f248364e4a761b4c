"""Plans and what waits for pages are looked at in a thread of their own, and hold nothing up."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ingestio.adapters.local_queue import LocalQueue
from ingestio.domain.plans import PlanName
from ingestio.scheduler import Scheduler
from ingestio.services.rounds import Rounds
from ingestio.services.waiting import LOOK_EVERY
from tests.fakes import SetBilling
from tests.test_scheduler import RARELY_S, eventually

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path
    from uuid import UUID

    from ingestio.domain.accounts import Actor
    from ingestio.domain.plans import Entitlement
    from ingestio.services.processor import Processor
    from tests.wiring import House


class HangingBilling(SetBilling):
    """The payment side takes its time over one user."""

    def __init__(self) -> None:
        super().__init__()
        self.hangs_for: UUID | None = None
        self.is_asked, self.may_answer = threading.Event(), threading.Event()

    def entitlement_of(self, user_id: UUID) -> Entitlement:
        if user_id == self.hangs_for:
            self.is_asked.set()
            self.may_answer.wait(30)
        return super().entitlement_of(user_id)


@pytest.fixture
def billing(house: House) -> Generator[HangingBilling]:
    made = HangingBilling()
    house.billing = made
    object.__setattr__(house.usage, "billing", made)
    yield made
    made.may_answer.set()


@pytest.fixture
def processor(house: House) -> Generator[Processor]:
    made = replace(house.processor(), bursar=Rounds("bursar"))
    yield made
    made.stop()


@pytest.fixture
def ada(house: House, billing: HangingBilling) -> Actor:
    """Whose pages have run out, and something waits for them."""
    made = house.user()
    billing.plans[made.user_id] = PlanName.PLUS
    house.submit(made, [900])
    house.submit(made, [900])
    house.work_off()
    return made


def test_a_wake_is_answered_while_the_payment_side_hangs(
    house: House, ada: Actor, billing: HangingBilling, processor: Processor, tmp_path: Path
):
    billing.hangs_for = ada.user_id
    queue = LocalQueue()
    bob = house.user("bob@example.org")
    scheduler = Scheduler(processor, queue, tmp_path, sweep_s=RARELY_S, tidy=list)
    assert scheduler.start()
    assert billing.is_asked.wait(10)

    batch_id = house.submit(bob, [1])
    queue.wake()

    assert eventually(lambda: house.statuses(bob, batch_id) == ["completed"])
    assert not billing.may_answer.is_set()
    billing.may_answer.set()
    scheduler.stop()


def test_what_goes_on_is_claimed_with_no_further_sweep(
    house: House, ada: Actor, billing: HangingBilling, processor: Processor
):
    billing.plans[ada.user_id] = PlanName.GROWTH

    processor.run_once()

    assert processor.drain(30)
    assert house.usage.balance(ada).used_pages == 1_800


def test_a_sweep_alone_claims_nothing(
    house: House, ada: Actor, billing: HangingBilling, processor: Processor
):
    billing.plans[ada.user_id] = PlanName.GROWTH

    processor.sweep()

    assert processor.drain(30)
    assert house.usage.balance(ada).used_pages == 900
    assert house.usage.balance(ada).reserved_pages == 0


def test_one_round_at_a_time_and_none_after_the_stop(
    house: House, ada: Actor, billing: HangingBilling, processor: Processor
):
    bob = house.user("bob@example.org")
    billing.plans[bob.user_id] = PlanName.PLUS
    house.submit(bob, [1_001])
    house.work_off()
    billing.hangs_for = ada.user_id
    billing.asked.clear()
    for _ in range(3):
        processor.run_once()
    assert billing.is_asked.wait(10)
    threads = [one for one in threading.enumerate() if one.name == "bursar"]
    assert len(threads) == 1

    began_s = time.monotonic()
    stopping = threading.Thread(target=processor.stop)
    stopping.start()
    assert processor.bursar
    assert eventually(processor.bursar._stopped.is_set)
    billing.may_answer.set()
    stopping.join(10)

    assert time.monotonic() - began_s < 5
    asked = list(billing.asked)
    assert len(asked) <= 2, "users after the one at hand are left to the next process"
    processor.run_once()
    assert billing.asked == asked


def test_the_plan_of_who_has_something_queued_is_looked_at_now_and_then(
    house: House, billing: HangingBilling
):
    ada = house.user()
    house.submit(ada, [1])
    processor = house.processor()
    for _ in range(3):
        processor.sweep()
    assert billing.asked == [ada.user_id]

    house.clock.pass_s(LOOK_EVERY.total_seconds())
    processor.sweep()

    assert billing.asked == [ada.user_id] * 2
