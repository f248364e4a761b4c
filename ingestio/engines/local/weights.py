"""The one table of weights, the choice by softmax with "none of these", and what a choice is worth.

Answers which candidate is taken and how sure that is. The weights were set by hand and held against
degraded copies and dropped labels; reading and features decide, weights hardly (weights learnt from
nothing lose 3 % of the values). A candidate's probability is summed over equal values.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ingestio.engines.local.words import squeezed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingestio.engines.local.candidates import Candidate


class Wanted(StrEnum):
    """What is chosen among candidates."""

    DATE = "date"
    TOTAL = "total"
    NUMBER = "number"
    NAME = "name"
    CURRENCY = "currency"


NONE_OF_THESE = {
    Wanted.DATE: -2.0,
    Wanted.TOTAL: 0.0,
    Wanted.NUMBER: 2.0,
    Wanted.NAME: -1.0,
    Wanted.CURRENCY: -0.5,
}
WEIGHTS: dict[Wanted, dict[str, float]] = {
    Wanted.DATE: {
        "left_date_of_document": 3.0, "above_date_of_document": 2.0, "left_date": 1.8,
        "above_date": 1.0,
        "left_date_other": -3.0, "above_date_other": -1.5, "left_number_of_document": 1.2,
        "left_number_other": -0.5,
        "above_number_other": -0.3, "top": 1.2, "first_page": 1.0, "time": 1.2, "range": -2.5,
        "compact": -1.5,
        "alone": 0.2, "row_of_amounts": -2.0, "in_text": -1.0, "frequency": 0.4, "first": 0.5,
    },
    Wanted.TOTAL: {
        "left_total_strong": 3.0, "above_total_strong": 1.8, "left_total": 2.0, "above_total": 0.6,
        "left_due": 0.7,
        "above_due": 0.3, "left_subtotal": -2.5, "above_subtotal": -1.0, "left_tax": -1.5,
        "above_tax": -0.8,
        "left_tender": -3.5, "above_tender": -0.8, "left_previous": -4.0, "above_previous": -1.5,
        "left_rounding": -3.0,
        "left_discount": -2.0, "above_discount": -0.5, "left_unit": -1.5, "above_unit": -0.6,
        "currency": 0.4,
        "decimals": 0.8, "zero": -2.5, "negative": -3.0, "down": 0.8, "big": 0.8, "bold": 0.5,
        "last_column": 0.3,
        "row_of_amounts": -0.6, "frequency": 0.4, "largest": 1.2, "share": 1.0, "sum": 1.5,
        "cash_less_change": 1.2,
        "tendered_too": 0.8, "tax_rate": 0.4, "last_total": 0.8, "first_total": 0.1,
        "due_beside_total": -3.0,
        "not_largest_of_row": -1.2, "rounded": 2.6, "before_rounding": -2.5, "column_sum": 0.8,
    },
    Wanted.NUMBER: {
        "left_number_of_document": 2.5, "above_number_of_document": 1.2, "left_number_other": -2.5,
        "above_number_other": -1.0, "left_date": -1.0, "above_date": -0.5,
        "left_date_of_document": -0.5,
        "above_date_of_document": -0.5, "left_total": -1.5, "above_total": -1.0, "left_buyer": -1.0,
        "above_buyer": -0.5, "left_unit": -1.5, "above_unit": -1.0, "exact": 2.0,
        "exact_invoice": 1.2,
        "exact_above": 3.0, "ends_in_title": 1.0, "direct": 0.7, "is_date": -4.0, "is_phone": -4.0,
        "is_time": -3.0,
        "is_amount": -2.5,
        "leading_letters": 1.2, "length": 0.8, "short": -1.0, "long": -1.5, "mixed": 0.2,
        "lower": -1.0, "iban": -2.0,
        "top": 1.0, "in_text": -1.0, "first_page": 0.5, "first_token": 0.8, "frequency": 0.5,
    },
    Wanted.NAME: {
        "left_seller": 3.0, "left_buyer": -4.0, "above_seller": 2.0, "above_buyer": -3.0,
        "buyer_block": -2.5,
        "seller_block": 2.5, "is_label": -5.0, "has_title": -2.5, "colon": -2.0,
        "company_form": 2.5, "trade": 1.2,
        "address": -1.8, "contact": -3.0, "digits": -1.2, "rank": 2.0, "first": 0.3, "top": 1.2,
        "footer": 0.2,
        "big": 1.2, "bold": 0.5, "capitals": 0.3, "lower_first": -1.2, "word_count": -0.8,
        "long": -0.8,
        "confidence": 1.0, "frequency": 0.8, "domain": 2.2, "address_below": 1.2,
        "registration_below": 1.0,
        "letterhead": 1.5, "two_lines": 0.5, "trade_below": 1.0, "misread": -1.5,
        "lower_case": -1.0,
        "courtesy": -3.0, "centred": 0.3,
    },
    Wanted.CURRENCY: {
        "dollar": 2.2, "near": 1.5, "away": 1.0, "word": 0.8, "stated": 5.0, "country": 2.5,
        "language": 0.8,
        "at_total": 2.0,
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """What was taken and its calibrated confidence."""

    candidate: Candidate
    confidence: float


def choose(wanted: Wanted, candidates: Sequence[Candidate], *, is_ocr: bool) -> Choice | None:
    """The best candidate, or None where "none of these" is likelier."""
    if not candidates:
        return None
    scores = [_score(wanted, candidate) for candidate in candidates]
    top = max(*scores, NONE_OF_THESE[wanted])
    none = math.exp(NONE_OF_THESE[wanted] - top)
    shares = [math.exp(score - top) for score in scores]
    whole = sum(shares) + none
    by_value: dict[str, float] = defaultdict(float)
    best: dict[str, tuple[float, Candidate]] = {}
    for candidate, share in zip(candidates, shares, strict=True):
        key = squeezed(candidate.value)
        by_value[key] += share / whole
        if key not in best or share > best[key][0]:
            best[key] = (share, candidate)
    likeliest = max(by_value, key=lambda key: by_value[key])
    if by_value[likeliest] < none / whole:
        return None
    taken = best[likeliest][1]
    return Choice(taken, confidence(wanted, by_value[likeliest], taken, is_ocr=is_ocr))


def confidence(wanted: Wanted, share: float, taken: Candidate, *, is_ocr: bool) -> float:
    """A share of the softmax as the chance of being right.

    Fitted on documents, degraded copies and unseen ones; capped, since a misread character is
    invisible to the choice.
    """
    share = min(max(share * taken.surety, 1e-3), 1 - 1e-3)
    offset = 1.2 - (0.5 if wanted is Wanted.NAME else 0.0) - (0.15 if is_ocr else 0.0)
    read = taken.segment.confidence if taken.segment and is_ocr else 1.0
    chance = 1 / (1 + math.exp(-(0.55 * math.log(share / (1 - share)) + offset)))
    return min(0.985, chance * (0.9 + 0.1 * read))


def _score(wanted: Wanted, candidate: Candidate) -> float:
    weights = WEIGHTS[wanted]
    return sum(weights.get(name, 0.0) * value for name, value in candidate.features.items())
