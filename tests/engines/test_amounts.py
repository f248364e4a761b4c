"""Amounts as they are written, and which of them is the total."""

from __future__ import annotations

import pytest

from ingestio.engines.local.amounts import parsed, written
from ingestio.engines.local.study import Study
from tests.engines.made import document

PARSED = {
    "12.50": (1250, 2),
    "1,234.50": (123450, 2),
    "1.234,50": (123450, 2),
    "3'412.75": (341275, 2),
    "1 234,50": (123450, 2),
    "1,23,456.78": (12345678, 2),
    "1,234": (123400, 0),
    "120": (12000, 0),
    ".50": (50, 2),
    "O.99": (99, 2),
    "19.5": (1950, 1),
}


@pytest.mark.parametrize(("digits", "expected"), PARSED.items())
def test_digits_are_read_in_every_notation(digits: str, expected: tuple[int, int]) -> None:
    assert parsed(digits, is_decimal_comma=None) == expected


def test_three_decimals_need_the_documents_own_mark() -> None:
    assert parsed("12,345", is_decimal_comma=True) == (1234, 3)
    assert parsed("12,345", is_decimal_comma=False) == (1234500, 0)


def test_amounts_are_written_canonically() -> None:
    assert [written(c) for c in (0, 5, 123450, -99)] == ["0.00", "0.05", "1234.50", "-0.99"]


TOTALS = {
    "labelled": ("Subtotal | 90.00\nTax | 10.00\nTotal | 100.00", "100.00"),
    "cash and change": ("Tea | 4.00\nTOTAL | 4.00\nCASH | 10.00\nCHANGE | 6.00", "4.00"),
    "rounded": (
        "Tea | 4.03\nTotal Amt | 4.03\nRounding Adj | 0.02\nTotal Rounded | 4.05\nCash | 5.05",
        "4.05",
    ),
    "previous balance": (
        (
            "Subtotal | 100.00\nTax | 10.00\nTotal | 110.00\nPrevious unpaid balance | 500.00\n"
            "Amount due | 610.00"
        ),
        "110.00",
    ),
    "prepaid": ("Total TTC | 671,15 €\nAcompte | 201,00 €\nNet à payer | 470,15 €", "671.15"),
    "savings": ("Total | 45.10\nTotal saving | 60.00", "45.10"),
    "quantity": ("Total qty | 12.00\nTotal | 7.50", "7.50"),
    "before tax": ("Total excl. GST | 94.34\nGST 6% | 5.66\nTotal incl. GST | 100.00", "100.00"),
    "german": ("Nettobetrag | 100,00\nMwSt 19% | 19,00\nRechnungsbetrag | 119,00 EUR", "119.00"),
    "spanish": ("Base imponible | 50,00\nIVA 21% | 10,50\nTotal a pagar | 60,50 €", "60.50"),
}


@pytest.mark.parametrize(("text", "total"), TOTALS.values(), ids=TOTALS)
def test_the_total_is_told_from_its_neighbours(text: str, total: str) -> None:
    study = Study(document("Corner Shop Ltd\n12 Hill Road\nReceipt\n" + text))
    assert study.total is not None
    assert study.total.value == total


def test_percentages_and_clock_times_are_no_amounts() -> None:
    study = Study(document("Rate 7.50%\nOpen 9.30 am\nPaid 12.00"))
    assert [amount.value for amount in study.amounts] == ["12.00"]
