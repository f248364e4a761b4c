"""A sender of mails to be killed: the product's notifications over a real SMTP server.

python -m tests.faults.post '{"url": ..., "smtp": ..., "failpoint": ..., "later_s": ...}'
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from ingestio import failpoints
from ingestio.adapters.smtp_mail import SmtpMailer
from ingestio.db.engine import Database
from ingestio.services.notifications import Notifications
from tests.fakes import START, RememberingFeed, SetClock

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Round:
    """One round of the postman, `later_s` after the tests' own time; it may die at a failpoint."""

    url: str
    smtp: str
    failpoint: str = ""
    later_s: float = 0.0

    def go(self) -> int:
        """The exit code of its process."""
        command = [sys.executable, "-m", "tests.faults.post", json.dumps(asdict(self))]
        return subprocess.run(command, cwd=ROOT, timeout=60, check=False).returncode


def main(asked: Round) -> None:
    """Send what is due."""
    clock = SetClock(START + timedelta(seconds=asked.later_s))
    mailer = SmtpMailer(asked.smtp, timeout_s=5)
    told = Notifications(
        Database(asked.url), RememberingFeed(), clock, mailer, "http://localhost:3000"
    )
    failpoints.arm(asked.failpoint)
    told.send_mails()


if __name__ == "__main__":
    main(Round(**json.loads(sys.argv[1])))
