"""Mails are claimed, tried again and given up; processors say that they are alive.

A mail's line carries who may send it until when, and why it was not sent. A notification carries
the round that it tells of: two of one round are refused. Processors are nobody's rows.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ingestio.db import policies
from ingestio.db.engine import SYSTEM_ROLE

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

WAITS = sa.text("sent_at IS NULL AND given_up_at IS NULL")
# A bell rang in the very transaction that marked its line: they have the same time.
FOLLOW = (
    "UPDATE outbox SET next_attempt_at = created_at WHERE sent_at IS NULL",
    """UPDATE notifications SET round = (SELECT o.round FROM outbox o WHERE
       o.batch_id = notifications.batch_id AND o.kind = 'batch_ended'
       AND o.sent_at = notifications.created_at) WHERE batch_id IS NOT NULL""",
)
OF_MAILS = ("attempts", "next_attempt_at", "given_up_at", "error")


def upgrade() -> None:
    """Add columns, an index of what waits, and a table; lines that wait are due at once."""
    op.add_column("outbox", sa.Column("attempts", sa.Integer(), server_default="0", nullable=False))
    for name in ("next_attempt_at", "given_up_at"):
        op.add_column("outbox", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("error", sa.String(), nullable=True))
    op.create_index(
        "ix_outbox_waits",
        "outbox",
        ["kind", "next_attempt_at"],
        sqlite_where=WAITS,
        postgresql_where=WAITS,
    )
    op.add_column("notifications", sa.Column("round", sa.Integer(), nullable=True))
    _follow()
    op.create_index("ix_notifications_once", "notifications", ["batch_id", "round"], unique=True)
    _processors()


def _follow() -> None:
    """Mails that wait are due, and notifications know their round."""
    is_walled = op.get_bind().dialect.name == "postgresql"
    for statement in (
        *((f"SET LOCAL ROLE {SYSTEM_ROLE}",) if is_walled else ()),
        *FOLLOW,
        *(("RESET ROLE",) if is_walled else ()),
    ):
        op.execute(statement)


def _processors() -> None:
    op.create_table(
        "processors",
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("in_work", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(), nullable=True),
        sa.Column("trouble_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    if op.get_bind().dialect.name == "postgresql":
        for statement in policies.share("processors", web="SELECT"):
            op.execute(statement)


def downgrade() -> None:
    """Forget them."""
    op.drop_table("processors")
    op.drop_index("ix_notifications_once", "notifications")
    op.drop_column("notifications", "round")
    op.drop_index("ix_outbox_waits", "outbox")
    for name in OF_MAILS:
        op.drop_column("outbox", name)
