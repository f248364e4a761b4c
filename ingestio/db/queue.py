"""How the queue is doing, in numbers: for whoever runs it. On the system's list; reads only.

Answers with all figures of one moment when it is asked inside one snapshot. The literals in the
conditions are there for the partial indexes, as in `claims`: with 100,000 documents a count over
the table would cost more than the page that shows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import ColumnElement, and_, bindparam, func, literal_column, select

from ingestio.db import mails, tables
from ingestio.domain.oversight import QueueCounts

if TYPE_CHECKING:
    from datetime import datetime

    from sqlmodel import Session

_documents = tables.table_of(tables.Document)
_jobs = tables.table_of(tables.ExtractionJob)
_outbox = tables.table_of(tables.OutboxMessage)


def _is(status: str) -> ColumnElement[bool]:
    return _documents.c.status == literal_column(f"'{status}'")


def _count(*which: ColumnElement[bool]) -> ColumnElement[int]:
    return select(func.count()).select_from(_documents).where(*which).scalar_subquery()


_since = func.coalesce(_documents.c.queued_at, _documents.c.created_at)
_DEAD: Final = _documents.c.lease_expires_at < bindparam("now")
_NOW: Final = select(
    _count(_is("uploaded")).label("waiting"),
    _count(_is("uploaded"), _documents.c.next_attempt_at > bindparam("now")).label("put_back"),
    _count(_is("processing")).label("in_work"),
    _count(_is("processing"), _DEAD).label("dead_leases"),
    _count(_is("waiting_for_quota")).label("waiting_for_quota"),
    select(func.min(_since)).where(_is("uploaded")).scalar_subquery().label("oldest_at"),
    select(func.count())
    .select_from(_outbox)
    .where(*mails.WAITS)
    .scalar_subquery()
    .label("mails_waiting"),
)
# An attempt that is tried again is an attempt, and no document more: only what has ended counts,
# and once.
_ended_of: Final = _jobs.join(
    _documents,
    and_(
        _documents.c.id == _jobs.c.document_id,
        _documents.c.generation == _jobs.c.generation,
        _documents.c.status.in_([literal_column("'completed'"), literal_column("'failed'")]),
    ),
)
_FINISHED: Final = (
    select(func.count(_documents.c.id.distinct()))
    .select_from(_ended_of)
    .where(_jobs.c.ended_at >= bindparam("since"))
)
_FAILED: Final = (
    select(_documents.c.error_code, func.count(_documents.c.id.distinct()).label("documents"))
    .select_from(_ended_of)
    .where(_jobs.c.ended_at >= bindparam("since"), _is("failed"))
    .group_by(_documents.c.error_code)
    .order_by(func.count(_documents.c.id.distinct()).desc(), _documents.c.error_code)
)


def counts(session: Session, now: datetime) -> QueueCounts:
    """What there is at this moment."""
    return QueueCounts(*session.connection().execute(_NOW, {"now": now}).one())


def finished_since(session: Session, since: datetime) -> int:
    """How many documents were worked off, whichever way they ended."""
    return session.connection().execute(_FINISHED, {"since": since}).scalar_one()


def failed_since(session: Session, since: datetime) -> tuple[tuple[str, int], ...]:
    """Documents that failed since then and have not been retried, by code; most first."""
    rows = session.connection().execute(_FAILED, {"since": since})
    return tuple((row.error_code or "internal", row.documents) for row in rows)
