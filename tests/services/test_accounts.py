"""Who may come in, and who may not (Spec 10)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, text
from sqlmodel import select

from ingestio.adapters.rate_limits import Limits
from ingestio.config import Settings
from ingestio.db import tables
from ingestio.db.engine import SYSTEM, Database
from ingestio.domain.accounts import Role
from ingestio.domain.plans import PlanName
from ingestio.errors import Conflict, Invalid, NotFound, NotSignedIn, RateLimited
from ingestio.services import accounts as accounts_module
from ingestio.services.accounts import (
    DEMO_PASSWORD,
    DUMMY_HASH,
    SESSION_DAYS,
    WRONG_TRIES,
    Accounts,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes import SetClock

HERE, ELSEWHERE = "203.0.113.5", "198.51.100.7"
EMAIL, PASSWORD = "ada@example.test", "correct horse"


@pytest.fixture
def accounts(database: Database, clock: SetClock) -> Accounts:
    return Accounts(database, Limits(None), clock, Settings())


@pytest.fixture
def guess(accounts: Accounts) -> Callable[..., type[Exception] | None]:
    """What a wrong password gets."""

    def work(email: str = EMAIL, address: str = HERE) -> type[Exception] | None:
        try:
            accounts.sign_in(email, "wrong password", address)
        except (NotSignedIn, RateLimited) as error:
            return type(error)
        return None

    return work


def test_who_signed_up_is_signed_in(either_database: Database, clock: SetClock):
    accounts = Accounts(either_database, Limits(None), clock, Settings())
    actor = accounts.actor_of_session(accounts.sign_up(" Ada@Example.test ", PASSWORD, HERE))
    again = accounts.actor_of_session(accounts.sign_in(EMAIL, PASSWORD, HERE))

    assert actor == again
    assert (actor.email, actor.role) == (EMAIL, Role.USER)


@pytest.mark.parametrize(
    ("settings", "plan"),
    [
        (Settings(), PlanName.GROWTH),
        (Settings(stripe_secret_key="sk_test_1"), PlanName.STARTER),
        (Settings(default_plan="plus"), PlanName.PLUS),
    ],
    ids=["who hosts it is never asked to pay", "with Stripe", "as the operator says"],
)
def test_a_new_account_is_on_the_plan_of_spec_3(
    database: Database, clock: SetClock, settings: Settings, plan: PlanName
):
    Accounts(database, Limits(None), clock, settings).sign_up(EMAIL, PASSWORD, HERE)

    assert user(database).plan == plan


def test_an_address_is_taken_once_in_any_case(accounts: Accounts):
    accounts.sign_up(EMAIL, PASSWORD, HERE)

    with pytest.raises(Conflict):
        accounts.sign_up(EMAIL.upper(), "another one", HERE)


@pytest.mark.parametrize(
    ("email", "password"),
    [("ada", PASSWORD), ("", PASSWORD), (EMAIL, "1234567"), (EMAIL, ""), (EMAIL, "x" * 257)],
)
def test_what_is_no_address_or_no_password_is_invalid(
    accounts: Accounts, email: str, password: str
):
    with pytest.raises(Invalid):
        accounts.sign_up(email, password, HERE)


def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(accounts: Accounts):
    accounts.sign_up(EMAIL, PASSWORD, HERE)
    said = []
    for email, password in ((EMAIL, "wrong"), ("nobody@example.test", PASSWORD), ("", PASSWORD)):
        with pytest.raises(NotSignedIn) as caught:
            accounts.sign_in(email, password, HERE)
        said.append(str(caught.value))

    assert len(set(said)) == 1


@pytest.mark.long  # a hash takes its time, on purpose
def test_an_unknown_account_takes_as_long_as_a_known_one(accounts: Accounts):
    """By the processor's time of the quickest of five: others work on this machine too."""
    accounts.sign_up(EMAIL, PASSWORD, HERE)

    def seconds(email: str) -> float:
        began = time.process_time()
        assert accounts._proves(email, "wrong password") is False
        return time.process_time() - began

    known = min(seconds(EMAIL) for _ in range(5))
    unknown = min(seconds("nobody@example.test") for _ in range(5))
    assert unknown == pytest.approx(known, rel=0.25)


def test_the_hash_of_nobody_has_the_parameters_of_a_new_one():
    hasher = accounts_module._hasher.current_hasher

    assert hasher.check_needs_rehash(DUMMY_HASH) is False


