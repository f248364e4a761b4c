"""Amounts as candidates for the total, held against each other.

Answers which amounts agree: a sum, cash less change, a rounded total, the foot of a column, what is
left after a payment. Which of them is taken, `weights` decides.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from ingestio.engines.local.amounts import FoundAmount, amounts_in
from ingestio.engines.local.candidates import Candidate
from ingestio.engines.local.vocabulary import Label

if TYPE_CHECKING:
    from ingestio.engines.local.context import Context

SMALLEST_ROUNDED_CENTS = 50
LARGEST_ROUNDING_CENTS = 5
COLUMN_WIDTH = 0.02
RATES = (
    0.05, 0.055, 0.06, 0.07, 0.077, 0.081, 0.09, 0.1, 0.13, 0.15, 0.16, 0.18, 0.19, 0.2, 0.21, 0.22,
)  # fmt: skip
"""Tax rates of the countries whose documents come in."""
WANTED = (
    Label.TOTAL_STRONG,
    Label.TOTAL,
    Label.DUE,
    Label.SUBTOTAL,
    Label.TAX,
    Label.TENDER,
    Label.PREVIOUS,
    Label.ROUNDING,
    Label.DISCOUNT,
    Label.UNIT,
)


def amount_candidates(context: Context) -> list[Candidate]:
    """Every amount as a candidate for the total."""
    alone = [_candidate(context, found) for found in amounts_in(context)]
    return _together(alone)


def _candidate(context: Context, found: FoundAmount) -> Candidate:
    place, segment = found.place, found.place.segment
    features, _, _ = context.label_features(place, found.start, WANTED)
    row = context.rows[place.row]
    features |= {
        "currency": float(bool(found.currency)),
        "decimals": float(found.decimals == 2),
        "zero": float(found.cents == 0),
        "negative": float(found.is_negative),
        "down": place.row / max(1, len(context.rows)),
        "big": min(2.0, max(0.0, segment.height / context.median_height - 1)),
        "bold": float(segment.is_bold),
        "last_column": float(place.column == len(row) - 1),
        "row_of_amounts": float(sum(bool(re.search(r"\d[.,]\d\d\b", s.text)) for s in row) >= 3),
    }
    return Candidate(
        found.value, segment, found.quote, features, cents=found.cents,
        currency=found.currency, row=place.row,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Company:
    """What the amounts of one document say about each other, in cents."""

    counts: Counter[int]
    subtotals: frozenset[int]
    taxes: frozenset[int]
    tenders: frozenset[int]
    not_tendered: frozenset[int]
    roundings: frozenset[int]
    rounding_row: int
    totals: frozenset[int]
    by_row: dict[int, int]
    first_total_row: int
    last_total_row: int
    column_sums: frozenset[int]
    owes_back: bool
    after_rounding: frozenset[int]
    previous: frozenset[int]

    @property
    def largest(self) -> int:
        """The largest amount that is not cash handed over."""
        return max(self.not_tendered, default=0)


def _together(alone: list[Candidate]) -> list[Candidate]:
    company = _company(alone)
    return [
        replace(
            candidate, features=candidate.features | _company_features(candidate, company, index)
        )
        for index, candidate in enumerate(alone)
    ]


def _company(alone: list[Candidate]) -> _Company:
    positive = [c for c in alone if _is_positive(c)]
    columns = _columns(positive)
    rounding_row = max((c.row for c in alone if _is_rounding(c)), default=10**6)
    totals = [c for c in positive if _is_total(c)]
    by_row: dict[int, int] = defaultdict(int)
    for candidate in positive:
        by_row[candidate.row] = max(by_row[candidate.row], candidate.cents)
    return _Company(
        counts=Counter(c.cents for c in positive),
        subtotals=frozenset(c.cents for c in positive if _says(c, Label.SUBTOTAL)),
        taxes=frozenset(c.cents for c in alone if _says(c, Label.TAX)) - {0},
        tenders=frozenset(c.cents for c in positive if c.features.get("left_tender", 0) > 0.4),
        not_tendered=frozenset(
            c.cents
            for c in positive
            if not (c.features.get("left_tender") or c.features.get("left_previous"))
        ),
        roundings=frozenset(c.cents for c in alone if _is_rounding(c)),
        rounding_row=rounding_row,
        previous=frozenset(c.cents for c in positive if c.features.get("left_previous")),
        after_rounding=frozenset(c.cents for c in positive if c.row > rounding_row),
        totals=frozenset(c.cents for c in totals),
        by_row=by_row,
        first_total_row=min((c.row for c in totals), default=-1),
        last_total_row=max((c.row for c in totals), default=-1),
        owes_back=_owes_back(alone),
        column_sums=frozenset(
            index
            for index, c in enumerate(alone)
            if _is_positive(c) and _sums_its_column(c, columns)
        ),
    )


def _says(candidate: Candidate, label: Label) -> bool:
    features = candidate.features
    return features.get(f"left_{label}", 0) > 0.4 or features.get(f"above_{label}", 0) > 0.4


def _is_total(candidate: Candidate) -> bool:
    features = candidate.features
    speaks_against = ("left_due", "left_tender", "left_subtotal", "left_previous")
    is_named = features.get("left_total_strong") or features.get("left_total")
    return bool(is_named) and not any(features.get(name) for name in speaks_against)


def _owes_back(alone: list[Candidate]) -> bool:
    """Whether the largest labelled total is negative: a credit note."""
    named = [c for c in alone if c.cents and _is_total(c)]
    return bool(named) and bool(max(named, key=lambda c: c.cents).features["negative"])


def _is_rounding(candidate: Candidate) -> bool:
    return (
        bool(candidate.features.get("left_rounding"))
        and 0 < candidate.cents <= LARGEST_ROUNDING_CENTS
    )


def _is_positive(candidate: Candidate) -> bool:
    return candidate.cents > 0 and not candidate.features["negative"]


_Columns: TypeAlias = "dict[tuple[int, int], list[tuple[float, float, int]]]"


def _columns(positive: list[Candidate]) -> _Columns:
    """Amounts by page and right edge: (how far down, right edge, cents)."""
    columns: _Columns = defaultdict(list)
    for candidate in positive:
        segment = candidate.segment
        if segment:
            key = (segment.page, round(segment.x1 / COLUMN_WIDTH))
            columns[key].append((segment.middle_y, segment.x1, candidate.cents))
    return columns


def _sums_its_column(candidate: Candidate, columns: _Columns) -> bool:
    """Whether the amounts right above, added up from below, reach this one."""
    segment = candidate.segment
    if segment is None:
        return False
    key = round(segment.x1 / COLUMN_WIDTH)
    above = [
        (y, cents)
        for near in (key - 1, key, key + 1)
        for y, x1, cents in columns.get((segment.page, near), ())
        if abs(x1 - segment.x1) < COLUMN_WIDTH and y < segment.middle_y - 1e-4
    ]
    total = 0
    for count, (_, cents) in enumerate(sorted(above, reverse=True)[:40]):
        total += cents
        if count >= 1 and abs(total - candidate.cents) <= 1:
            return True
    return False


def _company_features(candidate: Candidate, company: _Company, index: int) -> dict[str, float]:
    cents, own = candidate.cents, candidate.features
    features = {
        "frequency": math.log(company.counts.get(cents, 1)),
        "largest": float(cents == company.largest and cents > 0),
        "share": min(1.0, cents / company.largest) if company.largest else 0.0,
        "last_total": float(candidate.row == company.last_total_row),
        "first_total": float(candidate.row == company.first_total_row),
        "due_beside_total": float(bool(own.get("left_due")) and _is_beside_total(cents, company)),
        "negative": float(bool(own["negative"]) and not company.owes_back),
        "not_largest_of_row": float(cents < company.by_row.get(candidate.row, 0)),
        "column_sum": float(index in company.column_sums),
        "rounded": float(_is_rounded(candidate, company)),
        "before_rounding": float(_is_before_rounding(candidate, company)),
    }
    if features["rounded"]:
        features |= {"left_rounding": 0.0, "due_beside_total": 0.0}
    if cents > 0:
        features |= _arithmetic(candidate, company)
    return features


def _is_beside_total(cents: int, company: _Company) -> bool:
    """Less than a total since something was paid, or more since something was owed before."""
    return any(
        total > cents or any(total + before == cents for before in company.previous)
        for total in company.totals
    )


def _is_rounded(candidate: Candidate, company: _Company) -> bool:
    """A total after cents were rounded off: what is paid."""
    if candidate.features.get("left_tender") or candidate.row < company.rounding_row:
        return False
    return candidate.cents > SMALLEST_ROUNDED_CENTS and any(
        abs(candidate.cents - other) == rounding
        for other in company.not_tendered
        for rounding in company.roundings
    )


def _is_before_rounding(candidate: Candidate, company: _Company) -> bool:
    """A total above the line that rounds it off, where the rounded one stands below it."""
    return candidate.row <= company.rounding_row and any(
        abs(candidate.cents - other) in company.roundings for other in company.after_rounding
    )


def _arithmetic(candidate: Candidate, company: _Company) -> dict[str, float]:
    cents = candidate.cents
    paid = any(
        0 < change < given and given - change == cents
        for given in company.tenders
        for change in company.tenders
    )
    added = any(
        abs(subtotal + tax - cents) <= 1 and subtotal != cents
        for subtotal in company.subtotals
        for tax in company.taxes
    )
    taxes = [cents - cents / (1 + rate) for rate in RATES]
    by_rate = any(
        near > 5 and near in company.counts and abs(tax - near) < 0.8
        for tax in taxes
        for near in (math.floor(tax), math.ceil(tax))
    )
    return {
        "sum": float(added),
        "cash_less_change": float(paid),
        "tendered_too": float(
            cents in company.tenders and not candidate.features.get("left_tender")
        ),
        "tax_rate": float(by_rate),
    }
