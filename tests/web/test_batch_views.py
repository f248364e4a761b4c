"""What a batch's page says: numbers that add up, a remaining time that is measured or absent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from ingestio.domain.batches import Counts
from ingestio.domain.documents import DocumentKind, DocumentStatus, ReviewState
from ingestio.domain.prompts import PromptSource, PromptStrategy
from ingestio.domain.usage import PageBalance
from ingestio.domain.wording import WORDING
from ingestio.web.batch import documents, views
from ingestio.web.batch.actions import deletion_of as deletion_of_document
from ingestio.web.batch.pace import remaining_s
from ingestio.web.batch_actions import deletion_of
from tests.web.rows import T0, a_batch, a_detail, a_document

LEFT_8 = PageBalance(T0, T0 + timedelta(days=7), 1_000, 890, 102)


def _ended(after_s: float, pages: int = 1, status: DocumentStatus = DocumentStatus.COMPLETED):
    return a_document(status=status, pages=pages, updated_at=T0 + timedelta(seconds=after_s))


def test_the_six_counters_add_up_to_the_documents() -> None:
    one_each = [a_document(status=status) for status in DocumentStatus]
    numbers = views.counters(a_detail(*one_each, a_document()))

    assert sum(number for number, _ in numbers.values()) == 7
    assert {look.key for look in views.COUNTER_LOOKS} == set(numbers)


def test_what_failed_or_was_cancelled_says_that_it_costs_nothing() -> None:
    numbers = views.counters(
        a_detail(
            a_document(status=DocumentStatus.FAILED, pages=1),
            a_document(status=DocumentStatus.CANCELLED, pages=5),
        )
    )

    assert numbers["failed"] == (1, "1 page, not charged")
    assert numbers["cancelled"] == (1, "5 pages, not charged")


def test_every_document_status_counts_in_one_counter() -> None:
    assert set(views.COUNTER_OF) == {status.value for status in DocumentStatus}


def test_nothing_ended_means_no_estimate_yet() -> None:
    detail = a_detail(a_document(), a_document(status=DocumentStatus.PROCESSING))

    assert views.remaining(detail, T0 + timedelta(minutes=5)) == "No estimate yet"


def test_the_remaining_time_is_measured_from_the_batch_itself() -> None:
    rest = [a_document(pages=10), a_document(pages=10, status=DocumentStatus.PROCESSING)]
    told = remaining_s([_ended(10, 5), _ended(20, 5), *rest], T0, T0 + timedelta(seconds=20))

    assert told == (40, 40)


def test_a_batch_that_slows_down_gives_a_range() -> None:
    rest = [a_document(pages=10)]
    low, high = remaining_s([_ended(10, 5), _ended(40, 5), *rest], T0, T0 + timedelta(seconds=40))

    assert (low, high) == (40, 60)


def test_what_waits_for_pages_is_not_part_of_the_remaining_time() -> None:
    waiting = a_document(pages=500, status=DocumentStatus.WAITING_FOR_QUOTA)

    assert remaining_s([_ended(10), waiting], T0, T0 + timedelta(seconds=10)) is None


def test_a_batch_that_is_over_says_nothing_of_remaining() -> None:
    assert views.remaining(a_detail(_ended(10)), T0 + timedelta(days=1)) == ""


def test_waiting_is_told_with_its_numbers_and_when_it_goes_on() -> None:
    detail = a_detail(
        a_document(status=DocumentStatus.WAITING_FOR_QUOTA, pages=38),
        a_document(status=DocumentStatus.WAITING_FOR_QUOTA, pages=14),
    )
    told = views.progress(replace(detail, missing_pages=44), LEFT_8, T0, 44)

    assert told["waits"] == "2 documents wait for 52 pages; your plan has 8 left."
    assert told["waits_until"] == (
        "44 pages are missing. They go on by themselves after an upgrade, a grant of pages, "
        "or on 1 December."
    )


@pytest.mark.parametrize(
    ("missing", "lacks", "told"),
    [
        (44, 60, "44 pages are missing, 60 for everything that waits. They"),
        (1, 1, "1 page is missing. They"),
        (0, 60, "60 pages are missing for what waits before. They"),
    ],
)
def test_other_batches_that_wait_are_counted_too(missing: int, lacks: int, told: str) -> None:
    waits = a_document(status=DocumentStatus.WAITING_FOR_QUOTA, pages=5)
    detail = replace(a_detail(waits, waits), missing_pages=missing)

    assert views.progress(detail, LEFT_8, T0, lacks)["waits_until"].startswith(told)


def test_what_has_got_its_pages_goes_on_in_a_moment() -> None:
    detail = a_detail(a_document(status=DocumentStatus.WAITING_FOR_QUOTA, pages=5))
    told = views.progress(detail, LEFT_8, T0)

    assert told["waits_until"] == "It goes on by itself in a moment."


def test_the_title_counts_so_that_another_tab_can_watch() -> None:
    batch = a_batch(counts=Counts(total=12, completed=5, failed=2))

    assert views.page_title(batch) == "7 of 12 documents ended · November · IngestIO"


@pytest.mark.parametrize("status", list(DocumentStatus))
def test_every_status_has_its_line_of_truth(status: DocumentStatus) -> None:
    assert documents.line(a_document(status=status, error_code="unreadable"), 8)


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"status": "completed", "values_to_check": 1}, "1 value to check"),
        ({"status": "completed"}, "Nothing to check"),
        ({"status": "completed", "review_state": ReviewState.APPROVED}, "Approved"),
        ({"status": "waiting_for_quota", "pages": 38}, "Needs 38 pages, 8 are left"),
        ({"status": "failed", "error_code": "encrypted"}, "Protected with a password."),
        ({"status": "processing", "attempt": 3}, "Attempt 3"),
        ({"status": "uploaded", "attempt": 1}, "Waits to be tried again"),
        ({"status": "cancelled"}, "Nothing charged"),
    ],
)
def test_the_line_of_truth(changes: dict[str, object], line: str) -> None:
    changes["status"] = DocumentStatus(changes["status"])

    assert documents.line(a_document(**changes), 8) == line


def test_a_code_that_nobody_has_words_for_is_told_as_a_bug() -> None:
    assert documents.wording("no_such_code") == WORDING["internal"]


@pytest.mark.parametrize(
    ("strategy", "source", "kind", "words"),
    [
        ("global", PromptSource.BATCH, None, ("Global", "Extract total")),
        ("global", None, None, ("Global", "Extract total")),
        ("per_document", PromptSource.DOCUMENT, None, ("Per-document", "")),
        ("auto", None, None, ("Auto", "Type not detected yet")),
        ("auto", PromptSource.DETECTED, DocumentKind.BANK_STATEMENT, ("Auto: Bank statement", "")),
    ],
)
def test_a_prompt_is_shown_with_its_source(
    strategy: str, source: PromptSource | None, kind: DocumentKind | None, words: tuple[str, str]
) -> None:
    batch = a_batch(strategy=PromptStrategy(strategy))

    assert documents.prompt_words(a_document(prompt_source=source, kind=kind), batch) == words


def test_documents_are_chosen_by_counter_and_sorted_both_ways() -> None:
    b = a_document(id=UUID(int=1), filename="B.pdf", status=DocumentStatus.FAILED)
    a = a_document(id=UUID(int=2), filename="a.pdf")

    assert documents.chosen([b, a], "all", "name") == [a, b]
    assert documents.chosen([b, a], "all", "-name") == [b, a]
    assert documents.chosen([b, a], "failed", "") == [b]
    assert documents.chosen([b, a], "all", "no_such_column") == [b, a]


def test_only_what_can_be_done_is_offered() -> None:
    rows = {
        status: documents.document_view(a_document(status=status), a_batch(), 8)
        for status in DocumentStatus
    }

    assert [s for s, row in rows.items() if row["may_review"]] == [DocumentStatus.COMPLETED]
    assert [s for s, row in rows.items() if row["may_retry"]] == [DocumentStatus.FAILED]
    assert {s for s, row in rows.items() if row["may_cancel"]} == {
        DocumentStatus.UPLOADED,
        DocumentStatus.PROCESSING,
        DocumentStatus.WAITING_FOR_QUOTA,
    }


def test_deleting_a_batch_asks_by_name_and_says_what_goes_and_what_stays() -> None:
    asked = deletion_of(
        a_detail(*[_ended(10, 7) for _ in range(8)], _ended(9, 3, DocumentStatus.FAILED))
    )

    assert asked["title"] == "Delete “November”?"
    assert asked["text"] == (
        "This removes 9 documents, their 8 results and all corrections. It can't be undone. "
        "The 56 pages it used stay in your ledger."
    )


def test_deleting_a_document_that_was_never_charged_says_nothing_of_pages() -> None:
    assert "ledger" not in deletion_of_document(a_document())["text"]
    assert "The 3 pages it used stay" in deletion_of_document(a_document(pages_charged=3))["text"]
