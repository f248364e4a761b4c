"""A batch's status from its documents, first match wins (Spec 6.5); the estimate."""

from __future__ import annotations

from itertools import product

import pytest

from ingestio.domain.batches import ENDED, BatchStatus, Counts, estimate, roll_up

S = BatchStatus


@pytest.mark.parametrize(
    ("counts", "status"),
    [
        (Counts(3), S.QUEUED),
        (Counts(3, in_work=1), S.PROCESSING),
        (Counts(3, completed=1), S.PROCESSING),
        (Counts(3, failed=1, waiting=1), S.PROCESSING),
        (Counts(3, waiting=1), S.QUEUED),
        (Counts(3, waiting=3), S.WAITING_FOR_QUOTA),
        (Counts(3, waiting=1, completed=2), S.WAITING_FOR_QUOTA),
        (Counts(3, waiting=1, completed=1, in_work=1), S.PROCESSING),
        (Counts(3, completed=3), S.COMPLETED),
        (Counts(3, completed=2, failed=1), S.PARTIALLY_COMPLETED),
        (Counts(3, failed=3), S.FAILED),
        (Counts(3, cancelled=3), S.CANCELLED),
        (Counts(3, completed=1, cancelled=2), S.COMPLETED),
        (Counts(3, failed=1, cancelled=2), S.FAILED),
        (Counts(3, completed=1, failed=1, cancelled=1), S.PARTIALLY_COMPLETED),
    ],
)
def test_status_follows_from_the_documents(counts: Counts, status: BatchStatus):
    assert roll_up(counts) is status


def test_a_batch_has_ended_exactly_when_every_document_has():
    for parts in product(range(3), repeat=6):
        completed, failed, cancelled, waiting, in_work, pending = parts
        total = sum(parts)
        if total:
            counts = Counts(total, completed, failed, cancelled, waiting, in_work)
            assert counts.pending == pending
            assert (roll_up(counts) in ENDED) == (counts.ended == total)


def test_there_is_no_estimate_below_five_samples():
    assert estimate([1.0] * 4, 10, 1) is None


def test_the_estimate_is_the_middle_half_scaled_to_the_pages():
    assert estimate([1.0, 2.0, 3.0, 4.0, 5.0], 10, 2) == (10.0, 20.0)
