"""What is left and what fits (Spec 4.1, 5.4)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestio.domain.usage import PageBalance, Quote, fitting, quote

AT = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("pages", "left", "expected"),
    [
        ([], 10, Quote(0, 10, 0, 0, 0)),
        ([3, 4], 10, Quote(7, 3, 2, 0, 0)),
        ([3, 4, 5], 10, Quote(12, 3, 2, 1, 5)),
        ([11, 4], 10, Quote(15, 6, 1, 1, 11)),
        ([1], 0, Quote(1, 0, 0, 1, 1)),
    ],
)
def test_a_small_document_still_fits_behind_a_big_one(pages, left, expected):
    assert quote(pages, left) == expected


@given(st.lists(st.integers(1, 50), max_size=30), st.integers(-5, 200))
def test_what_fits_never_needs_more_than_is_left(pages: list[int], left: int):
    fit = fitting(pages, left)
    assert sum(pages[at] for at in fit) <= max(0, left)
    result = quote(pages, left)
    assert result.fits_documents + result.short_documents == len(pages)


def test_after_a_downgrade_nothing_is_left_rather_than_less_than_nothing():
    assert PageBalance(AT, AT, limit_pages=10, used_pages=20, reserved_pages=0).left_pages == 0
