"""How much a provider may be asked, and when not at all: breaker and pace, as values.

Answers what an outcome says about the provider, when its breaker opens, is tried and closes, and
how many documents may be in work there at once. Leaves keeping the breaker where all processes see
it, and counting what is in work, to the services.

Five failures in 30 s open the breaker where they are at least half of what came back: at 30 answers
a second, one in a hundred failing would else close a provider that works.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from ingestio.errors import (
    AIBusy,
    AIClosed,
    AIKeyRefused,
    AIModelUnknown,
    AIOutOfCredit,
    AIStillAway,
    AIUnavailable,
    Declined,
    NothingFound,
)

FAILURES_TO_OPEN: Final = 5
WINDOW: Final = timedelta(seconds=30)
OPEN_FOR_S: Final = 60.0
MAX_OPEN_FOR_S: Final = 600.0
PROBE_LEASE: Final = timedelta(seconds=30)
"""A prober says so often that it lives, or another one tries."""
GROW_EVERY_S: Final = 10.0
FOR_A_PERSON: Final = frozenset({AIOutOfCredit.code, AIKeyRefused.code, AIModelUnknown.code})
"""Reasons that do not pass by themselves: administrators are told, and it is tried more rarely."""
_REMEMBERED: Final = 64


class BreakerState(StrEnum):
    """Closed: work goes through. Probing: one document tries whether it may."""

    CLOSED = "closed"
    OPEN = "open"
    PROBING = "probing"


class Verdict(StrEnum):
    """What an outcome says about the provider itself."""

    FINE = "fine"
    BUSY = "busy"
    AWAY = "away"
    CLOSED = "closed"
    NOTHING = "nothing"


def verdict(error: Exception | None) -> Verdict:
    """What follows for the provider from how a document went; None: it was read."""
    match error:
        case None | Declined() | NothingFound():
            return Verdict.FINE
        case AIBusy():
            return Verdict.BUSY
        case AIClosed():
            return Verdict.CLOSED
        case AIUnavailable():
            return Verdict.AWAY
        case _:
            return Verdict.NOTHING


@dataclass(frozen=True, slots=True)
class Breaker:
    """A provider's breaker. Not closed: `reason` is an error's code, `opened_at` when it began.

    `next_try_at`: when one document may try it; while one does, when another may.
    """

    state: BreakerState = BreakerState.CLOSED
    reason: str | None = None
    opened_at: datetime | None = None
    next_try_at: datetime | None = None
    failed_probes: int = 0

    def is_due(self, now: datetime) -> bool:
        """Whether one document may try: time has come, or the clock went back beyond any pause."""
        if self.state is BreakerState.CLOSED or self.next_try_at is None:
            return False
        return not now < self.next_try_at <= now + timedelta(seconds=MAX_OPEN_FOR_S)


CLOSED: Final = Breaker()


def opened(breaker: Breaker, reason: str, now: datetime) -> Breaker | None:
    """Open it; None where it is open already, and not for something graver."""
    is_open = breaker.state is not BreakerState.CLOSED
    if is_open and (reason not in FOR_A_PERSON or breaker.reason == reason):
        return None
    since = breaker.opened_at if is_open else now
    return Breaker(BreakerState.OPEN, reason, since, _after(now, reason, 0))


def after_probe(breaker: Breaker, error: Exception | None, now: datetime) -> Breaker:
    """What follows from the document that tried: closed again, or open for the next pause."""
    match verdict(error):
        case Verdict.FINE | Verdict.BUSY:
            return CLOSED
        case Verdict.NOTHING:
            return replace(breaker, state=BreakerState.OPEN, next_try_at=now)
        case Verdict.AWAY | Verdict.CLOSED:
            reason = getattr(error, "code", AIUnavailable.code)
            failed = breaker.failed_probes + 1
            return Breaker(
                BreakerState.OPEN, reason, breaker.opened_at, _after(now, reason, failed), failed
            )


def unprobed(breaker: Breaker, now: datetime, pause_s: float) -> Breaker:
    """There was no document to try with: open as before, and due again soon."""
    due = now + timedelta(seconds=pause_s)
    return replace(breaker, state=BreakerState.OPEN, next_try_at=due)


def _after(now: datetime, reason: str, failed_probes: int) -> datetime:
    """A minute each; doubled each time up to ten where a person has to act first."""
    doubled = 2 ** min(failed_probes, 10) if reason in FOR_A_PERSON else 1
    return now + timedelta(seconds=min(MAX_OPEN_FOR_S, OPEN_FOR_S * doubled))


def judged(error: Exception, *, was_probe: bool) -> Exception:
    """The error that decides about the document: finding a provider still away costs nothing.

    It is put back until after the next probe, so that a document which itself makes the provider
    fail is not the one that tries each time.
    """
    if was_probe and verdict(error) is Verdict.AWAY:
        return AIStillAway("The AI provider is still away.", OPEN_FOR_S)
    return error


@dataclass(frozen=True, slots=True)
class Recent:
    """What came back lately: when, and whether it was an answer."""

    outcomes: tuple[tuple[datetime, bool], ...] = ()

    def noted(self, now: datetime, *, is_answer: bool) -> Recent:
        """With one more, without what is too old."""
        young = tuple(one for one in self.outcomes if now - WINDOW < one[0] <= now)
        return Recent((*young[-_REMEMBERED + 1 :], (now, is_answer)))

    @property
    def is_away(self) -> bool:
        """Whether the provider is as good as gone."""
        failures = sum(not is_answer for _, is_answer in self.outcomes)
        return failures >= FAILURES_TO_OPEN and 2 * failures >= len(self.outcomes)


@dataclass(frozen=True, slots=True)
class Pace:
    """How many documents at once, and from when: additive increase, multiplicative decrease.

    Times are seconds of a clock that never jumps. `most` is what the process could do.
    """

    most: int
    at_once: int
    not_before_s: float = 0.0
    changed_at_s: float = 0.0
    refusals: int = 0

    def slowed(self, begun_at_s: float, now_s: float, wait_s: float) -> Pace:
        """After a 429 to what began at `begun_at_s`; nothing begins until `wait_s` from now.

        Halved once for all that was in work together: their refusals are one.
        """
        not_before_s = max(self.not_before_s, now_s + wait_s)
        if begun_at_s < self.changed_at_s and self.refusals:
            return replace(self, not_before_s=not_before_s)
        half = max(1, self.at_once // 2)
        return Pace(self.most, half, not_before_s, now_s, self.refusals + 1)

    def grown(self, now_s: float) -> Pace:
        """After an answer: one more at once, where it went well for a while."""
        if not self.refusals or now_s - max(self.changed_at_s, self.not_before_s) < GROW_EVERY_S:
            return self
        if self.at_once + 1 >= self.most:
            return Pace(self.most, self.most)
        return replace(self, at_once=self.at_once + 1, changed_at_s=now_s, refusals=1)

    def has_room(self, in_work: int, now_s: float) -> bool:
        """Whether another document may begin."""
        return in_work < self.at_once and now_s >= self.not_before_s


@dataclass(frozen=True, slots=True)
class Outage:
    """A provider that gives no answers, as it is shown. `reason` is an error's code."""

    provider: str
    since: datetime
    next_try_at: datetime
    reason: str
    is_being_tried: bool = False
