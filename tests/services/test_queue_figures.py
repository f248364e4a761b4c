"""The queue's figures: documents and not attempts, and waiting since somebody asked (Spec 4.5)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ingestio.db import mails, tables
from ingestio.domain.documents import DocumentStatus
from ingestio.errors import AIUnavailable, Unreadable
from ingestio.services.admin import Admin
from tests.factories import make_batch, make_document, save

if TYPE_CHECKING:
    from ingestio.domain.accounts import Actor
    from tests.wiring import House


@pytest.fixture
def admin(house: House) -> Admin:
    return Admin(house.database, house.billing, house.processor(), house.clock)


@pytest.fixture
def boss(house: House) -> Actor:
    return house.user("boss@example.org", is_admin=True)


@pytest.fixture
def ada(house: House) -> Actor:
    return house.user()


def attempt(house: House, error: Exception | None = None) -> None:
    """Claim what is next, and let it end this way."""
    steps = house.steps()
    claim = steps.claim()
    assert claim
    if error is None:
        steps.finish(claim, steps.read(claim))
    else:
        steps.fail(claim, error)


def test_documents_are_counted_where_they_stand(
    admin: Admin, boss: Actor, ada: Actor, house: House
) -> None:
    batch = make_batch(house.database, ada.user_id)
    now = house.clock.now()
    alive = {"lease_owner": "w", "lease_expires_at": now + timedelta(seconds=9)}
    dead = {"lease_owner": "w", "lease_expires_at": now - timedelta(seconds=9)}
    later = {"next_attempt_at": now + timedelta(seconds=9)}
    for status, values in (
        (DocumentStatus.UPLOADED, {"next_attempt_at": now}),
        (DocumentStatus.UPLOADED, later),
        (DocumentStatus.PROCESSING, alive),
        (DocumentStatus.PROCESSING, dead),
        (DocumentStatus.WAITING_FOR_QUOTA, {}),
        (DocumentStatus.COMPLETED, {}),
        (DocumentStatus.CANCELLED, {}),
    ):
        make_document(house.database, ada.user_id, batch.id, status=status, **values)
    counts = admin.queue(boss).counts

    assert (counts.waiting, counts.put_back) == (2, 1)
    assert (counts.in_work, counts.dead_leases) == (2, 1)
    assert counts.waiting_for_quota == 1


def test_an_empty_queue_has_no_oldest_and_no_failures(admin: Admin, boss: Actor) -> None:
    health = admin.queue(boss)

    assert (health.counts.waiting, health.oldest_waiting_s) == (0, None)
    assert (health.finished_last_hour, health.failures, health.failed) == (0, (), 0)


def test_the_oldest_waits_since_it_was_submitted_however_often_it_is_put_back(
    admin: Admin, boss: Actor, ada: Actor, house: House
) -> None:
    house.submit(ada)
    for _ in range(3):
        house.clock.pass_s(700)
        attempt(house, AIUnavailable("away"))

    assert admin.queue(boss).oldest_waiting_s == pytest.approx(2_100)


def test_the_oldest_waits_anew_since_its_retry(
    admin: Admin, boss: Actor, ada: Actor, house: House
) -> None:
    batch_id = house.submit(ada)
    attempt(house, Unreadable("torn"))
    house.clock.pass_s(3_600)
    house.batches.retry_failed(ada, batch_id)
    house.clock.pass_s(30)

    assert admin.queue(boss).oldest_waiting_s == pytest.approx(30)


def test_what_waited_for_pages_waits_since_it_got_them(
    admin: Admin, boss: Actor, ada: Actor, house: House
) -> None:
    house.usage.balance(ada)
    house.submit(ada, (5_100,))
    house.work_off()
    house.clock.pass_s(3_600)
    admin.grant_pages(boss, ada.email, 200, "so that it fits")
    house.processor(size=0).sweep()
    house.clock.pass_s(5)

    assert admin.queue(boss).oldest_waiting_s == pytest.approx(5)


def test_throughput_counts_documents_that_ended_once_and_no_attempts(
    admin: Admin, boss: Actor, ada: Actor, house: House
) -> None:
    house.submit(ada, (1, 1, 1))
    for error in (AIUnavailable("away"), AIUnavailable("away"), Unreadable("torn")):
        attempt(house, error)
    before = admin.queue(boss).finished_last_hour
    house.clock.pass_s(900)
    house.work_off()

    assert before == 1
    assert admin.queue(boss).finished_last_hour == 3
    house.clock.pass_s(3_601)
    assert admin.queue(boss).finished_last_hour == 0


def test_failures_are_documents_by_code_until_they_are_retried(
    admin: Admin, boss: Actor, ada: Actor, house: House
) -> None:
    batch_id = house.submit(ada, (1, 1, 1))
    for error in (Unreadable("torn"), Unreadable("torn"), ValueError("a bug")):
        attempt(house, error)
    before = admin.queue(boss)
    house.batches.retry_failed(ada, batch_id)

    assert before.failures == (("unreadable", 2), ("internal", 1))
    assert before.failed == 3
    assert admin.queue(boss).failures == ()


def test_a_mail_that_could_not_be_sent_is_counted_until_it_is(
    admin: Admin, boss: Actor, ada: Actor, house: House
) -> None:
    batch = make_batch(house.database, ada.user_id)
    line = {
        "batch_id": batch.id,
        "round": 1,
        "user_id": ada.user_id,
        "created_at": batch.created_at,
    }
    save(house.database, tables.OutboxMessage(kind=mails.MAIL, **line))
    save(
        house.database,
        tables.OutboxMessage(kind=mails.MAIL, sent_at=batch.created_at, **line | {"round": 2}),
    )

    assert admin.queue(boss).counts.mails_waiting == 1
