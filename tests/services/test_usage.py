"""Pages: balance, ledger, quote (Spec 3, 4.1, 5.4)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ingestio.db.engine import SYSTEM
from ingestio.db.tables import PageGrant
from ingestio.domain.plans import PlanName
from ingestio.domain.usage import UsageState
from ingestio.errors import PaymentsUnavailable, Unreadable

if TYPE_CHECKING:
    from tests.wiring import House


def grant(house: House, user_id, pages: int) -> None:
    row = PageGrant(
        user_id=user_id,
        period_starts_at=house.billing.period[0],
        pages=pages,
        reason="a test",
        granted_by=user_id,
        created_at=house.clock.now(),
    )
    house.database.write(SYSTEM, lambda session: session.add(row))


def test_the_first_look_makes_the_period_with_the_plans_pages(house: House):
    balance = house.usage.balance(house.user())
    assert (balance.limit_pages, balance.used_pages, balance.left_pages) == (5_000, 0, 5_000)
    assert (balance.period_start, balance.period_end) == house.billing.period


def test_the_limit_follows_the_plan_and_grants_come_on_top(house: House):
    ada = house.user()
    house.submit(ada, [100])
    house.work_off()
    house.billing.plans[ada.user_id] = PlanName.PLUS
    assert house.usage.balance(ada).left_pages == 900
    grant(house, ada.user_id, 50)
    assert house.usage.balance(ada).left_pages == 950
    house.billing.plans[ada.user_id] = PlanName.GROWTH
    assert house.usage.balance(ada).left_pages == 4_950


def test_after_a_downgrade_nothing_is_left_and_nothing_breaks(house: House):
    ada = house.user()
    house.submit(ada, [900, 900])
    house.work_off()
    house.billing.plans[ada.user_id] = PlanName.PLUS
    balance = house.usage.balance(ada)
    assert (balance.limit_pages, balance.used_pages, balance.left_pages) == (1_000, 1_800, 0)
    house.check()


def test_what_is_in_work_is_reserved_and_not_left(house: House):
    ada = house.user()
    house.submit(ada, [7])
    house.steps().claim()
    balance = house.usage.balance(ada)
    assert (balance.used_pages, balance.reserved_pages, balance.left_pages) == (0, 7, 4_993)


def test_the_next_period_begins_with_all_pages(house: House):
    ada = house.user()
    house.submit(ada, [7])
    house.work_off()
    april = house.billing.period[1]
    house.billing.period = (april, april + timedelta(days=30))
    house.clock.at = april
    assert house.usage.balance(ada).left_pages == 5_000


def test_a_plan_that_is_known_nowhere_is_an_error_and_not_a_guess(house: House):
    house.billing.error = PaymentsUnavailable("Away.")
    with pytest.raises(PaymentsUnavailable):
        house.usage.balance(house.user())


def test_the_ledger_says_what_was_settled_and_what_was_given_back(house: House):
    ada, bob = house.user(), house.user("bob@example.org")
    batch_id = house.submit(ada, [2, 3])
    house.engine.failures = [Unreadable("Damaged.")]
    house.work_off()
    house.clock.pass_s(1)
    house.batches.retry_failed(ada, batch_id)
    house.work_off()
    lines, total = house.usage.ledger(ada, page=1, page_size=2)
    assert (total, len(lines)) == (3, 2)
    assert (lines[0].state, lines[0].generation, lines[0].pages) == (UsageState.SETTLED, 2, 2)
    rest, _ = house.usage.ledger(ada, page=2, page_size=2)
    assert {one.state for one in (*lines, *rest)} == {UsageState.SETTLED, UsageState.RELEASED}
    assert house.usage.ledger(bob, page=1, page_size=10) == ([], 0)


def test_the_quote_counts_from_what_is_left(house: House):
    ada = house.user()
    house.billing.plans[ada.user_id] = PlanName.PLUS
    house.submit(ada, [900])
    house.work_off()
    quote = house.usage.quote(ada, [80, 30, 20])
    assert (quote.fits_documents, quote.short_documents, quote.short_pages) == (2, 1, 30)
    assert quote.left_after == 0


def test_quota_is_never_granted_twice_however_many_ask(house: House):
    ada = house.user()
    house.billing.plans[ada.user_id] = PlanName.PLUS
    for _ in range(3):
        house.submit(ada, [30] * 25)
    processors = [house.processor(f"p{number}", size=4) for number in range(2)]
    for processor in processors:
        processor.run_once()
    assert all(processor.drain(60) for processor in processors)
    house.check()
    assert house.usage.balance(ada).used_pages == 990


def test_missing_pages_are_what_waits_less_what_is_left_over_all_batches(house: House):
    ada, bob = house.user(), house.user("bob@example.org")
    house.billing.plans[ada.user_id] = PlanName.PLUS
    assert house.usage.missing_pages(ada) == 0
    house.submit(ada, [900])
    house.work_off()
    first, second = house.submit(ada, [300]), house.submit(ada, [250])
    house.work_off()
    assert house.usage.balance(ada).left_pages == 100
    assert house.detail(ada, first).missing_pages == 200
    assert house.detail(ada, second).missing_pages == 150
    assert house.usage.missing_pages(ada) == 450
    assert house.usage.missing_pages(bob) == 0
    grant(house, ada.user_id, 449)
    assert house.usage.missing_pages(ada) == 1
