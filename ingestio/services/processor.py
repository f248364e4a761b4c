"""The processor: everything that moves documents by itself (Spec 6).

Answers a wake-up with claims up to the free places, and sweeps up what no event arrived for: dead
leases, documents whose pages are there again, notifications. Level-triggered: nothing depends on
one event arriving. Leaves one document's steps to `steps`, threads to `crew`.
"""

from __future__ import annotations

import os
import random
import socket
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar
from uuid import uuid4

import structlog

from ingestio import failpoints
from ingestio.db import claims, documents, invariants, pause
from ingestio.db.claims import ANY_NUMBER
from ingestio.db.engine import SYSTEM
from ingestio.domain.usage import fitting
from ingestio.errors import NotFound, Unavailable
from ingestio.services.crew import Crew
from ingestio.services.gates import Gate
from ingestio.services.postman import Postman
from ingestio.services.pulse import Pulse
from ingestio.services.steps import Steps

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from ingestio.config import Settings
    from ingestio.db.engine import Database, Session
    from ingestio.domain.accounts import Actor
    from ingestio.domain.batches import Pause
    from ingestio.ports import Clock, StatusFeed
    from ingestio.services.extraction import Extraction
    from ingestio.services.notifications import Notifications
    from ingestio.services.providers import Providers
    from ingestio.services.usage import Usage

T = TypeVar("T")
log = structlog.get_logger(__name__)
STOP_WITHIN_S = 24.0
LAST_WORD_S = 1.0
"""On top of it, for a heartbeat's row that is taken away: the database may be gone as well."""
MAIL_GRACE_S = 5.0
"""For a mail that is on its way when the process stops: longer only where its server hangs."""


