"""The walls inside PostgreSQL: two roles, and who sees which row (Spec 10).

Answers the statements that a migration runs for each table it makes, and which tables of a running
database have no wall. Leaves taking a role to `engine`. SQLite has no such walls.

The web's role sees and writes the rows of the user its transaction is bound to, and nothing where
nobody is set; the system's role (processor, sign-in, administrator) all of them. Both are bound by
FORCE even where the login owns the tables; the login alone sees nothing (PostgreSQL 16 or newer).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import text

from ingestio.db.engine import SYSTEM_ROLE, WEB_ROLE

if TYPE_CHECKING:
    from sqlalchemy import Connection

# NULLIF: a setting made for one transaction reads '' afterwards, on the same pooled connection.
_BOUND_TO: Final = "NULLIF(current_setting('ingestio.user_id', true), '')::uuid"
_ALL: Final = "SELECT, INSERT, UPDATE, DELETE"

# Roles belong to the cluster: another database's migration may have made them, also this instant.
_ROLE: Final = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
    CREATE ROLE {role} NOLOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$"""
# To take, not to inherit: else a transaction that took no role would see through all walls.
# Refused where an administrator made the roles for this login: then they were granted as well.
_JOIN: Final = """
DO $$ BEGIN
  GRANT {role} TO current_user WITH INHERIT FALSE, SET TRUE;
EXCEPTION WHEN insufficient_privilege THEN NULL;
END $$"""

# Every table that says whose a row is, and `users`; partitions have the wall of their own.
_UNPROTECTED: Final = """
SELECT owned.relname FROM pg_class AS owned
JOIN pg_namespace AS schema ON schema.oid = owned.relnamespace
WHERE schema.nspname = current_schema() AND owned.relkind IN ('r', 'p')
  AND (owned.relname = 'users' OR EXISTS (
    SELECT FROM pg_attribute AS attribute
    WHERE attribute.attrelid = owned.oid AND attribute.attname = 'user_id'
      AND NOT attribute.attisdropped))
  AND NOT (owned.relrowsecurity AND owned.relforcerowsecurity AND EXISTS (
    SELECT FROM pg_policy AS policy
    WHERE policy.polrelid = owned.oid AND policy.polpermissive
      AND pg_get_expr(policy.polqual, owned.oid) LIKE '%ingestio.user_id%'
      AND pg_get_expr(policy.polwithcheck, owned.oid) LIKE '%ingestio.user_id%')
  AND NOT EXISTS (
    SELECT FROM pg_policy AS policy
    WHERE policy.polrelid = owned.oid AND policy.polpermissive
      AND NOT policy.polroles = ARRAY[(SELECT oid FROM pg_roles WHERE rolname = '{system}')]
      AND (policy.polqual IS NOT NULL
           AND pg_get_expr(policy.polqual, owned.oid) NOT LIKE '%ingestio.user_id%'
        OR policy.polwithcheck IS NOT NULL
           AND pg_get_expr(policy.polwithcheck, owned.oid) NOT LIKE '%ingestio.user_id%')))
ORDER BY owned.relname"""


def roles() -> tuple[str, ...]:
    """Make the two roles where they are missing, and let this login take them."""
    each = (WEB_ROLE, SYSTEM_ROLE)
    return (
        *(_ROLE.format(role=role) for role in each),
        *(_JOIN.format(role=role) for role in each),
        *(f"GRANT USAGE ON SCHEMA public TO {role}" for role in each),
    )


def protect(
    table: str, *, owner_column: str = "user_id", web: str = _ALL, system: str = _ALL
) -> tuple[str, ...]:
    """Put the wall around a table whose rows belong to users; `web`, `system`: what each may do."""
    own = f"{owner_column} = {_BOUND_TO}"
    return (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY {table}_own ON {table} TO {WEB_ROLE} USING ({own}) WITH CHECK ({own})",
        f"CREATE POLICY {table}_all ON {table} TO {SYSTEM_ROLE} USING (true) WITH CHECK (true)",
        *share(table, web=web, system=system),
    )


def share(table: str, *, web: str | None, system: str = _ALL) -> tuple[str, ...]:
    """Grants alone, for a table whose rows belong to nobody."""
    grants = [f"GRANT {system} ON {table} TO {SYSTEM_ROLE}"]
    if web:
        grants.append(f"GRANT {web} ON {table} TO {WEB_ROLE}")
    return tuple(grants)


def unprotected(connection: Connection) -> list[str]:
    """Owned tables of a PostgreSQL database that another user could see into."""
    query = text(_UNPROTECTED.format(system=SYSTEM_ROLE))
    return list(connection.execute(query).scalars())
