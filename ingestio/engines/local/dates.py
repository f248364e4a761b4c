"""Dates on a document, as candidates for its own date.

Answers which days are written where, with day and month told apart for the whole document at once.
Which of them is wanted, `weights` decides.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingestio.engines.local.amounts import AMOUNT
from ingestio.engines.local.candidates import Candidate
from ingestio.engines.local.layout import row_text
from ingestio.engines.local.notations import Notation, Written, written_dates
from ingestio.engines.local.vocabulary import Label
from ingestio.engines.local.words import folded

if TYPE_CHECKING:
    from ingestio.engines.local.context import Context
    from ingestio.engines.local.layout import Place

WANTED = (
    Label.DATE_OF_DOCUMENT,
    Label.DATE,
    Label.DATE_OTHER,
    Label.NUMBER_OF_DOCUMENT,
    Label.NUMBER_OTHER,
)
TIME = re.compile(r"\b\d{1,2}[:.]\d\d(?:[:.]\d\d)?\s?(?:am|pm|uhr|h)?\b")
RANGE_AFTER = re.compile(r"\s?(?:-|–|—|to|bis|au|tot|al|a)\s?\d", re.IGNORECASE)
RANGE_BEFORE = re.compile(r"\d\s?(?:-|–|—|to|bis|au|tot|al|;)\s?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A day, where it is written, and how sure the reading of its digits is."""

    value: str
    place: Place
    start: int
    end: int
    notation: Notation
    surety: float

    @property
    def quote(self) -> str:
        """As the page has it."""
        return self.place.segment.text[self.start : self.end]


def dates_in(context: Context) -> list[FoundDate]:
    """Every date of a document in reading order."""
    written = [one for place in context.places for one in written_dates(context, place)]
    lean = month_first_lean(context, written)
    return [found for one in written if (found := _found(one, lean))]


def date_candidates(context: Context) -> list[Candidate]:
    """Every date as a candidate for the document's own."""
    found = dates_in(context)
    counts = Counter(one.value for one in found)
    return [
        _candidate(context, one, counts[one.value], is_first=index == 0)
        for index, one in enumerate(found)
    ]


def month_first_lean(context: Context, written: list[Written]) -> float:
    """Above 0 where the document writes the month first, below 0 where the day."""
    lean = 0.0
    for one in written:
        if one.notation is not Notation.DIGITS:
            continue
        if one.day > 12 >= one.month:
            lean -= 3
        if one.month > 12 >= one.day:
            lean += 3
        if one.mark == ".":
            lean -= 2
    countries = context.countries
    day_first = sum(countries.get(code, 0.0) for code in ("MY", "EU", "GB", "IN", "AU", "SG"))
    lean += min(2.5, countries.get("US", 0.0)) - min(2.5, day_first)
    if context.language != "en":
        lean -= 3
    if "$" in context.text and not countries.get("MY"):
        lean += 1.2
    return lean + _agreement(written)


def _agreement(written: list[Written]) -> float:
    """Which reading brings the ambiguous dates nearer to the unambiguous ones."""
    sure = [
        dt.date(one.year, one.month, one.day)
        for one in written
        if one.notation not in {Notation.DIGITS, Notation.COMPACT}
        and 1 <= one.month <= 12
        and 1 <= one.day <= 28
    ]
    lean = 0.0
    for one in written:
        if not (one.is_ambiguous and sure and one.day and one.month):
            continue
        as_day = min(abs((dt.date(one.year, one.month, one.day) - day).days) for day in sure)
        as_month = min(abs((dt.date(one.year, one.day, one.month) - day).days) for day in sure)
        if as_day + 20 < as_month:
            lean -= 1
        if as_month + 20 < as_day:
            lean += 1
    return lean


def _found(one: Written, lean: float) -> FoundDate | None:
    day, month = one.day, one.month
    if one.notation is Notation.DIGITS and (month > 12 or (lean > 0 and day <= 12)):
        day, month = month, day
    try:
        value = dt.date(one.year, month, day).isoformat()
    except ValueError:
        return None
    surety = 1 / (1 + math.exp(-1.2 * abs(lean))) if one.is_ambiguous else 1.0
    return FoundDate(value, one.place, one.start, one.end, one.notation, surety)


def _candidate(context: Context, found: FoundDate, count: int, *, is_first: bool) -> Candidate:
    place, segment = found.place, found.place.segment
    features, _, _ = context.label_features(place, found.start, WANTED)
    row = context.rows[place.row]
    line, after = row_text(row), segment.text[found.end : found.end + 14]
    has_time = ":" in line and bool(TIME.search(folded(line[-40:] + after)))
    is_range = bool(RANGE_AFTER.match(after) or RANGE_BEFORE.search(segment.text[: found.start]))
    features |= {
        "top": 1 - min(1.0, place.row / context.first_page_rows),
        "first_page": float(segment.page == 0),
        "time": float(has_time),
        "range": float(is_range),
        "compact": float(found.notation is Notation.COMPACT),
        "alone": float(len(segment.text.strip()) - (found.end - found.start) <= 2),
        "row_of_amounts": float(sum(bool(AMOUNT.fullmatch(s.text.strip())) for s in row) >= 2),
        "in_text": float(len(segment.text) > 60),
        "frequency": math.log(count),
        "first": float(is_first),
    }
    return Candidate(
        found.value, segment, found.quote, features, surety=found.surety,
    )  # fmt: skip