@pytest.mark.long  # a hash takes its time, on purpose
def test_the_eleventh_wrong_password_of_an_account_waits_wherever_it_comes_from(
    accounts: Accounts, guess: Callable[..., type[Exception] | None]
):
    accounts.sign_up(EMAIL, PASSWORD, HERE)
    wrong = [guess(address=f"203.0.113.{number}") for number in range(WRONG_TRIES)]

    assert wrong == [NotSignedIn] * WRONG_TRIES
    with pytest.raises(RateLimited) as caught:
        accounts.sign_in(EMAIL, PASSWORD, ELSEWHERE)
    assert 0 < caught.value.retry_after_s <= 15 * 60


@pytest.mark.long  # a hash takes its time, on purpose
def test_the_eleventh_wrong_password_from_an_address_waits_whoever_is_meant(
    accounts: Accounts, guess: Callable[..., type[Exception] | None]
):
    accounts.sign_up(EMAIL, PASSWORD, HERE)
    wrong = [guess(f"somebody-{number}@example.test") for number in range(WRONG_TRIES)]

    assert wrong == [NotSignedIn] * WRONG_TRIES
    assert guess("one-more@example.test") is RateLimited
    assert accounts.sign_in(EMAIL, PASSWORD, ELSEWHERE)


@pytest.mark.long  # a hash takes its time, on purpose
def test_one_ipv6_network_is_one_address(
    guess: Callable[..., type[Exception] | None],
):
    for number in range(WRONG_TRIES):
        guess(f"somebody-{number}@example.test", f"2001:db8:1:2::{number:x}")

    assert guess(address="2001:db8:1:2:ffff::1") is RateLimited
    assert guess(address="2001:db8:1:3::1") is NotSignedIn


def test_right_passwords_are_not_counted(accounts: Accounts):
    accounts.sign_up(EMAIL, PASSWORD, HERE)
    for _ in range(WRONG_TRIES + 2):
        accounts.sign_in(EMAIL, PASSWORD, HERE)


def test_signing_in_always_gives_a_new_session(accounts: Accounts):
    """So that one which somebody planted before is worth nothing."""
    first = accounts.sign_up(EMAIL, PASSWORD, HERE)
    second = accounts.sign_in(EMAIL, PASSWORD, HERE)

    assert first != second
    assert len(second) >= 43


def test_a_session_is_kept_as_its_hash_only(accounts: Accounts, database: Database):
    token = accounts.sign_up(EMAIL, PASSWORD, HERE)
    key = accounts.issue_key(EMAIL)
    with database.read(SYSTEM) as session:
        kept = session.connection().execute(text("SELECT token_hash FROM sessions")).scalars().all()
        issued = session.connection().execute(text("SELECT * FROM api_keys")).one()

    assert kept == [accounts.session_hash(token)]
    assert key not in str(issued)
    assert key.startswith(issued.prefix)


def test_a_session_ends_after_30_days(accounts: Accounts, clock: SetClock):
    token = accounts.sign_up(EMAIL, PASSWORD, HERE)
    clock.pass_s(SESSION_DAYS * 86_400 - 1)
    accounts.actor_of_session(token)
    clock.pass_s(1)

    with pytest.raises(NotSignedIn):
        accounts.actor_of_session(token)


def test_ended_sessions_go_at_the_next_sign_in(
    accounts: Accounts, database: Database, clock: SetClock
):
    accounts.sign_up(EMAIL, PASSWORD, HERE)
    clock.pass_s(SESSION_DAYS * 86_400)
    accounts.sign_in(EMAIL, PASSWORD, HERE)

    with database.read(SYSTEM) as session:
        assert session.connection().execute(text("SELECT count(*) FROM sessions")).scalar() == 1


def test_signing_out_ends_this_session_alone(accounts: Accounts):
    first = accounts.sign_up(EMAIL, PASSWORD, HERE)
    second = accounts.sign_in(EMAIL, PASSWORD, HERE)
    accounts.sign_out(first)
    accounts.sign_out(first)
    accounts.sign_out(None)

    accounts.actor_of_session(second)
    with pytest.raises(NotSignedIn):
        accounts.actor_of_session(first)


def test_signing_out_everywhere_ends_all_of_this_user_and_nobody_elses(
    either_database: Database, clock: SetClock
):
    accounts = Accounts(either_database, Limits(None), clock, Settings())
    tokens = [accounts.sign_up(EMAIL, PASSWORD, HERE), accounts.sign_in(EMAIL, PASSWORD, HERE)]
    other = accounts.sign_up("bob@example.test", PASSWORD, HERE)
    accounts.sign_out_everywhere(accounts.actor_of_session(tokens[0]))

    accounts.actor_of_session(other)
    for token in tokens:
        with pytest.raises(NotSignedIn):
            accounts.actor_of_session(token)


