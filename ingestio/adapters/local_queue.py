"""Wakes the processor of this process: ports.WorkQueue without a broker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable

log = structlog.get_logger(__name__)


class LocalQueue:
    """Calls who asked to be woken. A lost wake costs one sweep, never a document."""

    def __init__(self) -> None:
        self._callbacks: list[Callable[[], None]] = []

    def wake(self) -> None:
        """There is work. Never raises: the commit it follows has happened."""
        for callback in self._callbacks:
            try:
                callback()
            except Exception:
                log.exception("wake_failed")

    def on_wake(self, callback: Callable[[], None]) -> None:
        """Call this on every wake."""
        self._callbacks.append(callback)
