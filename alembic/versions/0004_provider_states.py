"""The circuit breakers of AI providers, where all processes see them.

One row a provider that ever failed; nobody's data, so the web's role may read it.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ingestio.db import policies

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; the system's role alone writes it."""
    op.create_table(
        "provider_states",
        sa.Column("provider", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_probes", sa.Integer(), nullable=False),
        sa.Column("prober", sa.String(length=160), nullable=True),
        sa.CheckConstraint("state IN ('closed', 'open', 'probing')", name="breaker_state"),
        sa.PrimaryKeyConstraint("provider"),
    )
    if op.get_bind().dialect.name == "postgresql":
        for statement in policies.share("provider_states", web="SELECT"):
            op.execute(statement)


def downgrade() -> None:
    """Forget them."""
    op.drop_table("provider_states")
