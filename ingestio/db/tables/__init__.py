"""The tables (Spec 2), by noun. Importing this package registers all of them.

Ids are UUIDs, times are aware UTC, text enums are checked by the database. Every table with a
`user_id` has a row-level-security policy on PostgreSQL (Spec 10).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import SQLModel

from ingestio.db.tables.accounts import ApiKey, ResetToken, Session, User
from ingestio.db.tables.batches import Batch, Document, ExtractionJob, StagedFile, UserLoad
from ingestio.db.tables.ledger import PageGrant, UsageEntry, UsagePeriod
from ingestio.db.tables.operations import (
    AuditEvent,
    Notification,
    OutboxMessage,
    ProcessorBeat,
    ProcessorState,
    ProviderState,
    StripeEvent,
)
from ingestio.db.tables.results import Correction, ExtractedField, Extraction, LineItem

if TYPE_CHECKING:
    from sqlalchemy import Table

__all__ = [
    "ApiKey",
    "AuditEvent",
    "Batch",
    "Correction",
    "Document",
    "ExtractedField",
    "Extraction",
    "ExtractionJob",
    "LineItem",
    "Notification",
    "OutboxMessage",
    "PageGrant",
    "ProcessorBeat",
    "ProcessorState",
    "ProviderState",
    "ResetToken",
    "Session",
    "StagedFile",
    "StripeEvent",
    "UsageEntry",
    "UsagePeriod",
    "User",
    "UserLoad",
    "table_of",
]


def table_of(model: type[SQLModel]) -> Table:
    """Its Core table, for statements that are built once for the hot path."""
    return SQLModel.metadata.tables[str(model.__tablename__)]  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
