"""Drafts by JSON: what the wizard holds, for scripts (Spec 9.1).

Answers with a draft and its staged files, and submits it. Leaves the files' bytes to `uploads`, the
rules to the services.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from ingestio.api.identity import SignedIn, private_router
from ingestio.bootstrap import call, services
from ingestio.domain.documents import MediaType
from ingestio.domain.drafts import BatchDraft, DraftChange, StagedFile, StagedStatus
from ingestio.domain.prompts import PromptStrategy
from ingestio.domain.usage import WhenPagesRunOut
from ingestio.services.batches import Batches
from ingestio.services.intake import Intake


class StagedError(BaseModel):
    """Why a file was refused."""

    code: str
    message: str


class StagedFileBody(BaseModel):
    """A file received for a draft. `pages` once counted; `note` says where it came before."""

    id: UUID
    filename: str
    size_bytes: int
    received_bytes: int
    status: StagedStatus
    media_type: MediaType | None
    pages: int | None
    prompt: str | None
    error: StagedError | None
    note: str | None


class DraftBody(BaseModel):
    """A draft with its files in order; `pages` of the valid ones."""

    id: UUID
    name: str | None
    strategy: PromptStrategy
    prompt: str | None
    when_pages_run_out: WhenPagesRunOut
    files: list[StagedFileBody]
    pages: int
    updated_at: datetime


class DraftList(BaseModel):
    """All drafts, the newest first; few, so on one page."""

    items: list[DraftBody]
    total: int
    page: int = 1
    page_size: int


class DraftChangeBody(BaseModel):
    """What to change; what is left out stays. `prompts` are by staged file id."""

    model_config = ConfigDict(extra="forbid")

    strategy: PromptStrategy | None = None
    prompt: str | None = None
    prompts: dict[UUID, str] = Field(default_factory=dict[UUID, str])
    name: str | None = None
    when_pages_run_out: WhenPagesRunOut | None = None


class Submitted(BaseModel):
    """The batch that a draft became: the id is the same."""

    id: UUID


async def intake() -> Intake:
    """The service of drafts."""
    return services().intake


async def batches() -> Batches:
    """The service that submits."""
    return services().batches


Taking = Annotated[Intake, Depends(intake)]
Submitting = Annotated[Batches, Depends(batches)]
router = private_router("drafts")


@router.post("/drafts", status_code=201)
async def create(actor: SignedIn, taking: Taking) -> DraftBody:
    """Make a draft of its own; the wizard does not show it."""
    return _body(await call(taking.create_api_draft, actor))


@router.get("/drafts")
async def all_drafts(actor: SignedIn, taking: Taking) -> DraftList:
    """Every draft, also the wizard's open one."""
    found = await call(taking.all_drafts, actor)
    items = [_body(draft) for draft in found]
    return DraftList(items=items, total=len(items), page_size=max(1, len(items)))


@router.get("/drafts/{draft_id}")
async def one(draft_id: UUID, actor: SignedIn, taking: Taking) -> DraftBody:
    """A draft, with each file's status, pages or reason."""
    return _body(await call(taking.draft, actor, draft_id))


@router.patch("/drafts/{draft_id}")
async def change(
    draft_id: UUID, body: DraftChangeBody, actor: SignedIn, taking: Taking
) -> DraftBody:
    """Change strategy, prompts, name, or what happens when pages run out."""
    what = DraftChange(body.strategy, body.prompt, body.prompts, body.name, body.when_pages_run_out)
    return _body(await call(taking.update_draft, actor, draft_id, what))


@router.delete("/drafts/{draft_id}", status_code=204)
async def discard(draft_id: UUID, actor: SignedIn, taking: Taking) -> Response:
    """Discard a draft, with everything staged in it."""
    await call(taking.discard_draft, actor, draft_id)
    return Response(status_code=204)


@router.post("/drafts/{draft_id}/submit")
async def submit(draft_id: UUID, actor: SignedIn, submitting: Submitting) -> Submitted:
    """Submit it: every problem at once in a 422, and a second call gives the same batch."""
    return Submitted(id=await call(submitting.submit, actor, draft_id))


def _body(draft: BatchDraft) -> DraftBody:
    return DraftBody(
        id=draft.id,
        name=draft.name,
        strategy=draft.strategy,
        prompt=draft.prompt,
        when_pages_run_out=draft.when_pages_run_out,
        files=[_file(file) for file in draft.files],
        pages=draft.pages,
        updated_at=draft.updated_at,
    )


def _file(file: StagedFile) -> StagedFileBody:
    error = None
    if file.error_code:
        error = StagedError(code=file.error_code, message=file.error_message or "")
    return StagedFileBody(
        id=file.id,
        filename=file.filename,
        size_bytes=file.size_bytes,
        received_bytes=file.received_bytes,
        status=file.status,
        media_type=file.media_type,
        pages=file.pages,
        prompt=file.prompt,
        error=error,
        note=file.note,
    )
