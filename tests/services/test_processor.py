"""The processor's steps: claims, leases, fences, retries (Spec 6)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlmodel import select

from ingestio.db.engine import SYSTEM
from ingestio.db.tables import ExtractionJob
from ingestio.domain.batches import BatchQuery, BatchStatus
from ingestio.domain.documents import DocumentKind, DocumentStatus
from ingestio.domain.prompts import PromptSource, PromptStrategy
from ingestio.errors import (
    AIBusy,
    AIUnavailable,
    NotFound,
    ReaderCrashed,
    StorageUnavailable,
    Unreadable,
)
from ingestio.services.processor import is_gone, machine

if TYPE_CHECKING:
    from tests.wiring import House


def test_every_document_of_a_batch_is_completed_and_charged_once(house: House):
    ada = house.user()
    batch_id = house.submit(ada, [1, 2, 3])
    assert house.work_off() == 3
    detail = house.detail(ada, batch_id)
    assert detail.batch.status is BatchStatus.COMPLETED
    assert detail.pages_charged == 6
    assert detail.batch.started_at is not None
    assert detail.batch.completed_at is not None
    assert house.usage.balance(ada).used_pages == 6
    assert house.usage.balance(ada).reserved_pages == 0


def test_batch_is_processing_while_one_is_in_work_and_one_pending(house: House):
    ada = house.user()
    batch_id = house.submit(ada, [1, 4])
    house.steps().claim()
    detail = house.detail(ada, batch_id)
    assert detail.batch.status is BatchStatus.PROCESSING
    assert (detail.batch.counts.in_work, detail.batch.counts.pending) == (1, 1)
    assert detail.pages_held == 1


def test_batch_with_one_failure_is_partially_completed_and_failure_is_not_charged(house: House):
    ada = house.user()
    batch_id = house.submit(ada, [5, 2])
    house.engine.failures = [Unreadable("Damaged.")]
    house.work_off()
    detail = house.detail(ada, batch_id)
    assert detail.batch.status is BatchStatus.PARTIALLY_COMPLETED
    assert detail.documents[0].error_code == "unreadable"
    assert detail.pages_charged == 2
    assert house.usage.balance(ada).used_pages == 2


def test_partial_answer_fails_as_incomplete_and_keeps_its_fields(house: House):
    ada = house.user()
    house.engine.is_complete = False
    batch_id = house.submit(ada)
    house.work_off()
    detail = house.detail(ada, batch_id)
    assert detail.documents[0].error_code == "incomplete"
    assert detail.pages_charged == 0
    assert [f.name for f in house.batches.results(ada, batch_id)[0].fields] == ["total", "currency"]


def test_a_passing_failure_is_tried_again_later_and_its_pages_are_given_back(house: House):
    ada = house.user()
    batch_id = house.submit(ada, [3])
    house.engine.failures = [AIUnavailable("Away.")]
    assert house.work_off() == 1
    detail = house.detail(ada, batch_id)
    assert detail.batch.status is BatchStatus.QUEUED
    assert detail.documents[0].attempt == 1
    assert house.usage.balance(ada).reserved_pages == 0
    house.clock.pass_s(60)
    assert house.work_off() == 1
    assert house.statuses(ada, batch_id) == ["completed"]


def test_a_document_fails_after_five_attempts(house: House):
    ada = house.user()
    batch_id = house.submit(ada)
    house.engine.failures = [AIUnavailable("Away.") for _ in range(9)]
    for _ in range(9):
        house.work_off()
        house.clock.pass_s(1_000)
    assert house.detail(ada, batch_id).documents[0].error_code == "ai_unavailable"
    assert len(house.engine.asked) == 5


def test_being_told_when_to_come_back_costs_no_attempt(house: House):
    ada = house.user()
    batch_id = house.submit(ada)
    house.engine.failures = [AIBusy("Slow down.", retry_after_s=700) for _ in range(9)]
    for _ in range(9):
        house.work_off()
        house.clock.pass_s(699)
        assert house.work_off() == 0
        house.clock.pass_s(2)
    house.work_off()
    assert house.statuses(ada, batch_id) == ["completed"]


def test_a_reader_that_dies_three_times_fails_its_document_only(house: House):
    ada = house.user()
    batch_id = house.submit(ada, [1, 1])
    poison = house.batches.detail(ada, batch_id).documents[0]
    house.engine.failing = {f"{batch_id.hex[:24]}00000000": ReaderCrashed("It stopped.")}
    for _ in range(5):
        house.work_off()
        house.clock.pass_s(10)
    detail = house.detail(ada, batch_id)
    assert detail.documents[0].id == poison.id
    assert detail.documents[0].error_code == "reader_stopped"
    assert detail.documents[1].status is DocumentStatus.COMPLETED
    assert len(house.engine.asked) == 4


def test_a_bug_in_an_engine_fails_the_document_and_not_the_processor(house: House):
    ada = house.user()
    batch_id = house.submit(ada, [1, 1])
    house.engine.failures = [ZeroDivisionError()]
    house.work_off()
    detail = house.detail(ada, batch_id)
    assert detail.documents[0].error_code == "internal"
    assert detail.batch.status is BatchStatus.PARTIALLY_COMPLETED


def test_storage_away_is_tried_again(house: House):
    ada = house.user()
    batch_id = house.submit(ada)
    house.files.error = StorageUnavailable("Away.")
    house.work_off()
    house.files.error = None
    house.clock.pass_s(60)
    house.work_off()
    assert house.statuses(ada, batch_id) == ["completed"]


def test_a_dead_lease_is_taken_over_as_it_was_and_costs_no_attempt(house: House):
    ada = house.user()
    batch_id = house.submit(ada, [4])
    lost = house.steps("dead").claim()
    assert lost is not None
    assert house.steps("other").claim() is None
    house.clock.pass_s(61)
    taken = house.steps("other").claim()
    assert taken is not None
    assert (taken.document_id, taken.token, taken.attempt) == (lost.document_id, 2, 1)
    house.steps("other").finish(taken, house.steps().read(taken))
    assert house.detail(ada, batch_id).pages_charged == 4


def test_who_comes_late_is_fenced(house: House):
    ada = house.user()
    batch_id = house.submit(ada, [4])
    slow, quick = house.steps("slow"), house.steps("quick")
    late = slow.claim()
    assert late is not None
    answer = slow.read(late)
    house.clock.pass_s(61)
    taken = quick.claim()
    assert taken is not None
    assert slow.finish(late, answer) is False
    assert slow.fail(late, AIUnavailable("Away.")) is False
    assert slow.release(late) is False
    assert quick.finish(taken, quick.read(taken)) is True
    assert slow.finish(late, answer) is False
    assert house.detail(ada, batch_id).pages_charged == 4


def test_an_answer_that_was_paid_for_is_not_asked_again(house: House):
    ada = house.user()
    house.submit(ada)
    lost = house.steps("dead").claim()
    assert lost is not None
    house.steps("dead").read(lost)
    house.clock.pass_s(61)
    house.work_off()
    assert len(house.engine.asked) == 1


def test_a_heartbeat_keeps_a_lease(house: House):
    ada = house.user()
    house.submit(ada)
    steps = house.steps()
    claim = steps.claim()
    assert claim is not None
    for _ in range(4):
        house.clock.pass_s(40)
        assert steps.extend([claim]) == 1
        assert house.steps("other").claim() is None
    house.clock.pass_s(61)
    assert house.steps("other").claim() is not None
    assert steps.extend([claim]) == 0


def test_a_small_batch_does_not_wait_behind_a_large_one(house: House):
    ada, bob = house.user(), house.user("bob@example.org")
    house.submit(ada, [1] * 20)
    house.clock.pass_s(1)
    house.submit(bob, [1] * 3)
    order = []
    for number in range(8):
        claim = house.steps(f"p{number}").claim()
        assert claim is not None
        order.append("ada" if claim.user_id == ada.user_id else "bob")
    assert order.count("bob") == 3
    assert order[:2] in (["ada", "bob"], ["bob", "ada"])


def test_a_user_whose_documents_are_due_later_does_not_stop_others(house: House):
    ada, bob = house.user(), house.user("bob@example.org")
    house.submit(ada, [1])
    house.engine.failures = [AIUnavailable("Away.", retry_after_s=600)]
    house.work_off()
    bobs = house.submit(bob, [1, 1])
    assert house.work_off() == 2
    assert house.statuses(bob, bobs) == ["completed", "completed"]


@pytest.mark.parametrize(
    ("strategy", "given", "source", "text"),
    [
        (PromptStrategy.GLOBAL, {"prompt": "the total"}, PromptSource.BATCH, "the total"),
        (PromptStrategy.PER_DOCUMENT, {"prompts": ["the iban"]}, PromptSource.DOCUMENT, "the iban"),
        (PromptStrategy.AUTO, {}, PromptSource.DETECTED, "Extract invoice number"),
    ],
)
def test_each_strategy_asks_with_its_own_prompt(house: House, strategy, given, source, text):
    ada = house.user()
    batch_id = house.submit(ada, strategy=strategy, **given)
    house.work_off()
    document = house.detail(ada, batch_id).documents[0]
    assert document.prompt_source == source
    assert (document.prompt or "").startswith(text)
    assert document.kind is DocumentKind.INVOICE
    with house.database.read(SYSTEM) as session:
        job = session.exec(select(ExtractionJob)).one()
        assert (job.prompt_source, job.prompt) == (source, document.prompt)


def test_an_unsure_detection_falls_to_other(house: House):
    ada = house.user()
    house.engine.confidence = 0.1
    batch_id = house.submit(ada)
    house.work_off()
    assert house.detail(ada, batch_id).documents[0].kind is DocumentKind.OTHER


def test_threads_work_off_everything_and_stop(house: House):
    ada = house.user()
    house.engine.takes_s = 0.01
    batch_id = house.submit(ada, [1] * 30)
    processor = house.processor(size=4)
    assert processor.run_once() == 4
    assert processor.drain(30)
    processor.stop()
    assert house.detail(ada, batch_id).batch.status is BatchStatus.COMPLETED
    assert processor.run_once() == 0


def test_stopping_puts_back_what_does_not_end_in_time_without_costing_an_attempt(house: House):
    ada = house.user()
    batch_id = house.submit(ada, [1])
    house.engine.takes_s = 1.0
    processor = house.processor()
    assert processor.run_once() == 1
    processor.stop(timeout_s=0.1)
    document = house.detail(ada, batch_id).documents[0]
    assert (document.status, document.attempt) == (DocumentStatus.UPLOADED, 0)
    assert processor.drain(10)
    assert house.statuses(ada, batch_id) == ["uploaded"]


def test_nothing_is_claimed_while_paused(house: House):
    ada, root = house.user(), house.user("root@example.org", is_admin=True)
    batch_id = house.submit(ada)
    processor = house.processor()
    processor.pause(root, "storage maintenance")
    assert processor.run_once() == 0
    assert house.processor("another").run_once() == 0
    assert house.processor().state().reason == "storage maintenance"
    processor.resume(root)
    assert processor.run_once() == 1
    assert processor.drain(10)
    assert house.statuses(ada, batch_id) == ["completed"]


def test_pausing_is_for_administrators(house: House):
    with pytest.raises(NotFound):
        house.processor().pause(house.user(), "because")


def test_leases_of_a_process_that_is_gone_end_at_once(house: House):
    ada = house.user()
    batch_id = house.submit(ada)
    house.steps(f"{machine()}:999999999:dead").claim()
    processor = house.processor(f"{machine()}:1:me")
    house.clock.pass_s(1)
    assert processor.run_once() == 1
    assert processor.drain(10)
    assert house.statuses(ada, batch_id) == ["completed"]


def test_only_processes_of_this_machine_are_known_to_be_gone():
    here = machine()
    assert is_gone(f"{here}:999999999:x", f"{here}:1:me")
    assert not is_gone(f"{here}:1:x", f"{here}:2:me")
    assert not is_gone("elsewhere:999999999:x", f"{here}:1:me")
    assert not is_gone("odd", f"{here}:1:me")


def test_two_processors_beside_each_other_do_everything_once(house: House):
    ada = house.user()
    batch_id = house.submit(ada, [1] * 40)
    house.engine.takes_s = 0.002
    processors = [house.processor(name, size=4) for name in ("one", "two")]
    for processor in processors:
        processor.run_once()
    assert all(processor.drain(60) for processor in processors)
    assert house.detail(ada, batch_id).batch.status is BatchStatus.COMPLETED
    assert len(house.engine.asked) == 40
    assert house.usage.balance(ada).used_pages == 40


def test_list_shows_the_batch_as_it_goes(house: House):
    ada = house.user()
    house.submit(ada, [1, 1])
    house.work_off(1)
    row = house.batches.list(ada, BatchQuery()).items[0]
    assert (row.status, row.counts.ended) == (BatchStatus.PROCESSING, 1)


def test_a_subscription_that_ended_does_not_hold_up_the_others(house: House):
    """Its period does not reach now: its documents wait, and claiming goes on."""
    ended, paying = house.user("ended@example.org"), house.user("paying@example.org")
    house.submit(ended)
    theirs = house.submit(paying)
    start, end = house.billing.period
    house.clock.at = end + timedelta(hours=1)
    house.billing.period = (start, end)

    claimed = house.steps().claim()

    assert claimed is None
    house.billing.period = (end, end + timedelta(days=30))
    assert house.work_off() == 2
    assert house.statuses(paying, theirs) == ["completed"]
