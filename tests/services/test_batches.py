"""Batches as their owner works with them (Spec 4.2, 4.3, 5.2, 5.3, 6.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from sqlmodel import col, select

from ingestio.db.engine import SYSTEM
from ingestio.db.tables import Document, ExtractedField, OutboxMessage, StagedFile, UsageEntry
from ingestio.domain.batches import SORTS, BatchQuery, BatchStatus
from ingestio.domain.documents import DocumentStatus
from ingestio.domain.plans import PlanName, SubscriptionStatus
from ingestio.domain.prompts import PromptStrategy
from ingestio.errors import (
    Conflict,
    InvalidDraft,
    NotFound,
    RateLimited,
    Unreadable,
    UpgradeRequired,
)

if TYPE_CHECKING:
    from tests.wiring import House


def count(house: House, table) -> int:
    with house.database.read(SYSTEM) as session:
        return len(session.exec(select(table)).all())


def test_submission_turns_valid_files_into_documents_and_wakes_the_processor(house: House):
    ada = house.user()
    draft_id = house.draft(ada, [1, 2], refused=1, name="March")
    assert house.batches.submit(ada, draft_id) == draft_id
    detail = house.detail(ada, draft_id)
    assert detail.batch.status is BatchStatus.QUEUED
    assert (detail.batch.counts.total, detail.batch.total_pages) == (2, 3)
    assert [one.status for one in detail.documents] == [DocumentStatus.UPLOADED] * 2
    assert count(house, StagedFile) == 0
    assert len(house.files.kept) == 2
    assert house.queue.wakes == 1
    assert (ada.user_id, draft_id) in house.feed.published
    event = ("batch_submitted", ada.user_id, {"documents": 2, "pages": 3, "strategy": "auto"})
    assert house.analytics.events == [event]


def test_submitting_twice_makes_one_batch(house: House):
    ada = house.user()
    draft_id = house.draft(ada)
    assert house.batches.submit(ada, draft_id) == house.batches.submit(ada, draft_id)
    assert house.batches.list(ada, BatchQuery()).total == 1
    assert count(house, Document) == 1
    assert list(house.limiter.hits.values()) == [1]


def test_every_problem_of_a_draft_is_said_at_once(house: House):
    ada = house.user()
    draft_id = house.draft(ada, [1] * 101, strategy=PromptStrategy.GLOBAL, prompt=" ")
    with pytest.raises(InvalidDraft) as refused:
        house.batches.submit(ada, draft_id)
    assert {one.code for one in refused.value.problems} == {"too_many_files", "prompt_missing"}
    assert house.limiter.hits == {}


def test_plus_takes_25_files_a_batch_and_not_26(house: House):
    ada = house.user()
    house.billing.plans[ada.user_id] = PlanName.PLUS
    house.submit(ada, [1] * 25)
    with pytest.raises(InvalidDraft):
        house.submit(ada, [1] * 26)


def test_starter_may_not_submit(house: House):
    ada = house.user()
    house.billing.plans[ada.user_id] = PlanName.STARTER
    with pytest.raises(UpgradeRequired):
        house.submit(ada)


def test_a_subscription_that_does_not_run_may_not_submit(house: House):
    ada = house.user()
    house.billing.statuses[ada.user_id] = SubscriptionStatus.PAST_DUE
    with pytest.raises(UpgradeRequired):
        house.submit(ada)


def test_the_21st_batch_of_an_hour_is_refused_on_plus(house: House):
    ada = house.user()
    house.billing.plans[ada.user_id] = PlanName.PLUS
    for _ in range(20):
        house.submit(ada)
    with pytest.raises(RateLimited) as refused:
        house.submit(ada)
    assert refused.value.message.startswith("20 uploads an hour is the limit of Plus.")


@pytest.mark.parametrize("strategy", list(PromptStrategy))
def test_only_the_prompts_of_the_strategy_are_kept(house: House, strategy: PromptStrategy):
    ada = house.user()
    batch_id = house.submit(ada, strategy=strategy, prompt="the batch's", prompts=["its own"])
    assert house.detail(ada, batch_id).batch.prompt == (
        "the batch's" if strategy is PromptStrategy.GLOBAL else None
    )
    with house.database.read(SYSTEM) as session:
        kept = session.exec(select(col(Document.extraction_prompt))).one()
    assert kept == ("its own" if strategy is PromptStrategy.PER_DOCUMENT else None)


def test_somebody_elses_batch_and_documents_are_not_found(house: House):
    ada, eve = house.user(), house.user("eve@example.org")
    batch_id = house.submit(ada)
    draft_id = house.draft(ada)
    document_id = house.detail(ada, batch_id).documents[0].id
    calls = [
        lambda: house.batches.submit(eve, draft_id),
        lambda: house.batches.submit(eve, batch_id),
        lambda: house.batches.detail(eve, batch_id),
        lambda: house.batches.results(eve, batch_id),
        lambda: house.batches.cancel(eve, batch_id),
        lambda: house.batches.retry_failed(eve, batch_id),
        lambda: house.batches.delete(eve, batch_id),
        lambda: house.batches.document(eve, document_id),
        lambda: house.batches.result(eve, document_id),
        lambda: house.batches.file(eve, document_id),
        lambda: house.batches.open_file(eve, document_id),
        lambda: house.batches.cancel_document(eve, document_id),
        lambda: house.batches.retry_document(eve, document_id),
        lambda: house.batches.delete_document(eve, document_id),
    ]
    for call in calls:
        with pytest.raises(NotFound):
            call()
    assert house.batches.list(eve, BatchQuery()).total == 0
    assert house.detail(ada, batch_id).batch.status is BatchStatus.QUEUED


def test_a_draft_is_no_batch(house: House):
    ada = house.user()
    draft_id = house.draft(ada)
    for call in (house.batches.detail, house.batches.cancel, house.batches.delete):
        with pytest.raises(NotFound):
            call(ada, draft_id)
    assert house.batches.list(ada, BatchQuery()).total == 0


def test_cancelling_stops_what_waits_and_does_not_charge_what_is_in_work(house: House):
    ada = house.user()
    batch_id = house.submit(ada, [1, 2, 3])
    house.work_off(1)
    steps = house.steps()
    claim = steps.claim()
    assert claim is not None
    house.batches.cancel(ada, batch_id)
    detail = house.detail(ada, batch_id)
    assert [one.status.value for one in detail.documents] == ["completed", "cancelled", "cancelled"]
    assert detail.batch.status is BatchStatus.COMPLETED
    assert steps.finish(claim, steps.read(claim)) is False
    assert house.detail(ada, batch_id).pages_charged == 1
    with pytest.raises(Conflict):
        house.batches.cancel(ada, batch_id)


def test_a_batch_whose_documents_were_all_cancelled_is_cancelled(house: House):
    ada = house.user()
    batch_id = house.submit(ada, [1, 2])
    house.batches.cancel(ada, batch_id)
    assert house.detail(ada, batch_id).batch.status is BatchStatus.CANCELLED


def test_cancelling_one_document_that_waits_leaves_the_others(house: House):
    ada = house.user()
    batch_id = house.submit(ada, [1, 2])
    house.batches.cancel_document(ada, house.detail(ada, batch_id).documents[0].id)
    house.work_off()
    detail = house.detail(ada, batch_id)
    assert [one.status.value for one in detail.documents] == ["cancelled", "completed"]
    assert detail.batch.status is BatchStatus.COMPLETED


def test_retrying_failed_ones_is_a_new_round_and_charges_once(house: House):
    ada = house.user()
    batch_id = house.submit(ada, [2, 3])
    house.engine.failures = [Unreadable("Damaged.")]
    house.work_off()
    house.notifications.ring()
    assert house.batches.retry_failed(ada, batch_id) == 1
    detail = house.detail(ada, batch_id)
    assert (detail.batch.status, detail.batch.round) == (BatchStatus.PROCESSING, 2)
    assert detail.batch.completed_at is None
    house.work_off()
    house.notifications.ring()
    detail = house.detail(ada, batch_id)
    assert (detail.batch.status, detail.pages_charged) == (BatchStatus.COMPLETED, 5)
    assert detail.documents[0].generation == 2
    assert len(house.notifications.unread(ada)) == 2
    with pytest.raises(Conflict):
        house.batches.retry_failed(ada, batch_id)


def test_only_what_failed_can_be_retried(house: House):
    ada = house.user()
    batch_id = house.submit(ada)
    document_id = house.detail(ada, batch_id).documents[0].id
    with pytest.raises(Conflict):
        house.batches.retry_document(ada, document_id)
    house.engine.failures = [Unreadable("Damaged.")]
    house.work_off()
    house.batches.retry_document(ada, document_id)
    house.work_off()
    assert house.detail(ada, batch_id).batch.status is BatchStatus.COMPLETED
    with pytest.raises(Conflict):
        house.batches.retry_document(ada, document_id)


def test_deleting_a_batch_removes_everything_but_the_ledger(house: House):
    ada = house.user()
    batch_id = house.submit(ada, [1, 2])
    house.work_off(1)
    house.steps().claim()
    house.batches.delete(ada, batch_id)
    house.check()
    with pytest.raises(NotFound):
        house.batches.detail(ada, batch_id)
    assert [count(house, t) for t in (Document, ExtractedField, OutboxMessage)] == [0, 0, 0]
    assert count(house, UsageEntry) == 2
    assert house.files.kept == set()
    balance = house.usage.balance(ada)
    assert (balance.used_pages, balance.reserved_pages) == (1, 0)


def test_deleting_one_document_lowers_counts_and_pages(house: House):
    ada = house.user()
    batch_id = house.submit(ada, [1, 2, 3])
    house.engine.failures = [Unreadable("Damaged.")]
    house.work_off()
    house.batches.delete_document(ada, house.detail(ada, batch_id).documents[0].id)
    detail = house.detail(ada, batch_id)
    assert (detail.batch.counts.total, detail.batch.total_pages) == (2, 5)
    assert detail.batch.status is BatchStatus.COMPLETED
    assert len(house.files.kept) == 2


def test_deleting_the_last_open_document_ends_the_batch(house: House):
    ada = house.user()
    batch_id = house.submit(ada, [1, 2])
    house.work_off(1)
    house.batches.delete_document(ada, house.detail(ada, batch_id).documents[1].id)
    detail = house.detail(ada, batch_id)
    assert detail.batch.status is BatchStatus.COMPLETED
    assert house.notifications.ring() == 1


def test_deleting_every_document_leaves_an_ended_batch(house: House):
    ada = house.user()
    batch_id = house.submit(ada, [1])
    house.batches.delete_document(ada, house.detail(ada, batch_id).documents[0].id)
    assert house.detail(ada, batch_id).batch.has_ended


def test_every_column_sorts_both_ways_and_pages_do_not_overlap(house: House):
    ada = house.user()
    for number in range(5):
        house.submit(ada, [number + 1], name=f"Batch {number}" if number % 2 else None)
        house.clock.pass_s(60)
    house.work_off(2)
    for sort in (*SORTS, *(f"-{name}" for name in SORTS)):
        pages = [
            house.batches.list(ada, BatchQuery(sort=sort, page=page, page_size=2)).items
            for page in (1, 2, 3)
        ]
        assert len({row.id for page in pages for row in page}) == 5
    by_pages = house.batches.list(ada, BatchQuery(sort="-total_pages")).items
    assert [row.total_pages for row in by_pages] == [5, 4, 3, 2, 1]
    newest = house.batches.list(ada, BatchQuery()).items
    assert [row.total_pages for row in newest] == [5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("text", "found"),
    [("lease", 1), ("LEASE", 1), ("100%", 1), ("%", 1), ("_", 0), ("nothing", 0), ("", 3)],
)
def test_search_takes_what_is_typed_as_it_is(house: House, text: str, found: int):
    ada = house.user()
    for name in ("Lease contracts", "100% done", None):
        house.submit(ada, name=name)
    assert house.batches.list(ada, BatchQuery(q=text)).total == found


def test_a_batch_without_a_name_is_found_by_its_short_id(house: House):
    ada = house.user()
    batch_id = house.submit(ada)
    house.submit(ada, name="Other")
    assert house.batches.list(ada, BatchQuery(q=f"Batch {str(batch_id)[:8]}")).total == 1


def test_list_filters_by_status(house: House):
    ada = house.user()
    house.submit(ada)
    house.work_off()
    house.submit(ada)
    assert house.batches.list(ada, BatchQuery(status=BatchStatus.COMPLETED)).total == 1
    assert house.batches.list(ada, BatchQuery(status=BatchStatus.FAILED)).total == 0


def test_results_carry_evidence_and_what_to_check(house: House):
    ada = house.user()
    batch_id = house.submit(ada)
    house.work_off()
    result = house.batches.results(ada, batch_id)[0]
    assert result == house.batches.result(ada, result.document.id)
    assert [field.name for field in result.fields] == ["total", "currency"]
    assert result.fields[0].box is not None
    assert result.document.values_to_check == 1


def test_estimate_is_none_until_enough_was_measured_then_a_range(house: House):
    ada = house.user()
    house.submit(ada, [2] * 5)
    assert house.batches.estimate(ada, 10) is None
    steps = house.steps()
    for seconds in (2, 4, 6, 8, 10):
        claim = steps.claim()
        assert claim is not None
        house.clock.pass_s(seconds)
        steps.finish(claim, steps.read(claim))
    assert house.batches.estimate(ada, 40) == (20.0, 40.0)


def test_a_file_is_read_back_by_its_owner(house: House):
    ada = house.user()
    batch_id = house.submit(ada)
    document = house.detail(ada, batch_id).documents[0]
    file = house.batches.file(ada, document.id)
    assert (file.filename, file.size_bytes) == ("file-0.pdf", 1_000)
    assert b"".join(house.batches.open_file(ada, document.id)) == file.key.encode()
    with pytest.raises(NotFound):
        house.batches.file(ada, uuid4())
