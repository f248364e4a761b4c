"""A whole batch in one multipart request: `POST /batches` (Spec 9.1).

Answers with the batch, or with every problem at once, and then nothing stays behind. Leaves reading
the body to `multipart`; staging and submission are the services behind the wizard as well.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections import Counter
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final
from uuid import UUID, uuid5

from fastapi import Request, Response  # noqa: TC002 (FastAPI reads them)
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, Json, ValidationError

from ingestio.api.batches import BatchShown, shown_batch
from ingestio.api.bodies import JSON_BYTES
from ingestio.api.drain import drain
from ingestio.api.identity import SignedIn, SignedInRoute, private_router
from ingestio.api.multipart import receive
from ingestio.bootstrap import call, services
from ingestio.domain.documents import MAX_FILE_BYTES
from ingestio.domain.drafts import DraftChange, display_name, judge_size, problems
from ingestio.domain.plans import PLANS
from ingestio.domain.prompts import PromptStrategy
from ingestio.domain.usage import WhenPagesRunOut
from ingestio.errors import (
    DocumentRejected,
    InvalidDraft,
    NotFound,
    Problem,
    RateLimited,
    Refused,
    UpgradeRequired,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator, Mapping

    from ingestio.api.multipart import SentFile, SentForm
    from ingestio.domain.accounts import Actor
    from ingestio.domain.drafts import StagedFile
    from ingestio.domain.plans import Entitlement

MAX_BODY_BYTES: Final = MAX_FILE_BYTES * max(p.files_per_batch for p in PLANS.values()) + JSON_BYTES
AT_ONCE: Final = 3
"""Submissions of one user at a time: each may fill the disk with a whole batch."""
LEFT_AFTER_S: Final = 86_400
"""Files that an interrupted server left behind are removed after this."""
DEAD_AFTER_S: Final = 60
"""So long a submission never takes between two files: its server has died."""
KEYED: Final = UUID("6b0c2e0e-5b50-4a8e-9c64-0a2f4f5b1d5e")
_in_progress = Counter[UUID]()


class SubmissionRoute(SignedInRoute):
    """Takes a whole batch of the largest files."""

    max_body_bytes = MAX_BODY_BYTES


router = private_router("batches", SubmissionRoute)


class SubmissionForm(BaseModel):
    """The text fields of the form. `prompts` is a JSON object by the file's position."""

    model_config = ConfigDict(extra="forbid")

    strategy: PromptStrategy = PromptStrategy.GLOBAL
    prompt: str | None = None
    prompts: Json[dict[str, str]] | None = None
    name: str | None = None
    when_pages_run_out: WhenPagesRunOut = WhenPagesRunOut.WAIT
    skip_refused: bool = False
    idempotency_key: Annotated[str, Field(min_length=1, max_length=200)] | None = None


def _described() -> dict[str, Any]:
    """The form for OpenAPI: FastAPI itself must not read the body."""
    text: dict[str, Any] = {name: {"type": "string"} for name in SubmissionForm.model_fields}
    text["strategy"]["enum"] = [one.value for one in PromptStrategy]
    text["when_pages_run_out"]["enum"] = [one.value for one in WhenPagesRunOut]
    text["skip_refused"] = {"type": "boolean"}
    text["prompts"]["description"] = 'A JSON object keyed by the file\'s position: "0", "1", ...'
    files = {"type": "array", "items": {"type": "string", "format": "binary"}}
    form = {"type": "object", "required": ["files"], "properties": {"files": files, **text}}
    return {"requestBody": {"content": {"multipart/form-data": {"schema": form}}, "required": True}}


@router.post(
    "/batches",
    status_code=201,
    openapi_extra=_described(),
    summary="Submit a batch",
)
async def submit_batch(request: Request, response: Response, actor: SignedIn) -> BatchShown:
    """Send files and say what to extract; the batch is queued at once.

    Every problem is reported together, a refused file as `files.N`. With `skip_refused` such files
    are left out. The same `idempotency_key` again gives the batch that it made the first time.
    """
    try:
        batch_id = await _received(request, actor)
    except Refused:
        await drain(request)
        raise
    response.headers["Location"] = f"/api/v1/batches/{batch_id}"
    return await shown_batch(actor, batch_id)


async def _received(request: Request, actor: Actor) -> UUID:
    right = await _right(actor)
    with _place(actor):
        async with _folder() as folder:
            sent = await receive(
                request,
                folder,
                max_files=right.plan.files_per_batch,
                max_file_bytes=MAX_FILE_BYTES,
            )
            return await _submitted(actor, right, _form(sent), sent)


async def _right(actor: Actor) -> Entitlement:
    """What the actor may do, refused before a byte of the body is read (Spec 5.1)."""
    right = await call(services().billing.entitlement, actor)
    if not right.may_submit:
        raise UpgradeRequired(right.why_not or "Batches need a paid plan.")
    return right


