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

# Of each table: the column of its state, with which it may be born, which columns are looked at,
# and what of OLD and NEW is refused.
MACHINES = (
    (
        "documents",
        "status",
        "NEW.status NOT IN ('uploaded')",
        "status, generation, lease_token, lease_owner",
        """NOT ((NEW.status = OLD.status
            OR OLD.status = 'uploaded' AND NEW.status IN ('cancelled', 'failed', 'processing',
              'waiting_for_quota')
            OR OLD.status = 'processing' AND NEW.status IN ('cancelled', 'completed', 'failed',
              'uploaded')
            OR OLD.status = 'waiting_for_quota' AND NEW.status IN ('cancelled', 'uploaded')
            OR OLD.status = 'failed' AND NEW.status IN ('uploaded'))
            AND NEW.generation = OLD.generation +
            CASE WHEN OLD.status IN ('cancelled', 'completed', 'failed') AND NEW.status NOT IN
              ('cancelled', 'completed', 'failed') THEN 1 ELSE 0 END
            AND NEW.lease_token >= OLD.lease_token
            AND (NEW.lease_owner IS NULL
            OR NEW.lease_owner = COALESCE(OLD.lease_owner, '')
            OR NEW.lease_token > OLD.lease_token))""",
    ),
    (
        "extraction_batches",
        "status",
        "NEW.status NOT IN ('pending_upload')",
        "status, round",
        """NOT ((NEW.status = OLD.status
            OR OLD.status = 'pending_upload' AND NEW.status IN ('queued')
            OR OLD.status = 'queued' AND NEW.status IN ('cancelled', 'failed', 'processing',
              'waiting_for_quota')
            OR OLD.status = 'processing' AND NEW.status IN ('cancelled', 'completed', 'failed',
              'partially_completed', 'queued', 'waiting_for_quota')
            OR OLD.status = 'waiting_for_quota' AND NEW.status IN ('cancelled', 'completed',
              'failed', 'partially_completed', 'processing', 'queued')
            OR OLD.status = 'completed' AND NEW.status IN ('cancelled')
            OR OLD.status = 'partially_completed' AND NEW.status IN ('completed', 'failed',
              'processing')
            OR OLD.status = 'failed' AND NEW.status IN ('cancelled', 'processing', 'queued'))
            AND NEW.round = OLD.round +
            CASE WHEN OLD.status IN ('cancelled', 'completed', 'failed', 'partially_completed')
              AND NEW.status NOT IN ('cancelled', 'completed', 'failed', 'partially_completed')
              THEN 1 ELSE 0 END)""",
    ),
    (
        "usage_entries",
        "state",
        "NEW.state NOT IN ('held')",
        "state, pages, period_starts_at",
        """NOT ((NEW.state = OLD.state
            OR OLD.state = 'held' AND NEW.state IN ('released', 'settled')
            OR OLD.state = 'released' AND NEW.state IN ('held'))
            AND (OLD.state = 'released'
            OR NEW.pages = OLD.pages AND NEW.period_starts_at = OLD.period_starts_at))""",
    ),
)
REFUSE = """
CREATE FUNCTION refuse_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = concat(
    TG_TABLE_NAME, ' refuses the move from ', coalesce(to_jsonb(OLD) ->> TG_ARGV[0], 'nothing'),
    ' to ', to_jsonb(NEW) ->> TG_ARGV[0]);
END $$"""


def upgrade() -> None:
    """Make the triggers."""
    if _is_postgres():
        op.execute(REFUSE)
    for table, state, born, columns, refused in MACHINES:
        op.execute(_trigger(table, state, "births", "INSERT", born))
        op.execute(_trigger(table, state, "moves", f"UPDATE OF {columns}", refused))


def downgrade() -> None:
    """Accept every move."""
    if _is_postgres():
        op.execute("DROP FUNCTION refuse_move() CASCADE")
        return
    for table, *_ in MACHINES:
        op.execute(f"DROP TRIGGER {table}_births")
        op.execute(f"DROP TRIGGER {table}_moves")


def _is_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _trigger(table: str, state: str, kind: str, event: str, when: str) -> str:
    refuse = (
        f"EXECUTE FUNCTION refuse_move('{state}')"
        if _is_postgres()
        else f"BEGIN SELECT RAISE(ABORT, '{table} refuses this move'); END"
    )
    head = f"CREATE TRIGGER {table}_{kind} BEFORE {event} ON {table} FOR EACH ROW"
    return f"{head} WHEN ({when}) {refuse}"
