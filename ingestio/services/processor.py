"""The processor: everything that moves documents by itself (Spec 6).

Answers a wake-up with claims up to the free places, and sweeps up what no event arrived for: dead
leases, documents whose pages are there again, notifications. Level-triggered: nothing depends on
one event arriving. Leaves one document's steps to `steps`, threads to `crew` and `rounds`, who goes
on to `waiting`.
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
from typing import TYPE_CHECKING, ParamSpec, Self, TypeVar
from uuid import uuid4

import structlog

from ingestio import failpoints
from ingestio.db import claims, invariants, pause
from ingestio.db.claims import ANY_NUMBER
from ingestio.db.engine import SYSTEM
from ingestio.errors import NotFound, Unavailable
from ingestio.services.crew import Crew
from ingestio.services.gates import Gate
from ingestio.services.pulse import Pulse
from ingestio.services.rounds import Rounds
from ingestio.services.steps import Steps
from ingestio.services.waiting import Waiting

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from ingestio.config import Settings
    from ingestio.db.engine import Database
    from ingestio.domain.accounts import Actor
    from ingestio.domain.batches import Pause
    from ingestio.ports import Clock, StatusFeed, WorkQueue
    from ingestio.services.extraction import Extraction
    from ingestio.services.notifications import Notifications
    from ingestio.services.providers import Providers
    from ingestio.services.usage import Usage

P = ParamSpec("P")
T = TypeVar("T")
log = structlog.get_logger(__name__)
STOP_WITHIN_S = 24.0
LAST_WORD_S = 1.0
"""On top of it, for a heartbeat's row that is taken away: the database may be gone as well."""
GRACE_S = 5.0
"""For a mail, or a look at a plan, on its way at the stop: longer only where a server hangs."""


@dataclass(frozen=True, slots=True)
class Processor:
    """Works documents off, in this process or beside others.

    Without a postman mails are sent within the sweep; without a bursar plans are looked at there,
    and what waits for pages goes on there.
    """

    database: Database
    waiting: Waiting
    notifications: Notifications
    feed: StatusFeed
    clock: Clock
    steps: Steps
    crew: Crew
    pulse: Pulse
    queue: WorkQueue
    postman: Rounds | None = None
    bursar: Rounds | None = None

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
        queue: WorkQueue,
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
        return cls(
            database,
            Waiting(database, usage, feed, clock),
            notifications,
            feed,
            clock,
            steps,
            crew,
            Pulse(database, clock, me, settings.concurrency),
            queue,
            postman=Rounds("postman"),
            bursar=Rounds("bursar"),
        )

    def run_once(self) -> int:
        """Sweep, and claim for every free place; how many documents were started.

        Claims come before everything that may wait for something outside: what pages and mails
        hang on holds up no document. What goes on by the bursar starts after this.
        """
        self._see()
        try:
            started = self.crew.hire()
        finally:
            resumed = self._follow(self.crew.hire)
        return started + resumed

    def sweep(self) -> None:
        """Put right what no event arrived for; claims nothing."""
        self._see()
        self._follow(_nobody)

    def go_on(self, user_id: UUID) -> None:
        """A user's pages have changed: their pages show it, and what waited for them goes on.

        Never fails what gave them: where this can't be done now, the sweep does it.
        """
        self.feed.publish(user_id, None)
        try:
            self.waiting.resume(user_id)
            self.queue.wake()
        except Exception as error:  # noqa: BLE001  whatever it is, the pages are given
            log.warning("left_to_the_sweep", user_id=str(user_id), error=repr(error))

    def drain(self, timeout_s: float) -> bool:
        """Wait until nothing is in work and no mail on its way; whether that came true in time."""
        until_s = time.monotonic() + timeout_s
        parts = (_waiting_for(self.bursar), self.crew.drain, _waiting_for(self.postman))
        return all(wait(max(0.0, until_s - time.monotonic())) for wait in parts)

    def stop(self, timeout_s: float = STOP_WITHIN_S) -> None:
        """Claim nothing more; end what is in work, or put it back without costing an attempt."""
        until_s = time.monotonic() + timeout_s
        rounds = [one for one in (self.postman, self.bursar) if one]
        for one in rounds:
            one.stop()
        self.crew.stop(timeout_s)
        until_s = min(until_s, time.monotonic() + GRACE_S)
        for one in rounds:
            one.wait(max(0.0, until_s - time.monotonic()))
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
        """Go on, at once.

        Raises:
            NotFound: the actor is no administrator.
        """
        self._set_pause(actor, is_paused=False, reason=None)
        self.queue.wake()

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

    def _follow(self, hire: Callable[[], int]) -> int:
        """What follows from documents that ended; how many others were then hired for."""
        self._try(self._beat)
        self._try(self.notifications.ring)
        hired = self._look_at_pages(hire)
        self._try(self._mail)
        return hired

    def _look_at_pages(self, hire: Callable[[], int]) -> int:
        """In the bursar's own time; without one, now."""
        if self.bursar is None:
            return self._follow_pages(hire, lambda: False)
        self.bursar.call(lambda is_stopped: self._follow_pages(hire, is_stopped))
        return 0

    def _follow_pages(self, hire: Callable[[], int], is_stopped: Callable[[], bool]) -> int:
        hired = self._try(self._hire_for_resumed, hire, is_stopped)
        self._try(self.waiting.follow_plans, is_stopped)
        return hired or 0

    def _hire_for_resumed(self, hire: Callable[[], int], is_stopped: Callable[[], bool]) -> int:
        return sum(hire() for _ in self.waiting.resumed(is_stopped))

    def _try(self, part: Callable[P, T], *args: P.args, **named: P.kwargs) -> T | None:
        """Each part's failure is its own."""
        try:
            return part(*args, **named)
        except Unavailable as error:
            log.warning("sweep_failed", part=part.__name__, error=error.message)
        except Exception:
            log.exception("sweep_failed", part=part.__name__)
        return None

    def _beat(self) -> None:
        self.pulse.beat(self.crew.busy, lambda name: is_gone(name, self.steps.me))

    def _mail(self) -> None:
        """In the postman's own time; without one, now."""
        if self.postman is None:
            self.notifications.send_mails()
        elif self.notifications.mailer:
            self.postman.call(self.notifications.send_mails)


def _nobody() -> int:
    return 0


def _waiting_for(rounds: Rounds | None) -> Callable[[float], bool]:
    return rounds.wait if rounds else lambda _timeout_s: True


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
