"""What to do after an attempt failed.

Answers with a decision: wait and try again, or fail with a code (`reliability` rules). Leaves
acting on it to the processor.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingestio.errors import IngestioError, ReaderCrashed, Unavailable

MAX_ATTEMPTS = 5
MAX_CRASHES = 3
BASE_WAIT_S = 5.0
MAX_WAIT_S = 600.0


@dataclass(frozen=True, slots=True)
class RetryLater:
    """Back to `uploaded`, not before `wait_s` from now."""

    wait_s: float


@dataclass(frozen=True, slots=True)
class GiveUp:
    """`failed`, with a stable code that has its wording."""

    code: str


def decide(error: Exception, attempt: int, jitter: float) -> RetryLater | GiveUp:
    """What follows from an error on attempt number `attempt` (from 1).

    `jitter` is a random share (0-1), passed in: full jitter spreads those who wait.
    """
    match error:
        case ReaderCrashed() if attempt >= MAX_CRASHES:
            return GiveUp("reader_stopped")
        case ReaderCrashed():
            return RetryLater(jitter)
        case Unavailable() if attempt >= MAX_ATTEMPTS:
            return GiveUp(error.code)
        case Unavailable():
            backoff = jitter * min(MAX_WAIT_S, BASE_WAIT_S * 2**attempt)
            return RetryLater(max(error.retry_after_s or 0.0, backoff))
        case IngestioError():
            return GiveUp(error.code)
        case _:
            return GiveUp("internal")
