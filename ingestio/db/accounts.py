"""Users, their sessions and keys, and what is recorded of their plan.

Answers who a token belongs to in one indexed query, since every event of every page asks. Works
for sign-in, the operator and the payment side, before or beyond an owner; what a signed-in user
does to their own sessions takes `owner_id`. Knows hashes only, never a secret.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from ingestio.db.tables import ApiKey, AuditEvent, Session, User, table_of
from ingestio.domain.accounts import Actor, Role, UserId

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Executable, Row
    from sqlmodel import Session as Transaction

    from ingestio.domain.plans import PlanName, Subscription, SubscriptionStatus

_users = table_of(User)
_sessions = table_of(Session)
_keys = table_of(ApiKey)


@dataclass(frozen=True, slots=True)
class Account:
    """A user as sign-in and the payment side need it."""

    id: UUID
    email: str
    password_hash: str
    role: Role
    stripe_customer_id: str | None
    is_disabled: bool

    @property
    def actor(self) -> Actor:
        """The user as who is asking."""
        return Actor(UserId(self.id), self.email, self.role)


_WHO: Final = (_users.c.id, _users.c.email, _users.c.role)
_OF_SESSION: Final = (
    select(*_WHO)
    .join_from(_sessions, _users, _sessions.c.user_id == _users.c.id)
    .where(
        _sessions.c.token_hash == bindparam("token_hash"),
        _sessions.c.expires_at > bindparam("now"),
        _users.c.disabled_at.is_(None),
    )
)
_OF_KEY: Final = (
    select(*_WHO)
    .join_from(_keys, _users, _keys.c.user_id == _users.c.id)
    .where(
        _keys.c.key_hash == bindparam("key_hash"),
        _keys.c.revoked_at.is_(None),
        _users.c.disabled_at.is_(None),
    )
)


def actor_of_session(session: Transaction, token_hash: str, now: datetime) -> Actor | None:
    """Whose session this is; None where it ended or the account is disabled."""
    return _actor(_first(session, _OF_SESSION, {"token_hash": token_hash, "now": now}))


def actor_of_key(session: Transaction, key_hash: str) -> Actor | None:
    """Whose key this is; None where it was revoked or the account is disabled."""
    return _actor(_first(session, _OF_KEY, {"key_hash": key_hash}))


def by_email(session: Transaction, email: str) -> Account | None:
    """The account of an address in lower case."""
    return _account(session, col(User.email) == email)


def by_id(session: Transaction, user_id: UUID) -> Account | None:
    """The account itself."""
    return _account(session, col(User.id) == user_id)


def by_customer(session: Transaction, customer_id: str) -> Account | None:
    """The account that pays as this customer."""
    return _account(session, col(User.stripe_customer_id) == customer_id)


def add_user(session: Transaction, user: User) -> bool:
    """Make an account; False where the address is taken."""
    insert = sqlite.insert if session.connection().dialect.name == "sqlite" else postgresql.insert
    statement = insert(_users).values(user.model_dump())
    # By what came back: an insert's row count is not kept on PostgreSQL.
    once = statement.on_conflict_do_nothing(index_elements=["email"]).returning(_users.c.id)
    return session.connection().execute(once).first() is not None


def add_session(
    session: Transaction, user_id: UUID, token_hash: str, now: datetime, expires_at: datetime
) -> None:
    """Sign a browser in; the user's ended sessions go."""
    ended = delete(Session).where(col(Session.user_id) == user_id, col(Session.expires_at) <= now)
    _count(session, ended)
    session.add(
        Session(token_hash=token_hash, user_id=user_id, created_at=now, expires_at=expires_at)
    )


def remove_session(session: Transaction, token_hash: str) -> None:
    """Sign a browser out."""
    _count(session, delete(Session).where(col(Session.token_hash) == token_hash))


def remove_sessions(session: Transaction, owner_id: UUID) -> int:
    """Sign every browser of a user out; how many there were."""
    return _count(session, delete(Session).where(col(Session.user_id) == owner_id))


def add_key(session: Transaction, user_id: UUID, prefix: str, key_hash: str, now: datetime) -> None:
    """Record an API key, and that it was issued."""
    session.add(ApiKey(user_id=user_id, prefix=prefix, key_hash=key_hash, created_at=now))
    session.add(AuditEvent(at=now, action="api_key_issued", subject=str(user_id), after=prefix))


def set_password_hash(session: Transaction, user_id: UUID, password_hash: str) -> None:
    """Replace it: the same password under newer parameters."""
    _change(session, user_id, {"password_hash": password_hash})


def make_admin(session: Transaction, user_id: UUID, now: datetime) -> None:
    """Give the administrator's pages to a user, and record it."""
    _change(session, user_id, {"role": Role.ADMIN})
    session.add(AuditEvent(at=now, action="admin_made", subject=str(user_id), after=Role.ADMIN))


def plan_of(session: Transaction, user_id: UUID) -> tuple[PlanName, SubscriptionStatus] | None:
    """What is recorded of a user's plan."""
    query = select(_users.c.plan, _users.c.subscription_status).where(_users.c.id == user_id)
    found = session.connection().execute(query).first()
    return (found.plan, found.subscription_status) if found else None


def set_customer(session: Transaction, user_id: UUID, customer_id: str) -> bool:
    """Say who pays for a user, once: False where somebody does already."""
    statement = update(User).where(col(User.id) == user_id, col(User.stripe_customer_id).is_(None))
    return _count(session, statement.values(stripe_customer_id=customer_id)) == 1


def record_subscription(
    session: Transaction, user_id: UUID, found: Subscription, asked_at: datetime
) -> bool:
    """Keep what Stripe answered; False where a later question was answered already."""
    statement = update(User).where(
        col(User.id) == user_id,
        col(User.subscription_read_at).is_(None) | (col(User.subscription_read_at) <= asked_at),
    )
    values = {"plan": found.plan, "subscription_status": found.status}
    return _count(session, statement.values(**values, subscription_read_at=asked_at)) == 1


def existing(session: Transaction, emails: Sequence[str]) -> set[str]:
    """Which of these addresses have an account."""
    query = select(_users.c.email).where(_users.c.email.in_(emails))
    return set(session.connection().execute(query).scalars())


def _first(session: Transaction, query: Executable, values: dict[str, Any]) -> Row[Any] | None:
    return session.connection().execute(query, values).first()


def _actor(row: Row[Any] | None) -> Actor | None:
    return Actor(UserId(row.id), row.email, row.role) if row else None


def _account(session: Transaction, which: Any) -> Account | None:  # noqa: ANN401  a SQL condition
    row = session.scalar(select(User).where(which))
    if row is None:
        return None
    return Account(
        row.id,
        row.email,
        row.password_hash,
        row.role,
        row.stripe_customer_id,
        row.disabled_at is not None,
    )


def _change(session: Transaction, user_id: UUID, values: dict[str, Any]) -> None:
    _count(session, update(User).where(col(User.id) == user_id).values(**values))


def _count(session: Transaction, statement: Executable) -> int:
    return session.connection().execute(statement).rowcount
