"""Mails in a thread of their own, so that a mail server that hangs holds nothing else up.

Answers a call with one round over the mails that are due; a call during a round adds nothing, for
the next sweep calls again. Leaves what is sent to `notifications`.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import structlog

from ingestio.errors import Unavailable

if TYPE_CHECKING:
    from ingestio.services.notifications import Notifications

log = structlog.get_logger(__name__)


class Postman:
    """One round at a time, in this process."""

    def __init__(self, notifications: Notifications) -> None:
        self._notifications = notifications
        self._lock = threading.Lock()
        self._round: threading.Thread | None = None
        self._stopped = threading.Event()

    def call(self) -> None:
        """Begin a round unless one is under way; at once back."""
        if self._notifications.mailer is None:
            return
        with self._lock:
            if self._stopped.is_set() or self._is_under_way:
                return
            # A daemon: a mail server that hangs does not keep the process from its end.
            self._round = threading.Thread(target=self._go, name="postman", daemon=True)
            self._round.start()

    def wait(self, timeout_s: float) -> bool:
        """Until the round is over; whether it was in time."""
        under_way = self._round
        if under_way is not None:
            under_way.join(timeout_s)
        return not self._is_under_way

    def stop(self) -> None:
        """Begin no further mail. One that is on its way is marked, or due again after its lease."""
        self._stopped.set()

    @property
    def _is_under_way(self) -> bool:
        return self._round is not None and self._round.is_alive()

    def _go(self) -> None:
        try:
            self._notifications.send_mails(self._stopped.is_set)
        except Unavailable as error:
            log.warning("mails_not_sent", error=error.message)
        except Exception:
            log.exception("mails_not_sent")
