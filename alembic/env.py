"""Runs migrations on a connection that is handed in, or on the database of the settings."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

import ingestio.db.tables  # noqa: F401  registers every table
from ingestio.config import Settings
from ingestio.db.engine import Database


def run() -> None:
    """One transaction for all steps; SQLite alters by copying the table."""
    connection = context.config.attributes.get("connection")
    if connection is None:
        with Database(Settings().database).engine.begin() as own:
            _migrate(own)
    else:
        _migrate(connection)


def _migrate(connection) -> None:  # noqa: ANN001
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
