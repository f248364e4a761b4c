"""Databases for simulated lives: in memory where the machine has a folder for that."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlmodel import SQLModel

from ingestio.db.engine import Database
from tests.sim.simulator import World

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

IN_MEMORY = Path("/dev/shm")  # noqa: S108


@pytest.fixture(scope="session")
def empty_file() -> Generator[Path]:
    """An empty database with all tables, to be copied."""
    folder = Path(tempfile.mkdtemp(dir=IN_MEMORY if IN_MEMORY.is_dir() else None))
    database = Database(f"sqlite:///{folder / 'empty.sqlite3'}")
    SQLModel.metadata.create_all(database.engine)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    yield folder / "empty.sqlite3"
    shutil.rmtree(folder)


@pytest.fixture
def live(empty_file: Path) -> Generator[Callable[[int, int], World]]:
    """Live one seed's life of so many steps; its records stay until the test ends."""
    worlds: list[tuple[Database, Path]] = []

    def lived(seed: int, steps: int) -> World:
        folder = Path(tempfile.mkdtemp(dir=empty_file.parent))
        shutil.copyfile(empty_file, folder / "life.sqlite3")
        database = Database(f"sqlite:///{folder / 'life.sqlite3'}")
        worlds.append((database, folder))
        world = World(seed, database, folder)
        world.live(steps)
        return world

    yield lived
    for database, folder in worlds:
        database.dispose()
        shutil.rmtree(folder)
