"""The first schema: the records of Spec 2, and on PostgreSQL their walls (Spec 10).

Values are spelt out here, not imported: a migration says what was true on its day.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ingestio.db import policies

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KINDS = (
    "invoice",
    "receipt",
    "bank_statement",
    "contract",
    "resume",
    "payslip",
    "purchase_order",
    "estimate",
    "bill_of_lading",
    "tax_form",
    "insurance_claim",
    "utility_bill",
    "other",
)
MEDIA_TYPES = ("application/pdf", "image/jpeg", "image/png")
DOCUMENT_STATUSES = (
    "uploaded",
    "processing",
    "completed",
    "failed",
    "waiting_for_quota",
    "cancelled",
)
TABLES = (
    "users",
    "sessions",
    "api_keys",
    "reset_tokens",
    "extraction_batches",
    "staged_files",
    "documents",
    "extraction_jobs",
    "user_load",
    "extractions",
    "fields",
    "line_items",
    "corrections",
    "usage_periods",
    "usage_entries",
    "page_grants",
    "outbox",
    "notifications",
    "audit_events",
    "stripe_events",
    "processor_state",
)


def upgrade() -> None:
    """Make every table."""
    _accounts()
    _batches()
    _results()
    _ledger()
    _operations()
    if op.get_bind().dialect.name == "postgresql":
        _walls()


def downgrade() -> None:
    """Remove them. The roles stay: they belong to the cluster, another database may use them."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _at(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _owner() -> sa.Column:
    return sa.Column(
        "user_id", sa.Uuid(), sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False
    )


