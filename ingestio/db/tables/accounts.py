"""Who may come in: users, their sessions, keys and reset links. Secrets are kept as hashes only."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel

from ingestio.db.columns import UtcDateTime, text_enum
from ingestio.domain.accounts import Role
from ingestio.domain.plans import PlanName, SubscriptionStatus


class User(SQLModel, table=True):
    """An account. `plan` and `subscription_status` are the truth where Stripe is not configured."""

    __tablename__ = "users"  # pyright: ignore[reportAssignmentType]

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    email: str = Field(unique=True, max_length=254)
    password_hash: str
    role: Role = Field(default=Role.USER, sa_type=text_enum(Role, "role"))
    plan: PlanName = Field(sa_type=text_enum(PlanName, "plan"))
    subscription_status: SubscriptionStatus = Field(
        default=SubscriptionStatus.ACTIVE,
        sa_type=text_enum(SubscriptionStatus, "subscription_status"),
    )
    stripe_customer_id: str | None = Field(default=None, unique=True)
    subscription_read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When Stripe was asked for what stands here: an older answer never replaces a newer one."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Session(SQLModel, table=True):
    """A signed-in browser, by the SHA-256 of its cookie."""

    __tablename__ = "sessions"  # pyright: ignore[reportAssignmentType]

    token_hash: str = Field(primary_key=True, max_length=64)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)


class ApiKey(SQLModel, table=True):
    """A script's key: what it begins with, and its SHA-256."""

    __tablename__ = "api_keys"  # pyright: ignore[reportAssignmentType]

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    prefix: str = Field(max_length=16)
    key_hash: str = Field(unique=True, max_length=64)
    created_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ResetToken(SQLModel, table=True):
    """A password reset link, by its SHA-256; used once."""

    __tablename__ = "reset_tokens"  # pyright: ignore[reportAssignmentType]

    token_hash: str = Field(primary_key=True, max_length=64)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
