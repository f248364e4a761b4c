"""The outbox's mails: claimed by one sender at a time, sent, tried again, given up.

On the processor's list. A claim counts the tries on and puts the next one off, so that a sender who
dies leaves a mail that is due again, and one who comes late changes nothing but that it was sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from ingestio.db import tables
from ingestio.db.columns import UtcDateTime
from ingestio.domain.mails import MailHealth

if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from uuid import UUID

    from sqlmodel import Session

MAIL: Final = "batch_ended_mail"

_outbox = tables.table_of(tables.OutboxMessage)
_notifications = tables.table_of(tables.Notification)
_users = tables.table_of(tables.User)
WAITS: Final = (
    _outbox.c.kind == MAIL,
    _outbox.c.sent_at.is_(None),
    _outbox.c.given_up_at.is_(None),
)


@dataclass(frozen=True, slots=True)
class DueMail:
    """A mail that we have to ourselves until its lease runs out; `tries` is this one's number."""

    batch_id: UUID
    round: int
    email: str
    title: str
    body: str
    href: str
    tries: int


def is_due(session: Session, now: datetime) -> bool:
    """Whether there is one to claim."""
    query = select(_outbox.c.batch_id).where(*_due(now)).limit(1)
    return session.connection().execute(query).first() is not None


def claim(session: Session, now: datetime, lease: timedelta) -> DueMail | None:
    """The mail that is due the longest, for us alone until the lease has run out."""
    told = and_(
        _notifications.c.batch_id == _outbox.c.batch_id, _notifications.c.round == _outbox.c.round
    )
    query = (
        select(
            *(_outbox.c.batch_id, _outbox.c.round, _users.c.email),
            *(_notifications.c.title, _notifications.c.body, _notifications.c.href),
            (_outbox.c.attempts + 1).label("tries"),
        )
        .join(_users, _users.c.id == _outbox.c.user_id)
        .join(_notifications, told)
        .where(*_due(now))
        .order_by(_outbox.c.next_attempt_at)
        .limit(1)
        .with_for_update(skip_locked=True, of=_outbox)
    )
    row = session.connection().execute(query).first()
    if row is None:
        return None
    mail = DueMail(*row)
    _change(session, mail, attempts=mail.tries, next_attempt_at=now + lease)
    return mail


def mark_sent(session: Session, mail: DueMail, now: datetime) -> None:
    """It went out, whoever has it by now."""
    _change(session, mail, sent_at=now, error=None)


def postpone(session: Session, mail: DueMail, until: datetime, error: str) -> None:
    """It did not go out, and is tried again then; unless another has claimed it meanwhile."""
    _change(session, mail, _is_ours(mail), next_attempt_at=until, error=error)


def give_up(session: Session, mail: DueMail, now: datetime, error: str) -> None:
    """It did not go out, and is not tried again; unless another has claimed it meanwhile."""
    _change(session, mail, _is_ours(mail), given_up_at=now, error=error)


def health(session: Session, since: datetime) -> MailHealth:
    """How the mails are doing; those given up since then."""
    connection = session.connection()
    has_failed = and_(*WAITS, _outbox.c.error.is_not(None))
    is_given_up = and_(_outbox.c.kind == MAIL, _outbox.c.given_up_at >= since)
    waiting, failing, given_up = connection.execute(
        select(_count(and_(*WAITS)), _count(has_failed), _count(is_given_up))
    ).one()
    at = func.coalesce(_outbox.c.given_up_at, _outbox.c.created_at, type_=UtcDateTime())
    query = select(_outbox.c.error, at).where(or_(has_failed, is_given_up))
    latest = connection.execute(query.order_by(at.desc()).limit(1)).first()
    reason, since_when = latest or (None, None)
    return MailHealth(waiting, failing, given_up, reason, since_when)


def _count(which: ColumnElement[bool]) -> ColumnElement[int]:
    return select(func.count()).select_from(_outbox).where(which).scalar_subquery()


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (*WAITS, _outbox.c.next_attempt_at <= now)


def _is_ours(mail: DueMail) -> ColumnElement[bool]:
    """Nobody has claimed it after us: a claim counts the tries on."""
    return _outbox.c.attempts == mail.tries


def _change(session: Session, mail: DueMail, *which: ColumnElement[bool], **values: object) -> None:
    is_it = (_outbox.c.batch_id == mail.batch_id, _outbox.c.round == mail.round)
    session.connection().execute(update(_outbox).where(*is_it, *WAITS, *which).values(**values))
