"""The processor's pulse: it says that it sweeps, so that others see when it does not (row 25).

Answers with everybody's last beat, for doctor and figures, and for readiness with how long ago this
process's own was. A beat is a row that each sweep renews, a few seconds apart at most; a scheduler
that is stuck, or dead, stops it. Leaves what to make of it to `domain.beats`.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from ingestio.db import processors
from ingestio.db.engine import SYSTEM
from ingestio.domain import beats
from ingestio.domain.beats import Beat

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ingestio.db.engine import Database, Session
    from ingestio.domain.beats import Watch
    from ingestio.ports import Clock

_MAX_TROUBLE_CHARS: Final = 200


class Pulse:
    """Of one processor, named as its leases are."""

    def __init__(self, database: Database, clock: Clock, me: str, places: int) -> None:
        self._database = database
        self._clock = clock
        self._me = me
        self._places = places
        self._lock = threading.Lock()
        self._started_at: datetime | None = None
        self._at: datetime | None = None
        self._swept_at: datetime | None = None
        self._trouble: tuple[str | None, datetime | None] = (None, None)
        self._is_over = False

    def promise(self) -> None:
        """A scheduler runs in this process: from now on a beat that does not come is missing."""
        self._swept_at = self._clock.now()

    @property
    def own_late_s(self) -> float | None:
        """How long ago this process swept, or began to; None where no scheduler runs in it."""
        if self._is_over or self._swept_at is None:
            return None
        return max(0.0, (self._clock.now() - self._swept_at).total_seconds())

    def beat(self, in_work: int, is_gone: Callable[[str], bool]) -> None:
        """Say that it sweeps; who is gone for certain, or unheard of for a day, is struck off."""
        now = self._clock.now()
        if self._swept_at:
            self._swept_at = now
        if self._is_over or (self._at and abs(now - self._at) < beats.EVERY):
            return
        started_at = self._started_at or now
        said = Beat(self._me, started_at, now, in_work, self._places, *self._trouble)

        def work(session: Session) -> None:
            if self._is_over:  # since we looked: a row that is written now would stay
                return
            processors.write(session, said)
            ended = {one.name for one in processors.read(session) if is_gone(one.name)}
            ended.update(processors.forgotten(session, now - beats.FORGOTTEN_AFTER))
            processors.remove(session, ended - {self._me})

        self._database.write_relaxed(SYSTEM, work)
        self._started_at, self._at = started_at, now

    def note(self, trouble: str) -> None:
        """Something failed around the sweep: told with the next beat."""
        with self._lock:
            self._trouble = (trouble[:_MAX_TROUBLE_CHARS], self._clock.now())
            self._at = None

    def end(self) -> None:
        """It stops in order: nobody need worry."""
        self._is_over = True
        self._database.write_relaxed(SYSTEM, lambda session: processors.remove(session, {self._me}))

    def watch(self) -> Watch:
        """What everybody said last."""
        with self._database.read(SYSTEM) as session:
            return beats.watch(processors.read(session), self._clock.now())
