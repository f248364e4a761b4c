"""One history for both databases: it makes what the models say, and can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from sqlmodel import SQLModel

import ingestio.db.tables  # noqa: F401  registers every table
from ingestio.db.migrations import downgrade, upgrade

if TYPE_CHECKING:
    from ingestio.db.engine import Database


def differences(database: Database) -> list[object]:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, SQLModel.metadata))


def test_migrated_schema_is_what_the_models_say(either_database: Database):
    assert differences(either_database) == []


def test_upgrading_twice_changes_nothing(either_database: Database):
    upgrade(either_database)

    assert differences(either_database) == []


def test_downgrade_leaves_nothing_and_upgrade_brings_it_back(either_database: Database):
    downgrade(either_database)
    left = set(inspect(either_database.engine).get_table_names()) - {"alembic_version"}
    upgrade(either_database)

    assert left == set()
    assert differences(either_database) == []


@pytest.mark.postgres
def test_checks_of_the_models_stand_in_the_migrated_schema(postgres: Database):
    """Autogenerate does not compare checks, so they are compared by name."""
    inspector = inspect(postgres.engine)
    for table in SQLModel.metadata.tables.values():
        wanted = {c.name for c in table.constraints if type(c).__name__ == "CheckConstraint"}
        made = {check["name"] for check in inspector.get_check_constraints(table.name)}
        assert {str(name) for name in wanted if name} <= made, table.name
