"""Batches, their files and attempts, and each user's load: what the processor works on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from ingestio.db.columns import UtcDateTime, text_enum
from ingestio.domain.batches import BatchStatus
from ingestio.domain.documents import DocumentKind, DocumentStatus, MediaType, ReviewState
from ingestio.domain.drafts import StagedStatus
from ingestio.domain.prompts import PromptSource, PromptStrategy
from ingestio.domain.usage import WhenPagesRunOut


class Batch(SQLModel, table=True):
    """One submission. The counts are a roll-up of its documents, moved with them (Spec 2)."""

    __tablename__ = "extraction_batches"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint(
            "status = 'pending_upload' OR prompt_strategy = 'global' OR extraction_prompt IS NULL",
            name="prompt_only_for_global",
        ),
        CheckConstraint(
            "completed_count >= 0 AND failed_count >= 0 AND cancelled_count >= 0"
            " AND waiting_count >= 0 AND in_work_count >= 0 AND completed_count + failed_count"
            " + cancelled_count + waiting_count + in_work_count <= document_count",
            name="counts_add_up",
        ),
        Index("ix_batches_owner_submitted", "user_id", "submitted_at"),
        Index(
            "ux_one_open_draft",
            "user_id",
            unique=True,
            sqlite_where=text("status = 'pending_upload' AND is_wizard_draft"),
            postgresql_where=text("status = 'pending_upload' AND is_wizard_draft"),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    name: str | None = None
    status: BatchStatus = Field(
        default=BatchStatus.PENDING_UPLOAD, sa_type=text_enum(BatchStatus, "batch_status")
    )
    prompt_strategy: PromptStrategy = Field(
        default=PromptStrategy.GLOBAL,
        sa_type=text_enum(PromptStrategy, "prompt_strategy"),
        sa_column_kwargs={"server_default": "global"},
    )
    extraction_prompt: str | None = None
    is_wizard_draft: bool = True
    idempotency_key: str | None = Field(default=None, max_length=200)
    document_count: int = 0
    completed_count: int = 0
    failed_count: int = 0
    cancelled_count: int = 0
    waiting_count: int = 0
    in_work_count: int = 0
    total_pages: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    when_pages_run_out: WhenPagesRunOut = Field(
        default=WhenPagesRunOut.WAIT, sa_type=text_enum(WhenPagesRunOut, "when_pages_run_out")
    )
    round: int = 1
    version: int = 0
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    submitted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    completed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class StagedFile(SQLModel, table=True):
    """A file received for a draft; becomes a document when the draft is submitted."""

    __tablename__ = "staged_files"  # pyright: ignore[reportAssignmentType]

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    batch_id: UUID = Field(foreign_key="extraction_batches.id", ondelete="CASCADE", index=True)
    position: int
    filename: str
    size_bytes: int = Field(gt=0)
    status: StagedStatus = Field(
        default=StagedStatus.RECEIVING, sa_type=text_enum(StagedStatus, "staged_status")
    )
    storage_key: str
    media_type: MediaType | None = Field(
        default=None, sa_type=text_enum(MediaType, "staged_media_type")
    )
    pages: int | None = None
    sha256: str | None = Field(default=None, max_length=64)
    extraction_prompt: str | None = None
    error_code: str | None = None
    error_message: str | None = None
    is_kept_twice: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class Document(SQLModel, table=True):
    """One stored file with its page count, its state and its lease."""

    __tablename__ = "documents"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint("page_count > 0", name="has_pages"),
        CheckConstraint(
            "(status = 'processing') = (lease_expires_at IS NOT NULL)",
            name="lease_while_processing",
        ),
        Index("ix_documents_batch", "batch_id", "position"),
        Index("ix_documents_owner_sha", "user_id", "sha256"),
        Index(
            "ix_documents_claim",
            "user_id",
            "next_attempt_at",
            "position",
            sqlite_where=text("status = 'uploaded'"),
            postgresql_where=text("status = 'uploaded'"),
        ),
        Index(
            "ix_documents_lease",
            "lease_expires_at",
            sqlite_where=text("status = 'processing'"),
            postgresql_where=text("status = 'processing'"),
        ),
        Index(
            "ix_documents_waiting",
            "user_id",
            sqlite_where=text("status = 'waiting_for_quota'"),
            postgresql_where=text("status = 'waiting_for_quota'"),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    batch_id: UUID | None = Field(
        default=None, foreign_key="extraction_batches.id", ondelete="SET NULL"
    )
    position: int = 0
    original_filename: str
    media_type: MediaType = Field(sa_type=text_enum(MediaType, "media_type"))
    size_bytes: int
    sha256: str = Field(max_length=64)
    storage_key: str
    page_count: int
    extraction_prompt: str | None = None
    kind: DocumentKind | None = Field(default=None, sa_type=text_enum(DocumentKind, "kind"))
    status: DocumentStatus = Field(
        default=DocumentStatus.UPLOADED,
        sa_type=text_enum(DocumentStatus, "document_status"),
        sa_column_kwargs={"server_default": "uploaded"},
    )
    error_code: str | None = None
    generation: int = 1
    attempt: int = 0
    crashes: int = 0
    queued_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Since when it waits: submitted, retried, or given its pages; attempts do not move it."""
    next_attempt_at: datetime = Field(sa_type=UtcDateTime)
    lease_owner: str | None = None
    lease_token: int = 0
    lease_expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    review_state: ReviewState = Field(
        default=ReviewState.UNREVIEWED, sa_type=text_enum(ReviewState, "review_state")
    )
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class ExtractionJob(SQLModel, table=True):
    """One attempt on one document: what was asked, of whom, and how it ended."""

    __tablename__ = "extraction_jobs"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index("ix_extraction_jobs_ended", "ended_at"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    document_id: UUID = Field(foreign_key="documents.id", ondelete="CASCADE", index=True)
    batch_id: UUID | None = Field(
        default=None, foreign_key="extraction_batches.id", ondelete="CASCADE", index=True
    )
    generation: int
    attempt: int
    lease_token: int
    status: DocumentStatus = Field(sa_type=text_enum(DocumentStatus, "job_status"))
    prompt: str | None = None
    prompt_source: PromptSource | None = Field(
        default=None, sa_type=text_enum(PromptSource, "prompt_source")
    )
    engine: str | None = None
    model: str | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    cost_microdollars: int = 0
    error_code: str | None = None
    started_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class UserLoad(SQLModel, table=True):
    """How much of a user is in work and waiting: what makes a claim fair at constant cost."""

    __tablename__ = "user_load"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint("pages_in_work >= 0 AND documents_waiting >= 0", name="load_not_negative"),
        Index(
            "ix_user_load_fair",
            "pages_in_work",
            "last_claim_at",
            sqlite_where=text("documents_waiting > 0"),
            postgresql_where=text("documents_waiting > 0"),
        ),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", primary_key=True)
    pages_in_work: int = 0
    documents_waiting: int = 0
    last_claim_at: datetime = Field(sa_type=UtcDateTime)
