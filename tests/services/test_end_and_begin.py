"""One document's end and the next one's beginning, in one step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from ingestio.db import ledger
from ingestio.db.engine import SYSTEM
from ingestio.db.tables import Document, table_of
from ingestio.domain.documents import DocumentStatus
from ingestio.domain.usage import WhenPagesRunOut
from ingestio.errors import AIUnavailable

if TYPE_CHECKING:
    from tests.wiring import House


def test_the_next_document_comes_with_the_end_of_this_one(house: House):
    ada = house.user()
    batch_id = house.submit(ada, [1, 2])
    steps = house.steps()
    one = steps.claim()
    two = steps.finish_and_claim(one, steps.read(one))

    assert house.statuses(ada, batch_id) == ["completed", "processing"]
    assert house.usage.balance(ada).reserved_pages == 2
    assert steps.finish_and_claim(two, steps.read(two)) is None
    assert house.usage.balance(ada).used_pages == 3


def test_a_page_hears_once_of_both_where_they_are_one_transaction(house: House):
    ada = house.user()
    batch_id = house.submit(ada, [1, 1])
    steps = house.steps()
    one = steps.claim()
    house.feed.published.clear()
    steps.finish_and_claim(one, steps.read(one))
    commits = 1 if house.database.is_sqlite else 2
    assert house.feed.published == [(ada.user_id, batch_id)] * commits


def test_pages_of_two_users_each_hear_of_documents_that_are_in_no_batch(house: House):
    ada, bob = house.user(), house.user("bob@example.org")
    house.submit(ada, [1])
    house.submit(bob, [1])
    for one in (ada, bob):
        house.usage.balance(one)  # their periods are there
    alone = update(table_of(Document)).values(batch_id=None)
    house.database.write(SYSTEM, lambda session: session.connection().execute(alone))
    steps = house.steps()
    one = steps.claim()
    answer = steps.read(one)
    house.feed.published.clear()
    two = steps.finish_and_claim(one, answer)
    assert {one.batch_id, two.batch_id} == {None}
    assert set(house.feed.published) == {(ada.user_id, None), (bob.user_id, None)}


def test_who_comes_late_saves_nothing_and_still_claims(house: House):
    ada = house.user()
    batch_id = house.submit(ada, [1, 1])
    late, other = house.steps("late", lease_s=10), house.steps("other")
    one = late.claim()
    answer = late.read(one)
    house.clock.pass_s(11)
    taken = other.claim()
    assert taken.document_id == one.document_id

    two = late.finish_and_claim(one, answer)
    assert two.document_id != one.document_id
    assert house.statuses(ada, batch_id) == ["processing", "processing"]
    assert other.finish(taken, other.read(taken))
    house.check()


def test_a_lease_that_ran_out_is_found_while_every_place_is_busy(house: House):
    ada = house.user()
    house.submit(ada, [1] * 4)
    dead = house.steps("dead", lease_s=10).claim()
    steps = house.steps("alive")
    at_hand = steps.claim()
    house.clock.pass_s(11)
    at_hand = steps.finish_and_claim(at_hand, steps.read(at_hand))
    assert (at_hand.document_id, at_hand.token) == (dead.document_id, dead.token + 1)


def test_pages_that_run_out_are_found_with_the_end_of_a_document(house: House):
    ada = house.user()
    plenty = house.usage.balance(ada).left_pages
    waits = WhenPagesRunOut.WAIT
    batch_id = house.submit(ada, [plenty - 1, 2, 1], when_pages_run_out=waits)
    steps = house.steps()
    one = steps.claim()
    three = steps.finish_and_claim(one, steps.read(one))
    assert house.statuses(ada, batch_id) == ["completed", "waiting_for_quota", "processing"]
    assert steps.finish(three, steps.read(three))


def test_a_next_document_that_cannot_be_claimed_does_not_cost_this_one(house: House, monkeypatch):
    ada = house.user()
    batch_id = house.submit(ada, [1, 1])
    steps = house.steps()
    one = steps.claim()
    answer = steps.read(one)

    def broken(*_) -> None:
        raise ledger.LedgerBroken

    monkeypatch.setattr(ledger, "reserve", broken)
    with pytest.raises(ledger.LedgerBroken):
        steps.finish_and_claim(one, answer)
    assert house.statuses(ada, batch_id) == ["completed", "uploaded"]


def test_a_thread_goes_on_after_a_failure(house: House):
    ada = house.user()
    batch_id = house.submit(ada, [1] * 6)
    house.engine.failures = [AIUnavailable("Reset."), ZeroDivisionError()]
    processor = house.processor(size=1)
    processor.run_once()
    assert processor.drain(10)
    house.clock.pass_s(600)
    processor.run_once()
    assert processor.drain(10)
    processor.stop()
    statuses = house.statuses(ada, batch_id)
    assert sorted(statuses) == [DocumentStatus.COMPLETED] * 5 + [DocumentStatus.FAILED]
