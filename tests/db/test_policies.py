"""The walls inside PostgreSQL, table by table as the catalogue lists them (Spec 10).

Every table with a `user_id`, and `users`: another user can neither read, change, insert for, nor
delete; nobody set means no rows; the owner can what the web may do there at all.
"""

# ruff: noqa: S608  (tables and columns are named by the catalogue)

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlmodel import Session, SQLModel

from ingestio.db import policies
from ingestio.db.engine import SYSTEM, SYSTEM_ROLE, WEB_ROLE, Database
from ingestio.db.tables import AuditEvent
from tests.factories import AT, make_one_of_each, make_user, save

if TYPE_CHECKING:
    from collections.abc import Generator

    from sqlalchemy import Row

    from tests.conftest import Cluster

pytestmark = pytest.mark.postgres
OWNED = sorted({"users", *(t.name for t in SQLModel.metadata.tables.values() if "user_id" in t.c)})


def owner_column(table: str) -> str:
    return "id" if table == "users" else "user_id"


@pytest.fixture(scope="module")
def walled(cluster: Cluster) -> Generator[Database]:
    """One database for all tests here: what they do is rolled back."""
    with cluster.fresh("migrated") as made:
        yield made


@pytest.fixture(scope="module")
def pair(walled: Database) -> tuple[UUID, UUID]:
    """A and B; each has one row in every owned table."""
    a, b = make_user(walled), make_user(walled)
    make_one_of_each(walled, a.id)
    make_one_of_each(walled, b.id)
    for who in (a.id, b.id):
        save(walled, AuditEvent(at=AT, actor_id=who, action="x"))
    return a.id, b.id


def act(
    database: Database, who: UUID | str | None, statement: str, **values: Any
) -> list[Row[Any]] | int:
    """Rows or their number, as the web bound to a user, or to nobody, or as `SYSTEM`."""
    with Session(database.engine) as session:
        if who is None:
            session.execute(text(f"SET LOCAL ROLE {WEB_ROLE}"))
        else:
            database._bind(session.connection(), who, marks=False)
        result = session.connection().execute(text(statement), values)
        return list(result) if result.returns_rows else result.rowcount


def may(database: Database, role: str, table: str, privilege: str) -> bool:
    """Also where only some columns are granted."""
    query = "SELECT has_table_privilege(:r, :t, :p) OR has_any_column_privilege(:r, :t, :p)"
    if privilege == "DELETE":
        query = "SELECT has_table_privilege(:r, :t, :p)"
    with database.engine.connect() as connection:
        return bool(
            connection.execute(text(query), {"r": role, "t": table, "p": privilege}).scalar()
        )


def changeable_column(database: Database, table: str) -> str:
    query = """SELECT attname FROM pg_attribute WHERE attrelid = CAST(:t AS regclass) AND attnum > 0
      AND has_column_privilege(:r, attrelid, attnum, 'UPDATE') ORDER BY attnum DESC LIMIT 1"""
    with database.engine.connect() as connection:
        return str(connection.execute(text(query), {"t": table, "r": WEB_ROLE}).scalar_one())


def refused_or_nothing(database: Database, who: UUID | None, statement: str, **values: Any) -> bool:
    try:
        return act(database, who, statement, **values) == 0
    except ProgrammingError as error:
        return "permission denied" in str(error.orig)


def test_catalogue_lists_the_owned_tables_of_the_models(walled: Database):
    query = """SELECT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
      WHERE relkind = 'r' AND relnamespace = CAST('public' AS regnamespace)
      AND attname = 'user_id'"""
    with walled.engine.connect() as connection:
        found = set(connection.execute(text(query)).scalars())

    assert found | {"users"} == set(OWNED)


def test_no_owned_table_is_without_its_wall(walled: Database):
    with walled.engine.connect() as connection:
        assert policies.unprotected(connection) == []


