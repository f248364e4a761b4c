"""What happens on the payment side, told by a webhook: forged, twice, late, in any order."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ingestio.adapters.embedded_kv import EmbeddedKeyValue
from ingestio.adapters.stripe_payments import StripePayments
from ingestio.db import tables
from ingestio.db.engine import SYSTEM, Database
from ingestio.domain.accounts import Actor, UserId
from ingestio.domain.plans import PaymentEvent, PlanName, Subscription, SubscriptionStatus
from ingestio.errors import (
    NotConfigured,
    PaymentsUnavailable,
    Refused,
)
from ingestio.services.billing import Billing
from tests.factories import make_user
from tests.fakes import CountingQueue, RememberingFeed
from tests.paying import END, PLUS, START, MemoryCache, SetPayments
from tests.scripted_stripe import WEBHOOK_SECRET, ScriptedStripe, event, signature, subscription

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path
    from uuid import UUID

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


@pytest.fixture
def stripe() -> Generator[tuple[ScriptedStripe, str]]:
    script = ScriptedStripe()
    yield script, script.start()
    script.stop()


@dataclass
class Paying:
    """Billing over Stripe's own library and a server that speaks its shapes."""

    database: Database
    billing: Billing
    stripe: ScriptedStripe

    def tell(self, body: bytes) -> None:
        """Deliver an event as Stripe does."""
        self.billing.receive_webhook(body, signature(body))

    def recorded(self, user_id: UUID) -> tuple[str, str]:
        return self.row("SELECT plan, subscription_status FROM users WHERE email = :e", user_id)

    def events(self) -> list[str]:
        with self.database.read(SYSTEM) as session:
            query = text("SELECT id FROM stripe_events ORDER BY id")
            return list(session.connection().execute(query).scalars())

    def row(self, query: str, user_id: UUID) -> tuple[str, str]:
        with self.database.read(SYSTEM) as session:
            email = session.get_one(tables.User, user_id).email
            return tuple(session.connection().execute(text(query), {"e": email}).one())


@pytest.fixture
def paying(
    either_database: Database, clock: SetClock, stripe: tuple[ScriptedStripe, str], tmp_path: Path
) -> Paying:
    script, address = stripe
    gateway = StripePayments("sk_test_1", WEBHOOK_SECRET, address)
    cache = EmbeddedKeyValue(tmp_path / "cache.sqlite3")
    return Paying(either_database, Billing(either_database, cache, gateway, clock), script)


def updated(number: int = 1) -> bytes:
    return event(
        f"evt_{number}", "customer.subscription.updated", object="subscription", customer="cus_1"
    )


