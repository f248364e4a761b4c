"""Mails as log lines: the stand-in of ports.Mailer, for the demo and for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from ingestio.ports import Mail

log = structlog.get_logger(__name__)


class LogMailer:
    """Writes that a mail would go out; not to whom in full, and not what it says."""

    def send(self, mail: Mail) -> None:
        """One line."""
        domain = mail.to.rpartition("@")[2]
        log.info("mail", to_domain=domain, subject=mail.subject, chars=len(mail.text))
