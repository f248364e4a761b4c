"""Rounds in a thread of their own, so that whatever hangs outside holds nothing else up.

Answers a call with one round: the postman's over the mails that are due, the bursar's over plans
and what waits for pages. A call during a round adds nothing, for the next sweep calls again. Leaves
what is done to whom it calls.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import structlog

from ingestio.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

log = structlog.get_logger(__name__)


class Rounds:
    """One at a time, in this process."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._round: threading.Thread | None = None
        self._stopped = threading.Event()

    def call(self, work: Callable[[Callable[[], bool]], object]) -> None:
        """Begin a round unless one is under way; at once back.

        `work` asks what it is given whether to stop.
        """
        with self._lock:
            if self._stopped.is_set() or self._is_under_way:
                return
            # A daemon: a server that hangs does not keep the process from its end.
            go = threading.Thread(target=self._go, args=(work,), name=self._name, daemon=True)
            self._round = go
            go.start()

    def wait(self, timeout_s: float) -> bool:
        """Until the round is over; whether it was in time."""
        under_way = self._round
        if under_way is not None:
            under_way.join(timeout_s)
        return not self._is_under_way

    def stop(self) -> None:
        """Begin nothing further. A mail on its way is marked, or due again after its lease."""
        self._stopped.set()

    @property
    def _is_under_way(self) -> bool:
        return self._round is not None and self._round.is_alive()

    def _go(self, work: Callable[[Callable[[], bool]], object]) -> None:
        try:
            work(self._stopped.is_set)
        except Unavailable as error:
            log.warning("round_failed", round=self._name, error=error.message)
        except Exception:
            log.exception("round_failed", round=self._name)
