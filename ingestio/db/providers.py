"""The breakers of providers: one row each, shared by all processes. On the processor's list.

Answers with conditional updates, so that of several processes one opens a breaker, one tries, and
only who tries says what came of it. Leaves deciding to `domain.providers`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from sqlalchemy import insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ingestio.db import tables
from ingestio.db.claims import rows
from ingestio.domain.accounts import Role
from ingestio.domain.providers import CLOSED, MAX_OPEN_FOR_S, Breaker, BreakerState

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row
    from sqlmodel import Session

_states = tables.table_of(tables.ProviderState)
_users = tables.table_of(tables.User)
_notifications = tables.table_of(tables.Notification)

_FIRST: Final = {
    "sqlite": sqlite.insert(_states).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(_states).on_conflict_do_nothing(),
}


def read(session: Session, provider: str) -> Breaker:
    """One provider's breaker; closed where nothing ever went wrong."""
    query = select(_states).where(_states.c.provider == provider)
    row = session.connection().execute(query).first()
    return _breaker(row) if row else CLOSED


def not_closed(session: Session) -> list[tuple[str, Breaker]]:
    """Every provider that gives no answers, the one that is away the longest first."""
    query = (
        select(_states)
        .where(_states.c.state != BreakerState.CLOSED)
        .order_by(_states.c.opened_at, _states.c.provider)
    )
    return [(row.provider, _breaker(row)) for row in session.connection().execute(query)]


def replace(session: Session, provider: str, seen: Breaker, new: Breaker) -> bool:
    """Put `new` in the place of what was `seen`; False where somebody else was faster."""
    connection = session.connection()
    connection.execute(_FIRST[connection.dialect.name], _values(provider, CLOSED))
    query = (
        update(_states)
        .where(
            _states.c.provider == provider,
            _states.c.state == seen.state,
            _states.c.reason.is_not_distinct_from(seen.reason),
        )
        .values(**_values(provider, new))
    )
    return rows(connection.execute(query)) == 1


def take_probe(session: Session, provider: str, me: str, now: datetime, lease: timedelta) -> bool:
    """Whether we are the one who tries now: of all processes exactly one is told so."""
    clock_went_back = _states.c.next_try_at > now + timedelta(seconds=MAX_OPEN_FOR_S)
    query = (
        update(_states)
        .where(
            _states.c.provider == provider,
            _states.c.state != BreakerState.CLOSED,
            or_(_states.c.next_try_at <= now, clock_went_back),
        )
        .values(state=BreakerState.PROBING, prober=me, next_try_at=now + lease)
    )
    return rows(session.connection().execute(query)) == 1


def keep_probe(session: Session, provider: str, me: str, until: datetime) -> None:
    """We still try: nobody else begins meanwhile."""
    query = update(_states).where(*_ours(provider, me)).values(next_try_at=until)
    session.connection().execute(query)


def end_probe(session: Session, provider: str, me: str, new: Breaker) -> bool:
    """What came of our try; False where another one tries by now."""
    query = update(_states).where(*_ours(provider, me)).values(**_values(provider, new))
    return rows(session.connection().execute(query)) == 1


def tell_administrators(
    session: Session, now: datetime, *, title: str, body: str, href: str
) -> None:
    """A line in the bell of each."""
    query = select(_users.c.id).where(_users.c.role == Role.ADMIN, _users.c.disabled_at.is_(None))
    for user_id in list(session.connection().execute(query).scalars()):
        line = insert(_notifications).values(
            id=uuid4(), user_id=user_id, title=title, body=body, href=href, created_at=now
        )
        session.connection().execute(line)


def _ours(provider: str, me: str) -> tuple[Any, ...]:
    return (
        _states.c.provider == provider,
        _states.c.state == BreakerState.PROBING,
        _states.c.prober == me,
    )


def _values(provider: str, breaker: Breaker) -> dict[str, Any]:
    return {
        "provider": provider,
        "state": breaker.state,
        "reason": breaker.reason,
        "opened_at": breaker.opened_at,
        "next_try_at": breaker.next_try_at,
        "failed_probes": breaker.failed_probes,
        "prober": None,
    }


def _breaker(row: Row[*tuple[Any, ...]]) -> Breaker:
    return Breaker(
        BreakerState(row.state), row.reason, row.opened_at, row.next_try_at, row.failed_probes
    )
