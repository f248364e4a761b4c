"""The machine's clock, as ports.Clock."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """Aware UTC from the operating system."""

    def now(self) -> datetime:
        """The time now."""
        return datetime.now(UTC)
