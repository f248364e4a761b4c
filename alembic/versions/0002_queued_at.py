"""When a document came into the queue: submitted, retried, or given its pages.

`updated_at` moves with every attempt and `created_at` knows no retry, so that neither says how long
the oldest one has waited. Empty in rows from before: there `created_at` stands in.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; no row is rewritten."""
    op.add_column("documents", sa.Column("queued_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Forget it."""
    op.drop_column("documents", "queued_at")
