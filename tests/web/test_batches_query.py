"""The list's address: every parameter from outside is validated, every query has its address."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest

from ingestio.domain.batches import BatchQuery, BatchStatus
from ingestio.web.batches.query import address, is_filtered, query_of, sorted_by


def _parameters(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


@pytest.mark.parametrize(
    "parameters",
    [
        {"status": "no-such-status"},
        {"status": "pending_upload"},
        {"sort": "password_hash"},
        {"sort": "--name"},
        {"page": "0"},
        {"page": "-3"},
        {"page": "two"},
        {"page": "²"},
        {"page": "9" * 400},
        {"size": "21"},
        {"size": "1000000"},
        {"unknown": "x"},
    ],
)
def test_what_is_not_understood_is_as_if_it_were_not_there(parameters: dict[str, str]) -> None:
    assert query_of(parameters) == BatchQuery()


def test_an_address_gives_its_query_back() -> None:
    query = BatchQuery(BatchStatus.FAILED, "märz & co", "-total_pages", 3, 50)

    assert query_of(_parameters(address(query))) == query


def test_defaults_are_left_out_of_the_address() -> None:
    assert address(BatchQuery()) == "/dashboard/batches"


def test_a_search_is_no_longer_than_a_name() -> None:
    assert len(query_of({"q": "x" * 10_000}).q) == 100


def test_pressing_a_column_twice_turns_the_order_and_starts_from_the_first_page() -> None:
    once = sorted_by(BatchQuery(page=4), "name")
    twice = sorted_by(once, "name")

    assert (once.sort, once.page, twice.sort) == ("name", 1, "-name")


def test_numbers_and_times_are_sorted_from_the_largest_first() -> None:
    assert sorted_by(BatchQuery(), "total_pages").sort == "-total_pages"
    assert sorted_by(BatchQuery(), "submitted_at").sort == "submitted_at"  # it was "-" already


def test_an_unknown_column_changes_nothing() -> None:
    assert sorted_by(BatchQuery(page=2), "password_hash") == BatchQuery(page=2)


def test_a_status_or_a_search_filters_and_an_order_does_not() -> None:
    assert is_filtered(BatchQuery(status=BatchStatus.FAILED))
    assert is_filtered(BatchQuery(q="march"))
    assert not is_filtered(BatchQuery(sort="name", page=2))
