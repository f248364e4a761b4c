"""What to do after an attempt failed.

Answers with a decision: wait and try again, or fail with a code (`reliability` rules). Leaves
acting on it to the processor.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingestio.errors import (
    AIBusy,
    AIClosed,
    AIStillAway,
    Incomplete,
    IngestioError,
    NothingFound,
    ReaderCrashed,
    ReaderStopped,
    Unavailable,
)

if TYPE_CHECKING:
    from ingestio.domain.results import Extraction

MAX_ATTEMPTS = 5
MAX_CRASHES = 3
BASE_WAIT_S = 5.0
MAX_WAIT_S = 600.0


@dataclass(frozen=True, slots=True)
class RetryLater:
    """Back to `uploaded`, not before `wait_s` from now.

    `costs_attempt` is False where the other side said that it is not about this document, and where
    a crash counts by itself.
    """

    wait_s: float
    costs_attempt: bool = True


@dataclass(frozen=True, slots=True)
class GiveUp:
    """`failed`, with a stable code that has its wording."""

    code: str


def decide(
    error: Exception, attempt: int, jitter: float, crashes: int | None = None
) -> RetryLater | GiveUp:
    """What follows from an error on attempt number `attempt` (from 1).

    `jitter` is a random share (0-1), passed in: full jitter spreads those who wait. `crashes` is
    how often its reader died, this time included; None counts attempts instead.
    """
    match error:
        case ReaderCrashed():
            return _after_crash(attempt, jitter, crashes)
        case Unavailable():
            return _after_outage(error, attempt, jitter)
        case IngestioError():
            return GiveUp(error.code)
        case _:
            return GiveUp("internal")


def _after_crash(attempt: int, jitter: float, crashes: int | None) -> RetryLater | GiveUp:
    died = attempt if crashes is None else crashes
    if died >= MAX_CRASHES:
        return GiveUp(ReaderStopped.code)
    return RetryLater(jitter, costs_attempt=crashes is None)


def _after_outage(error: Unavailable, attempt: int, jitter: float) -> RetryLater | GiveUp:
    """Attempts are for what may be the document's fault: not for what the provider says of all."""
    match error:
        case AIStillAway():
            return RetryLater((error.retry_after_s or 0.0) * (1 + jitter), costs_attempt=False)
        case AIClosed():  # the breaker holds everything back: this only spreads what goes on
            return RetryLater(jitter * BASE_WAIT_S, costs_attempt=False)
        case AIBusy():
            return RetryLater(_at_least(error, attempt, jitter), costs_attempt=False)
        case _ if attempt >= MAX_ATTEMPTS:
            return GiveUp(error.code)
        case _:
            return RetryLater(_at_least(error, attempt, jitter))


def _at_least(error: Unavailable, attempt: int, jitter: float) -> float:
    """Not before the other side said, nor before what is left to us."""
    return max(error.retry_after_s or 0.0, backoff_s(attempt, jitter))


def backoff_s(attempt: int, jitter: float) -> float:
    """Full jitter: a share of a time that doubles with each attempt, up to ten minutes."""
    return jitter * min(MAX_WAIT_S, BASE_WAIT_S * 2 ** min(attempt, 10))


def shortfall(extraction: Extraction) -> str | None:
    """Why an answer is no success, as an error code: partial and empty answers never are."""
    if not extraction.is_complete:
        return Incomplete.code
    return None if extraction.fields else NothingFound.code
