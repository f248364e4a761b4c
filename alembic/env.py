"""Runs migrations on the connection that is handed in, or on the database of the settings."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

import ingestio.db.tables  # noqa: F401  registers every table
from ingestio.config import Settings
from ingestio.db import migrations
from ingestio.db.engine import Database


def run(connection) -> None:  # noqa: ANN001
    """In the transaction that is open: a migration that fails leaves nothing, also on SQLite."""
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def run_by_hand() -> None:
    """For `alembic upgrade head` on the configured database."""
    database = Database(Settings().database)
    with migrations.locked(database) as connection:
        run(connection)
    database.dispose()


handed_in = context.config.attributes.get("connection")
if handed_in is None:
    run_by_hand()
else:
    run(handed_in)
