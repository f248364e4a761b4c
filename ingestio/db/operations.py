"""What administrators and the payment side need over all users: lists, grants, audit.

On the system's list as a whole: nothing here is of one owner, so nobody but an administrator's
service, the operator and the webhook may call it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, case, func, select
from sqlalchemy.dialects import postgresql, sqlite

from ingestio.db import ledger
from ingestio.db.tables import (
    AuditEvent,
    Batch,
    PageGrant,
    StripeEvent,
    UsagePeriod,
    User,
    table_of,
)
from ingestio.domain.batches import BatchStatus
from ingestio.domain.oversight import AccountRow, AuditRow
from ingestio.domain.plans import PLANS

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement, Subquery
    from sqlmodel import Session

    from ingestio.domain.plans import Entitlement

_users = table_of(User)
_periods = table_of(UsagePeriod)
_batches = table_of(Batch)
_audit = table_of(AuditEvent)
_events = table_of(StripeEvent)
_IN_WORK: Final = (BatchStatus.QUEUED, BatchStatus.PROCESSING, BatchStatus.WAITING_FOR_QUOTA)


def accounts(
    session: Session, *, q: str, sort: str, page: int, page_size: int, now: datetime
) -> tuple[list[AccountRow], int]:
    """One page (from 1) of the accounts whose address holds `q`, and how many there are.

    `sort` is one of ACCOUNT_SORTS, with `-` before it for descending.
    """
    columns, sources = _account_columns(now)
    query = select(*columns.values()).select_from(sources)
    total = select(func.count()).select_from(_users)
    if q:
        matches = _users.c.email.contains(q.strip().lower(), autoescape=True)
        query, total = query.where(matches), total.where(matches)
    order = columns[sort.removeprefix("-")]
    query = query.order_by(order.desc() if sort.startswith("-") else order, _users.c.email)
    query = query.limit(page_size).offset((page - 1) * page_size)
    connection = session.connection()
    found = [AccountRow(*row) for row in connection.execute(query)]
    return found, connection.execute(total).scalar_one()


def grant(
    session: Session,
    *,
    user_id: UUID,
    right: Entitlement,
    pages: int,
    reason: str,
    by: UUID,
    now: datetime,
) -> None:
    """Raise a user's present limit; the grant, the limit and the audit in one transaction."""
    # One at a time for a user: each sums up all grants of the period.
    session.connection().execute(
        select(_users.c.id).where(_users.c.id == user_id).with_for_update()
    )
    of_plan = right.plan.pages_per_month
    before = of_plan + ledger.granted(session, user_id, right.period_start)
    session.add(
        PageGrant(
            user_id=user_id,
            period_starts_at=right.period_start,
            pages=pages,
            reason=reason,
            granted_by=by,
            created_at=now,
        )
    )
    session.flush()
    ledger.open_period(session, user_id, right.period_start, right.period_end, of_plan, now=now)
    audit(
        session,
        actor_id=by,
        action="pages_granted",
        subject=str(user_id),
        before=str(before),
        after=f"{before + pages}: {reason}",
        now=now,
    )


def audit(
    session: Session,
    *,
    actor_id: UUID | None,
    action: str,
    now: datetime,
    subject: str | None = None,
    before: str | None = None,
    after: str | None = None,
) -> None:
    """Say who did what; on PostgreSQL nobody can change it later."""
    session.add(
        AuditEvent(
            at=now, actor_id=actor_id, action=action, subject=subject, before=before, after=after
        )
    )


def audited(session: Session, limit: int) -> list[AuditRow]:
    """The latest acts, newest first."""
    columns = (
        _audit.c.at,
        _audit.c.actor_id,
        _audit.c.action,
        _audit.c.subject,
        _audit.c.before,
        _audit.c.after,
    )
    query = select(*columns).order_by(_audit.c.at.desc()).limit(limit)
    return [AuditRow(*row) for row in session.connection().execute(query)]


def is_event_known(session: Session, event_id: str) -> bool:
    """Whether this event of Stripe's has had its effect."""
    return session.get(StripeEvent, event_id) is not None


def add_event(session: Session, event_id: str, kind: str, now: datetime) -> bool:
    """Store an event; False where it is there, then nothing more may follow from it."""
    insert = sqlite.insert if session.connection().dialect.name == "sqlite" else postgresql.insert
    statement = insert(_events).values(id=event_id, type=kind, received_at=now)
    once = statement.on_conflict_do_nothing().returning(_events.c.id)
    return session.connection().execute(once).first() is not None


def _account_columns(now: datetime) -> tuple[dict[str, ColumnElement[Any]], Any]:
    """AccountRow's columns in order, by name, and what they are read from."""
    period, work = _present_periods(now), _work()
    of_plan = case(
        {name: plan.pages_per_month for name, plan in PLANS.items()}, value=_users.c.plan
    )
    limit = func.coalesce(period.c.limit_pages, of_plan)
    used = func.coalesce(period.c.used_pages, 0)
    reserved = func.coalesce(period.c.reserved_pages, 0)
    left = limit - used - reserved
    columns: dict[str, ColumnElement[Any]] = {
        "id": _users.c.id,
        "email": _users.c.email,
        "role": _users.c.role,
        "plan": _users.c.plan,
        "status": _users.c.subscription_status,
        "limit_pages": limit,
        "used_pages": used,
        "reserved_pages": reserved,
        "left_pages": case((left < 0, 0), else_=left),
        "batches_in_work": func.coalesce(work.c.in_work, 0),
        "failures": func.coalesce(work.c.failures, 0),
        "created_at": _users.c.created_at,
    }
    sources = _users.outerjoin(period, period.c.user_id == _users.c.id)
    return columns, sources.outerjoin(work, work.c.user_id == _users.c.id)


def _present_periods(now: datetime) -> Subquery:
    """Each user's period that covers now; the later one where a change of plan made two."""
    covers = and_(_periods.c.starts_at <= now, _periods.c.ends_at > now)
    latest = (
        select(_periods.c.user_id, func.max(_periods.c.starts_at).label("starts_at"))
        .where(covers)
        .group_by(_periods.c.user_id)
        .subquery()
    )
    is_latest = and_(
        _periods.c.user_id == latest.c.user_id, _periods.c.starts_at == latest.c.starts_at
    )
    return select(_periods).join(latest, is_latest).subquery()


def _work() -> Subquery:
    """Each user's batches that go on, and documents that failed."""
    return (
        select(
            _batches.c.user_id,
            func.count().filter(_batches.c.status.in_(_IN_WORK)).label("in_work"),
            func.sum(_batches.c.failed_count).label("failures"),
        )
        .group_by(_batches.c.user_id)
        .subquery()
    )
