"""Numbers, sizes and times as a person reads them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ingestio.web import format as fmt


def test_counts_are_grouped_and_agree_in_number() -> None:
    assert [fmt.count(n, "page") for n in (0, 1, 1_000)] == ["0 pages", "1 page", "1,000 pages"]


@pytest.mark.parametrize(
    ("size_bytes", "words"), [(1, "1 KB"), (655_360, "640 KB"), (3_250_585, "3.1 MB")]
)
def test_sizes(size_bytes: int, words: str) -> None:
    assert fmt.size(size_bytes) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(48.2, "48 s"), (348, "5 min 48 s"), (7_500, "2 h 5 min"), (-3, "0 s")]
)
def test_durations(seconds: float, words: str) -> None:
    assert fmt.duration(seconds) == words


@pytest.mark.parametrize(
    ("low_s", "high_s", "words"),
    [
        (10, 20, "10 to 20 s"),
        (110, 230, "2 to 4 min"),
        (170, 175, "About 3 min"),
        (3_600, 14_000, "1 to 4 h"),
    ],
)
def test_an_estimate_is_a_range(low_s: float, high_s: float, words: str) -> None:
    assert fmt.estimate(low_s, high_s) == words


def test_a_day_has_no_leading_zero() -> None:
    assert fmt.day(datetime(2026, 12, 1, tzinfo=UTC)) == "1 December"


def test_a_name_is_split_before_what_never_shrinks() -> None:
    assert fmt.middle("Brightwater-statement-October.pdf") == (
        "Brightwater-statement-",
        "October.pdf",
    )
    assert fmt.middle("a.pdf") == ("", "a.pdf")
