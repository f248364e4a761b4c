"""Who pays for what, from Stripe: ports.PaymentGateway where STRIPE_SECRET_KEY is set.

A price says its plan by its lookup key, which is the plan's name. What an event says of a
subscription is not believed: events come twice and in any order, so it is asked for again.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import stripe
import structlog

from ingestio.config import MIN_SECRET_CHARS
from ingestio.domain.plans import (
    ELIGIBLE_STATUSES,
    PaymentEvent,
    PlanName,
    Subscription,
    SubscriptionStatus,
    calendar_month,
)
from ingestio.errors import NotConfigured, PaymentsUnavailable, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

log = structlog.get_logger(__name__)
TOLERANCE_S: Final = 300
"""How old an event's signature may be."""
_TIMEOUT_S: Final = (3.0, 6.0)
"""To connect, to answer: somebody waits for the page behind it."""
_PLANS: Final = {name.value: name for name in PlanName}
_STATUSES: Final = {
    **{status.value: status for status in SubscriptionStatus},
    "incomplete_expired": SubscriptionStatus.CANCELED,
    "paused": SubscriptionStatus.UNPAID,
}
_NO_CUSTOMER: Final = "resource_missing"


class StripePayments:
    """Stripe's API; `api_base` is another server that speaks it, for tests."""

    def __init__(self, key: str, webhook_secret: str = "", api_base: str = "") -> None:
        self._webhook_secret = webhook_secret
        client = stripe.RequestsClient(timeout=_TIMEOUT_S)
        self._client = stripe.StripeClient(
            key,
            http_client=client,
            base_addresses={"api": api_base} if api_base else {},
            max_network_retries=1,
        )

    def subscription(self, user_id: UUID, customer_id: str | None) -> Subscription:
        """The customer's best subscription: one that runs before one that ended.

        Raises:
            PaymentsUnavailable
        """
        if customer_id is None:
            return _none()
        try:
            listed = self._client.v1.subscriptions.list(
                {"customer": customer_id, "status": "all", "limit": 100}
            )
        except stripe.InvalidRequestError as error:
            if error.code != _NO_CUSTOMER:
                raise _away(error) from error
            log.warning("customer_unknown", user_id=str(user_id))
            return _none()
        except stripe.StripeError as error:
            raise _away(error) from error
        return _best(one.to_dict() for one in listed.data)

    def read_event(self, body: bytes, signature: str | None) -> PaymentEvent:
        """An event, its signature proven over the raw body.

        Raises:
            NotConfigured: no secret, or one that could be guessed: anybody could sign with it.
            Refused: forged, altered, or older than TOLERANCE_S.
        """
        if len(self._webhook_secret) < MIN_SECRET_CHARS:
            raise NotConfigured("Stripe's webhook is not configured here.")
        try:
            event = self._client.construct_event(
                body, signature or "", self._webhook_secret, tolerance=TOLERANCE_S
            )
            return _read(event.to_dict())
        except stripe.SignatureVerificationError as error:
            raise Refused("The signature does not belong to this event.") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Refused("This is no event.") from error


def _read(event: dict[str, Any]) -> PaymentEvent:
    subject: dict[str, Any] = event["data"]["object"]
    is_customer = subject.get("object") == "customer"
    customer = subject["id"] if is_customer else subject.get("customer")
    is_checkout = event["type"] == "checkout.session.completed"
    return PaymentEvent(
        id=str(event["id"]),
        type=str(event["type"]),
        customer_id=_id_of(customer),
        user_id=_uuid(subject.get("client_reference_id")) if is_checkout else None,
    )


def _best(subscriptions: Iterable[dict[str, Any]]) -> Subscription:
    known = [found for one in subscriptions if (found := _subscription(one))]
    return max(known, key=_rank, default=None) or _none()


def _rank(found: Subscription) -> tuple[bool, datetime]:
    return found.status in ELIGIBLE_STATUSES, found.period_end


def _subscription(raw: dict[str, Any]) -> Subscription | None:
    """None where none of its prices is of our catalogue. The period stands on the items."""
    for item in raw["items"]["data"]:
        plan = _PLANS.get(str(item["price"].get("lookup_key")))
        if plan is None:
            continue
        return Subscription(
            plan,
            _STATUSES.get(str(raw["status"]), SubscriptionStatus.INCOMPLETE),
            datetime.fromtimestamp(item["current_period_start"], UTC),
            datetime.fromtimestamp(item["current_period_end"], UTC),
        )
    return None


def _none() -> Subscription:
    month = calendar_month(datetime.fromtimestamp(time.time(), UTC))
    return Subscription(PlanName.STARTER, SubscriptionStatus.NONE, *month)


def _away(error: stripe.StripeError) -> PaymentsUnavailable:
    # Its own text may carry ids and parts of the key: it stays out of what a user reads.
    log.warning("stripe_away", error=type(error).__name__, status=error.http_status)
    return PaymentsUnavailable("Your subscription can't be read at the moment. Try again shortly.")


def _id_of(customer: Any) -> str | None:  # noqa: ANN401  an id, or the whole object where expanded
    if isinstance(customer, dict):
        return str(customer["id"])  # pyright: ignore[reportUnknownArgumentType]
    return str(customer) if customer else None


def _uuid(text: Any) -> UUID | None:  # noqa: ANN401  whatever the event holds
    try:
        return UUID(str(text))
    except ValueError:
        return None
