"""Stand-ins for what is outside: an engine, files, plans, a feed that remembers.

They fulfil the product's ports, so that services run as they are, on a real database.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ingestio.domain.documents import DocumentKind
from ingestio.domain.plans import PLANS, Entitlement, PlanName, SubscriptionStatus
from ingestio.domain.results import Box, Classification, Extraction, Field
from ingestio.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from uuid import UUID

    from ingestio.ports import Mail, SourceDocument

START = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


class SetClock:
    """A clock that a test sets."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def pass_s(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class StubEngine:
    """Classifier and Extractor: finds a total on everything, or fails as it is told.

    `failures` are raised one a call, first come first served; `failing` by content hash for ever.
    """

    name = "stub"

    def __init__(self, *, takes_s: float = 0.0) -> None:
        self.takes_s = takes_s
        self.kind, self.confidence = DocumentKind.INVOICE, 0.9
        self.failures: list[Exception] = []
        self.failing: dict[str, Exception] = {}
        self.asked: list[tuple[str, str | None, DocumentKind | None]] = []
        self.is_complete = True
        self.before: Callable[[SourceDocument], None] = lambda _document: None

    def classify(self, document: SourceDocument) -> Classification:
        del document
        return Classification(self.kind, self.confidence)

    def extract(
        self, document: SourceDocument, prompt: str | None, kind: DocumentKind | None
    ) -> Extraction:
        self.before(document)
        self.asked.append((document.sha256, prompt, kind))
        if document.sha256 in self.failing:
            raise self.failing[document.sha256]
        if self.failures:
            raise self.failures.pop(0)
        if self.takes_s:
            time.sleep(self.takes_s)
        fields = (
            Field("total", "12.50", 0.95, 1, Box(0.1, 0.2, 0.3, 0.25), "Total 12.50"),
            Field("currency", "EUR", 0.6, 1, None, "EUR"),
        )
        return Extraction(
            kind or self.kind, self.confidence, fields, self.name, is_complete=self.is_complete
        )


class MemoryFiles:
    """FileStorage that keeps keys only; every file reads as its key."""

    def __init__(self) -> None:
        self.kept: set[str] = set()
        self.error: Exception | None = None

    def put(self, key: str, source: Path) -> None:
        del source
        self.kept.add(key)

    def open(self, key: str) -> Iterator[bytes]:
        if key not in self.kept:
            raise NotFound
        yield key.encode()

    @contextmanager
    def as_file(self, key: str) -> Generator[Path]:
        if self.error:
            raise self.error
        yield Path(key)

    def delete(self, key: str) -> None:
        self.kept.discard(key)

    def keys(self, prefix: str) -> Iterator[str]:
        return iter(sorted(key for key in self.kept if key.startswith(prefix)))


@dataclass
class SetBilling:
    """Billing whose plans a test sets; everybody is on `growth` in March 2026 unless told."""

    plans: dict[UUID, PlanName] = field(default_factory=dict)
    statuses: dict[UUID, SubscriptionStatus] = field(default_factory=dict)
    period: tuple[datetime, datetime] = (
        datetime(2026, 3, 1, tzinfo=UTC),
        datetime(2026, 4, 1, tzinfo=UTC),
    )
    error: Exception | None = None
    asked: list[UUID] = field(default_factory=list)

    def entitlement(self, actor) -> Entitlement:
        return self.entitlement_of(actor.user_id)

    def entitlement_of(self, user_id: UUID) -> Entitlement:
        self.asked.append(user_id)
        if self.error:
            raise self.error
        plan = PLANS[self.plans.get(user_id, PlanName.GROWTH)]
        return Entitlement(
            plan, self.statuses.get(user_id, SubscriptionStatus.ACTIVE), *self.period
        )


class RememberingFeed:
    """StatusFeed that keeps what was published."""

    def __init__(self) -> None:
        self.published: list[tuple[UUID | None, UUID | None]] = []

    def publish(self, owner_id: UUID | None, batch_id: UUID | None) -> None:
        self.published.append((owner_id, batch_id))


class CountingLimiter:
    """RateLimiter in memory, without the passing of time."""

    def __init__(self) -> None:
        self.hits: dict[str, int] = {}

    def hit(self, bucket: str, limit: int, window_s: int) -> float | None:
        refused = self.peek(bucket, limit, window_s)
        if refused is None:
            self.hits[bucket] = self.hits.get(bucket, 0) + 1
        return refused

    def peek(self, bucket: str, limit: int, window_s: int) -> float | None:
        return float(window_s) if self.hits.get(bucket, 0) >= limit else None


class CountingQueue:
    """WorkQueue that counts wakes."""

    def __init__(self) -> None:
        self.wakes = 0

    def wake(self) -> None:
        self.wakes += 1

    def on_wake(self, callback: Callable[[], None]) -> None:
        del callback


class RememberingAnalytics:
    """Analytics that keeps its events."""

    def __init__(self) -> None:
        self.events: list[tuple[str, UUID, dict[str, str | int]]] = []

    def event(self, name: str, user_id: UUID, properties: dict[str, str | int]) -> None:
        self.events.append((name, user_id, properties))


class RememberingMailer:
    """Mailer that keeps its mails."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []
        self.references: list[str] = []
        self.error: Exception | None = None

    def send(self, mail: Mail) -> None:
        if self.error:
            raise self.error
        self.sent.append((mail.to, mail.subject, mail.text))
        self.references.append(mail.reference)
