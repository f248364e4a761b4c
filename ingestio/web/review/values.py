"""What a typed value must look like, by the field it is for. Pure.

Answers with the canonical form (dates ISO 8601, amounts with dot and two decimals, ISO 4217: Spec
7.2), or with what is wrong. Leaves whether it is true to the person.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import NamedTuple

_DATES = frozenset({"period_start", "period_end", "date_of_loss"})
_AMOUNTS = frozenset(
    {
        "subtotal", "tax", "total", "amount_due", "opening_balance", "closing_balance", "gross_pay",
        "net_pay", "gross_amount", "net_amount", "wages", "federal_tax", "total_repair",
    }
)  # fmt: skip
_GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d{1,2})?", re.ASCII)
_PLAIN = re.compile(r"-?\d{1,15}(\.\d{1,2})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}")
_CENT = Decimal("0.01")


class Typed(NamedTuple):
    """A value as it is kept, or what to type instead."""

    value: str
    problem: str = ""


def typed(name: str, text: str) -> Typed:
    """What was typed for a field; empty means that it does not stand on the document."""
    value = text.strip()
    if not value:
        return Typed("")
    if is_date(name):
        return _date(value)
    if is_amount(name):
        return _amount(value)
    return _currency(value) if name == "currency" else Typed(value)


def is_date(name: str) -> bool:
    """Whether a field holds a day."""
    return name in _DATES or name.endswith("date")


def is_amount(name: str) -> bool:
    """Whether a field holds an amount of money."""
    return name in _AMOUNTS


def _date(value: str) -> Typed:
    try:
        return Typed(date.fromisoformat(value).isoformat())
    except ValueError:
        return Typed(value, "Type the date as year-month-day, such as 2026-12-14.")


def _amount(value: str) -> Typed:
    """A comma before three digits groups them; spaces and apostrophes do anyway."""
    plain = re.sub(r"[\s']", "", value)
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    if not _PLAIN.fullmatch(plain):
        return Typed(value, "Type the amount with a dot and two decimals, such as 48311.50.")
    return Typed(str(Decimal(plain).quantize(_CENT)))


def _currency(value: str) -> Typed:
    if not _CURRENCY.fullmatch(value.upper()):
        return Typed(value, "Type the currency as three letters, such as EUR.")
    return Typed(value.upper())
