"""Amounts as they are written: where they stand and what they are worth.

Answers `3'412.75`, `1.234,50`, `$.50` in cents. Which of them is the total is asked in `totals`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingestio.engines.local.words import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingestio.engines.local.context import Context
    from ingestio.engines.local.layout import Place

CURRENCY_MARK = (
    r"RM|MYR|USD|EUR|GBP|CHF|INR|CAD|AUD|SGD|JPY|SEK|NOK|DKK|PLN|Rs\.?|US\$|CA?\$|AU?\$|S\$|"
    r"[€$£¥₹]|Fr\.|kr"
)
AMOUNT = re.compile(
    r"(?<![\w.,/#-])(?<!\d:)(?P<minus>[-−–(]?\s?)"
    rf"(?P<before>{CURRENCY_MARK})?\s?(?P<minus_inside>[-−]?)"
    r"(?P<digits>\d{1,2}(?:,\d\d)+,\d{3}\.\d\d"  # Indian lakhs
    r"|[\dO]{1,3}(?:[ '’`´.,]\d{3})+[.,]\s?\d{2}|\d+[.,]\s?\d{2,4}|O[.,]\d{2}|[.,]\d\d(?!\d)|"
    r"\d{1,3}(?:[ '’.,]\d{3})+|\d+)(?P<dash>[.,]-|,--)?(?![\d/]|[.,:]\d|-\d)\s?"
    rf"(?P<after>{CURRENCY_MARK}|%)?",
    re.IGNORECASE,
)
LARGEST_CENTS = 5_000_000_000
CLOCK = re.compile(r"\d{1,2}[.:]\d\d\s?(?:am|pm)")


@dataclass(frozen=True, slots=True)
class FoundAmount:
    """An amount, where it is written, and how many decimals it was written with."""

    cents: int
    decimals: int
    is_negative: bool
    currency: str
    place: Place
    start: int
    end: int
    quote: str

    @property
    def value(self) -> str:
        """Canonical: `1234.50`."""
        return written(-self.cents if self.is_negative else self.cents)


def written(cents: int) -> str:
    """An amount in canonical form."""
    sign, cents = ("-", -cents) if cents < 0 else ("", cents)
    return f"{sign}{cents // 100}.{cents % 100:02d}"


def parsed(digits: str, *, is_decimal_comma: bool | None) -> tuple[int, int]:
    """Cents and written decimals of an amount's digits: `3'412.75`, `1.234,50`, `1,23,456.78`."""
    digits = re.sub(r"[ '’`´]", "", digits.upper().replace("O", "0"))
    match = re.match(r"^(.*?)[.,](\d+)$", digits)
    if not match:
        return int(digits) * 100, 0
    head, tail = match.groups()
    whole = int(re.sub(r"\D", "", head) or "0")
    if len(tail) != 3 or head == "0":
        return whole * 100 + round(int(tail) * 100 / 10 ** len(tail)), len(tail)
    is_decimal = is_decimal_comma is not None and (digits[len(head)] == ",") == is_decimal_comma
    if is_decimal and not re.search(r"[.,]", head):
        return whole * 100 + round(int(tail) / 10), 3
    return int(re.sub(r"\D", "", digits)) * 100, 0


def amounts_in(context: Context) -> list[FoundAmount]:
    """Every amount with a currency mark or decimals, in reading order."""
    return [found for place in context.places for found in amounts_of(context, place)]


def amounts_of(context: Context, place: Place) -> Iterator[FoundAmount]:
    """The amounts of one segment."""
    text = _readable(place.segment.text) if context.is_ocr else place.segment.text
    for match in AMOUNT.finditer(text):
        if match.group("after") == "%" or CLOCK.search(
            folded(text[match.start() : match.end() + 4])
        ):
            continue
        currency = match.group("before") or match.group("after") or ""
        cents, decimals = parsed(
            re.sub(r"(?<=[.,]) ", "", match.group("digits")),
            is_decimal_comma=context.is_decimal_comma,
        )
        if match.group("dash"):
            decimals = 2
        if (decimals == 0 and not currency) or decimals > 2 or cents > LARGEST_CENTS:
            continue
        is_negative = bool(
            re.search(r"[-−]", match.group("minus") + match.group("minus_inside"))
            or re.match(r"-(?!\S)", text[match.end() :])
        )
        yield FoundAmount(
            cents, decimals, is_negative, currency, place, match.start(), match.end(),
            match.group(0).strip(),
        )  # fmt: skip


def _readable(text: str) -> str:
    """OCR's letters among digits mended, at the same length where it can be."""
    text = re.sub(r"(?<=RM)O", "0", text)
    text = re.sub(r"\b[Ss](?=\d+\.\d\d\b)", "$", text)
    text = re.sub(r"(?<=\d)[oO](?=[\d.,]|$)|(?<=[.,]\d)[oO]\b|(?<=[.,])[oO](?=[\dO])", "0", text)
    return re.sub(r"(\d[.,]) (\d\d)\b", lambda match: f"{match.group(1)}{match.group(2)} ", text)
