"""Brings a database to the schema of this code, or back.

Answers `upgrade` and `downgrade`, one process at a time however many start together; the steps
themselves stand in `alembic/versions`, one history for SQLite and PostgreSQL.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Generator

    from sqlalchemy import Connection

    from ingestio.db.engine import Database

INI: Final = Path(__file__).parents[2] / "alembic.ini"
_LOCK: Final = 7_310_145_881
"""Any number; the same in every process that migrates the same PostgreSQL database."""


def upgrade(database: Database, revision: str = "head") -> None:
    """Apply what is missing, in one transaction; nothing to do is quick."""
    with locked(database) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(database: Database, revision: str = "base") -> None:
    """Undo down to a revision; rows go with their tables."""
    with locked(database) as connection:
        command.downgrade(_config(connection), revision)


def is_current(database: Database) -> bool:
    """Whether nothing is missing."""
    return revision(database) == ScriptDirectory.from_config(Config(INI)).get_current_head()


def revision(database: Database) -> str | None:
    """Where it stands; None for a database without a table."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


@contextmanager
def locked(database: Database) -> Generator[Connection]:
    """A transaction that no other migration runs beside."""
    engine = database.engine.execution_options(ingestio_write=True)
    with engine.connect() as connection:
        if not database.is_sqlite:
            with connection.begin():
                connection.execute(text("SET LOCAL lock_timeout = 0"))  # another one may take long
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
                yield connection
            return
        # SQLite changes a table by making it anew: dropping the old one would cascade.
        _pragma(connection, "foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
        finally:
            _pragma(connection, "foreign_keys=ON")


def _pragma(connection: Connection, setting: str) -> None:
    """Past SQLAlchemy, which would begin a transaction first: inside one it has no effect."""
    driver = connection.connection.driver_connection
    if driver is not None:
        driver.execute(f"PRAGMA {setting}")


def _config(connection: Connection) -> Config:
    config = Config(INI)
    config.attributes["connection"] = connection
    return config
