"""Mails as log lines: the stand-in of ports.Mailer, for the demo and for tests."""

from __future__ import annotations

import structlog

log = structlog.get_logger(__name__)


class LogMailer:
    """Writes that a mail would go out; not to whom in full, and not what it says."""

    def send(self, to: str, subject: str, text: str) -> None:
        """One line."""
        log.info("mail", to_domain=to.rpartition("@")[2], subject=subject, chars=len(text))