@pytest.mark.parametrize(
    "token", [None, "", "x", "\ud800", "'; DROP TABLE users; --", "x" * 10_000]
)
def test_made_up_tokens_are_nobody(accounts: Accounts, token: str | None):
    with pytest.raises(NotSignedIn):
        accounts.actor_of_session(token)
    with pytest.raises(NotSignedIn):
        accounts.actor_of_key(token)
    with pytest.raises(NotSignedIn):
        accounts.actor_of_key(f"ing_{token}")


def test_a_disabled_account_is_out_at_once_by_every_way(accounts: Accounts, database: Database):
    token = accounts.sign_up(EMAIL, PASSWORD, HERE)
    key = accounts.issue_key(EMAIL)
    change(database, "UPDATE users SET disabled_at = '2026-03-01'")

    with pytest.raises(NotSignedIn):
        accounts.actor_of_session(token)
    with pytest.raises(NotSignedIn):
        accounts.actor_of_key(key)
    with pytest.raises(NotSignedIn):
        accounts.sign_in(EMAIL, PASSWORD, HERE)


def test_a_key_is_its_user_until_it_is_revoked(either_database: Database, clock: SetClock):
    accounts = Accounts(either_database, Limits(None), clock, Settings())
    accounts.sign_up(EMAIL, PASSWORD, HERE)
    key = accounts.issue_key("ADA@example.test")

    assert len(key) == len("ing_") + 43
    assert accounts.actor_of_key(key).email == EMAIL
    change(either_database, "UPDATE api_keys SET revoked_at = '2026-03-01'")
    with pytest.raises(NotSignedIn):
        accounts.actor_of_key(key)


def test_a_session_is_no_key_and_a_key_no_session(accounts: Accounts):
    token = accounts.sign_up(EMAIL, PASSWORD, HERE)

    with pytest.raises(NotSignedIn):
        accounts.actor_of_key(token)
    with pytest.raises(NotSignedIn):
        accounts.actor_of_session(accounts.issue_key(EMAIL))


@pytest.mark.parametrize("email", ["nobody@example.test", "", "no address"])
def test_an_unknown_address_gets_no_key_and_no_role(accounts: Accounts, email: str):
    with pytest.raises(NotFound):
        accounts.issue_key(email)
    with pytest.raises(NotFound):
        accounts.make_admin(email)


def test_an_administrator_is_one_from_the_next_event_on_and_it_is_kept_who_was_made(
    accounts: Accounts, database: Database
):
    token = accounts.sign_up(EMAIL, PASSWORD, HERE)
    accounts.make_admin(EMAIL)

    assert accounts.actor_of_session(token).is_admin
    with database.read(SYSTEM) as session:
        query = text("SELECT action, after FROM audit_events")
        assert session.connection().execute(query).all() == [("admin_made", "admin")]


def test_the_demo_s_accounts_are_there_once(either_database: Database, clock: SetClock):
    accounts = Accounts(either_database, Limits(None), clock, Settings())
    accounts.ensure_demo()
    accounts.ensure_demo()
    actors = [
        accounts.actor_of_session(accounts.sign_in(email, DEMO_PASSWORD, HERE))
        for email in accounts.demo_accounts()
    ]

    assert [(actor.email, actor.is_admin) for actor in actors] == [
        ("demo@ingestio.test", True),
        ("plus@ingestio.test", False),
        ("starter@ingestio.test", False),
    ]
    with either_database.read(SYSTEM) as session:
        plans = session.connection().execute(text("SELECT plan FROM users ORDER BY email"))
        assert list(plans.scalars()) == ["growth", "plus", "starter"]


def test_the_demo_leaves_an_account_as_it_became(accounts: Accounts, database: Database):
    accounts.ensure_demo()
    change(database, "UPDATE users SET plan = 'growth' WHERE email = 'starter@ingestio.test'")
    accounts.ensure_demo()

    assert user(database, "starter@ingestio.test").plan == PlanName.GROWTH


def test_a_session_is_found_by_one_indexed_query(accounts: Accounts, database: Database):
    token = accounts.sign_up(EMAIL, PASSWORD, HERE)
    asked: list[str] = []
    event.listen(
        database._relaxed, "before_cursor_execute", lambda *a: asked.append(a[2].split()[0])
    )
    accounts.actor_of_session(token)

    assert [word for word in asked if word != "BEGIN"] == ["SELECT"]
    with database.read(SYSTEM) as session:
        query = "EXPLAIN QUERY PLAN SELECT 1 FROM sessions WHERE token_hash = 'x'"
        (step,) = session.connection().execute(text(query))
        assert "USING" in step.detail


def user(database: Database, email: str = EMAIL) -> tables.User:
    with database.read(SYSTEM) as session:
        row = session.exec(select(tables.User).where(tables.User.email == email)).one()
        session.expunge(row)
        return row


def change(database: Database, statement: str) -> None:
    database.write(SYSTEM, lambda session: session.connection().execute(text(statement)))