def _accounts() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("role", _one_of("role", "user", "admin"), nullable=False),
        sa.Column("plan", _one_of("plan", "starter", "plus", "growth"), nullable=False),
        sa.Column(
            "subscription_status",
            _one_of(
                "subscription_status",
                "active",
                "trialing",
                "past_due",
                "canceled",
                "unpaid",
                "incomplete",
                "none",
            ),
            nullable=False,
        ),
        sa.Column("stripe_customer_id", sa.String(), nullable=True),
        _at("subscription_read_at", nullable=True),
        _at("created_at"),
        _at("disabled_at", nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email"),
        sa.UniqueConstraint("stripe_customer_id"),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(64), nullable=False),
        _owner(),
        _at("created_at"),
        _at("expires_at"),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        _owner(),
        sa.Column("prefix", sa.String(16), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        _at("created_at"),
        _at("revoked_at", nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key_hash"),
    )
    op.create_index("ix_api_keys_user_id", "api_keys", ["user_id"])
    op.create_table(
        "reset_tokens",
        sa.Column("token_hash", sa.String(64), nullable=False),
        _owner(),
        _at("expires_at"),
        _at("used_at", nullable=True),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("ix_reset_tokens_user_id", "reset_tokens", ["user_id"])


def _batches() -> None:
    op.create_table(
        "extraction_batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        _owner(),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column(
            "status",
            _one_of(
                "batch_status",
                "pending_upload",
                "queued",
                "processing",
                "completed",
                "partially_completed",
                "failed",
                "waiting_for_quota",
                "cancelled",
            ),
            nullable=False,
        ),
        sa.Column(
            "prompt_strategy",
            _one_of("prompt_strategy", "global", "per_document", "auto"),
            server_default="global",
            nullable=False,
        ),
        sa.Column("extraction_prompt", sa.String(), nullable=True),
        sa.Column("is_wizard_draft", sa.Boolean(), nullable=False),
        sa.Column("idempotency_key", sa.String(200), nullable=True),
        sa.Column("document_count", sa.Integer(), nullable=False),
        sa.Column("completed_count", sa.Integer(), nullable=False),
        sa.Column("failed_count", sa.Integer(), nullable=False),
        sa.Column("cancelled_count", sa.Integer(), nullable=False),
        sa.Column("waiting_count", sa.Integer(), nullable=False),
        sa.Column("in_work_count", sa.Integer(), nullable=False),
        sa.Column("total_pages", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "when_pages_run_out", _one_of("when_pages_run_out", "wait", "fail"), nullable=False
        ),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _at("created_at"),
        _at("updated_at"),
        _at("submitted_at", nullable=True),
        _at("started_at", nullable=True),
        _at("completed_at", nullable=True),
        sa.CheckConstraint(
            "status = 'pending_upload' OR prompt_strategy = 'global' OR extraction_prompt IS NULL",
            name="prompt_only_for_global",
        ),
        sa.CheckConstraint(
            "completed_count >= 0 AND failed_count >= 0 AND cancelled_count >= 0"
            " AND waiting_count >= 0 AND in_work_count >= 0"
            " AND completed_count + failed_count + cancelled_count + waiting_count + in_work_count"
            " <= document_count",
            name="counts_add_up",
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_batches_owner_submitted", "extraction_batches", ["user_id", "submitted_at"])
    op.create_index(
        "ux_one_open_draft",
        "extraction_batches",
        ["user_id"],
        unique=True,
        sqlite_where=sa.text("status = 'pending_upload' AND is_wizard_draft"),
        postgresql_where=sa.text("status = 'pending_upload' AND is_wizard_draft"),
    )
    op.create_table(
        "staged_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        _owner(),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            _one_of("staged_status", "receiving", "inspecting", "complete", "error"),
            nullable=False,
        ),
        sa.Column("storage_key", sa.String(), nullable=False),
        sa.Column("media_type", _one_of("staged_media_type", *MEDIA_TYPES), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(64), nullable=True),
        sa.Column("extraction_prompt", sa.String(), nullable=True),
        sa.Column("error_code", sa.String(), nullable=True),
        sa.Column("error_message", sa.String(), nullable=True),
        sa.Column("is_kept_twice", sa.Boolean(), nullable=False),
        _at("created_at"),
        _at("updated_at"),
        sa.ForeignKeyConstraint(["batch_id"], ["extraction_batches.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_staged_files_batch_id", "staged_files", ["batch_id"])
    op.create_index("ix_staged_files_user_id", "staged_files", ["user_id"])
    op.create_table(
        "documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        _owner(),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("original_filename", sa.String(), nullable=False),
        sa.Column("media_type", _one_of("media_type", *MEDIA_TYPES), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("storage_key", sa.String(), nullable=False),
        sa.Column("page_count", sa.Integer(), nullable=False),
        sa.Column("extraction_prompt", sa.String(), nullable=True),
        sa.Column("kind", _one_of("kind", *KINDS), nullable=True),
        sa.Column(
            "status",
            _one_of("document_status", *DOCUMENT_STATUSES),
            server_default="uploaded",
            nullable=False,
        ),
        sa.Column("error_code", sa.String(), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("crashes", sa.Integer(), nullable=False),
        _at("next_attempt_at"),
        sa.Column("lease_owner", sa.String(), nullable=True),
        sa.Column("lease_token", sa.Integer(), nullable=False),
        _at("lease_expires_at", nullable=True),
        sa.Column(
            "review_state",
            _one_of("review_state", "unreviewed", "approved", "rejected"),
            nullable=False,
        ),
        _at("created_at"),
        _at("updated_at"),
        sa.CheckConstraint(
            "(status = 'processing') = (lease_expires_at IS NOT NULL)",
            name="lease_while_processing",
        ),
        sa.CheckConstraint("page_count > 0", name="has_pages"),
        sa.ForeignKeyConstraint(["batch_id"], ["extraction_batches.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_documents_batch", "documents", ["batch_id", "position"])
    op.create_index(
        "ix_documents_claim",
        "documents",
        ["user_id", "next_attempt_at", "position"],
        sqlite_where=sa.text("status = 'uploaded'"),
        postgresql_where=sa.text("status = 'uploaded'"),
    )
    op.create_index(
        "ix_documents_lease",
        "documents",
        ["lease_expires_at"],
        sqlite_where=sa.text("status = 'processing'"),
        postgresql_where=sa.text("status = 'processing'"),
    )
    op.create_index("ix_documents_owner_sha", "documents", ["user_id", "sha256"])
    op.create_index(
        "ix_documents_waiting",
        "documents",
        ["user_id"],
        sqlite_where=sa.text("status = 'waiting_for_quota'"),
        postgresql_where=sa.text("status = 'waiting_for_quota'"),
    )
    op.create_table(
        "extraction_jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        _owner(),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("lease_token", sa.Integer(), nullable=False),
        sa.Column("status", _one_of("job_status", *DOCUMENT_STATUSES), nullable=False),
        sa.Column("prompt", sa.String(), nullable=True),
        sa.Column(
            "prompt_source",
            _one_of("prompt_source", "batch", "document", "detected"),
            nullable=True,
        ),
        sa.Column("engine", sa.String(), nullable=True),
        sa.Column("model", sa.String(), nullable=True),
        sa.Column("input_tokens", sa.Integer(), nullable=False),
        sa.Column("output_tokens", sa.Integer(), nullable=False),
        sa.Column("cost_microdollars", sa.Integer(), nullable=False),
        sa.Column("error_code", sa.String(), nullable=True),
        _at("started_at"),
        _at("ended_at", nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["extraction_batches.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_extraction_jobs_batch_id", "extraction_jobs", ["batch_id"])
    op.create_index("ix_extraction_jobs_document_id", "extraction_jobs", ["document_id"])
    op.create_index("ix_extraction_jobs_ended", "extraction_jobs", ["ended_at"])
    op.create_index("ix_extraction_jobs_user_id", "extraction_jobs", ["user_id"])
    op.create_table(
        "user_load",
        _owner(),
        sa.Column("pages_in_work", sa.Integer(), nullable=False),
        sa.Column("documents_waiting", sa.Integer(), nullable=False),
        _at("last_claim_at"),
        sa.CheckConstraint(
            "pages_in_work >= 0 AND documents_waiting >= 0", name="load_not_negative"
        ),
        sa.PrimaryKeyConstraint("user_id"),
    )
    op.create_index(
        "ix_user_load_fair",
        "user_load",
        ["pages_in_work", "last_claim_at"],
        sqlite_where=sa.text("documents_waiting > 0"),
        postgresql_where=sa.text("documents_waiting > 0"),
    )


def _results() -> None:
    op.create_table(
        "extractions",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        _owner(),
        sa.Column("kind", _one_of("extraction_kind", *KINDS), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=True),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.Column("missing", sa.String(), nullable=False),
        _at("created_at"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("document_id", "generation"),
    )
    op.create_index("ix_extractions_user_id", "extractions", ["user_id"])
    op.create_table(
        "fields",
        sa.Column("id", sa.Uuid(), nullable=False),
        _owner(),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("x0", sa.Float(), nullable=True),
        sa.Column("y0", sa.Float(), nullable=True),
        sa.Column("x1", sa.Float(), nullable=True),
        sa.Column("y1", sa.Float(), nullable=True),
        sa.Column("quote", sa.String(), nullable=True),
        sa.Column("is_verified", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id", "generation"],
            ["extractions.document_id", "extractions.generation"],
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("document_id", "generation", "name"),
    )
    op.create_index("ix_fields_user_id", "fields", ["user_id"])
    op.create_table(
        "line_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        _owner(),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("x0", sa.Float(), nullable=True),
        sa.Column("y0", sa.Float(), nullable=True),
        sa.Column("x1", sa.Float(), nullable=True),
        sa.Column("y1", sa.Float(), nullable=True),
        sa.Column("quote", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id", "generation"],
            ["extractions.document_id", "extractions.generation"],
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("document_id", "generation", "row", "name"),
    )
    op.create_index("ix_line_items_user_id", "line_items", ["user_id"])
    op.create_table(
        "corrections",
        sa.Column("id", sa.Uuid(), nullable=False),
        _owner(),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("original", sa.String(), nullable=True),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("by_user_id", sa.Uuid(), nullable=False),
        _at("created_at"),
        sa.ForeignKeyConstraint(
            ["document_id", "generation"],
            ["extractions.document_id", "extractions.generation"],
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_corrections_document_id", "corrections", ["document_id"])
    op.create_index("ix_corrections_user_id", "corrections", ["user_id"])


def _ledger() -> None:
    op.create_table(
        "usage_periods",
        _owner(),
        _at("starts_at"),
        _at("ends_at"),
        sa.Column("limit_pages", sa.Integer(), nullable=False),
        sa.Column("used_pages", sa.Integer(), nullable=False),
        sa.Column("reserved_pages", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "limit_pages >= 0 AND used_pages >= 0 AND reserved_pages >= 0",
            name="pages_not_negative",
        ),
        sa.PrimaryKeyConstraint("user_id", "starts_at"),
    )
    op.create_table(
        "usage_entries",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        _owner(),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("filename", sa.String(), nullable=True),
        _at("period_starts_at"),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("usage_state", "held", "settled", "released"), nullable=False),
        _at("created_at"),
        _at("updated_at"),
        sa.CheckConstraint("pages > 0", name="entry_has_pages"),
        sa.PrimaryKeyConstraint("document_id", "generation"),
    )
    op.create_index("ix_usage_entries_batch", "usage_entries", ["batch_id"])
    op.create_index("ix_usage_entries_owner", "usage_entries", ["user_id", "period_starts_at"])
    op.create_table(
        "page_grants",
        sa.Column("id", sa.Uuid(), nullable=False),
        _owner(),
        _at("period_starts_at"),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("granted_by", sa.Uuid(), nullable=False),
        _at("created_at"),
        sa.CheckConstraint("pages > 0", name="grant_has_pages"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_page_grants_user_id", "page_grants", ["user_id"])


def _operations() -> None:
    op.create_table(
        "outbox",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        _owner(),
        _at("created_at"),
        _at("sent_at", nullable=True),
        sa.PrimaryKeyConstraint("batch_id", "round", "kind"),
    )
    op.create_index("ix_outbox_user_id", "outbox", ["user_id"])
    op.create_table(
        "notifications",
        sa.Column("id", sa.Uuid(), nullable=False),
        _owner(),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("href", sa.String(), nullable=True),
        _at("created_at"),
        _at("read_at", nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["extraction_batches.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_notifications_user_id", "notifications", ["user_id"])
    op.create_table(
        "audit_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        _at("at"),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_audit_events_at", "audit_events", ["at"])
    op.create_table(
        "stripe_events",
        sa.Column("id", sa.String(255), nullable=False),
        sa.Column("type", sa.String(100), nullable=False),
        _at("received_at"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "processor_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("is_paused", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("by_user_id", sa.Uuid(), nullable=True),
        _at("at", nullable=True),
        sa.CheckConstraint("id = 1", name="one_row"),
        sa.PrimaryKeyConstraint("id"),
    )


def _walls() -> None:
    own = (
        "extraction_batches",
        "staged_files",
        "documents",
        "extraction_jobs",
        "user_load",
        "extractions",
        "fields",
        "line_items",
        "corrections",
        "outbox",
        "notifications",
    )
    for statement in (
        *policies.roles(),
        *policies.protect("users", owner_column="id", web="SELECT"),
        *policies.protect("sessions", web="SELECT, DELETE"),
        *policies.protect("api_keys", web="SELECT, INSERT, UPDATE"),
        *policies.protect("reset_tokens", web="SELECT"),
        *(line for table in own for line in policies.protect(table)),
        # A user's own act may give held pages back, never raise a limit or strike a charge.
        *policies.protect("usage_periods", web="SELECT, UPDATE (reserved_pages)"),
        *policies.protect("usage_entries", web="SELECT, UPDATE (state, updated_at)"),
        *policies.protect("page_grants", web="SELECT"),
        # Rows are only ever added.
        *policies.protect(
            "audit_events", owner_column="actor_id", web="SELECT, INSERT", system="SELECT, INSERT"
        ),
        *policies.share("processor_state", web="SELECT"),
        *policies.share("stripe_events", web=None),
    ):
        op.execute(statement)
