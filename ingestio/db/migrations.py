"""Brings a database to the schema of this code, or back.

Answers `upgrade` and `downgrade`; the steps themselves stand in `alembic/versions`, one history
for SQLite and PostgreSQL.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from alembic import command
from alembic.config import Config

if TYPE_CHECKING:
    from ingestio.db.engine import Database

INI: Final = Path(__file__).parents[2] / "alembic.ini"


def upgrade(database: Database, revision: str = "head") -> None:
    """Apply what is missing, in one transaction; nothing to do is quick."""
    with database.engine.begin() as connection:
        command.upgrade(_config(connection), revision)


def downgrade(database: Database, revision: str = "base") -> None:
    """Undo down to a revision."""
    with database.engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def _config(connection: object) -> Config:
    config = Config(INI)
    config.attributes["connection"] = connection
    return config
