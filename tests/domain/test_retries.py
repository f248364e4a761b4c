"""What follows from a failure: a table of cases (`reliability`)."""

from __future__ import annotations

import pytest

from ingestio.domain.documents import DocumentKind
from ingestio.domain.results import Extraction, Field
from ingestio.domain.retries import GiveUp, RetryLater, decide, shortfall
from ingestio.errors import (
    AIBusy,
    AIKeyRefused,
    AIStillAway,
    AIUnavailable,
    Declined,
    Encrypted,
    NothingFound,
    ReaderCrashed,
    StorageUnavailable,
    Unreadable,
)


@pytest.mark.parametrize(
    ("error", "attempt", "crashes", "expected"),
    [
        (AIUnavailable("Away."), 1, 0, RetryLater(5.0)),
        (AIUnavailable("Away."), 4, 0, RetryLater(40.0)),
        (AIUnavailable("Away."), 5, 0, GiveUp("ai_unavailable")),
        (StorageUnavailable("Away."), 5, 0, GiveUp("storage_unavailable")),
        (AIBusy("Slow.", retry_after_s=7), 1, 0, RetryLater(7, costs_attempt=False)),
        (AIBusy("Slow.", retry_after_s=0), 9, 0, RetryLater(300.0, costs_attempt=False)),
        (AIUnavailable("503", retry_after_s=90), 1, 0, RetryLater(90)),
        (AIUnavailable("503", retry_after_s=90), 5, 0, GiveUp("ai_unavailable")),
        (AIKeyRefused("401"), 9, 0, RetryLater(2.5, costs_attempt=False)),
        (AIStillAway("500", retry_after_s=60), 9, 0, RetryLater(90, costs_attempt=False)),
        (Declined("No."), 1, 0, GiveUp("declined")),
        (ReaderCrashed("Died."), 1, 1, RetryLater(0.5, costs_attempt=False)),
        (ReaderCrashed("Died."), 9, 2, RetryLater(0.5, costs_attempt=False)),
        (ReaderCrashed("Died."), 1, 3, GiveUp("reader_stopped")),
        (ReaderCrashed("Died."), 3, None, GiveUp("reader_stopped")),
        (Unreadable("Damaged."), 1, 0, GiveUp("unreadable")),
        (Encrypted("Locked."), 1, 0, GiveUp("encrypted")),
        (NothingFound("Nothing."), 1, 0, GiveUp("nothing_found")),
        (ZeroDivisionError(), 1, 0, GiveUp("internal")),
    ],
)
def test_each_failure_has_its_decision(error, attempt, crashes, expected):
    assert decide(error, attempt, 0.5, crashes) == expected


def test_waiting_never_exceeds_ten_minutes():
    assert decide(AIBusy("Slow.", retry_after_s=0), 60, 1.0, 0) == RetryLater(
        600.0, costs_attempt=False
    )


@pytest.mark.parametrize(
    ("fields", "is_complete", "code"),
    [
        ((Field("total", "1.00", 0.9),), True, None),
        ((Field("total", "1.00", 0.9),), False, "incomplete"),
        ((), True, "nothing_found"),
        ((), False, "incomplete"),
    ],
)
def test_partial_and_empty_answers_are_no_success(fields, is_complete, code):
    answer = Extraction(DocumentKind.INVOICE, 0.9, fields, "stub", is_complete=is_complete)
    assert shortfall(answer) == code
