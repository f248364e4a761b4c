"""What follows from a document's move: its batch's counts and status, its user's load.

Answers with one function, `record`, that every move goes through, in the transaction of the move.
Leaves the documents themselves to `claims` and `documents`.

The counts are moved by what changed, under the batch's row lock, and never counted anew: without
the lock a recount left 296 of 300 batches in `processing`, and it costs more the larger the batch.
The one recount comes when a batch ends, as a check. Lock order everywhere: document, batch, user's
load, usage entry, usage period.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import structlog
from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ingestio.db import prepared, tables
from ingestio.domain.batches import ENDED, BatchStatus, Counts, roll_up
from ingestio.domain.documents import DocumentStatus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlmodel import Session

    from ingestio.db.prepared import Transaction

log = structlog.get_logger(__name__)
BATCH_ENDED: Final = "batch_ended"

_batches = tables.table_of(tables.Batch)
_documents = tables.table_of(tables.Document)
_loads = tables.table_of(tables.UserLoad)
_outbox = tables.table_of(tables.OutboxMessage)

_COUNT_OF: Final = {
    DocumentStatus.COMPLETED: "completed_count",
    DocumentStatus.FAILED: "failed_count",
    DocumentStatus.CANCELLED: "cancelled_count",
    DocumentStatus.WAITING_FOR_QUOTA: "waiting_count",
    DocumentStatus.PROCESSING: "in_work_count",
}
_COUNTS: Final = ("document_count", *_COUNT_OF.values())

_SHIFT = (
    update(_batches)
    .where(_batches.c.id == bindparam("of_batch"))
    .values(
        **{name: _batches.c[name] + bindparam(f"d_{name}") for name in (*_COUNTS, "total_pages")},
        version=_batches.c.version + 1,
        updated_at=bindparam("now"),
    )
    .returning(
        *(_batches.c[name] for name in _COUNTS),
        *(_batches.c.status, _batches.c.round, _batches.c.user_id),
        *(_batches.c.started_at, _batches.c.completed_at),
    )
)
_SET_STATUS = (
    update(_batches)
    .where(_batches.c.id == bindparam("of_batch"))
    .values(
        status=bindparam("to"),
        round=bindparam("new_round"),
        started_at=bindparam("start"),
        completed_at=bindparam("end"),
    )
)
ALL_COUNTS = select(
    *(_batches.c.id, _batches.c.status, _batches.c.total_pages),
    *(_batches.c[name] for name in _COUNTS),
)
_by_status = select(
    _documents.c.batch_id,
    _documents.c.status,
    func.count().label("documents"),
    func.sum(_documents.c.page_count).label("pages"),
).group_by(_documents.c.batch_id, _documents.c.status)
_RECOUNT = _by_status.where(_documents.c.batch_id == bindparam("of_batch"))
_RECOUNT_ALL = _by_status.where(_documents.c.batch_id.is_not(None))
_LOAD = {
    "pages_in_work": _loads.c.pages_in_work + bindparam("d_pages"),
    "documents_waiting": _loads.c.documents_waiting + bindparam("d_waiting"),
}
_SHIFT_LOAD = update(_loads).where(_loads.c.user_id == bindparam("of_user")).values(**_LOAD)
_SHIFT_LOAD_CLAIMED = _SHIFT_LOAD.values(last_claim_at=bindparam("now"))
_OUTBOX = {
    "sqlite": sqlite.insert(_outbox).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(_outbox).on_conflict_do_nothing(),
}
_NEW_LOAD = {
    "sqlite": sqlite.insert(_loads).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(_loads).on_conflict_do_nothing(),
}


@dataclass(frozen=True, slots=True)
class Move:
    """Some documents of one batch from one status to another; None is not there yet, or deleted."""

    before: DocumentStatus | None
    after: DocumentStatus | None
    pages: int
    documents: int = 1


def record(
    session: Transaction,
    *,
    user_id: UUID,
    batch_id: UUID | None,
    moves: Sequence[Move],
    now: datetime,
    is_claim: bool = False,
) -> None:
    """Take note of moves of one batch's documents: counts, status, load, and the end if it is."""
    if batch_id is not None:
        _shift_batch(session, batch_id, moves, now)
    shift_load(session, user_id, moves, now, is_claim=is_claim)


def shift_load(
    session: Transaction,
    user_id: UUID,
    moves: Sequence[Move],
    now: datetime,
    *,
    is_claim: bool = False,
) -> None:
    """Take note of moves in the user's load alone: for a batch that goes as a whole."""
    pages, waiting = 0, 0
    for move in moves:
        pages += move.pages * _change(move, DocumentStatus.PROCESSING)
        waiting += move.documents * _change(move, DocumentStatus.UPLOADED)
    if not (pages or waiting):
        return
    statement = _SHIFT_LOAD_CLAIMED if is_claim else _SHIFT_LOAD
    values = {"of_user": user_id, "d_pages": pages, "d_waiting": waiting}
    prepared.change(session, statement, {**values, "now": now} if is_claim else values)


