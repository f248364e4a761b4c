"""Product events as structured log lines: the stand-in of ports.Analytics."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from uuid import UUID

log = structlog.get_logger(__name__)


class LogAnalytics:
    """Writes each event to the log."""

    def event(self, name: str, user_id: UUID, properties: dict[str, str | int]) -> None:
        """One line; the properties hold no content of documents."""
        log.info("analytics", analytics_event=name, user_id=str(user_id), **properties)
