"""What may be typed for a value: canonical, or told what to type instead."""

from __future__ import annotations

import pytest

from ingestio.web.review.values import is_amount, is_date, typed


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("due_date", " 2026-12-14 ", "2026-12-14"),
        ("total", "48311.5", "48311.50"),
        ("total", "48,311.50", "48311.50"),
        ("total", "1 234 567.00", "1234567.00"),
        ("total", "-12", "-12.00"),
        ("currency", "eur", "EUR"),
        ("vendor", "Halden & Voss", "Halden & Voss"),
        ("due_date", "", ""),
    ],
)
def test_a_value_is_kept_in_canonical_form(name: str, text: str, value: str) -> None:
    assert typed(name, text) == (value, "")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("due_date", "14.12.2026"),
        ("due_date", "2026-02-30"),
        ("total", "48311,50"),
        ("total", "12,34"),
        ("total", "1.234"),
        ("total", "NaN"),
        ("total", "1e9"),
        ("total", "twelve"),
        ("currency", "EURO"),
    ],
)
def test_what_is_no_such_value_is_told_what_to_type(name: str, text: str) -> None:
    assert typed(name, text).problem.startswith("Type the ")


def test_which_fields_hold_days_and_which_amounts() -> None:
    assert is_date("statement_date")
    assert is_date("period_end")
    assert not is_date("invoice_number")
    assert is_amount("total")
    assert not is_amount("title")