def ensure_load(session: Session, user_id: UUID, now: datetime) -> None:
    """Make the user's load row where there is none."""
    session.connection().execute(
        _NEW_LOAD[session.connection().dialect.name],
        {"user_id": user_id, "pages_in_work": 0, "documents_waiting": 0, "last_claim_at": now},
    )


def counts_of(row: Any) -> Counts:  # noqa: ANN401  a row of either kind
    """A batch's counts from a row that has its count columns."""
    return Counts(
        total=row.document_count,
        completed=row.completed_count,
        failed=row.failed_count,
        cancelled=row.cancelled_count,
        waiting=row.waiting_count,
        in_work=row.in_work_count,
    )


def _change(move: Move, status: DocumentStatus) -> int:
    return (move.after is status) - (move.before is status)


def _shift_batch(
    session: Transaction, batch_id: UUID, moves: Sequence[Move], now: datetime
) -> None:
    deltas = {f"d_{name}": 0 for name in (*_COUNTS, "total_pages")}
    for move in moves:
        for status, name in _COUNT_OF.items():
            deltas[f"d_{name}"] += move.documents * _change(move, status)
        appears = (move.after is not None) - (move.before is not None)
        deltas["d_document_count"] += move.documents * appears
        deltas["d_total_pages"] += move.pages * appears
    row = prepared.first(session, _SHIFT, {**deltas, "of_batch": batch_id, "now": now})
    if row is None:
        raise LookupError
    counts = counts_of(row)
    if not counts.total and row.status in ENDED:
        return  # its last document was deleted: it stays ended as it ended
    ends = roll_up(counts) in ENDED and row.status not in ENDED
    is_healed = False
    if ends:
        kept, counts = counts, _checked(session, batch_id, counts)
        is_healed = counts != kept
    status = roll_up(counts)
    if is_healed or status is not row.status or (counts.in_work and row.started_at is None):
        _set_status(session, batch_id, row, status, now)


def _set_status(
    session: Transaction,
    batch_id: UUID,
    row: Any,  # noqa: ANN401  what _SHIFT returns
    status: BatchStatus,
    now: datetime,
) -> None:
    has_ended, had_ended = status in ENDED, row.status in ENDED
    begins = row.started_at is None and row.in_work_count
    new_round = row.round + (1 if had_ended and not has_ended else 0)
    ended_at = row.completed_at if had_ended else now
    prepared.change(
        session,
        _SET_STATUS,
        {
            "of_batch": batch_id,
            "to": status,
            "new_round": new_round,
            "start": now if begins else row.started_at,
            "end": ended_at if has_ended else None,
        },
    )
    if has_ended and not had_ended:
        line = {"batch_id": batch_id, "round": new_round, "kind": BATCH_ENDED}
        prepared.change(
            session,
            _OUTBOX[session.connection().dialect.name],
            {**line, "user_id": row.user_id, "created_at": now},
        )


def recount(session: Transaction, batch_id: UUID) -> tuple[Counts, int]:
    """A batch's counts and pages from its documents."""
    rows = session.connection().execute(_RECOUNT, {"of_batch": batch_id}).all()
    return _counted({row.status: (row.documents, row.pages) for row in rows})


def recount_all(session: Session) -> dict[UUID, tuple[Counts, int]]:
    """The same for every batch that has documents."""
    found: dict[UUID, dict[DocumentStatus, tuple[int, int]]] = {}
    for row in session.connection().execute(_RECOUNT_ALL):
        found.setdefault(row.batch_id, {})[row.status] = (row.documents, row.pages)
    return {batch_id: _counted(by_status) for batch_id, by_status in found.items()}


def _counted(by_status: dict[DocumentStatus, tuple[int, int]]) -> tuple[Counts, int]:
    of = {status: documents for status, (documents, _) in by_status.items()}
    counts = Counts(
        total=sum(of.values()),
        completed=of.get(DocumentStatus.COMPLETED, 0),
        failed=of.get(DocumentStatus.FAILED, 0),
        cancelled=of.get(DocumentStatus.CANCELLED, 0),
        waiting=of.get(DocumentStatus.WAITING_FOR_QUOTA, 0),
        in_work=of.get(DocumentStatus.PROCESSING, 0),
    )
    return counts, sum(int(pages) for _, pages in by_status.values())


def _checked(session: Transaction, batch_id: UUID, kept: Counts) -> Counts:
    """The counts that were kept must be the documents'; where not, say so and heal.

    It is `processing` until then: from there it may go wherever the documents say.
    """
    counts, pages = recount(session, batch_id)
    if counts == kept:
        return kept
    log.error("batch_counts_drifted", batch_id=str(batch_id), kept=str(kept), counted=str(counts))
    session.connection().execute(
        update(_batches)
        .where(_batches.c.id == batch_id)
        .values(
            status=BatchStatus.PROCESSING,
            document_count=counts.total,
            completed_count=counts.completed,
            failed_count=counts.failed,
            cancelled_count=counts.cancelled,
            waiting_count=counts.waiting,
            in_work_count=counts.in_work,
            total_pages=pages,
        )
    )
    return counts
