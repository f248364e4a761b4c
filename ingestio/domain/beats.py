"""Whether anybody works documents off: what processors said last, and when that is too long ago.

Pure. A process can serve pages while its scheduler is stuck; its beat is what stops then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

EVERY: Final = timedelta(seconds=5)
LATE_AFTER: Final = timedelta(seconds=60)
"""Twelve beats: no sweep takes so long, unless something it waits for hangs."""
FORGOTTEN_AFTER: Final = timedelta(days=1)
NEWS_FOR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Beat:
    """One processor as it said last: `in_work` of its `places` were taken.

    `trouble` is the last thing that failed in its scheduler, at `trouble_at`; None where nothing.
    """

    name: str
    started_at: datetime
    at: datetime
    in_work: int
    places: int
    trouble: str | None = None
    trouble_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """All processors together, the latest first. None at all: nobody runs, or all stopped in order.

    A beat from the future (the clock was set back) is as good as one from now.
    """

    at: datetime
    beats: tuple[Beat, ...]

    @property
    def last_at(self) -> datetime | None:
        """When somebody swept last."""
        return self.beats[0].at if self.beats else None

    @property
    def late_s(self) -> float | None:
        """How long ago that was; None where nobody runs."""
        return max(0.0, (self.at - self.beats[0].at).total_seconds()) if self.beats else None

    @property
    def is_stuck(self) -> bool:
        """Somebody should sweep and nobody does: killed, or its scheduler hangs."""
        return bool(self.beats) and self.at - self.beats[0].at > LATE_AFTER

    @property
    def trouble(self) -> Beat | None:
        """The processor whose scheduler had trouble in the last hour, the latest first."""
        found = [one for one in self.beats if self._is_news(one)]
        return max(found, key=lambda one: one.trouble_at or one.at, default=None)

    def _is_news(self, beat: Beat) -> bool:
        return beat.trouble_at is not None and self.at - beat.trouble_at < NEWS_FOR


def watch(beats: Sequence[Beat], now: datetime) -> Watch:
    """The beats, sorted."""
    return Watch(now, tuple(sorted(beats, key=lambda one: one.at, reverse=True)))