@dataclass(frozen=True, slots=True)
class Processor:
    """Works documents off, in this process or beside others.

    Without a postman mails are sent within the sweep.
    """

    database: Database
    usage: Usage
    notifications: Notifications
    feed: StatusFeed
    clock: Clock
    steps: Steps
    crew: Crew
    pulse: Pulse
    postman: Postman | None = None

    @classmethod
    def build(
        cls,
        settings: Settings,
        *,
        database: Database,
        extraction: Extraction,
        usage: Usage,
        notifications: Notifications,
        feed: StatusFeed,
        clock: Clock,
        providers: Providers,
    ) -> Self:
        """One with its own name on leases, and the failpoint that a test may have armed."""
        failpoints.arm(settings.failpoint)
        me = f"{machine()}:{os.getpid()}:{uuid4().hex[:8]}"
        gate = Gate(providers, extraction.extractor.name, me, settings.concurrency)
        steps = Steps(
            database,
            extraction,
            usage,
            feed,
            clock,
            me,
            settings.lease_s,
            random.random,
            at_once_a_user=settings.concurrency_a_user or ANY_NUMBER,
        )
        crew = Crew(steps, settings.concurrency, gate)
        pulse, postman = Pulse(database, clock, me, settings.concurrency), Postman(notifications)
        return cls(database, usage, notifications, feed, clock, steps, crew, pulse, postman)

    def run_once(self) -> int:
        """Sweep, and claim for every free place; how many documents were started.

        Claims come before everything that may wait for something outside: what pages and mails
        hang on holds up no document.
        """
        self._see()
        try:
            started = self.crew.hire()
        finally:
            has_resumed = self._follow()
        return started + (self.crew.hire() if has_resumed else 0)

    def sweep(self) -> None:
        """Put right what no event arrived for; claims nothing."""
        self._see()
        self._follow()

    def go_on(self, user_id: UUID) -> None:
        """A user's pages have changed: their pages show it, and what waited for them goes on.

        Never fails what gave them: where this can't be done now, the sweep does it.
        """
        self.feed.publish(user_id, None)
        try:
            self._resume_one(user_id)
        except Exception as error:  # noqa: BLE001  whatever it is, the pages are given
            log.warning("left_to_the_sweep", user_id=str(user_id), error=repr(error))

    def drain(self, timeout_s: float) -> bool:
        """Wait until nothing is in work and no mail on its way; whether that came true in time."""
        deadline_s = time.monotonic() + timeout_s
        is_done = self.crew.drain(timeout_s)
        return is_done and self._wait_for_mails(max(0.0, deadline_s - time.monotonic()))

    def stop(self, timeout_s: float = STOP_WITHIN_S) -> None:
        """Claim nothing more; end what is in work, or put it back without costing an attempt."""
        deadline_s = time.monotonic() + timeout_s
        if self.postman:
            self.postman.stop()
        self.crew.stop(timeout_s)
        self._wait_for_mails(min(MAIL_GRACE_S, max(0.0, deadline_s - time.monotonic())))
        last = threading.Thread(target=self._try, args=(self.pulse.end,), daemon=True)
        last.start()
        last.join(LAST_WORD_S)

    def state(self) -> Pause:
        """Whether it is paused, and why: for everybody to see."""
        with self.database.read(SYSTEM) as session:
            return pause.read(session)

    def pause(self, actor: Actor, reason: str) -> None:
        """Claim nothing until it is resumed; what is in work ends.

        Raises:
            NotFound: the actor is no administrator.
        """
        self._set_pause(actor, is_paused=True, reason=reason.strip() or None)

    def resume(self, actor: Actor) -> None:
        """Go on.

        Raises:
            NotFound: the actor is no administrator.
        """
        self._set_pause(actor, is_paused=False, reason=None)

    def check_invariants(self) -> list[str]:
        """What does not hold in this database, in words; empty where all is well."""
        with self.database.snapshot(SYSTEM) as session:
            return invariants.broken(session)

    def _set_pause(self, actor: Actor, *, is_paused: bool, reason: str | None) -> None:
        if not actor.is_admin:
            raise NotFound
        now = self.clock.now()
        self.database.write(
            SYSTEM,
            lambda session: pause.write(
                session, is_paused=is_paused, reason=reason, by_user_id=actor.user_id, now=now
            ),
        )
        self.crew.is_paused = is_paused
        self.feed.publish(None, None)

    def _heed_pause(self) -> None:
        self.crew.is_paused = self.state().is_paused

    def _bury(self) -> None:
        """End at once the leases of processes of this machine that are gone."""
        with self.database.read(SYSTEM) as session:
            dead = {one for one in claims.owners(session) if is_gone(one, self.steps.me)}
        if dead:
            past = self.clock.now() - timedelta(seconds=1)
            self.database.write_relaxed(SYSTEM, lambda session: claims.expire(session, dead, past))

    def _see(self) -> None:
        """What a claim has to know."""
        self._try(self._heed_pause)
        self._try(self.crew.refresh)
        self._try(self._bury)

    def _follow(self) -> bool:
        """What follows from documents that ended; whether others may be claimed now."""
        self._try(self._beat)
        self._try(self.notifications.ring)
        self._try(self._follow_plans)
        resumed = self._try(self._resume_waiting)
        self._try(self._mail)
        return bool(resumed)

    def _try(self, part: Callable[[], T]) -> T | None:
        """Each part's failure is its own."""
        try:
            return part()
        except Unavailable as error:
            log.warning("sweep_failed", part=part.__name__, error=error.message)
        except Exception:
            log.exception("sweep_failed", part=part.__name__)
        return None

    def _beat(self) -> None:
        self.pulse.beat(self.crew.busy, lambda name: is_gone(name, self.steps.me))

    def _mail(self) -> None:
        """In the postman's own time; without one, now."""
        if self.postman:
            self.postman.call()
        else:
            self.notifications.send_mails()

    def _wait_for_mails(self, timeout_s: float) -> bool:
        return self.postman is None or self.postman.wait(timeout_s)

    def _follow_plans(self) -> None:
        """A limit that moved holds for what is queued, also where nobody looks at the balance."""
        with self.database.read(SYSTEM) as session:
            users = documents.users_queued(session)
        for user_id in users:
            try:
                self.usage.balance_of(user_id)
            except Unavailable as error:
                log.warning("balance_unknown", user_id=str(user_id), error=error.message)

    def _resume_waiting(self) -> int:
        """Documents go on once their pages are there again: after an upgrade, a grant, a month."""
        with self.database.read(SYSTEM) as session:
            users = documents.users_waiting(session)
        resumed = 0
        for user_id in users:
            try:
                resumed += self._resume_one(user_id)
            except Unavailable as error:
                log.warning("balance_unknown", user_id=str(user_id), error=error.message)
        return resumed

    def _resume_one(self, user_id: UUID) -> int:
        return self._resume_of(user_id, self.usage.balance_of(user_id).left_pages)

    def _resume_of(self, user_id: UUID, left_pages: int) -> int:
        with self.database.read(SYSTEM) as session:
            waiting = documents.waiting_of(session, user_id)
            spoken_for = documents.pages_uploaded(session, user_id)
        fit = fitting([one.pages for one in waiting], left_pages - spoken_for)
        by_batch: dict[UUID | None, list[UUID]] = {}
        for at in fit:
            by_batch.setdefault(waiting[at].batch_id, []).append(waiting[at].id)
        now, resumed = self.clock.now(), 0
        for batch_id, ids in by_batch.items():

            def work(
                session: Session, batch_id: UUID | None = batch_id, ids: list[UUID] = ids
            ) -> int:
                return documents.resume(session, user_id, batch_id, ids, now)

            if count := self.database.write_relaxed(SYSTEM, work):
                self.feed.publish(user_id, batch_id)
                resumed += count
        return resumed


def machine() -> str:
    """This machine, or this container on it: where a process id means a process."""
    try:
        return f"{socket.gethostname()}/{Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:
        return socket.gethostname()


def is_gone(owner: str, me: str) -> bool:
    """Whether a lease's owner is a process of this machine that does not run any more."""
    place, _, rest = owner.partition(":")
    pid = rest.partition(":")[0]
    if owner == me or place != me.partition(":")[0] or not pid.isdigit():
        return False
    return not Path(f"/proc/{pid}").exists() if Path("/proc").exists() else False
