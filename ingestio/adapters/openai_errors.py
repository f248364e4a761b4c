"""The vendor's errors as ours: what may work later, what waits for a person, what never will.

A 429 means two things: slow down, or no credit is left; the code in its body tells them apart.
"""

from __future__ import annotations

import json
import math
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

import openai

from ingestio.errors import (
    AIBusy,
    AIKeyRefused,
    AIModelUnknown,
    AIOutOfCredit,
    AIUnavailable,
    Declined,
    IngestioError,
)

if TYPE_CHECKING:
    from collections.abc import Generator

NO_CREDIT: Final = (
    "insufficient_quota",
    "billing_hard_limit_reached",
    "billing_not_active",
    "spending_limit",
    "credit",
    "exceeded your current quota",
)
"""What stands in the body of a refusal that waiting does not help."""
LONGEST_WAIT_S: Final = 3_600.0
"""Nobody waits longer on a word of the provider's: a date gone wrong would stop us for a day."""
_FOR_GOOD: Final = frozenset({400, 413, 415, 422})
_KEY_REFUSED: Final = frozenset({401, 403})
_PAY: Final = 402
_NO_MODEL: Final = 404
_SLOW_DOWN: Final = 429


@contextmanager
def translated() -> Generator[None]:
    """Around one call of the client.

    Raises:
        AIUnavailable: one of its family.
        Declined: this document, for good.
    """
    try:
        yield
    except openai.APIStatusError as exc:
        raise _of_status(exc) from exc
    except openai.APITimeoutError as exc:
        raise AIUnavailable("The AI service took too long.") from exc
    except openai.APIError as exc:
        raise AIUnavailable("The AI service can't be reached.") from exc
    except json.JSONDecodeError as exc:
        raise AIUnavailable("What answers at the AI service's address is none.") from exc


def _of_status(exc: openai.APIStatusError) -> IngestioError:
    status = exc.status_code
    if status in _FOR_GOOD:
        return Declined("The AI service can't take this document.")
    if status in _KEY_REFUSED:
        return AIKeyRefused("The AI provider refuses our key. Check OPENAI_API_KEY.")
    if status == _NO_MODEL:
        return AIModelUnknown("The AI provider does not know this model. Check OPENAI_MODEL.")
    if status == _PAY or (status == _SLOW_DOWN and _is_no_credit(exc)):
        return AIOutOfCredit("The AI provider's credit is used up.")
    if status == _SLOW_DOWN:
        return AIBusy("The AI provider asks us to slow down.", retry_after_s(exc))
    return AIUnavailable("The AI service has a problem.", retry_after_s(exc))


def _is_no_credit(exc: openai.APIStatusError) -> bool:
    said = " ".join(str(one or "") for one in (exc.code, exc.type, exc.message)).lower()
    return any(sign in said for sign in NO_CREDIT)


def retry_after_s(exc: openai.APIStatusError) -> float | None:
    """When to come back, in seconds from now, at most an hour; None where nothing sound is said."""
    wait_s = _seconds(exc.response.headers.get("retry-after", ""))
    if wait_s is None or not math.isfinite(wait_s):
        return None
    return min(LONGEST_WAIT_S, max(0.0, wait_s))


def _seconds(said: str) -> float | None:
    """A number, or a date."""
    try:
        return float(said)
    except ValueError:
        pass
    try:
        return (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds()
    except (TypeError, ValueError, OverflowError):
        return None
