"""A batch's results as a file: CSV, XLSX or JSON, streamed (Spec 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from uuid import UUID  # noqa: TC003 (FastAPI reads it)

from fastapi import Query
from fastapi.responses import StreamingResponse

from ingestio.api.documents import PRIVATE, attachment
from ingestio.api.identity import SignedIn, private_router
from ingestio.bootstrap import call, services
from ingestio.services.exports import MEDIA_TYPES, ExportFormat

if TYPE_CHECKING:
    from collections.abc import Iterator

router = private_router("batches")


@router.get(
    "/batches/{batch_id}/export",
    summary="Export a batch's values",
    response_class=StreamingResponse,
)
async def export_batch(
    actor: SignedIn,
    batch_id: UUID,
    format: ExportFormat = ExportFormat.CSV,  # noqa: A002 (its name in the spec)
    document: Annotated[list[UUID], Query(max_length=1_000)] = [],  # noqa: B006 (FastAPI copies it)
) -> StreamingResponse:
    """One row a document, with each value's confidence and the review state.

    `document`, repeated, takes only those.
    """
    batch = (await call(services().batches.detail, actor, batch_id)).batch
    chunks: Iterator[bytes] = await call(
        services().exports.stream, actor, batch_id, format, document
    )
    filename = f"{batch.title}.{format}"
    return StreamingResponse(
        chunks,
        media_type=MEDIA_TYPES[format],
        headers={**PRIVATE, "Content-Disposition": attachment(filename)},
    )
