"""Stand-ins around billing: a payment side and a cache that a test sets."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ingestio.domain.plans import PaymentEvent, PlanName, Subscription, SubscriptionStatus
from ingestio.errors import StoreUnavailable

if TYPE_CHECKING:
    from uuid import UUID

    from tests.fakes import SetClock

START, END = datetime(2026, 3, 5, tzinfo=UTC), datetime(2026, 4, 5, tzinfo=UTC)
PLUS = Subscription(PlanName.PLUS, SubscriptionStatus.ACTIVE, START, END)


@dataclass
class SetPayments:
    """A PaymentGateway that a test sets, and that counts how often it was asked."""

    answer: Subscription | Exception = PLUS
    asked: int = 0
    events: dict[bytes, PaymentEvent] = field(default_factory=dict)

    def subscription(self, user_id: UUID, customer_id: str | None) -> Subscription:
        del user_id, customer_id
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def read_event(self, body: bytes, signature: str | None) -> PaymentEvent:
        del signature
        return self.events[body]


class MemoryCache:
    """A KeyValueStore by the test's clock."""

    def __init__(self, clock: SetClock) -> None:
        self.clock = clock
        self.kept: dict[str, tuple[str, datetime]] = {}
        self.is_away = False

    def get(self, key: str) -> str | None:
        self._check()
        value, until = self.kept.get(key, ("", self.clock.now()))
        return value if until > self.clock.now() else None

    def set(self, key: str, value: str, ttl_s: float) -> None:
        self._check()
        self.kept[key] = (value, self.clock.now() + timedelta(seconds=ttl_s))

    def delete(self, key: str) -> None:
        self._check()
        self.kept.pop(key, None)

    def _check(self) -> None:
        if self.is_away:
            raise StoreUnavailable("away")
