"""Documents on their way: how an attempt ends, and who waits for pages. On the processor's list.

Answers moves, each a conditional UPDATE that says whether it happened, with the pages and the
roll-up in the same transaction. Leaves claiming to `claims`, what users do to `actions`, and what
they see to `shown`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, case, literal_column, select, update

from ingestio import failpoints
from ingestio.db import ledger, prepared, rollups, tables
from ingestio.domain.documents import DocumentStatus

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

    from sqlmodel import Session

    from ingestio.db.claims import Claim
    from ingestio.db.prepared import Transaction
    from ingestio.domain.documents import DocumentKind

_documents = tables.table_of(tables.Document)
_loads = tables.table_of(tables.UserLoad)

_PROCESSING = _documents.c.status == literal_column("'processing'")
_WAITING = _documents.c.status == literal_column("'waiting_for_quota'")
_fence: Final = (
    _documents.c.id == bindparam("of_document"),
    _documents.c.lease_token == bindparam("token"),
    _PROCESSING,
)
_END: Final = (
    update(_documents)
    .where(*_fence)
    .values(
        status=bindparam("to"),
        error_code=bindparam("code"),
        kind=bindparam("of_kind"),
        extraction_prompt=bindparam("prompt"),
        lease_owner=None,
        lease_expires_at=None,
        updated_at=bindparam("now"),
    )
)
_PUT_BACK: Final = (
    update(_documents)
    .where(*_fence)
    .values(
        status=DocumentStatus.UPLOADED,
        error_code=bindparam("code"),
        attempt=bindparam("attempts"),
        crashes=bindparam("crashed"),
        next_attempt_at=bindparam("due"),
        lease_owner=None,
        lease_expires_at=None,
        updated_at=bindparam("now"),
    )
)
_NOT_CLAIMED: Final = (
    update(_documents)
    .where(
        _documents.c.id == bindparam("of_document"),
        _documents.c.status == literal_column("'uploaded'"),
    )
    .values(status=bindparam("to"), error_code=bindparam("code"), updated_at=bindparam("now"))
)


class Fenced(Exception):
    """Somebody else has the document now: roll back and stop. Nothing is wrong."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How an attempt ends for good: `completed`, or `failed` with a code."""

    status: DocumentStatus
    error_code: str | None
    kind: DocumentKind | None
    prompt: str | None


def end(session: Transaction, claim: Claim, ending: Ending, now: datetime) -> None:
    """Fenced: the status, the roll-up, and the pages settled or given back.

    Raises:
        Fenced: the claim is not ours any more.
    """
    values = {
        "of_document": claim.document_id,
        "token": claim.token,
        "to": ending.status,
        "code": ending.error_code,
        "of_kind": ending.kind,
        "prompt": ending.prompt,
        "now": now,
    }
    if prepared.change(session, _END, values) != 1:
        raise Fenced
    _note(session, claim, DocumentStatus.PROCESSING, ending.status, now)
    failpoints.hit(failpoints.IN_ROLL_UP)
    charge = ledger.settle if ending.status is DocumentStatus.COMPLETED else ledger.release
    charge(session, claim.document_id, claim.generation, now)


def put_back(
    session: Transaction,
    claim: Claim,
    *,
    due: datetime,
    attempts: int,
    crashes: int,
    error_code: str | None,
    now: datetime,
) -> None:
    """Fenced: back to `uploaded` for a later claim, its pages given back.

    Raises:
        Fenced
    """
    values = {
        "of_document": claim.document_id,
        "token": claim.token,
        "code": error_code,
        "attempts": attempts,
        "crashed": crashes,
        "due": due,
        "now": now,
    }
    if prepared.change(session, _PUT_BACK, values) != 1:
        raise Fenced
    _note(session, claim, DocumentStatus.PROCESSING, DocumentStatus.UPLOADED, now)
    ledger.release(session, claim.document_id, claim.generation, now)


def set_aside(
    session: Transaction, claim: Claim, status: DocumentStatus, code: str | None, now: datetime
) -> None:
    """A document whose pages are not left: waits, or fails, without having been claimed."""
    values = {"of_document": claim.document_id, "to": status, "code": code, "now": now}
    if prepared.change(session, _NOT_CLAIMED, values):
        _note(session, claim, DocumentStatus.UPLOADED, status, now)


def _note(
    session: Transaction,
    claim: Claim,
    before: DocumentStatus,
    after: DocumentStatus,
    now: datetime,
) -> None:
    rollups.record(
        session,
        user_id=claim.user_id,
        batch_id=claim.batch_id,
        moves=(rollups.Move(before, after, pages=claim.pages),),
        now=now,
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """A document that waits for pages."""

    id: UUID
    batch_id: UUID | None
    pages: int


def users_queued(session: Session) -> list[UUID]:
    """Every user with documents that nobody has claimed yet."""
    query = select(_loads.c.user_id).where(_loads.c.documents_waiting > literal_column("0"))
    return list(session.connection().execute(query.order_by(_loads.c.user_id)).scalars())


def users_waiting(session: Session) -> list[UUID]:
    """Every user with documents that wait for pages."""
    query = select(_documents.c.user_id).where(_WAITING).distinct()
    return list(session.connection().execute(query.order_by(_documents.c.user_id)).scalars())


def waiting_of(session: Session, user_id: UUID) -> list[Waiting]:
    """What waits of one user, oldest first."""
    query = (
        select(_documents.c.id, _documents.c.batch_id, _documents.c.page_count)
        .where(_WAITING, _documents.c.user_id == user_id)
        .order_by(_documents.c.created_at, _documents.c.position, _documents.c.id)
    )
    return [Waiting(*row) for row in session.connection().execute(query)]


def pages_uploaded(session: Session, user_id: UUID) -> int:
    """Pages of one user that will be reserved next."""
    query = select(_documents.c.page_count).where(
        _documents.c.user_id == user_id, _documents.c.status == literal_column("'uploaded'")
    )
    return sum(session.connection().execute(query).scalars())


def resume(
    session: Session,
    user_id: UUID,
    batch_id: UUID | None,
    document_ids: Collection[UUID],
    now: datetime,
) -> int:
    """Some waiting documents of one batch go on; how many still waited.

    They are due since they were submitted, and not since all of them at once: oldest first.
    """
    since = case((_documents.c.created_at < now, _documents.c.created_at), else_=now)
    query = (
        update(_documents)
        .where(_documents.c.id.in_(list(document_ids)), _WAITING)
        .values(
            status=DocumentStatus.UPLOADED, queued_at=now, next_attempt_at=since, updated_at=now
        )
        .returning(_documents.c.page_count)
    )
    resumed = session.connection().execute(query).scalars().all()
    if resumed:
        move = rollups.Move(
            DocumentStatus.WAITING_FOR_QUOTA,
            DocumentStatus.UPLOADED,
            pages=sum(resumed),
            documents=len(resumed),
        )
        rollups.record(session, user_id=user_id, batch_id=batch_id, moves=(move,), now=now)
    return len(resumed)