def _form(sent: SentForm) -> SubmissionForm:
    try:
        form = SubmissionForm.model_validate(sent.fields)
    except ValidationError as error:
        wrong = [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
        raise RequestValidationError(wrong) from error
    positions = {str(at) for at in range(len(sent.files))}
    if unknown := sorted((form.prompts or {}).keys() - positions):
        raise InvalidDraft([_no_such_file(key) for key in unknown])
    return form


def _no_such_file(key: str) -> Problem:
    return Problem(f"prompts.{key}", "no_such_file", f"There is no file {key}.")


async def _submitted(
    actor: Actor, right: Entitlement, form: SubmissionForm, sent: SentForm
) -> UUID:
    key = form.idempotency_key
    draft_id = uuid5(KEYED, f"{actor.user_id}:{key}") if key else None
    if draft_id and await call(_is_batch, actor, draft_id):
        return draft_id
    if draft_id:
        await call(_discard_dead, actor, draft_id)
    async with _draft(actor, draft_id) as made_id:
        staged, refused = await _stage(actor, made_id, sent.files)
        change = _change(form, staged)
        draft = await call(services().intake.update_draft, actor, made_id, change)
        found = refused if not (form.skip_refused and staged) else []
        found += _by_position(problems(draft, right), staged, is_told=bool(found))
        if found:
            raise InvalidDraft(found)
        await call(services().batches.submit, actor, made_id)
    return made_id


def _is_batch(actor: Actor, batch_id: UUID) -> bool:
    try:
        services().batches.detail(actor, batch_id)
    except NotFound:
        return False
    return True


def _discard_dead(actor: Actor, draft_id: UUID) -> None:
    """A draft under this key that no submission works on any more."""
    with suppress(NotFound):
        left = services().intake.draft(actor, draft_id)
        if services().clock.now() - left.updated_at > timedelta(seconds=DEAD_AFTER_S):
            services().intake.discard_draft(actor, draft_id)


@asynccontextmanager
async def _draft(actor: Actor, draft_id: UUID | None) -> AsyncGenerator[UUID]:
    """A draft of its own; where it does not become a batch, nothing of it stays."""
    draft = await call(services().intake.create_api_draft, actor, draft_id)
    try:
        yield draft.id
    except BaseException:
        with suppress(NotFound):
            await call(services().intake.discard_draft, actor, draft.id)
        raise


async def _stage(
    actor: Actor, draft_id: UUID, files: list[SentFile]
) -> tuple[dict[int, StagedFile], list[Problem]]:
    """Every file in its order: what was taken by position, and why the others were not."""
    staged: dict[int, StagedFile] = {}
    refused: list[Problem] = []
    for position, file in enumerate(files):
        outcome = await call(_stage_one, actor, draft_id, file)
        if isinstance(outcome, Problem):
            refused.append(replace(outcome, field=f"files.{position}"))
        else:
            staged[position] = outcome
    return staged, refused


def _stage_one(actor: Actor, draft_id: UUID, file: SentFile) -> StagedFile | Problem:
    name = display_name(file.filename)
    try:
        judge_size(file.size_bytes)
        staged = services().intake.receive(actor, draft_id, file.filename, file.path)
    except DocumentRejected as error:
        return Problem("files", error.code, f"{name}: {error.message}")
    finally:
        file.path.unlink(missing_ok=True)
    if staged.error_code:
        return Problem("files", staged.error_code, f"{name}: {staged.error_message}")
    return staged


def _change(form: SubmissionForm, staged: Mapping[int, StagedFile]) -> DraftChange:
    given = form.prompts or {}
    return DraftChange(
        strategy=form.strategy,
        prompt=form.prompt,
        prompts={file.id: given[str(at)] for at, file in staged.items() if str(at) in given},
        name=form.name,
        when_pages_run_out=form.when_pages_run_out,
    )


def _by_position(
    found: tuple[Problem, ...], staged: Mapping[int, StagedFile], *, is_told: bool
) -> list[Problem]:
    """A draft's problems, files by position instead of our ids; `is_told` why there are none."""
    positions = {f"prompts.{file.id}": f"prompts.{at}" for at, file in staged.items()}
    return [
        replace(one, field=positions.get(one.field, one.field))
        for one in found
        if not (is_told and one.code == "no_files")
    ]


@contextmanager
def _place(actor: Actor) -> Generator[None]:
    if _in_progress[actor.user_id] >= AT_ONCE:
        raise RateLimited(f"{AT_ONCE} submissions are under way already. Wait for one.", 10)
    _in_progress[actor.user_id] += 1
    try:
        yield
    finally:
        _in_progress[actor.user_id] -= 1
        if not _in_progress[actor.user_id]:
            del _in_progress[actor.user_id]


@asynccontextmanager
async def _folder() -> AsyncGenerator[Path]:
    """Where one request's files lie until they are staged; gone afterwards, however it ends."""
    parent = services().settings.data_dir / "incoming"
    folder = await asyncio.to_thread(_make_folder, parent)
    try:
        yield folder
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def _make_folder(parent: Path) -> Path:
    parent.mkdir(parents=True, exist_ok=True)
    for old in parent.iterdir():
        with suppress(OSError):
            if time.time() - old.stat().st_mtime > LEFT_AFTER_S:
                shutil.rmtree(old, ignore_errors=True)
    return Path(tempfile.mkdtemp(dir=parent))
