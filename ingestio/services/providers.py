"""The breakers of AI providers: what all processes share of them (reliability).

Answers whether a provider is away, and writes what changed: one row a provider, so that a restart
keeps it and N processes agree. Leaves deciding to `domain.providers`, and counting what is in work
in one process to `gates`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import structlog

from ingestio.db import providers
from ingestio.db.engine import SYSTEM
from ingestio.domain import wording
from ingestio.domain.providers import (
    CLOSED,
    FOR_A_PERSON,
    PROBE_LEASE,
    BreakerState,
    Outage,
    after_probe,
    opened,
    unprobed,
)

if TYPE_CHECKING:
    from ingestio.db.engine import Database, Session
    from ingestio.domain.providers import Breaker
    from ingestio.ports import Clock, StatusFeed

log = structlog.get_logger(__name__)
_HREF: Final = "/admin"


@dataclass(frozen=True, slots=True)
class Providers:
    """Every provider's breaker."""

    database: Database
    feed: StatusFeed
    clock: Clock

    def status(self) -> Outage | None:
        """The provider that is away, the longest first; None where all answer."""
        with self.database.read(SYSTEM) as session:
            away = providers.not_closed(session)
        for name, breaker in away:
            if breaker.opened_at and breaker.next_try_at and breaker.reason:
                is_tried = breaker.state is BreakerState.PROBING
                return Outage(
                    name, breaker.opened_at, breaker.next_try_at, breaker.reason, is_tried
                )
        return None

    def read(self, provider: str) -> Breaker:
        """How it stands now."""
        with self.database.read(SYSTEM) as session:
            return providers.read(session, provider)

    def open(self, provider: str, reason: str) -> Breaker:
        """Let nothing begin there; administrators are told where only they can help, once."""
        now = self.clock.now()

        def work(session: Session) -> tuple[Breaker, bool]:
            seen = providers.read(session, provider)
            new = opened(seen, reason, now)
            if new is None or not providers.replace(session, provider, seen, new):
                return seen, False
            self._tell(session, seen, new)
            return new, True

        breaker, is_news = self.database.write(SYSTEM, work)
        if is_news:
            log.warning("provider_away", provider=provider, reason=reason)
            self.feed.publish(None, None)
        return breaker

    def take_probe(self, provider: str, me: str) -> bool:
        """Whether `me` is the one, of all processes, that tries now with one document."""
        now = self.clock.now()
        return self.database.write(
            SYSTEM,
            lambda session: providers.take_probe(session, provider, me, now, PROBE_LEASE),
        )

    def tell_pages(self) -> None:
        """A document tries, or has found nothing out.

        Not with `take_probe`: with an empty queue there is one each five seconds, and no news.
        """
        self.feed.publish(None, None)

    def keep_probe(self, provider: str, me: str) -> None:
        """The document that tries is still in work."""
        until = self.clock.now() + PROBE_LEASE
        self.database.write_relaxed(
            SYSTEM, lambda session: providers.keep_probe(session, provider, me, until)
        )

    def end_probe(self, provider: str, me: str, error: Exception | None) -> Breaker:
        """What the document that tried has found."""
        now = self.clock.now()

        def work(session: Session) -> tuple[Breaker, bool]:
            seen = providers.read(session, provider)
            new = after_probe(seen, error, now)
            if not providers.end_probe(session, provider, me, new):
                return seen, False
            self._tell(session, seen, new)
            return new, True

        breaker, is_ours = self.database.write(SYSTEM, work)
        if is_ours:
            is_back = breaker == CLOSED
            log.info("provider_tried", provider=provider, is_back=is_back, reason=breaker.reason)
            self.feed.publish(None, None)
        return breaker

    def put_probe_back(self, provider: str, me: str, pause_s: float) -> None:
        """There was no document to try with."""
        now = self.clock.now()

        def work(session: Session) -> None:
            seen = providers.read(session, provider)
            providers.end_probe(session, provider, me, unprobed(seen, now, pause_s))

        self.database.write_relaxed(SYSTEM, work)

    def _tell(self, session: Session, seen: Breaker, new: Breaker) -> None:
        """Administrators, once for each reason that only they can do something about."""
        if new.reason not in FOR_A_PERSON or new.reason == seen.reason:
            return
        providers.tell_administrators(
            session,
            self.clock.now(),
            title=wording.short(new.reason),
            body=wording.remedy(new.reason),
            href=_HREF,
        )
