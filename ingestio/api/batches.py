"""Batches as a script sees them: list, one, its documents, cancel, retry, delete (Spec 9.1).

Leaves submitting one to `submissions` and its export to `export`.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from ingestio.api.documents import DocumentShown
from ingestio.api.identity import SignedIn, private_router
from ingestio.api.lists import Listed, PageNumber, PageSize, listed
from ingestio.bootstrap import call, services
from ingestio.domain.batches import SORTS, BatchQuery, BatchStatus
from ingestio.domain.pages import Page
from ingestio.domain.prompts import PromptStrategy

if TYPE_CHECKING:
    from ingestio.domain.accounts import Actor
    from ingestio.domain.batches import BatchRow

router = private_router("batches")
SORT = f"^-?({'|'.join(SORTS)})$"


class WantedBatches(BaseModel):
    """What of the list is wanted; `-` before a column of `sort` turns it round."""

    model_config = ConfigDict(extra="forbid")

    status: BatchStatus | None = None
    q: Annotated[str, Field(max_length=200)] = ""
    sort: Annotated[str, Field(pattern=SORT)] = "-submitted_at"
    page: PageNumber = 1
    page_size: PageSize = 100


class BatchShown(BaseModel):
    """One submission."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    name: str | None
    status: BatchStatus
    strategy: PromptStrategy
    prompt: str | None
    document_count: int
    completed_count: int
    failed_count: int
    cancelled_count: int
    waiting_count: int
    total_pages: int
    submitted_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None

    @classmethod
    def of(cls, batch: BatchRow) -> Self:
        """A batch's row in the API's words."""
        return cls(
            id=batch.id,
            name=batch.name,
            status=batch.status,
            strategy=batch.strategy,
            prompt=batch.prompt,
            document_count=batch.counts.total,
            completed_count=batch.counts.completed,
            failed_count=batch.counts.failed,
            cancelled_count=batch.counts.cancelled,
            waiting_count=batch.counts.waiting,
            total_pages=batch.total_pages,
            submitted_at=batch.submitted_at,
            started_at=batch.started_at,
            completed_at=batch.completed_at,
        )


class Retried(BaseModel):
    """How many documents begin anew."""

    retried: int


@router.get("/batches", summary="List batches")
async def list_batches(
    actor: SignedIn, wanted: Annotated[WantedBatches, Query()]
) -> Listed[BatchShown]:
    """Newest first unless `sort` says otherwise; drafts are not among them."""
    query = BatchQuery(wanted.status, wanted.q, wanted.sort, wanted.page, wanted.page_size)
    return listed(await call(services().batches.list, actor, query), BatchShown.of)


@router.get("/batches/{batch_id}", summary="One batch")
async def get_batch(actor: SignedIn, batch_id: UUID) -> BatchShown:
    """Where it stands now."""
    return await shown_batch(actor, batch_id)


@router.get("/batches/{batch_id}/documents", summary="A batch's documents with their values")
async def list_documents(
    actor: SignedIn, batch_id: UUID, page: PageNumber = 1, page_size: PageSize = 100
) -> Listed[DocumentShown]:
    """In the order in which they were sent."""
    results = await call(services().batches.results, actor, batch_id)
    start = (page - 1) * page_size
    part = Page(tuple(results[start : start + page_size]), len(results), page, page_size)
    return listed(part, DocumentShown.of)


@router.post("/batches/{batch_id}/cancel", summary="Cancel a batch")
async def cancel_batch(actor: SignedIn, batch_id: UUID) -> BatchShown:
    """What waits stops at once; what is in work ends and is not charged."""
    await call(services().batches.cancel, actor, batch_id)
    return await shown_batch(actor, batch_id)


@router.post("/batches/{batch_id}/retry", summary="Retry a batch's failed documents")
async def retry_batch(actor: SignedIn, batch_id: UUID) -> Retried:
    """Each failed document begins anew."""
    return Retried(retried=await call(services().batches.retry_failed, actor, batch_id))


@router.delete("/batches/{batch_id}", status_code=204, summary="Delete a batch")
async def delete_batch(actor: SignedIn, batch_id: UUID) -> None:
    """With its documents, results and files; the usage ledger stays."""
    await call(services().batches.delete, actor, batch_id)


async def shown_batch(actor: Actor, batch_id: UUID) -> BatchShown:
    """One batch in the API's words.

    Raises:
        NotFound
    """
    return BatchShown.of((await call(services().batches.detail, actor, batch_id)).batch)
