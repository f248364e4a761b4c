"""Pages: periods, the ledger's lines, and grants. The ledger outlives the documents."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from ingestio.db.columns import UtcDateTime, text_enum
from ingestio.domain.usage import UsageState


class UsagePeriod(SQLModel, table=True):
    """A user's month. No check of used + reserved against the limit: a downgrade would break it."""

    __tablename__ = "usage_periods"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint(
            "limit_pages >= 0 AND used_pages >= 0 AND reserved_pages >= 0",
            name="pages_not_negative",
        ),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", primary_key=True)
    starts_at: datetime = Field(sa_type=UtcDateTime, primary_key=True)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    limit_pages: int
    used_pages: int = 0
    reserved_pages: int = 0


class UsageEntry(SQLModel, table=True):
    """What one document's generation cost. Its key is what makes double billing impossible."""

    __tablename__ = "usage_entries"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint("pages > 0", name="entry_has_pages"),
        Index("ix_usage_entries_owner", "user_id", "period_starts_at"),
        Index("ix_usage_entries_batch", "batch_id"),
    )

    document_id: UUID = Field(primary_key=True)
    generation: int = Field(primary_key=True)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    batch_id: UUID | None = None
    filename: str | None = None
    period_starts_at: datetime = Field(sa_type=UtcDateTime)
    pages: int
    state: UsageState = Field(sa_type=text_enum(UsageState, "usage_state"))
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class PageGrant(SQLModel, table=True):
    """Pages that an administrator gave for one period."""

    __tablename__ = "page_grants"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (CheckConstraint("pages > 0", name="grant_has_pages"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    period_starts_at: datetime = Field(sa_type=UtcDateTime)
    pages: int
    reason: str
    granted_by: UUID
    created_at: datetime = Field(sa_type=UtcDateTime)
