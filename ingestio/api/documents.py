"""Documents as a script sees them: values, file, page pictures, retry, cancel, delete (Spec 9.1).

A stored file leaves only as a download that no browser runs. Leaves whose it is to the services.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final, Self
from urllib.parse import quote
from uuid import UUID

from fastapi import Path, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict

from ingestio.api.identity import SignedIn, private_router
from ingestio.bootstrap import call, services
from ingestio.domain.documents import DocumentKind, DocumentStatus, MediaType, ReviewState
from ingestio.domain.drafts import slug
from ingestio.domain.wording import WORDING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingestio.domain.documents import DocumentResult
    from ingestio.domain.results import Field

router = private_router("documents")
PRIVATE: Final = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
MIN_WIDTH_PX: Final = 64
MAX_WIDTH_PX: Final = 2_400


class FieldShown(BaseModel):
    """One value, how sure it is, and where it stands: page from 1, box in shares of the page."""

    model_config = ConfigDict(frozen=True)

    value: str
    confidence: float
    page: int | None
    box: list[float] | None
    quote: str | None
    is_verified: bool

    @classmethod
    def of(cls, field: Field) -> Self:
        """A field in the API's words."""
        box = field.box.as_list() if field.box else None
        return cls(
            value=field.value,
            confidence=field.confidence,
            page=field.page,
            box=box,
            quote=field.quote,
            is_verified=field.is_verified,
        )


class ErrorShown(BaseModel):
    """Why a document failed: a stable code, and what it means."""

    code: str
    message: str


class DocumentShown(BaseModel):
    """One stored file and what was read from it."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    batch_id: UUID | None
    filename: str
    media_type: MediaType
    size_bytes: int
    status: DocumentStatus
    pages: int
    kind: DocumentKind | None
    prompt: str | None
    prompt_source: str | None
    error: ErrorShown | None
    fields: dict[str, FieldShown]
    review_state: ReviewState
    updated_at: datetime

    @classmethod
    def of(cls, result: DocumentResult) -> Self:
        """A document with its values in the API's words."""
        row = result.document
        return cls(
            id=row.id,
            batch_id=row.batch_id,
            filename=row.filename,
            media_type=row.media_type,
            size_bytes=row.size_bytes,
            status=row.status,
            pages=row.pages,
            kind=row.kind,
            prompt=row.prompt,
            prompt_source=row.prompt_source,
            error=_error(row.error_code),
            fields={field.name: FieldShown.of(field) for field in result.fields},
            review_state=row.review_state,
            updated_at=row.updated_at,
        )


def _error(code: str | None) -> ErrorShown | None:
    if code is None:
        return None
    return ErrorShown(code=code, message=" ".join(WORDING.get(code, WORDING["internal"])))


@router.get("/documents/{document_id}", summary="One document with its values")
async def get_document(actor: SignedIn, document_id: UUID) -> DocumentShown:
    """Where it stands now."""
    return DocumentShown.of(await call(services().batches.result, actor, document_id))


@router.get(
    "/documents/{document_id}/file", summary="Its stored file", response_class=StreamingResponse
)
async def get_file(actor: SignedIn, document_id: UUID) -> StreamingResponse:
    """As a download, under the name it came with."""
    stored = await call(services().batches.file, actor, document_id)
    chunks = await call(services().batches.open_file, actor, document_id)
    first = await call(next, chunks, b"")
    return StreamingResponse(
        _again(first, chunks),
        media_type=stored.media_type,
        headers={**PRIVATE, "Content-Disposition": attachment(stored.filename)},
    )


def _again(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    """The whole file: its first chunk was read before the answer began, so that 404 is one."""
    yield first
    yield from rest


def attachment(filename: str) -> str:
    """A Content-Disposition that saves: one header line, whatever the name is (RFC 5987)."""
    return f"attachment; filename=\"{slug(filename)}\"; filename*=UTF-8''{quote(filename, safe='')}"


@router.get(
    "/documents/{document_id}/pages/{n}.jpg",
    summary="A page's picture",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}}},
)
async def get_page(
    actor: SignedIn,
    document_id: UUID,
    n: Annotated[int, Path(ge=1)],
    width: Annotated[int, Query(ge=MIN_WIDTH_PX, le=MAX_WIDTH_PX)] = 1_200,
) -> Response:
    """Page `n` (from 1) as JPEG, upright, at most `width` pixels wide."""
    picture = await call(services().review.page_picture, actor, document_id, n, width)
    return Response(picture, media_type="image/jpeg", headers=PRIVATE)


@router.post("/documents/{document_id}/retry", summary="Retry a failed document")
async def retry_document(actor: SignedIn, document_id: UUID) -> DocumentShown:
    """It begins anew, as a new generation."""
    await call(services().batches.retry_document, actor, document_id)
    return DocumentShown.of(await call(services().batches.result, actor, document_id))


@router.post("/documents/{document_id}/cancel", summary="Cancel a document")
async def cancel_document(actor: SignedIn, document_id: UUID) -> DocumentShown:
    """Where it has not ended yet; it is not charged."""
    await call(services().batches.cancel_document, actor, document_id)
    return DocumentShown.of(await call(services().batches.result, actor, document_id))


@router.delete("/documents/{document_id}", status_code=204, summary="Delete a document")
async def delete_document(actor: SignedIn, document_id: UUID) -> None:
    """With its result and file; its batch's counts and pages follow."""
    await call(services().batches.delete_document, actor, document_id)
