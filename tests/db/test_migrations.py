"""One history for both databases: it makes what the models say, and can be undone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import OperationalError
from sqlmodel import SQLModel

import ingestio.db.tables  # noqa: F401  registers every table
from ingestio.db.engine import Database
from ingestio.db.migrations import downgrade, is_current, upgrade

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cluster


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


@pytest.mark.postgres
def test_indexes_of_the_models_stand_on_both_with_their_conditions(
    database: Database, postgres: Database
):
    """Autogenerate does not compare the conditions of partial indexes."""
    for made in (database, postgres):
        inspector = inspect(made.engine)
        for table in SQLModel.metadata.tables.values():
            wanted = {
                i.name
                for i in table.indexes
                if i.dialect_options[made.engine.name]["where"] is not None
            }
            partial = {
                i["name"]
                for i in inspector.get_indexes(table.name)
                if i.get("dialect_options", {}).get(f"{made.engine.name}_where") is not None
            }
            assert partial == wanted, (made.engine.name, table.name)


def test_processes_that_start_together_migrate_once(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'shared.sqlite3'}"
    databases = [Database(url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(upgrade, databases))

    assert all(is_current(each) for each in databases)
    assert differences(databases[0]) == []


@pytest.mark.postgres
def test_processes_that_start_together_migrate_once_on_postgres(cluster: Cluster):
    with cluster.fresh("template1") as first:
        others = [
            Database(first.engine.url.render_as_string(hide_password=False)) for _ in range(3)
        ]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(upgrade, [first, *others]))

        assert differences(first) == []
        for each in others:
            each.dispose()


def test_a_migration_that_fails_leaves_nothing(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path / 'fails.sqlite3'}")
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE notifications (id INTEGER)"))

    with pytest.raises(OperationalError):
        upgrade(database)

    assert set(inspect(database.engine).get_table_names()) == {"notifications"}


def test_foreign_keys_hold_again_after_migrating(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path / 'keys.sqlite3'}")
    upgrade(database)

    with database.engine.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
