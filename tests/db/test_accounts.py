"""Queries on users, sessions and keys, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ingestio.db import accounts, operations, tables
from ingestio.db.engine import SYSTEM, Database
from ingestio.domain.plans import PlanName, Subscription, SubscriptionStatus
from tests.factories import AT, make_user

if TYPE_CHECKING:
    from uuid import UUID

PLUS = Subscription(PlanName.PLUS, SubscriptionStatus.ACTIVE, AT, AT + timedelta(days=30))


def record(database: Database, user_id: UUID, found: Subscription, at: datetime) -> bool:
    return database.write(
        SYSTEM, lambda session: accounts.record_subscription(session, user_id, found, at)
    )


def test_an_address_that_is_taken_is_not_added_and_the_first_stays(either_database: Database):
    def add(hashed: str) -> bool:
        user = tables.User(
            email="ada@example.test", password_hash=hashed, plan=PlanName.PLUS, created_at=AT
        )
        return either_database.write(SYSTEM, lambda session: accounts.add_user(session, user))

    assert (add("first"), add("second")) == (True, False)
    with either_database.read(SYSTEM) as session:
        found = accounts.by_email(session, "ada@example.test")
    assert found is not None
    assert found.password_hash == "first"


def test_a_session_is_its_user_until_the_moment_it_ends(either_database: Database):
    user = make_user(either_database)
    ends_at = AT + timedelta(hours=1)
    either_database.write(
        SYSTEM, lambda session: accounts.add_session(session, user.id, "h", AT, ends_at)
    )
    with either_database.read(SYSTEM) as session:
        before = accounts.actor_of_session(session, "h", ends_at - timedelta(microseconds=1))
        after = accounts.actor_of_session(session, "h", ends_at)
        other = accounts.actor_of_session(session, "i", AT)

    assert before is not None
    assert (before.user_id, before.email) == (user.id, user.email)
    assert (after, other) == (None, None)


def test_sessions_are_removed_of_their_owner_alone(either_database: Database):
    one, other = make_user(either_database), make_user(either_database)
    ends_at = AT + timedelta(hours=1)

    def add(session) -> None:
        for number, user in enumerate((one, one, other)):
            accounts.add_session(session, user.id, f"h{number}", AT, ends_at)

    either_database.write(SYSTEM, add)
    removed = either_database.write(
        one.id, lambda session: accounts.remove_sessions(session, one.id)
    )

    assert removed == 2
    with either_database.read(SYSTEM) as session:
        assert accounts.actor_of_session(session, "h2", AT) is not None


def test_an_older_answer_never_replaces_a_newer_one(either_database: Database):
    user = make_user(either_database)
    growth = Subscription(PlanName.GROWTH, SubscriptionStatus.TRIALING, AT, AT)

    assert record(either_database, user.id, PLUS, AT + timedelta(seconds=2)) is True
    assert record(either_database, user.id, growth, AT + timedelta(seconds=1)) is False
    assert record(either_database, user.id, PLUS, AT + timedelta(seconds=2)) is True
    with either_database.read(SYSTEM) as session:
        assert accounts.plan_of(session, user.id) == (PlanName.PLUS, SubscriptionStatus.ACTIVE)


def test_a_customer_is_one_user_once(either_database: Database):
    user = make_user(either_database)

    def link(customer: str) -> bool:
        return either_database.write(
            SYSTEM, lambda session: accounts.set_customer(session, user.id, customer)
        )

    assert (link("cus_1"), link("cus_2")) == (True, False)
    with either_database.read(SYSTEM) as session:
        found = accounts.by_customer(session, "cus_1")
        assert accounts.by_customer(session, "cus_2") is None
    assert found is not None
    assert found.id == user.id


def test_an_event_is_stored_once(either_database: Database):
    def add() -> bool:
        return either_database.write(
            SYSTEM, lambda session: operations.add_event(session, "evt_1", "x", AT)
        )

    assert (add(), add()) == (True, False)
    with either_database.read(SYSTEM) as session:
        assert operations.is_event_known(session, "evt_1")
        assert not operations.is_event_known(session, "evt_2")


@pytest.mark.postgres
def test_finding_a_session_uses_its_index_on_postgres(postgres: Database):
    plan = "EXPLAIN SELECT 1 FROM sessions WHERE token_hash = 'x'"
    with postgres.read(SYSTEM) as session:
        session.connection().execute(text("SET LOCAL enable_seqscan = off"))
        steps = " ".join(session.connection().execute(text(plan)).scalars())

    assert "sessions_pkey" in steps


def test_the_database_keeps_microseconds(either_database: Database):
    """A session's end and a fence's time are compared: both databases keep them whole."""
    moment = datetime(2026, 3, 10, 9, 0, 0, 123_456, tzinfo=UTC)
    user = make_user(either_database, created_at=moment)
    with either_database.read(SYSTEM) as session:
        assert session.get_one(tables.User, user.id).created_at == moment
