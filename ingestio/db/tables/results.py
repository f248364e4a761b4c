"""What was read: results, their fields and line items, and what people changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from ingestio.db.columns import UtcDateTime, text_enum
from ingestio.domain.documents import DocumentKind

_OF_EXTRACTION = ("document_id", "generation")


def _to_extraction() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        list(_OF_EXTRACTION),
        [f"extractions.{column}" for column in _OF_EXTRACTION],
        ondelete="CASCADE",
    )


class Extraction(SQLModel, table=True):
    """A result: one for each document and generation, which is what makes saving it idempotent."""

    __tablename__ = "extractions"  # pyright: ignore[reportAssignmentType]

    document_id: UUID = Field(foreign_key="documents.id", ondelete="CASCADE", primary_key=True)
    generation: int = Field(primary_key=True)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    kind: DocumentKind = Field(sa_type=text_enum(DocumentKind, "extraction_kind"))
    confidence: float
    engine: str
    model: str | None = None
    is_complete: bool = True
    missing: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)


class ExtractedField(SQLModel, table=True):
    """One value with its evidence. The box is in shares of the page (0-1)."""

    __tablename__ = "fields"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (_to_extraction(), UniqueConstraint("document_id", "generation", "name"))

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    document_id: UUID
    generation: int
    position: int
    name: str
    value: str
    confidence: float = Field(ge=0, le=1)
    page: int | None = None
    x0: float | None = None
    y0: float | None = None
    x1: float | None = None
    y1: float | None = None
    quote: str | None = None
    is_verified: bool = True


class LineItem(SQLModel, table=True):
    """One cell of a table on the document: row, column name, value, evidence."""

    __tablename__ = "line_items"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        _to_extraction(),
        UniqueConstraint("document_id", "generation", "row", "name"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    document_id: UUID
    generation: int
    row: int
    name: str
    value: str
    confidence: float = Field(ge=0, le=1)
    page: int | None = None
    x0: float | None = None
    y0: float | None = None
    x1: float | None = None
    y1: float | None = None
    quote: str | None = None


class Correction(SQLModel, table=True):
    """A human's change to a field; the original value stays."""

    __tablename__ = "corrections"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (_to_extraction(),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    document_id: UUID = Field(index=True)
    generation: int
    name: str
    original: str | None = None
    value: str
    by_user_id: UUID
    created_at: datetime = Field(sa_type=UtcDateTime)
