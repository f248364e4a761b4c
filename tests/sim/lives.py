"""Many lives one after the other, on one database that is emptied before each.

Emptying a file by SQLite's backup keeps the statements compiled: making all of it anew cost more
than the life.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

from ingestio.db.engine import Database
from ingestio.db.migrations import upgrade
from tests.sim.fate import Figures, Violation
from tests.sim.simulator import SAVED_ALONE, STEPS, World

if TYPE_CHECKING:
    from collections.abc import Generator

IN_MEMORY = Path("/dev/shm")  # noqa: S108


@contextmanager
def folder_in_memory() -> Generator[Path]:
    """A folder that goes away again, in memory where the machine has that."""
    where = IN_MEMORY if IN_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="ingestio-lives-", dir=where) as folder:
        yield Path(folder)


def make_empty(folder: Path) -> Path:
    """A migrated database without a row, to begin each life with."""
    path = folder / "empty.sqlite3"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return path


def live_some(empty: Path, first: int, last: int) -> tuple[Figures, str | None]:
    """The lives of these seeds up to `last`, and the first violation with how to see it again."""
    total = Figures()
    with folder_in_memory() as folder, Lives(empty, folder) as lives:
        for seed in range(first, last):
            try:
                total += lives.live(seed).fate.figures
            except Violation as violation:
                return total, f"VIOLATION {violation}\nAgain: make sim SEEDS=1 FIRST={seed}"
    return total, None


class Lives:
    """A place to live: a folder of its own, best in memory."""

    def __init__(self, empty: Path, folder: Path) -> None:
        self._empty, self._folder = empty, folder
        self._file = folder / "life.sqlite3"
        shutil.copyfile(empty, self._file)
        self._database = Database(f"sqlite:///{self._file}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.dispose()

    def live(self, seed: int, steps: int = STEPS, *, saved_alone: float = SAVED_ALONE) -> World:
        """One seed's life; its records stay until the next.

        Raises:
            Violation
        """
        with (
            closing(sqlite3.connect(self._empty)) as empty,
            closing(sqlite3.connect(self._file)) as used,
        ):
            empty.backup(used)
        answers = self._folder / "answers"
        shutil.rmtree(answers, ignore_errors=True)
        world = World(seed, self._database, self._folder, saved_alone=saved_alone)
        world.live(steps)
        return world
