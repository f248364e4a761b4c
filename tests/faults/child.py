"""A server to be frozen or killed: scheduler and processor in a process of their own.

    python -m tests.faults.child '{"url": ..., "folder": ..., "name": ...}'

The product's own scheduler, processor and steps, with a stub for an engine, on the database that
the test looks into. Exits when nothing is left to do, or when told; 3 where another has the lock.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlmodel import col

from ingestio import failpoints
from ingestio.adapters.local_queue import LocalQueue
from ingestio.db.engine import Database
from ingestio.db.tables import Document
from ingestio.domain.documents import DocumentStatus
from ingestio.errors import StoreUnavailable
from ingestio.scheduler import Scheduler
from ingestio.services.processor import Processor, machine
from tests.faults.living import as_kind, count, eventually, living

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.wiring import House

ROOT = Path(__file__).parents[2]
GIVE_UP_AFTER_S = 280.0
ELSEWHERE = 3
OPEN = (DocumentStatus.UPLOADED, DocumentStatus.PROCESSING)


@dataclass(frozen=True, slots=True)
class Orders:
    """What a child does. Children of one `folder` share files; `name` is its own data folder."""

    url: str
    folder: str
    name: str = "one"
    size: int = 4
    lease_s: float = 60.0
    takes_s: float = 0.01
    sweep_s: float = 0.1
    is_told_when: bool = False
    freezes_at: str = ""
    """A named place of the product where it stops itself, once."""


@dataclass
class Child:
    """The process of one, as the test holds it."""

    orders: Orders
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, orders: Orders) -> Child:
        """Begin, without waiting; its log goes to a file."""
        command = [sys.executable, "-m", "tests.faults.child", json.dumps(asdict(orders))]
        with _log_path(orders).open("ab") as log:
            return cls(orders, subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log))

    @property
    def log(self) -> str:
        """What it said."""
        return _log_path(self.orders).read_text()

    @property
    def sweeps(self) -> list[float]:
        """When it swept, in seconds since the epoch."""
        path = Path(self.orders.folder) / f"{self.orders.name}.sweeps"
        return [float(line) for line in path.read_text().split()] if path.exists() else []

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def freeze(self, database: Database) -> None:
        """Stop it as it stands, unless others could not write meanwhile."""
        for _ in range(50):
            self.signal(signal.SIGSTOP)
            time.sleep(0.05)
            if is_free(database):
                return
            self.signal(signal.SIGCONT)
            time.sleep(0.05)
        raise AssertionError

    def wait(self, within_s: float = GIVE_UP_AFTER_S) -> int:
        """Its exit code."""
        return self.process.wait(within_s)

    def end(self) -> None:
        """However it stands."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def is_free(database: Database) -> bool:
    """Whether others can write: frozen with SQLite's write lock, it would hold up everybody."""
    if not database.is_sqlite:
        return True
    with sqlite3.connect(database.engine.url.database or "", timeout=0.2) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.rollback()
        except sqlite3.OperationalError:
            return False
    return True


class Noting(Processor):
    """Notes each sweep."""

    __slots__ = ()

    def run_once(self) -> int:
        with Path(os.environ["SWEEPS"]).open("a") as file:
            file.write(f"{time.time()}\n")
        return super().run_once()


def asked(folder: Path) -> list[str]:
    """Every call to the engine of all children: what an AI would have been paid for."""
    path = folder / "asked"
    return path.read_text().split() if path.exists() else []


def _freeze_once(place: str) -> Callable[[str], None]:
    left = [place]

    def freeze(name: str) -> None:
        if name in left:
            left.remove(name)
            time.sleep(0.2)  # the other threads come as far as they can
            os.kill(os.getpid(), signal.SIGSTOP)
            time.sleep(0.2)  # it comes to all threads in a moment, not at once

    return freeze


def _log_path(orders: Orders) -> Path:
    return Path(orders.folder) / f"{orders.name}.log"


def main(orders: Orders) -> int:
    """Serve as ordered."""
    folder = Path(orders.folder)
    os.environ["SWEEPS"] = str(folder / f"{orders.name}.sweeps")
    house = living(Database(orders.url), folder)
    house.engine.takes_s = orders.takes_s

    def note(document) -> None:
        with (folder / "asked").open("a") as file:
            file.write(f"{document.sha256}\n")

    house.engine.before = note
    if orders.freezes_at:
        failpoints.on_hit(_freeze_once(orders.freezes_at))
    house.notifications = replace(house.notifications, mailer=None)
    me = f"{machine()}:{os.getpid()}:{orders.name}"
    made = house.processor(me, lease_s=orders.lease_s, size=orders.size)
    processor = as_kind(Noting, made)
    scheduler = Scheduler(
        processor, LocalQueue(), folder / orders.name, sweep_s=orders.sweep_s, tidy=list
    )
    told = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told.set())
    if not scheduler.start():
        return ELSEWHERE

    def is_over() -> bool:
        return told.is_set() or (not orders.is_told_when and _all_ended(house))

    is_done = eventually(is_over, GIVE_UP_AFTER_S)
    scheduler.stop()
    return 0 if is_done else 1


def _all_ended(house: House) -> bool:
    try:
        return not count(house, Document, col(Document.status).in_(OPEN))
    except StoreUnavailable:  # the session that looked was frozen too, and ended by the server
        return False


if __name__ == "__main__":
    sys.exit(main(Orders(**json.loads(sys.argv[1]))))
