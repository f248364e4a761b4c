"""Drafts: batches in `pending_upload`, which only the wizard and their maker see.

Answers what a user's draft holds, and changes or removes it while it still is one. Leaves its files
to `staged_files` and the move to `queued` to `batches`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from ingestio.db import staged_files
from ingestio.db.tables import Batch, StagedFile
from ingestio.domain.batches import BatchStatus
from ingestio.domain.drafts import BatchDraft
from ingestio.errors import Conflict

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlmodel import Session

    from ingestio.db.staged_files import StoredFile
    from ingestio.domain.drafts import DraftChange


def find(session: Session, owner_id: UUID, draft_id: UUID) -> BatchDraft | None:
    """One draft with its files; what has arrived of those in transfer is not known here."""
    row = session.scalar(select(Batch).where(*_is_own(owner_id, draft_id)))
    if row is None:
        return None
    return BatchDraft(
        row.id,
        row.name,
        row.prompt_strategy,
        row.extraction_prompt,
        row.when_pages_run_out,
        tuple(staged_files.shown(session, owner_id, draft_id)),
        row.updated_at,
    )


def open_id(session: Session, owner_id: UUID) -> UUID | None:
    """The wizard's one open draft."""
    return session.scalar(
        select(col(Batch.id)).where(
            col(Batch.user_id) == owner_id,
            col(Batch.status) == BatchStatus.PENDING_UPLOAD,
            col(Batch.is_wizard_draft),
        )
    )


def ids(session: Session, owner_id: UUID) -> list[UUID]:
    """All drafts of a user, the newest first."""
    query = select(Batch.id).where(
        col(Batch.user_id) == owner_id, col(Batch.status) == BatchStatus.PENDING_UPLOAD
    )
    return list(session.exec(query.order_by(col(Batch.created_at).desc())))


def lock(session: Session, owner_id: UUID, draft_id: UUID) -> bool:
    """Hold the draft until the transaction ends; False where it is none any more."""
    query = select(col(Batch.id)).where(*_is_own(owner_id, draft_id))
    return session.scalar(query.with_for_update()) is not None


def add(
    session: Session,
    owner_id: UUID,
    now: datetime,
    *,
    is_wizard_draft: bool,
    draft_id: UUID | None = None,
) -> UUID:
    """Make a draft; for the wizard the open one, also where another tab was faster.

    Raises:
        Conflict: `draft_id` is given, and taken.
    """
    if is_wizard_draft and (found := open_id(session, owner_id)):
        return found
    row = Batch(user_id=owner_id, is_wizard_draft=is_wizard_draft, created_at=now, updated_at=now)
    if draft_id:
        row.id = draft_id
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        if draft_id:
            raise Conflict("This batch is being submitted already.") from error
        if found := open_id(session, owner_id):
            return found
        raise
    return row.id


def change(
    session: Session, owner_id: UUID, draft_id: UUID, what: DraftChange, now: datetime
) -> None:
    """Set what is not None. Prompts of files that are not in this draft are passed over."""
    values: dict[str, Any] = {"updated_at": now}
    if what.strategy is not None:
        values["prompt_strategy"] = what.strategy
    if what.prompt is not None:
        values["extraction_prompt"] = what.prompt
    if what.name is not None:
        values["name"] = what.name.strip() or None
    if what.when_pages_run_out is not None:
        values["when_pages_run_out"] = what.when_pages_run_out
    session.exec(update(Batch).where(*_is_own(owner_id, draft_id)).values(**values))
    for file_id, prompt in what.prompts.items():
        session.exec(
            update(StagedFile)
            .where(
                col(StagedFile.id) == file_id,
                col(StagedFile.user_id) == owner_id,
                col(StagedFile.batch_id) == draft_id,
            )
            .values(extraction_prompt=prompt, updated_at=now)
        )


def touch(session: Session, owner_id: UUID, draft_id: UUID, now: datetime) -> None:
    """Put off its expiry."""
    session.exec(update(Batch).where(*_is_own(owner_id, draft_id)).values(updated_at=now))


def remove(
    session: Session, owner_id: UUID, draft_id: UUID, untouched_since: datetime | None = None
) -> list[StoredFile] | None:
    """Delete a draft and its files' rows; what was staged, or None where it is no draft.

    `untouched_since`: None also where somebody changed it after that.
    """
    if not lock(session, owner_id, draft_id):
        return None
    updated_at = session.exec(select(Batch.updated_at).where(*_is_own(owner_id, draft_id))).one()
    if untouched_since and updated_at >= untouched_since:
        return None
    staged = staged_files.of_draft(session, owner_id, draft_id)
    session.exec(delete(Batch).where(*_is_own(owner_id, draft_id)))
    return staged


def _is_own(owner_id: UUID, draft_id: UUID) -> tuple[Any, ...]:
    pending = col(Batch.status) == BatchStatus.PENDING_UPLOAD
    return (col(Batch.id) == draft_id, col(Batch.user_id) == owner_id, pending)