@pytest.mark.parametrize(
    "planted",
    [
        "CREATE TABLE planted (user_id uuid)",
        "CREATE TABLE planted (user_id uuid); ALTER TABLE planted ENABLE ROW LEVEL SECURITY",
        (
            "CREATE TABLE planted (user_id uuid); ALTER TABLE planted ENABLE ROW LEVEL SECURITY;"
            "ALTER TABLE planted FORCE ROW LEVEL SECURITY"
        ),
        "CREATE TABLE planted (user_id uuid);"
        + ";".join(policies.protect("planted"))
        + f";CREATE POLICY too_much ON planted TO {WEB_ROLE} USING (true)",
        "CREATE TABLE planted (user_id uuid);"
        + ";".join(policies.protect("planted"))
        + ";ALTER TABLE planted NO FORCE ROW LEVEL SECURITY",
        "CREATE TABLE planted (user_id uuid);"
        + ";".join(policies.protect("planted"))
        + ";ALTER POLICY planted_own ON planted WITH CHECK (true)",
    ],
    ids=["bare", "enabled", "no policy", "a second policy lets all through", "unforced", "inserts"],
)
def test_a_planted_table_without_its_wall_is_found(walled: Database, planted: str):
    with walled.engine.connect() as connection, connection.begin() as transaction:
        connection.execute(text(planted))
        found = policies.unprotected(connection)
        transaction.rollback()

    assert found == ["planted"]


def test_a_table_made_as_it_should_be_is_not_found(walled: Database):
    with walled.engine.connect() as connection, connection.begin() as transaction:
        connection.execute(text("CREATE TABLE planted (user_id uuid)"))
        for statement in policies.protect("planted"):
            connection.execute(text(statement))
        found = policies.unprotected(connection)
        transaction.rollback()

    assert found == []


@pytest.mark.parametrize("table", OWNED)
def test_another_user_sees_no_row(walled: Database, pair: tuple[UUID, UUID], table: str):
    a, b = pair
    seen = act(walled, b, f"SELECT 1 FROM {table} WHERE {owner_column(table)} = :a", a=a)

    assert seen == []


@pytest.mark.parametrize("table", OWNED)
def test_nobody_set_means_no_rows(walled: Database, pair: tuple[UUID, UUID], table: str):
    del pair
    assert act(walled, None, f"SELECT 1 FROM {table}") == []


@pytest.mark.parametrize("table", OWNED)
def test_owner_sees_their_rows_and_no_others(walled: Database, pair: tuple[UUID, UUID], table: str):
    a, _ = pair
    owners = act(walled, a, f"SELECT DISTINCT {owner_column(table)} FROM {table}")

    assert owners == [(a,)]


@pytest.mark.parametrize("table", OWNED)
def test_another_user_changes_no_row(walled: Database, pair: tuple[UUID, UUID], table: str):
    a, b = pair
    column = owner_column(table)
    if may(walled, WEB_ROLE, table, "UPDATE"):
        column = changeable_column(walled, table)
    change = f"UPDATE {table} SET {column} = {column} WHERE {owner_column(table)} = :a"

    assert refused_or_nothing(walled, b, change, a=a)
    assert refused_or_nothing(walled, None, change, a=a)


@pytest.mark.parametrize("table", OWNED)
def test_another_user_deletes_no_row(walled: Database, pair: tuple[UUID, UUID], table: str):
    a, b = pair
    delete = f"DELETE FROM {table} WHERE {owner_column(table)} = :a"

    assert refused_or_nothing(walled, b, delete, a=a)
    assert refused_or_nothing(walled, None, delete, a=a)


@pytest.mark.parametrize("table", OWNED)
def test_another_user_inserts_no_row_for_the_owner(
    walled: Database, pair: tuple[UUID, UUID], table: str
):
    a, b = pair
    # A's own row again: the wall answers before a doubled key does. As such rows are born, since
    # triggers answer before the wall.
    again = f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, :row)"
    born = '{"status": "pending_upload"}' if table == "extraction_batches" else "{}"
    row_text = f"(to_jsonb(t) || '{born}'::jsonb)::text"
    query = f"SELECT {row_text} FROM {table} t WHERE {owner_column(table)} = :a"
    (row,) = act(walled, SYSTEM, query.replace('": "', '"\\: "'), a=a)
    statement = again.replace(":row", "CAST(:row AS jsonb)")

    with pytest.raises(ProgrammingError, match=r"row-level security|permission denied"):
        act(walled, b, statement, row=row[0])
    with pytest.raises(ProgrammingError, match=r"row-level security|permission denied"):
        act(walled, None, statement, row=row[0])


@pytest.mark.parametrize("table", OWNED)
def test_owner_may_what_the_web_is_granted(walled: Database, pair: tuple[UUID, UUID], table: str):
    a, _ = pair
    if may(walled, WEB_ROLE, table, "UPDATE"):
        column = changeable_column(walled, table)
        assert act(walled, a, f"UPDATE {table} SET {column} = {column}") == 1
    if may(walled, WEB_ROLE, table, "DELETE"):
        assert act(walled, a, f"DELETE FROM {table}") == 1


