"""When a mail that could not be sent is tried again, and when it is given up.

Pure. A mail server that is away for a night loses no mail: twenty tries take a day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

MAX_TRIES: Final = 20
FIRST_WAIT: Final = timedelta(seconds=30)
MAX_WAIT: Final = timedelta(hours=2)
LEASE: Final = timedelta(minutes=5)
"""How long whoever claimed a mail has it: longer than a mail server may keep us."""


def wait_after(tries: int) -> timedelta | None:
    """How long after the try of this number (from 1); None: that was the last."""
    if tries >= MAX_TRIES:
        return None
    return min(MAX_WAIT, FIRST_WAIT * 2 ** (tries - 1))


@dataclass(frozen=True, slots=True)
class MailHealth:
    """How the mails are doing, for whoever runs it.

    `waiting` are still to be sent, `failing` of them were tried in vain; `given_up` are those of
    the last day that nobody tries any more. `reason` is the latest one's that is not sent, `at` its
    time; None where all went well.
    """

    waiting: int
    failing: int
    given_up: int
    reason: str | None
    at: datetime | None
