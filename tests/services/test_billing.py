"""What a user may do now, while the payment side answers or is away (Spec 5.2)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from ingestio.adapters.embedded_kv import EmbeddedKeyValue
from ingestio.adapters.plan_on_file import PlanOnFile
from ingestio.domain.accounts import Actor, UserId
from ingestio.domain.plans import PlanName, Subscription, SubscriptionStatus
from ingestio.errors import (
    NotFound,
    PaymentsUnavailable,
)
from ingestio.services.billing import AWAY_S, FRESH_S, LAST_KNOWN_S, Billing
from tests.factories import make_user
from tests.paying import END, PLUS, START, MemoryCache, SetPayments

if TYPE_CHECKING:
    from pathlib import Path

    from ingestio.db.engine import Database
    from tests.fakes import SetClock


@pytest.fixture
def payments() -> SetPayments:
    return SetPayments()


@pytest.fixture
def cache(clock: SetClock) -> MemoryCache:
    return MemoryCache(clock)


@pytest.fixture
def billing(
    database: Database, cache: MemoryCache, payments: SetPayments, clock: SetClock
) -> Billing:
    return Billing(database, cache, payments, clock)


@pytest.fixture
def actor(database: Database) -> Actor:
    user = make_user(database, stripe_customer_id="cus_1")
    return Actor(UserId(user.id), user.email)


def away() -> PaymentsUnavailable:
    return PaymentsUnavailable("away")


class TestEntitlement:
    def test_it_follows_from_the_subscription(self, billing: Billing, actor: Actor):
        found = billing.entitlement(actor)

        assert found.plan.pages_per_month == 1_000
        assert (found.period_start, found.period_end) == (START, END)
        assert (found.may_submit, found.is_stale) == (True, False)

    def test_it_is_asked_for_once_in_five_minutes(
        self, billing: Billing, actor: Actor, payments: SetPayments, clock: SetClock
    ):
        for _ in range(3):
            billing.entitlement(actor)
        clock.pass_s(FRESH_S - 1)
        billing.entitlement(actor)
        before = payments.asked
        clock.pass_s(1)
        billing.entitlement(actor)

        assert (before, payments.asked) == (1, 2)

    def test_it_is_asked_for_again_once_the_period_is_over(
        self, billing: Billing, actor: Actor, payments: SetPayments, clock: SetClock
    ):
        clock.at = END - timedelta(seconds=10)
        billing.entitlement(actor)
        clock.pass_s(10)
        billing.entitlement(actor)

        assert payments.asked == 2

    def test_the_last_known_serves_for_a_day_while_the_payment_side_is_away(
        self, billing: Billing, actor: Actor, payments: SetPayments, clock: SetClock
    ):
        billing.entitlement(actor)
        payments.answer = away()
        clock.pass_s(LAST_KNOWN_S - 1)
        found = billing.entitlement(actor)

        assert (found.plan.name, found.is_stale) == (PlanName.PLUS, True)
        clock.pass_s(1)
        with pytest.raises(PaymentsUnavailable):
            billing.entitlement(actor)

    def test_nothing_known_and_nobody_to_ask_is_unavailable(
        self, billing: Billing, actor: Actor, payments: SetPayments
    ):
        payments.answer = away()

        with pytest.raises(PaymentsUnavailable):
            billing.entitlement(actor)

    def test_after_no_answer_nobody_waits_for_another_for_a_while(
        self, billing: Billing, actor: Actor, payments: SetPayments, clock: SetClock
    ):
        payments.answer = away()
        for _ in range(5):
            with pytest.raises(PaymentsUnavailable):
                billing.entitlement(actor)
        once = payments.asked
        payments.answer = PLUS
        clock.pass_s(AWAY_S)

        assert once == 1
        assert billing.entitlement(actor).plan.name == PlanName.PLUS

    def test_without_its_cache_everybody_is_asked_for(
        self, billing: Billing, actor: Actor, payments: SetPayments, cache: MemoryCache
    ):
        cache.is_away = True

        assert billing.entitlement(actor).may_submit
        assert billing.entitlement(actor).may_submit
        assert payments.asked == 2

    @pytest.mark.parametrize("kept", ["", "nonsense", "[]", '["gold","active","","",""]', "{}"])
    def test_what_another_version_kept_is_as_good_as_nothing(
        self, billing: Billing, actor: Actor, cache: MemoryCache, kept: str
    ):
        cache.set(f"subscription:{actor.user_id}", kept, 60)

        assert billing.entitlement(actor).plan.name == PlanName.PLUS

    def test_refreshing_asks_whatever_the_cache_says(
        self, billing: Billing, actor: Actor, payments: SetPayments
    ):
        billing.entitlement(actor)
        payments.answer = Subscription(PlanName.GROWTH, SubscriptionStatus.TRIALING, START, END)

        assert billing.refresh(actor.user_id).plan.name == PlanName.GROWTH
        assert billing.entitlement(actor).plan.name == PlanName.GROWTH

    def test_a_refresh_without_an_answer_forgets_nothing(
        self, billing: Billing, actor: Actor, payments: SetPayments
    ):
        billing.entitlement(actor)
        payments.answer = away()

        with pytest.raises(PaymentsUnavailable):
            billing.refresh(actor.user_id)
        assert billing.entitlement(actor).plan.name == PlanName.PLUS

    def test_an_account_that_is_gone_is_not_found(self, billing: Billing):
        with pytest.raises(NotFound):
            billing.entitlement_of(uuid4())

    def test_without_stripe_the_account_says_it(
        self, either_database: Database, clock: SetClock, tmp_path: Path
    ):
        user = make_user(either_database, plan=PlanName.STARTER)
        cache = EmbeddedKeyValue(tmp_path / "cache.sqlite3")
        billing = Billing(either_database, cache, PlanOnFile(either_database, clock), clock)
        found = billing.entitlement_of(user.id)

        assert (found.plan.name, found.may_submit) == (PlanName.STARTER, False)
        assert found.why_not is not None
        assert found.why_not.startswith("Batches need a paid plan")
