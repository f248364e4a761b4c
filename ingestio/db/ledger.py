"""Pages in the ledger: periods, holds, what was settled. The processor's half.

Answers reserve, settle, release, each by a conditional UPDATE that is the truth: checked first and
updated later, 1,055 pages of 1,000 were granted. Leaves what a user reads of it to `balances`.

The entry's key, document and generation, is what makes double billing impossible: a new claim of
the same generation finds its own hold again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ingestio.db import prepared, tables
from ingestio.domain.usage import UsageState

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.sql.dml import ReturningInsert
    from sqlmodel import Session

    from ingestio.db.claims import Claim
    from ingestio.db.prepared import Transaction

_periods = tables.table_of(tables.UsagePeriod)
_entries = tables.table_of(tables.UsageEntry)
_grants = tables.table_of(tables.PageGrant)


class QuotaRace(Exception):
    """The last pages went to somebody else between the look and the reservation."""


class LedgerBroken(Exception):
    """A hold that must be there is not: a bug; nothing is written."""


_RESERVE: Final = (
    update(_periods)
    .where(
        _periods.c.user_id == bindparam("of_user"),
        _periods.c.starts_at == bindparam("period_at"),
        _periods.c.used_pages + _periods.c.reserved_pages + bindparam("pages")
        <= _periods.c.limit_pages,
    )
    .values(reserved_pages=_periods.c.reserved_pages + bindparam("pages"))
)


def _hold(insert: sqlite.Insert | postgresql.Insert) -> ReturningInsert[Any]:
    """A new line, or the released one of this generation held again."""
    return insert.on_conflict_do_update(
        index_elements=["document_id", "generation"],
        set_={
            "state": UsageState.HELD,
            "pages": insert.excluded.pages,
            "period_starts_at": insert.excluded.period_starts_at,
            "updated_at": insert.excluded.updated_at,
        },
        where=_entries.c.state == UsageState.RELEASED,
    ).returning(_entries.c.generation)


_HOLD: Final = {
    "sqlite": _hold(sqlite.insert(_entries)),
    "postgresql": _hold(postgresql.insert(_entries)),
}
_END_HOLD: Final = (
    update(_entries)
    .where(
        _entries.c.document_id == bindparam("of_document"),
        _entries.c.generation == bindparam("of_generation"),
        _entries.c.state == UsageState.HELD,
    )
    .values(state=bindparam("to"), updated_at=bindparam("now"))
    .returning(_entries.c.user_id, _entries.c.period_starts_at, _entries.c.pages)
)
_of_period = (
    _periods.c.user_id == bindparam("of_user"),
    _periods.c.starts_at == bindparam("period_at"),
)
_UNRESERVE: Final = (
    update(_periods)
    .where(*_of_period)
    .values(reserved_pages=_periods.c.reserved_pages - bindparam("pages"))
)
_USE: Final = _UNRESERVE.values(used_pages=_periods.c.used_pages + bindparam("pages"))


def reserve(session: Transaction, claim: Claim, period_at: datetime, now: datetime) -> None:
    """Hold a document's pages.

    Raises:
        QuotaRace: they are not left any more; roll back and look again.
    """
    entry = {
        "document_id": claim.document_id,
        "generation": claim.generation,
        "user_id": claim.user_id,
        "batch_id": claim.batch_id,
        "filename": claim.filename,
        "period_starts_at": period_at,
        "pages": claim.pages,
        "state": UsageState.HELD,
        "created_at": now,
        "updated_at": now,
    }
    hold = _HOLD[session.connection().dialect.name]
    if prepared.first(session, hold, entry) is None:
        raise LedgerBroken
    values = {"of_user": claim.user_id, "period_at": period_at, "pages": claim.pages}
    if prepared.change(session, _RESERVE, values) != 1:
        raise QuotaRace


def settle(session: Transaction, document_id: UUID, generation: int, now: datetime) -> None:
    """Charge what was held, in the period where it was held, also after that period ended."""
    _end(session, document_id, generation, UsageState.SETTLED, now)


def release(session: Transaction, document_id: UUID, generation: int, now: datetime) -> None:
    """Give back what was held: nothing failed or cancelled is charged."""
    _end(session, document_id, generation, UsageState.RELEASED, now)


def _end(
    session: Transaction, document_id: UUID, generation: int, state: UsageState, now: datetime
) -> None:
    key = {"of_document": document_id, "of_generation": generation}
    entry = prepared.first(session, _END_HOLD, {**key, "to": state, "now": now})
    if entry is None:
        raise LedgerBroken
    statement = _USE if state is UsageState.SETTLED else _UNRESERVE
    prepared.change(
        session,
        statement,
        {"of_user": entry.user_id, "period_at": entry.period_starts_at, "pages": entry.pages},
    )


def granted(session: Session, user_id: UUID, starts_at: datetime) -> int:
    """Pages that administrators gave for a period."""
    query = select(func.coalesce(func.sum(_grants.c.pages), 0)).where(
        _grants.c.user_id == user_id, _grants.c.period_starts_at == starts_at
    )
    return int(session.connection().execute(query).scalar_one())


def open_period(
    session: Session,
    user_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    plan_pages: int,
    *,
    now: datetime,
) -> None:
    """Make the period's row, or bring its limit up to date: the plan's pages and the grants.

    Another one that covers now is over: a subscription begun or ended in mid-month moved it.
    """
    others = update(_periods).where(
        _periods.c.user_id == user_id,
        _periods.c.starts_at != starts_at,
        _periods.c.starts_at <= now,
        _periods.c.ends_at > now,
    )
    session.connection().execute(others.values(ends_at=now))
    insert = sqlite.insert if session.connection().dialect.name == "sqlite" else postgresql.insert
    new = insert(_periods).values(
        user_id=user_id,
        starts_at=starts_at,
        ends_at=ends_at,
        limit_pages=plan_pages + granted(session, user_id, starts_at),
        used_pages=0,
        reserved_pages=0,
    )
    session.connection().execute(
        new.on_conflict_do_update(
            index_elements=["user_id", "starts_at"],
            set_={"limit_pages": new.excluded.limit_pages, "ends_at": new.excluded.ends_at},
        )
    )