class TestWebhook:
    def test_an_event_changes_what_the_user_may_do_at_once(self, paying: Paying):
        user = make_user(paying.database, stripe_customer_id="cus_1", plan=PlanName.STARTER)
        paying.stripe.subscriptions["cus_1"] = []
        before = paying.billing.entitlement_of(user.id)
        paying.stripe.subscriptions["cus_1"] = [subscription("plus", "active", START, END)]
        paying.tell(updated())

        assert before.may_submit is False
        assert paying.billing.entitlement_of(user.id).may_submit is True
        assert paying.recorded(user.id) == ("plus", "active")
        assert paying.events() == ["evt_1"]

    def test_an_event_shows_at_once_and_wakes_what_waits_for_pages(self, paying: Paying):
        user = make_user(paying.database, stripe_customer_id="cus_1")
        paying.stripe.subscriptions["cus_1"] = [subscription("plus", "active", START, END)]
        feed, queue = RememberingFeed(), CountingQueue()
        paying.billing = replace(paying.billing, feed=feed, queue=queue)
        paying.tell(updated())

        assert feed.published == [(user.id, None)]
        assert queue.wakes == 1

    def test_an_event_told_again_has_no_second_effect(self, paying: Paying):
        make_user(paying.database, stripe_customer_id="cus_1")
        paying.stripe.subscriptions["cus_1"] = [subscription("plus", "active", START, END)]
        paying.tell(updated())
        asked = len(paying.stripe.asked)
        paying.tell(updated())

        assert len(paying.stripe.asked) == asked
        assert paying.events() == ["evt_1"]

    def test_an_event_told_twice_at_once_is_stored_once(self, paying: Paying):
        user = make_user(paying.database, stripe_customer_id="cus_1")
        paying.stripe.subscriptions["cus_1"] = [subscription("plus", "active", START, END)]
        errors: list[Exception] = []

        def tell() -> None:
            try:
                paying.tell(updated())
            except Exception as error:  # noqa: BLE001  whatever it is fails the test
                errors.append(error)

        threads = [threading.Thread(target=tell) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert errors == []
        assert paying.events() == ["evt_1"]
        assert paying.recorded(user.id) == ("plus", "active")

    def test_a_checkout_says_who_the_customer_is(self, paying: Paying):
        user = make_user(paying.database, plan=PlanName.STARTER)
        paying.stripe.subscriptions["cus_9"] = [subscription("growth", "trialing", START, END)]
        body = event(
            "evt_1",
            "checkout.session.completed",
            object="checkout.session",
            customer="cus_9",
            client_reference_id=str(user.id),
        )
        paying.tell(body)

        assert paying.recorded(user.id) == ("growth", "trialing")
        assert paying.billing.entitlement_of(user.id).may_submit

    def test_a_customer_once_known_is_never_replaced(self, paying: Paying):
        """A checkout can be made out to anybody's account."""
        user = make_user(paying.database, stripe_customer_id="cus_1")
        paying.stripe.subscriptions["cus_1"] = [subscription("growth", "active", START, END)]
        paying.stripe.subscriptions["cus_evil"] = []
        body = event(
            "evt_1",
            "checkout.session.completed",
            object="checkout.session",
            customer="cus_evil",
            client_reference_id=str(user.id),
        )
        paying.tell(body)

        assert paying.recorded(user.id) == ("growth", "active")

    def test_an_event_about_nobody_we_know_is_stored_and_done(self, paying: Paying):
        paying.tell(updated())

        assert paying.events() == ["evt_1"]
        assert paying.stripe.asked == []

    def test_while_stripe_is_away_nothing_is_stored_so_that_it_is_told_again(self, paying: Paying):
        user = make_user(paying.database, stripe_customer_id="cus_1", plan=PlanName.STARTER)
        paying.stripe.status = 500
        with pytest.raises(PaymentsUnavailable):
            paying.tell(updated())
        before = paying.events()
        paying.stripe.status = 200
        paying.stripe.subscriptions["cus_1"] = [subscription("plus", "active", START, END)]
        paying.tell(updated())

        assert before == []
        assert paying.recorded(user.id) == ("plus", "active")

    @pytest.mark.parametrize("header", [None, "", "t=1,v1=0", signature(updated(), age_s=302)])
    def test_a_forged_event_leaves_no_row(self, paying: Paying, header: str | None):
        make_user(paying.database, stripe_customer_id="cus_1")

        with pytest.raises(Refused):
            paying.billing.receive_webhook(updated(), header)
        assert paying.events() == []

    def test_without_a_secret_no_event_is_taken(
        self, database: Database, clock: SetClock, cache: MemoryCache
    ):
        billing = Billing(database, cache, StripePayments("sk_test_1", ""), clock)

        with pytest.raises(NotConfigured):
            billing.receive_webhook(updated(), signature(updated()))


def test_an_older_answer_never_replaces_a_newer_one(
    billing: Billing, actor: Actor, payments: SetPayments, clock: SetClock, database: Database
):
    """Two events at once: the one that asked first is answered last."""
    body, inner = updated(1), updated(2)
    payments.events = {
        body: PaymentEvent("evt_1", "x", "cus_1"),
        inner: PaymentEvent("evt_2", "x", "cus_1"),
    }
    newer = Subscription(PlanName.GROWTH, SubscriptionStatus.ACTIVE, START, END)

    class Slow(SetPayments):
        def subscription(self, user_id: UUID, customer_id: str | None) -> Subscription:
            del user_id, customer_id
            clock.pass_s(1)
            payments.answer = newer
            billing.receive_webhook(inner, None)
            return PLUS

    slow = Billing(database, billing.cache, Slow(events=payments.events), clock)
    slow.receive_webhook(body, None)

    with database.read(SYSTEM) as session:
        assert session.get_one(tables.User, actor.user_id).plan == PlanName.GROWTH
    assert billing.entitlement(actor).plan.name == PlanName.GROWTH


def test_any_order_of_events_ends_with_what_is_true(
    billing: Billing, actor: Actor, payments: SetPayments, database: Database, clock: SetClock
):
    """A sample of the 720 orders of six events: what changes meanwhile changes in its own order."""
    states = (
        (PlanName.PLUS, SubscriptionStatus.INCOMPLETE),
        (PlanName.PLUS, SubscriptionStatus.TRIALING),
        (PlanName.PLUS, SubscriptionStatus.ACTIVE),
        (PlanName.GROWTH, SubscriptionStatus.ACTIVE),
        (PlanName.GROWTH, SubscriptionStatus.PAST_DUE),
        (PlanName.GROWTH, SubscriptionStatus.CANCELED),
    )
    orders = list(permutations(range(len(states))))[:: 720 // 30]
    for turn, order in enumerate(orders):
        for state, number in zip(states, order, strict=True):
            body = b"%d" % number
            payments.events[body] = PaymentEvent(f"evt_{turn}_{number}", "x", "cus_1")
            payments.answer = Subscription(*state, START, END)
            clock.pass_s(1)
            billing.receive_webhook(body, None)
        with database.read(SYSTEM) as session:
            user = session.get_one(tables.User, actor.user_id)
            assert (user.plan, user.subscription_status) == states[-1]
