"""What a user reads of the ledger: the balance and the lines. Every function by owner.

Leaves moving pages to `ledger`.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import String, case, cast, func, literal_column, select

from ingestio.db import tables
from ingestio.domain.usage import PageBalance, UsageEntry, UsageState

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlmodel import Session

_periods = tables.table_of(tables.UsagePeriod)
_entries = tables.table_of(tables.UsageEntry)
_UTC = literal_column("'UTC'", String)
_documents = tables.table_of(tables.Document)


def current(session: Session, owner_id: UUID, now: datetime) -> PageBalance | None:
    """The balance of the period that covers now, or None where it has no row yet."""
    query = (
        select(
            _periods.c.starts_at,
            _periods.c.ends_at,
            _periods.c.limit_pages,
            _periods.c.used_pages,
            _periods.c.reserved_pages,
        )
        .where(
            _periods.c.user_id == owner_id, _periods.c.starts_at <= now, _periods.c.ends_at > now
        )
        .order_by(_periods.c.starts_at.desc())
        .limit(1)
    )
    row = session.connection().execute(query).first()
    return PageBalance(*row) if row else None


def lines(
    session: Session, owner_id: UUID, page: int, page_size: int
) -> tuple[list[UsageEntry], int]:
    """The ledger's lines, newest first, and how many there are."""
    total = (
        session.connection()
        .execute(select(func.count()).select_from(_entries).where(_entries.c.user_id == owner_id))
        .scalar_one()
    )
    query = (
        select(
            _entries.c.document_id,
            _entries.c.generation,
            _entries.c.filename,
            _entries.c.batch_id,
            _entries.c.pages,
            _entries.c.state,
            _entries.c.updated_at,
        )
        .where(_entries.c.user_id == owner_id)
        .order_by(_entries.c.updated_at.desc(), _entries.c.document_id)
        .limit(page_size)
        .offset((page - 1) * page_size)
    )
    return [UsageEntry(*row) for row in session.connection().execute(query)], total


def by_day(session: Session, owner_id: UUID, since: datetime) -> dict[date, tuple[int, int]]:
    """Pages settled and pages held, by the day (UTC) of each line, from a moment on."""
    # SQLite keeps UTC; PostgreSQL would take the day of the session's time zone.
    is_sqlite = session.connection().dialect.name == "sqlite"
    at = _entries.c.updated_at if is_sqlite else func.timezone(_UTC, _entries.c.updated_at)
    day = func.date(at)
    settled = func.sum(case((_entries.c.state == UsageState.SETTLED, _entries.c.pages), else_=0))
    held = func.sum(case((_entries.c.state == UsageState.HELD, _entries.c.pages), else_=0))
    query = (
        select(cast(day, String), settled, held)
        .where(_entries.c.user_id == owner_id, _entries.c.updated_at >= since)
        .group_by(day)
    )
    return {
        date.fromisoformat(text): (int(used), int(open_ones))
        for text, used, open_ones in session.connection().execute(query)
    }


def of_batch(session: Session, owner_id: UUID, batch_id: UUID) -> tuple[int, int]:
    """Pages of a batch that were charged, and that are held."""
    query = (
        select(_entries.c.state, func.sum(_entries.c.pages))
        .where(_entries.c.user_id == owner_id, _entries.c.batch_id == batch_id)
        .group_by(_entries.c.state)
    )
    pages = {state: int(total) for state, total in session.connection().execute(query)}
    return pages.get(UsageState.SETTLED, 0), pages.get(UsageState.HELD, 0)


def pages_waiting(session: Session, owner_id: UUID) -> int:
    """Pages of all the owner's documents that wait because pages ran out."""
    waiting = _documents.c.status == literal_column("'waiting_for_quota'")  # for its partial index
    query = select(func.coalesce(func.sum(_documents.c.page_count), 0)).where(
        _documents.c.user_id == owner_id, waiting
    )
    return session.connection().execute(query).scalar_one()
