"""The login page's words, and where it may lead."""

from __future__ import annotations

import pytest

from ingestio.web.login.words import ERRORS, error_words, safe_next


@pytest.mark.parametrize(
    "address", ["/dashboard/batches", "/dashboard/batches?status=failed&page=2", "/admin"]
)
def test_it_leads_back_to_a_page_of_ours(address: str) -> None:
    assert safe_next(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:x",
        "/login",
        "/",
    ],
)
def test_it_leads_nowhere_else(address: str) -> None:
    assert safe_next(address) == "/dashboard"


def test_an_unknown_code_still_says_something() -> None:
    assert error_words("made_up") == "That did not work. Try again."
    assert error_words("not_signed_in") == ERRORS["not_signed_in"]
