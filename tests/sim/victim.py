"""A server to be killed: the processor on a given SQLite file, with a stub for an engine.

    python -m tests.sim.victim DATABASE FOLDER FAILPOINT LEASE_S

Works until nothing waits and nothing is in work, or until it dies at its failpoint.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path

from sqlmodel import col, func, select

from ingestio.adapters.system_clock import SystemClock
from ingestio.config import Settings
from ingestio.db.engine import SYSTEM, Database
from ingestio.db.tables import Document
from ingestio.domain.documents import DocumentStatus
from ingestio.services.processor import Processor
from tests.wiring import build

GIVE_UP_AFTER_S = 40.0
OPEN = (DocumentStatus.UPLOADED, DocumentStatus.PROCESSING)


def main(url: str, folder: str, failpoint: str, lease_s: str) -> None:
    """Process everything there is."""
    clock = SystemClock()
    house = build(Database(url), Path(folder), clock=clock)
    asked = Path(folder) / "asked"
    house.engine.takes_s = 0.01

    def note(document) -> None:
        with asked.open("a") as file:
            file.write(f"{document.sha256}\n")

    house.engine.before = note
    settings = Settings(failpoint=failpoint, lease_s=float(lease_s), concurrency=4)
    processor = Processor.build(
        settings,
        database=house.database,
        extraction=house.extraction,
        usage=house.usage,
        notifications=replace(house.notifications, mailer=None),
        feed=house.feed,
        clock=clock,
    )
    give_up_at = time.monotonic() + GIVE_UP_AFTER_S
    while _open(house.database) and time.monotonic() < give_up_at:
        processor.run_once()
        processor.drain(5)
        time.sleep(0.02)
    processor.sweep()
    processor.stop()


def _open(database: Database) -> int:
    with database.read(SYSTEM) as session:
        return session.exec(select(func.count()).where(col(Document.status).in_(OPEN))).one()


if __name__ == "__main__":
    main(*sys.argv[1:])
