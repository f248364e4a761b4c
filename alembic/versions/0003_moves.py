"""The database refuses a move that its state machine does not list.

The triggers as they were made of the domain's tables on this day: a later change of a table comes
with a revision that makes them anew. Rows that are there are not looked at.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Of each table: the column of its state, how it may be born, which columns are looked at, and
# what of OLD and NEW is legal.
MACHINES = (
    (
        "documents",
        "status",
        "(NEW.status = 'uploaded')",
        "status, generation, lease_token, lease_owner",
        """(NEW.status = OLD.status AND NEW.generation = OLD.generation
            OR OLD.status = 'uploaded' AND (NEW.status = 'cancelled' OR NEW.status = 'failed' OR
              NEW.status = 'processing' OR NEW.status = 'waiting_for_quota') AND NEW.generation =
              OLD.generation
            OR OLD.status = 'processing' AND (NEW.status = 'cancelled' OR NEW.status = 'completed'
              OR NEW.status = 'failed' OR NEW.status = 'uploaded') AND NEW.generation =
              OLD.generation
            OR OLD.status = 'waiting_for_quota' AND (NEW.status = 'cancelled' OR NEW.status =
              'uploaded') AND NEW.generation = OLD.generation
            OR OLD.status = 'failed' AND (NEW.status = 'uploaded') AND NEW.generation =
              OLD.generation + 1)
            AND NEW.lease_token >= OLD.lease_token
            AND (NEW.lease_owner IS NULL OR NEW.lease_owner = COALESCE(OLD.lease_owner, '') OR
              NEW.lease_token > OLD.lease_token)""",
    ),
    (
        "extraction_batches",
        "status",
        "(NEW.status = 'pending_upload')",
        "status, round",
        """(NEW.status = OLD.status AND NEW.round = OLD.round
            OR OLD.status = 'pending_upload' AND (NEW.status = 'queued') AND NEW.round = OLD.round
            OR OLD.status = 'queued' AND (NEW.status = 'cancelled' OR NEW.status = 'failed' OR
              NEW.status = 'processing' OR NEW.status = 'waiting_for_quota') AND NEW.round =
              OLD.round
            OR OLD.status = 'processing' AND (NEW.status = 'cancelled' OR NEW.status = 'completed'
              OR NEW.status = 'failed' OR NEW.status = 'partially_completed' OR NEW.status =
              'queued' OR NEW.status = 'waiting_for_quota') AND NEW.round = OLD.round
            OR OLD.status = 'waiting_for_quota' AND (NEW.status = 'cancelled' OR NEW.status =
              'completed' OR NEW.status = 'failed' OR NEW.status = 'partially_completed' OR
              NEW.status = 'processing' OR NEW.status = 'queued') AND NEW.round = OLD.round
            OR OLD.status = 'completed' AND (NEW.status = 'cancelled') AND NEW.round = OLD.round
            OR OLD.status = 'partially_completed' AND (NEW.status = 'completed' OR NEW.status =
              'failed') AND NEW.round = OLD.round
            OR OLD.status = 'partially_completed' AND (NEW.status = 'processing') AND NEW.round =
              OLD.round + 1
            OR OLD.status = 'failed' AND (NEW.status = 'cancelled') AND NEW.round = OLD.round
            OR OLD.status = 'failed' AND (NEW.status = 'processing' OR NEW.status = 'queued') AND
              NEW.round = OLD.round + 1)""",
    ),
    (
        "usage_entries",
        "state",
        "(NEW.state = 'held')",
        "state, pages, period_starts_at",
        """(NEW.state = OLD.state
            OR OLD.state = 'held' AND (NEW.state = 'released' OR NEW.state = 'settled')
            OR OLD.state = 'released' AND (NEW.state = 'held'))
            AND (OLD.state = 'released' OR NEW.pages = OLD.pages AND NEW.period_starts_at =
              OLD.period_starts_at)""",
    ),
)
FUNCTION = """
CREATE FUNCTION {table}_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF {born} THEN RETURN NEW; END IF;
  ELSIF {legal} THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = concat(
    '{table} refuses the move from ', to_jsonb(OLD) ->> '{state}', ' to ', NEW.{state});
END $$"""


def upgrade() -> None:
    """Make the triggers."""
    for table, state, born, columns, legal in MACHINES:
        if _is_postgres():
            op.execute(FUNCTION.format(table=table, state=state, born=born, legal=legal))
        _make_trigger(table, "births", "INSERT", born)
        _make_trigger(table, "moves", f"UPDATE OF {columns}", f"({legal})")


def downgrade() -> None:
    """Accept every move."""
    for table, *_ in MACHINES:
        if _is_postgres():
            op.execute(f"DROP FUNCTION {table}_move() CASCADE")
        else:
            op.execute(f"DROP TRIGGER {table}_births")
            op.execute(f"DROP TRIGGER {table}_moves")


def _is_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _make_trigger(table: str, kind: str, event: str, legal: str) -> None:
    act = (
        f"EXECUTE FUNCTION {table}_move()"
        if _is_postgres()
        else f"WHEN (NOT {legal}) BEGIN SELECT RAISE(ABORT, '{table} refuses this move'); END"
    )
    op.execute(f"CREATE TRIGGER {table}_{kind} BEFORE {event} ON {table} FOR EACH ROW {act}")