@pytest.mark.parametrize("table", OWNED)
def test_a_row_can_t_be_given_away(walled: Database, pair: tuple[UUID, UUID], table: str):
    a, b = pair
    column = owner_column(table)

    with pytest.raises(ProgrammingError, match=r"row-level security|permission denied"):
        act(walled, a, f"UPDATE {table} SET {column} = :b", b=b)


def test_a_user_can_neither_raise_their_limit_nor_strike_a_charge(
    walled: Database, pair: tuple[UUID, UUID]
):
    a, _ = pair
    for forbidden in (
        "UPDATE usage_periods SET limit_pages = 1000000",
        "UPDATE usage_periods SET used_pages = 0",
        "UPDATE usage_entries SET pages = 1",
        "DELETE FROM usage_entries",
        "UPDATE users SET plan = 'growth'",
        "UPDATE users SET role = 'admin'",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"):
            act(walled, a, forbidden)


@pytest.mark.parametrize("who", ["web", "system"])
def test_the_audit_is_only_ever_added_to(walled: Database, pair: tuple[UUID, UUID], who: str):
    actor = SYSTEM if who == "system" else pair[0]
    event = {"id": uuid4(), "actor": pair[0]}
    insert = "INSERT INTO audit_events (id, at, actor_id, action) VALUES (:id, now(), :actor, 'x')"

    assert act(walled, actor, insert, **event) == 1
    for forbidden in ("UPDATE audit_events SET action = 'y'", "DELETE FROM audit_events"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            act(walled, actor, forbidden)


def test_a_user_sees_their_own_acts_only_and_can_t_act_as_another(
    walled: Database, pair: tuple[UUID, UUID]
):
    a, b = pair
    insert = "INSERT INTO audit_events (id, at, actor_id, action) VALUES (:id, now(), :actor, 'x')"

    assert act(walled, a, "SELECT actor_id FROM audit_events") == [(a,)]
    with pytest.raises(ProgrammingError, match="row-level security"):
        act(walled, b, insert, id=uuid4(), actor=a)


def test_pause_and_breakers_are_read_by_all_and_stripe_events_by_nobody_but_the_system(
    walled: Database, pair: tuple[UUID, UUID]
):
    a, _ = pair

    for shared in ("processor_state", "provider_states"):
        assert act(walled, a, f"SELECT 1 FROM {shared}") == []
    for forbidden in (
        "SELECT 1 FROM stripe_events",
        "DELETE FROM processor_state",
        "DELETE FROM provider_states",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"):
            act(walled, a, forbidden)


def test_the_system_sees_every_user(walled: Database, pair: tuple[UUID, UUID]):
    assert len(act(walled, SYSTEM, "SELECT 1 FROM users")) == len(pair)


@pytest.mark.parametrize("role", [WEB_ROLE, SYSTEM_ROLE])
def test_a_role_can_t_log_in_nor_bypass_nor_own(walled: Database, role: str):
    query = """SELECT rolcanlogin OR rolbypassrls OR rolsuper OR EXISTS (
      SELECT FROM pg_class WHERE relowner = pg_roles.oid) FROM pg_roles WHERE rolname = :role"""
    with walled.engine.connect() as connection:
        assert connection.execute(text(query), {"role": role}).scalar_one() is False


def test_a_user_does_not_leak_through_the_pool(walled: Database, pair: tuple[UUID, UUID]):
    """After A's transaction the same connection knows nobody: '' is not a user."""
    a, _ = pair
    with walled.engine.connect() as connection:
        with connection.begin():
            connection.execute(text(f"SET LOCAL ROLE {WEB_ROLE}"))
            bind = "SELECT set_config('ingestio.user_id', :a, true)"
            connection.execute(text(bind), {"a": str(a)})
            assert len(connection.execute(text("SELECT 1 FROM documents")).all()) == 1
        with connection.begin():
            connection.execute(text(f"SET LOCAL ROLE {WEB_ROLE}"))
            assert connection.execute(text("SELECT 1 FROM documents")).all() == []


@pytest.mark.parametrize("table", OWNED)
def test_a_transaction_that_took_no_role_sees_nothing(
    walled: Database, pair: tuple[UUID, UUID], table: str
):
    """Even the login that owns the tables: both roles are its to take, neither is inherited."""
    del pair
    with walled.engine.connect() as connection:
        assert connection.execute(text(f"SELECT 1 FROM {table}")).all() == []
