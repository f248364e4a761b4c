"""What keeps the product honest: outbox, notifications, audit, events, pause, breakers, beats."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Column, Index, Integer, text
from sqlmodel import Field, SQLModel

from ingestio.db.columns import UtcDateTime, text_enum
from ingestio.domain.providers import BreakerState


class OutboxMessage(SQLModel, table=True):
    """Something to tell the world, written with what it tells of: one a batch, round and kind.

    A mail is due at `next_attempt_at`, which is also until when its sender has it to itself.
    """

    __tablename__ = "outbox"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index(
            "ix_outbox_waits",
            "kind",
            "next_attempt_at",
            sqlite_where=text("sent_at IS NULL AND given_up_at IS NULL"),
            postgresql_where=text("sent_at IS NULL AND given_up_at IS NULL"),
        ),
    )

    batch_id: UUID = Field(primary_key=True)
    round: int = Field(primary_key=True)
    kind: str = Field(primary_key=True, max_length=32)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = Field(
        default=0,
        # The database's default alone: the hot path's statements carry none of Python's.
        sa_column=Column("attempts", Integer, nullable=False, server_default="0"),
    )
    next_attempt_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    given_up_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    error: str | None = None


class Notification(SQLModel, table=True):
    """A line in the bell's menu; of a batch, one a round."""

    __tablename__ = "notifications"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index("ix_notifications_once", "batch_id", "round", unique=True),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    batch_id: UUID | None = Field(
        default=None, foreign_key="extraction_batches.id", ondelete="SET NULL"
    )
    round: int | None = None
    title: str
    body: str
    href: str | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AuditEvent(SQLModel, table=True):
    """Who did what; rows are only ever added."""

    __tablename__ = "audit_events"  # pyright: ignore[reportAssignmentType]

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    actor_id: UUID | None = None
    action: str = Field(max_length=64)
    subject: str | None = None
    before: str | None = None
    after: str | None = None


class StripeEvent(SQLModel, table=True):
    """An event of Stripe's, by its id: stored with its effect, so that a replay does nothing."""

    __tablename__ = "stripe_events"  # pyright: ignore[reportAssignmentType]

    id: str = Field(primary_key=True, max_length=255)
    type: str = Field(max_length=100)
    received_at: datetime = Field(sa_type=UtcDateTime)


class ProcessorState(SQLModel, table=True):
    """Whether the processor is paused, why, and by whom: one row."""

    __tablename__ = "processor_state"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: int = Field(default=1, primary_key=True)
    is_paused: bool = False
    reason: str | None = None
    by_user_id: UUID | None = None
    at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ProcessorBeat(SQLModel, table=True):
    """A processor that runs, as it said last: a row each, gone when it stops in order."""

    __tablename__ = "processors"  # pyright: ignore[reportAssignmentType]

    name: str = Field(primary_key=True, max_length=160)
    started_at: datetime = Field(sa_type=UtcDateTime)
    beat_at: datetime = Field(sa_type=UtcDateTime)
    in_work: int
    places: int
    trouble: str | None = None
    trouble_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ProviderState(SQLModel, table=True):
    """A provider's circuit breaker, shared by all processes: one row each, written on change.

    `prober`: whose document tries it now; another may where `next_try_at` passes meanwhile.
    """

    __tablename__ = "provider_states"  # pyright: ignore[reportAssignmentType]

    provider: str = Field(primary_key=True, max_length=32)
    state: BreakerState = Field(sa_type=text_enum(BreakerState, "breaker_state"))
    reason: str | None = Field(default=None, max_length=64)
    opened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    next_try_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    failed_probes: int = 0
    prober: str | None = Field(default=None, max_length=160)
