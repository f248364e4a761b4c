"""What a user may do now: plan, status and period, from the cache or the payment side.

Answers an Entitlement (Spec 5.2): fresh for five minutes, then asked for again; while the payment
side is away the last known one serves for a day, marked stale. Leaves pages to `usage`.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import structlog

from ingestio.db import accounts, operations
from ingestio.db.engine import SYSTEM
from ingestio.domain.plans import PlanName, Subscription, SubscriptionStatus, entitlement
from ingestio.errors import NotFound, PaymentsUnavailable, StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from ingestio.db.engine import Database, Session
    from ingestio.domain.accounts import Actor
    from ingestio.domain.plans import Entitlement, PaymentEvent
    from ingestio.ports import Clock, KeyValueStore, PaymentGateway, StatusFeed, WorkQueue

log = structlog.get_logger(__name__)
FRESH_S: Final = 300
LAST_KNOWN_S: Final = 24 * 3600
AWAY_S: Final = 15
"""After no answer nobody asks for so long: each try would cost somebody seconds of waiting."""
_AWAY: Final = "payments:away"


@dataclass(frozen=True, slots=True)
class _Known:
    """A subscription, and when it was asked for."""

    subscription: Subscription
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Billing:
    """Plans of users, as the payment side knows them."""

    database: Database
    cache: KeyValueStore
    payments: PaymentGateway
    clock: Clock
    feed: StatusFeed | None = None
    queue: WorkQueue | None = None

    def entitlement(self, actor: Actor) -> Entitlement:
        """What the actor may do now.

        Raises:
            PaymentsUnavailable: the payment side is away, and nothing is known of a day ago.
        """
        return self.entitlement_of(actor.user_id)

    def entitlement_of(self, user_id: UUID) -> Entitlement:
        """The same for the processor and the administrator.

        Raises:
            PaymentsUnavailable
        """
        known = self._known(user_id)
        if known and self._is_fresh(known):
            return entitlement(known.subscription)
        try:
            return self._ask(user_id)
        except PaymentsUnavailable:
            if known is None:
                raise
            log.warning("entitlement_stale", user_id=str(user_id))
            return entitlement(known.subscription, is_stale=True)

    def refresh(self, user_id: UUID) -> Entitlement:
        """Ask the payment side now, whatever the cache says.

        Raises:
            PaymentsUnavailable: what was known stays known.
        """
        self._forget(_AWAY)
        return self._ask(user_id)

    def receive_webhook(self, body: bytes, signature: str | None) -> None:
        """Take an event in: once, and asking what is true now instead of believing its content.

        Raises:
            NotConfigured, Refused: nothing is stored.
            PaymentsUnavailable: nothing is stored; the payment side sends it again.
        """
        event = self.payments.read_event(body, signature)
        user_id = self._whose(event)
        if user_id is None or self._is_known(event):
            self._store(event, None)
            return
        if event.customer_id:
            self._link(user_id, event.customer_id)
        known = self._found(user_id)
        self._store(event, lambda session: _record(session, user_id, known))
        self._keep(user_id, known)
        self._tell(user_id)

    def _tell(self, user_id: UUID) -> None:
        """Open pages show the plan at once, and what waited for its pages goes on."""
        if self.feed:
            self.feed.publish(user_id, None)
        if self.queue:
            self.queue.wake()

    def _whose(self, event: PaymentEvent) -> UUID | None:
        """Whom it is about: who went to the checkout, or whom the customer is known to be."""
        with self.database.read(SYSTEM) as session:
            found = accounts.by_id(session, event.user_id) if event.user_id else None
            if found is None and event.customer_id:
                found = accounts.by_customer(session, event.customer_id)
        return found.id if found else None

    def _is_known(self, event: PaymentEvent) -> bool:
        with self.database.read(SYSTEM) as session:
            return operations.is_event_known(session, event.id)

    def _link(self, user_id: UUID, customer_id: str) -> None:
        """A customer once known is never replaced: a checkout can be made out to anybody."""
        self.database.write(
            SYSTEM, lambda session: accounts.set_customer(session, user_id, customer_id)
        )

    def _store(self, event: PaymentEvent, effect: Callable[[Session], None] | None) -> None:
        """The event and its effect, in one transaction, once."""
        now = self.clock.now()

        def work(session: Session) -> None:
            if operations.add_event(session, event.id, event.type, now) and effect:
                effect(session)

        self.database.write(SYSTEM, work)

    def _ask(self, user_id: UUID) -> Entitlement:
        if self._recall(_AWAY):
            raise PaymentsUnavailable(
                "Your subscription can't be read at the moment. Try again shortly."
            )
        try:
            known = self._found(user_id)
        except PaymentsUnavailable:
            self._remember(_AWAY, "1", AWAY_S)
            raise
        self._keep(user_id, known)
        return entitlement(known.subscription)

    def _found(self, user_id: UUID) -> _Known:
        """What the payment side says, asked outside any transaction."""
        with self.database.read(SYSTEM) as session:
            account = accounts.by_id(session, user_id)
        if account is None:
            raise NotFound
        asked_at = self.clock.now()
        return _Known(self.payments.subscription(user_id, account.stripe_customer_id), asked_at)

    def _is_fresh(self, known: _Known) -> bool:
        now = self.clock.now()
        is_young = now - known.asked_at < timedelta(seconds=FRESH_S)
        return is_young and now < known.subscription.period_end

    def _known(self, user_id: UUID) -> _Known | None:
        kept = self._recall(_key(user_id))
        return _read(kept) if kept else None

    def _keep(self, user_id: UUID, known: _Known) -> None:
        """An answer to an older question never replaces a newer one."""
        there = self._known(user_id)
        if there is None or there.asked_at <= known.asked_at:
            self._remember(_key(user_id), _written(known), LAST_KNOWN_S)

    # The cache may be away: then everybody is asked for, and nothing is kept.

    def _recall(self, key: str) -> str | None:
        try:
            return self.cache.get(key)
        except StoreUnavailable:
            log.warning("cache_away")
            return None

    def _remember(self, key: str, value: str, ttl_s: float) -> None:
        with suppress(StoreUnavailable):
            self.cache.set(key, value, ttl_s)

    def _forget(self, key: str) -> None:
        with suppress(StoreUnavailable):
            self.cache.delete(key)


def _record(session: Session, user_id: UUID, known: _Known) -> None:
    accounts.record_subscription(session, user_id, known.subscription, known.asked_at)


def _key(user_id: UUID) -> str:
    return f"subscription:{user_id}"


def _written(known: _Known) -> str:
    of = known.subscription
    times = (of.period_start, of.period_end, known.asked_at)
    return json.dumps([of.plan, of.status, *(at.isoformat() for at in times)])


def _read(text: str) -> _Known | None:
    """What was kept; None where another version of this code kept it differently."""
    try:
        plan, status, *times = json.loads(text)
        start, end, asked_at = map(datetime.fromisoformat, times)
        return _Known(
            Subscription(PlanName(plan), SubscriptionStatus(status), start, end), asked_at
        )
    except (ValueError, TypeError):
        return None
