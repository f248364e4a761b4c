"""What waits for pages goes on, oldest first, whatever brought them; a sweep alone sees to it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ingestio.domain.batches import BatchStatus
from ingestio.domain.plans import PlanName
from ingestio.domain.usage import WhenPagesRunOut
from ingestio.errors import PaymentsUnavailable
from tests.services.test_usage import grant

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingestio.domain.accounts import Actor
    from tests.wiring import House


def by_a_grant(house: House, actor: Actor) -> None:
    grant(house, actor.user_id, 1_000)


def by_a_higher_limit(house: House, actor: Actor) -> None:
    house.billing.plans[actor.user_id] = PlanName.GROWTH


def by_a_new_period(house: House, _actor: Actor) -> None:
    ends = house.billing.period[1]
    house.billing.period = (ends, ends + timedelta(days=30))
    house.clock.at = ends + timedelta(minutes=1)


CAUSES = (by_a_grant, by_a_higher_limit, by_a_new_period)
every_cause = pytest.mark.parametrize("pages_come", CAUSES)


@pytest.fixture
def ada(house: House) -> Actor:
    """Whose pages have run out but for ten."""
    made = house.user()
    house.billing.plans[made.user_id] = PlanName.PLUS
    house.submit(made, [990])
    house.work_off()
    return made


def waiting(house: House, actor: Actor, pages: int) -> object:
    house.clock.pass_s(1)
    batch_id = house.submit(actor, [pages])
    house.work_off()
    assert house.statuses(actor, batch_id) == ["waiting_for_quota"]
    return batch_id


@every_cause
def test_what_waits_goes_on_oldest_first_and_is_charged_once(
    house: House, ada: Actor, pages_come: Callable[[House, Actor], None]
):
    batches = [waiting(house, ada, pages) for pages in (400, 300, 200)]
    assert house.usage.missing_pages(ada) == 890
    house.processor().sweep()
    assert house.work_off() == 0, "nothing has come"
    pages_come(house, ada)
    house.processor().sweep()
    asked = [house.steps().claim() for _ in batches]
    assert [claim.batch_id for claim in asked if claim] == batches
    house.clock.pass_s(61)
    house.work_off()
    for batch_id in batches:
        assert house.detail(ada, batch_id).batch.status is BatchStatus.COMPLETED
    assert house.usage.missing_pages(ada) == 0


@every_cause
def test_with_fewer_pages_than_are_missing_the_oldest_go_on(
    house: House, ada: Actor, pages_come: Callable[[House, Actor], None]
):
    first, second = waiting(house, ada, 700), waiting(house, ada, 6_000)
    third = waiting(house, ada, 200)
    pages_come(house, ada)
    house.processor().sweep()
    house.work_off()
    assert house.statuses(ada, first) == ["completed"]
    assert house.statuses(ada, second) == ["waiting_for_quota"], "too big still"
    assert house.statuses(ada, third) == ["completed"], "a small one fits behind it"
    left = house.usage.balance(ada).left_pages
    assert house.detail(ada, second).missing_pages == house.usage.missing_pages(ada) == 6_000 - left


@every_cause
def test_what_failed_for_want_of_pages_waits_for_a_person(
    house: House, ada: Actor, pages_come: Callable[[House, Actor], None]
):
    batch_id = house.submit(ada, [400], when_pages_run_out=WhenPagesRunOut.FAIL)
    house.work_off()
    pages_come(house, ada)
    house.processor().sweep()
    assert house.work_off() == 0
    assert house.statuses(ada, batch_id) == ["failed"]
    house.usage.balance(ada)  # as every page asks
    house.batches.retry_failed(ada, batch_id)
    house.work_off()
    assert house.statuses(ada, batch_id) == ["completed"]


def test_one_whose_balance_is_known_nowhere_holds_up_no_other(house: House, ada: Actor):
    bob = house.user("bob@example.org")
    house.billing.plans[bob.user_id] = PlanName.PLUS
    batches = {one: waiting(house, one, 2_000) for one in (ada, bob)}
    balance_of, known = house.usage.balance_of, []

    def of(user_id):
        if not known:
            known.append(user_id)
            raise PaymentsUnavailable("Away.")
        return balance_of(user_id)

    for one in batches:
        grant(house, one.user_id, 2_000)
    processor = house.processor()
    object.__setattr__(processor.waiting, "usage", Told(house.usage, of))
    processor.sweep()
    went_on = [one for one in batches if house.statuses(one, batches[one]) == ["uploaded"]]
    assert len(went_on) == 1
    processor.sweep()
    assert all(house.statuses(one, batches[one]) == ["uploaded"] for one in batches)


def test_pages_that_are_given_wake_whoever_works_off(house: House, ada: Actor):
    """In any process: what goes on is not left to the next sweep."""
    batch_id = waiting(house, ada, 400)
    grant(house, ada.user_id, 1_000)
    wakes = house.queue.wakes

    house.processor().go_on(ada.user_id)

    assert house.statuses(ada, batch_id) == ["uploaded"]
    assert house.queue.wakes == wakes + 1


def test_a_queue_that_is_resumed_wakes_whoever_works_off(house: House):
    root, processor = house.user("root@example.org", is_admin=True), house.processor()
    processor.pause(root, "because")
    wakes = house.queue.wakes

    processor.resume(root)

    assert house.queue.wakes == wakes + 1


class Told:
    """Usage with another balance."""

    def __init__(self, usage, balance_of) -> None:
        self._usage, self.balance_of = usage, balance_of

    def __getattr__(self, name: str):
        return getattr(self._usage, name)
