"""What Stripe and the plan on file answer: ports.PaymentGateway."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from ingestio.adapters.plan_on_file import PlanOnFile
from ingestio.adapters.stripe_payments import StripePayments
from ingestio.domain.plans import PlanName, SubscriptionStatus
from ingestio.errors import NotConfigured, PaymentsUnavailable, Refused
from tests.factories import make_user
from tests.scripted_stripe import WEBHOOK_SECRET, ScriptedStripe, event, signature, subscription

if TYPE_CHECKING:
    from collections.abc import Generator

    from ingestio.db.engine import Database
    from tests.fakes import SetClock

START, END = datetime(2026, 3, 5, tzinfo=UTC), datetime(2026, 4, 5, tzinfo=UTC)
BODY = event("evt_1", "customer.subscription.updated", object="subscription", customer="cus_1")


@pytest.fixture
def stripe() -> ScriptedStripe:
    return ScriptedStripe()


@pytest.fixture
def payments(stripe: ScriptedStripe) -> Generator[StripePayments]:
    yield StripePayments("sk_test_1", WEBHOOK_SECRET, stripe.start())
    stripe.stop()


class TestPlanOnFile:
    def test_the_account_says_plan_and_status_and_the_month_is_the_period(
        self, either_database: Database, clock: SetClock
    ):
        user = make_user(
            either_database,
            plan=PlanName.PLUS,
            subscription_status=SubscriptionStatus.PAST_DUE,
        )
        found = PlanOnFile(either_database, clock).subscription(user.id, None)

        assert (found.plan, found.status) == (PlanName.PLUS, SubscriptionStatus.PAST_DUE)
        assert found.period_start == datetime(2026, 3, 1, tzinfo=UTC)
        assert found.period_end == datetime(2026, 4, 1, tzinfo=UTC)

    def test_an_account_that_is_gone_has_no_subscription(self, database: Database, clock: SetClock):
        found = PlanOnFile(database, clock).subscription(uuid4(), None)

        assert (found.plan, found.status) == (PlanName.STARTER, SubscriptionStatus.NONE)

    def test_an_event_is_not_read_where_stripe_is_not_configured(
        self, database: Database, clock: SetClock
    ):
        with pytest.raises(NotConfigured):
            PlanOnFile(database, clock).read_event(BODY, signature(BODY))


class TestSubscription:
    @pytest.mark.parametrize("plan", ["plus", "growth"])
    def test_the_lookup_key_of_the_price_says_the_plan_and_its_item_the_period(
        self, payments: StripePayments, stripe: ScriptedStripe, plan: str
    ):
        stripe.subscriptions["cus_1"] = [subscription(plan, "active", START, END)]
        found = payments.subscription(uuid4(), "cus_1")

        assert (found.plan, found.status) == (PlanName(plan), SubscriptionStatus.ACTIVE)
        assert (found.period_start, found.period_end) == (START, END)

    @pytest.mark.parametrize(
        ("word", "status"),
        [
            *((status.value, status) for status in SubscriptionStatus if status != "none"),
            ("incomplete_expired", SubscriptionStatus.CANCELED),
            ("paused", SubscriptionStatus.UNPAID),
            ("a word of next year", SubscriptionStatus.INCOMPLETE),
        ],
    )
    def test_every_status_of_stripe_has_ours(
        self,
        payments: StripePayments,
        stripe: ScriptedStripe,
        word: str,
        status: SubscriptionStatus,
    ):
        stripe.subscriptions["cus_1"] = [subscription("plus", word, START, END)]

        assert payments.subscription(uuid4(), "cus_1").status == status

    def test_one_that_runs_goes_before_one_that_ended(
        self, payments: StripePayments, stripe: ScriptedStripe
    ):
        stripe.subscriptions["cus_1"] = [
            subscription("growth", "canceled", START, END.replace(year=2027)),
            subscription("plus", "active", START, END),
        ]

        assert payments.subscription(uuid4(), "cus_1").plan == PlanName.PLUS

    def test_prices_of_another_catalogue_are_no_plan(
        self, payments: StripePayments, stripe: ScriptedStripe
    ):
        stripe.subscriptions["cus_1"] = [subscription("newsletter", "active", START, END)]

        assert payments.subscription(uuid4(), "cus_1").status == SubscriptionStatus.NONE

    def test_who_never_paid_is_on_starter_without_asking(
        self, payments: StripePayments, stripe: ScriptedStripe
    ):
        found = payments.subscription(uuid4(), None)

        assert (found.plan, found.status) == (PlanName.STARTER, SubscriptionStatus.NONE)
        assert stripe.asked == []

    def test_a_customer_that_stripe_does_not_know_has_none(self, payments: StripePayments):
        assert payments.subscription(uuid4(), "cus_gone").status == SubscriptionStatus.NONE

    @pytest.mark.parametrize("status", [500, 503, 429, 401])
    def test_a_failing_stripe_is_unavailable(
        self, payments: StripePayments, stripe: ScriptedStripe, status: int
    ):
        stripe.status = status

        with pytest.raises(PaymentsUnavailable) as caught:
            payments.subscription(uuid4(), "cus_1")
        assert "sk_test" not in caught.value.message

    def test_no_stripe_at_all_is_unavailable(self):
        nobody = StripePayments("sk_test_1", WEBHOOK_SECRET, "http://127.0.0.1:9")

        with pytest.raises(PaymentsUnavailable):
            nobody.subscription(uuid4(), "cus_1")


class TestEvents:
    def test_a_signed_event_is_read(self, payments: StripePayments):
        found = payments.read_event(BODY, signature(BODY))

        assert (found.id, found.customer_id, found.user_id) == ("evt_1", "cus_1", None)

    def test_a_finished_checkout_says_who_the_customer_is(self, payments: StripePayments):
        user_id = uuid4()
        body = event(
            "evt_2",
            "checkout.session.completed",
            object="checkout.session",
            customer={"id": "cus_2", "object": "customer"},
            client_reference_id=str(user_id),
        )
        found = payments.read_event(body, signature(body))

        assert (found.customer_id, found.user_id) == ("cus_2", user_id)

    def test_an_event_about_the_customer_itself_names_them(self, payments: StripePayments):
        body = event("evt_3", "customer.updated", object="customer", id="cus_3")

        assert payments.read_event(body, signature(body)).customer_id == "cus_3"

    def test_an_event_of_299_s_is_read(self, payments: StripePayments):
        assert payments.read_event(BODY, signature(BODY, age_s=295)).id == "evt_1"

    @pytest.mark.parametrize(
        ("body", "header"),
        [
            (BODY, None),
            (BODY, ""),
            (BODY, "t=1,v1=00"),
            (BODY, "nonsense"),
            (BODY, signature(BODY, secret="whsec_another")),
            (BODY.replace(b"cus_1", b"cus_2"), signature(BODY)),
            (BODY, signature(BODY, age_s=302)),
            (b"\xff\xfe", signature(BODY)),
            (b"[]", signature(b"[]")),
            (b"{}", signature(b"{}")),
        ],
        ids=[
            "none",
            "empty",
            "wrong",
            "malformed",
            "another secret",
            "one byte changed",
            "too old",
            "no text",
            "signed, but no event",
            "signed, but empty",
        ],
    )
    def test_anything_else_is_refused(
        self, payments: StripePayments, body: bytes, header: str | None
    ):
        with pytest.raises(Refused):
            payments.read_event(body, header)

    @pytest.mark.parametrize("secret", ["", " ", "short"])
    def test_a_secret_that_anybody_could_sign_with_closes_the_door(self, secret: str):
        open_door = StripePayments("sk_test_1", secret)

        with pytest.raises(NotConfigured) as caught:
            open_door.read_event(BODY, signature(BODY, secret=secret))
        assert caught.value.http_status == 503
